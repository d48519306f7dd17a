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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explore", "{}", "--memory", "nan"], "memory is a number of bytes or a size such as '2GB'"),
        (["explore", "{}", "--memory", "0"], "memory is a number of bytes or a size such as '2GB'"),
        (["diff", "{}", "{}", "--memory", ""], "memory is a number of bytes or a size such as '2GB'"),
        (["paths", "{}", "--stop", "x"], "expected a kind of stop"),
        (["suite", "{}", "--output", "suite.xyz"], "a suite is written as .json"),
        (["readers", "nowhere.csv", "--story", "{}"], "nowhere.csv: there is no such file"),
        (["readers", "{}", "--story", "{}", "--max-states", "-1"], "greater than or equal to 1"),
        (["proof", "{}", "-o", "folder", "--overwrite"], "gamebook: folder: Is a directory"),
    ],
)
def test_wrong_value__is_told_in_one_line_and_nothing_is_written(circle, arguments, said, capsys, monkeypatch):
    monkeypatch.chdir(circle.parent)
    (circle.parent / "folder").mkdir()
    before = sorted(circle.parent.rglob("*"))
    assert main([each.replace("{}", str(circle)) for each in arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "mistake of GameBook Lab" not in err
    assert err.count("\n") == 1
    assert sorted(circle.parent.rglob("*")) == before


def test_paper__of_an_empty_story_is_refused(tmp_path, capsys):
    (tmp_path / "empty.twee").touch()
    assert main(["paper", str(tmp_path / "empty.twee"), "-o", str(tmp_path / "book.html")]) == 1
    captured = capsys.readouterr()
    assert "does not say where to start" in captured.out + captured.err
    assert not (tmp_path / "book.html").exists()
