"""``gamebook readers``: verdicts, what nobody read, endings beside the model, problems; tables that are safe to open."""

from __future__ import annotations

import pytest

STORY = ":: StoryTitle\nCave\n\n:: Start\n[[=1+1->Left]] [[Right]]\n\n:: Left\nEnd.\n\n:: Right\nEnd.\n"
LOG = "who,slide\n=cmd,Start\n=cmd,Left\nbo,Start\nbo,Left\ncy,Left\n,Start\ndi,Cellar\n"


@pytest.fixture
def files(tmp_path):
    story, log = tmp_path / "cave.twee", tmp_path / "log.csv"
    story.write_text(STORY)
    log.write_text(LOG)
    return story, log


def test_readers__says_it_in_short(gamebook, files):
    story, log = files
    run = gamebook("readers", log, "--story", story, "--columns", "reader_id=who", "--columns", "passage_id=slide")
    assert run.status == 1
    assert "Cave: 4 sessions, 6 steps" in run.out
    assert "2 valid, 2 impossible" in run.out
    assert "Never read, though it can be (1)\n  Right" in run.out
    assert "reading begins at 'Start'" in run.out
    assert "GB703" in run.out
    assert "GB710" in run.out


def test_readers__tables_hold_no_formulas_and_are_not_replaced_unasked(gamebook, files, tmp_path):
    story, log = files
    asked = (
        "readers",
        log,
        "--story",
        story,
        "--columns",
        "reader_id=who",
        "--columns",
        "passage_id=slide",
        "-o",
        tmp_path / "out",
    )
    assert gamebook(*asked).status == 1
    written = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert written == sorted(
        f"{name}.csv" for name in ("choices", "drop_off", "dwell", "endings", "passages", "problems", "sessions")
    )
    sessions = (tmp_path / "out" / "sessions.csv").read_text()
    assert "'=cmd" in sessions
    assert "\n=" not in sessions
    assert "'=1+1" in (tmp_path / "out" / "choices.csv").read_text()
    again = gamebook(*asked)
    assert again.status == 2
    assert "--overwrite" in again.err
    assert gamebook(*asked, "--overwrite").status == 1


def test_readers__what_is_asked_wrongly_is_said(gamebook, files):
    story, log = files
    run = gamebook("readers", log, "--story", story, "--columns", "who")
    assert run.status == 2
    assert "meaning=column" in run.err
    assert "columns=" in gamebook("readers", log, "--story", story).err
    assert "kind=" in gamebook("readers", log, "--story", story, "--kind", "tarot").err


def test_convert__with_the_recorder(gamebook, files, tmp_path):
    story, _ = files
    assert gamebook("convert", story, tmp_path / "a.html", "--recorder").status == 0
    assert 'id="gamebook-recorder"' in (tmp_path / "a.html").read_text()
    assert ".html" in gamebook("convert", story, tmp_path / "b.json", "--recorder").err
