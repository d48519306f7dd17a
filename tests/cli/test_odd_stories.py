"""Commands on playthroughs say what is the matter with stories that have none, and name no mistake of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from gamebook_lab.cli import main

HEAD = ':: StoryData\n{"ifid": "6F316E52-0C46-4A26-9586-5144651C053C", "format": "SugarCube", "start": "A"}\n\n'


@pytest.fixture
def circle(tmp_path: Path) -> Path:
    file = tmp_path / "circle.twee"
    file.write_text(HEAD + ":: A\n[[B]]\n\n:: B\n[[A]]\n")
    return file


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--max-choices", "5"], "comes to where play stops"),
        (["--max-choices", "5", "--number", "7"], "no path number 7: there are 0"),
        (["--max-choices", "5", "--sample", "3"], "no paths to draw from"),
    ],
)
def test_paths__of_a_story_that_never_stops(circle, arguments, said, capsys):
    main(["paths", str(circle), *arguments])
    captured = capsys.readouterr()
    assert said in captured.out + captured.err
    assert "mistake of GameBook Lab" not in captured.err


def test_suite__covers_pairs_and_says_where_reading_cannot_begin(circle, tmp_path, capsys):
    assert main(["suite", str(circle), "--level", "pair"]) == 0
    lost = tmp_path / "lost.twee"
    lost.write_text(HEAD.replace('"A"', '"Nowhere"') + ":: X\nhi\n")
    assert main(["suite", str(lost)]) == 1
    assert "no start passage" in capsys.readouterr().out
