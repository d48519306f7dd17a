"""Files that commands write go where the user said, and nowhere that had to be made up."""

from __future__ import annotations

from pathlib import Path

import pytest

STORY = Path(__file__).parents[2] / "data" / "small" / "gated.twee"
MISSING = "nowhere/deeper"


@pytest.mark.parametrize(
    "command",
    [
        ("convert", STORY, f"{MISSING}/x.html"),
        ("convert", STORY, f"{MISSING}/folder"),
        ("check", STORY, "--output", f"{MISSING}/x.txt"),
        ("explore", STORY, "--output", f"{MISSING}/tables"),
        ("paths", STORY, "--output", f"{MISSING}/paths"),
        ("suite", STORY, "--output", f"{MISSING}/x.json"),
        ("report", STORY, "--output", f"{MISSING}/x.html"),
        ("proof", STORY, "--output", f"{MISSING}/x.html"),
        ("paper", STORY, "--output", f"{MISSING}/x.html"),
    ],
    ids=lambda command: command[0],
)
def test_missing_folder__is_an_error_that_says_so_and_is_not_made(gamebook, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    run = gamebook(*command)
    assert (run.status, run.out) == (2, "")
    assert f"there is no folder {MISSING}; make it first, or check the path" in run.err
    assert list(tmp_path.iterdir()) == []


def test_folder_of_tables__is_made_where_its_own_folder_is(gamebook, tmp_path):
    assert gamebook("explore", STORY, "--output", tmp_path / "tables", "--format", "csv").status == 0
    assert (tmp_path / "tables" / "passages.csv").exists()
