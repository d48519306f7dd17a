import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from gamebook_lab.errors import PoolError
from gamebook_lab.parallel import check, parsed
from gamebook_lab.parallel.shard import parse_on_processes

ROOT = Path(__file__).resolve().parents[2]


def maze(size=200):
    passages = {f"P{n}": f"Room {n}. [[P{n + 1}]] [[P{n * 7 % 300}]] {{set $v{n % 9}}}" for n in range(size)}
    return {**passages, "Odd": "{bad} {code fx} {read $gold}"}


@pytest.mark.parametrize("workers", [1, 2, 3, "auto"])
def test_check__same_rows_for_any_number_of_workers(toy, workers):
    expected = toy.toy_story(maze()).problems()
    assert len(expected) > 50
    assert_frame_equal(check(toy.toy_story(maze()), workers=workers), expected)


def test_parsed__on_processes_knows_every_program(toy):
    story = toy.toy_story(maze())
    known = parsed(story, workers=2)
    assert known.unparsed() == []
    assert len(story.unparsed()) == len(story)
    assert dict(known.programs) == dict(story.programs)


def test_parsed__small_story_starts_no_process(toy, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    story = toy.toy_story(maze())
    assert parsed(story) is story


def test_parsed__only_what_was_not_parsed_yet(toy):
    story = toy.toy_story({"A": "x", "B": "y", "C": "z"})
    program = story.program("B")
    assert parsed(story, workers=2).program("B") is program


@pytest.mark.parametrize("workers", [0, -1, True, "many", 1.5])
def test_check__bad_number_of_workers(toy, workers):
    with pytest.raises(ValueError, match="workers is 'auto' or a number from 1 on"):
        check(toy.toy_story({}), workers=workers)


def test_parsed__language_that_has_no_name_elsewhere_is_parsed_here(toy, monkeypatch):
    @dataclass(frozen=True)
    class Nameless(toy.Toy):
        name: str = "nameless"

    monkeypatch.setattr(subprocess, "Popen", None)
    story = toy.toy_story(maze(), language=Nameless())
    assert parsed(story, workers=2) is story


def test_parse_on_processes__failing_worker_is_an_error(toy):
    with pytest.raises(PoolError, match="the toy language exploded"):
        parse_on_processes("toy", [(0, "fine", "A", ()), (1, "{explode}", "B", ())], 2)


def test_parse_on_processes__worker_that_dies_is_an_error(toy):
    with pytest.raises(PoolError):
        parse_on_processes("toy", [(0, "fine", "A", ()), (1, "{die}", "B", ())], 2)


def test_parse_on_processes__language_that_prints_does_no_harm(toy):
    assert set(parse_on_processes("toy", [(0, "fine", "A", ()), (1, "{print}", "B", ())], 2)) == {0, 1}


def test_check__falls_back_to_one_process_and_logs_it(toy, caplog, monkeypatch):
    monkeypatch.setattr(sys, "executable", "")
    expected = toy.toy_story(maze()).problems()
    with caplog.at_level(logging.WARNING):
        rows = check(toy.toy_story(maze()), workers=2)
    assert_frame_equal(rows, expected)
    assert "parsing on 2 processes failed, so one does it all" in caplog.text


def test_check__works_from_a_script_without_main_guard(toy, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import gamebook_lab as gb, toy_language\n"
        "story = toy_language.toy_story({'A': '[[B]]', 'B': '[[C]]'})\n"
        "print(gb.check(story, workers=2)['code'].tolist())\n"
    )
    run = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "toys")])},
    )  # fmt: skip
    assert run.stdout == "['GB101', 'GB105']\n"
    assert run.stderr == ""


def test_check__importing_it_imports_no_dask():
    code = (
        "import sys, gamebook_lab as gb; gb.check; print([m for m in sys.modules if 'dask' in m or 'distributed' in m])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
