"""Every story of the corpora in these languages, read whole; facts that were checked by hand."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from gamebook_lab.languages.chapbook import LANGUAGE as CHAPBOOK
from gamebook_lab.languages.snowman import LANGUAGE as SNOWMAN
from gamebook_lab.languages.sugarcube import LANGUAGE as SUGARCUBE
from gamebook_lab.story.language import Language
from gamebook_lab.story.program import Program

_HEADER = re.compile(r"^::(?!:)[ \t]*(.*)$", re.MULTILINE)
_NAME = re.compile(r"((?:[^\[{\\]|\\.)*)(?:\[([^\]]*)\])?")


def passages(path: Path) -> list[tuple[str, tuple[str, ...], str]]:
    """Name, tags and text of each passage of a Twee file; just enough for these tests."""
    text = path.read_text(encoding="utf-8", errors="replace")
    headers = list(_HEADER.finditer(text))
    found = []
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        name = _NAME.match(header[1])
        assert name is not None
        stop = following.start() if following else len(text)
        found.append((name[1].strip(), tuple((name[2] or "").split()), text[header.end() + 1 : stop].rstrip("\n")))
    return found


def programs(language: Language, paths: list[Path]) -> dict[str, Program]:
    return {
        f"{path.name}:{name}": language.parse(text, name=name, tags=tags)
        for path in paths
        for name, tags, text in passages(path)
    }


def twee(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.rglob("*") if path.suffix in {".tw", ".twee"} or path.name.endswith("_twee.txt")
    )


@pytest.fixture(scope="module")
def magium_programs(magium: Path) -> dict[str, Program]:
    return {name: SUGARCUBE.parse(text, name=name, tags=tags) for name, tags, text in passages(magium)}


def test_magium_has_one_broken_link(magium_programs: dict[str, Program]):
    named = {each.name for program in magium_programs.values() for each in program.references if each.is_required}
    assert named - set(magium_programs) == {"B3-Ch01a-Intro"}


def test_magium_has_271_variables_and_no_problems(magium_programs: dict[str, Program]):
    accesses = [access for program in magium_programs.values() for access in program.accesses]
    assert len({access.variable for access in accesses}) == 271
    assert not any(access.is_temporary for access in accesses)
    assert not any(program.problems or program.opaques for program in magium_programs.values())


def test_magium_choices_are_links_and_restarts(magium_programs: dict[str, Program]):
    counts = Counter(choice.kind.value for program in magium_programs.values() for choice in program.choices)
    assert counts == {"link": 2046, "restart": 224}


FOLDERS = [
    (SUGARCUBE, "cookbook-sugarcube", {"link": 55, "include": 23, "reveal": 19, "goto": 4, "computed": 1, "return": 1, "load": 1, "restart": 1, "external": 1}),
    (SUGARCUBE, "cookbook-sugarcane", {"link": 20, "include": 1}),
    (SUGARCUBE, "ghosthunt-spook-tours", {"link": 93, "computed": 50, "reveal": 11, "goto": 6, "return": 5, "external": 4}),
    (SUGARCUBE, "tiny-qbn-storylets", {"link": 30, "include": 15, "return": 6, "reveal": 3, "computed": 2, "goto": 1}),
    (SUGARCUBE, "cybersecurity-and-you/project", {"link": 49, "reveal": 24, "computed": 7, "external": 3, "include": 1, "load": 1, "restart": 1}),
    (SNOWMAN, "cookbook-snowman", {"link": 52, "include": 34, "goto": 2}),
    (SNOWMAN, "grenzwert-snowman", {"link": 14, "goto": 3, "external": 1}),
    (SNOWMAN, "snowman-e2e-stories", {"link": 21, "include": 12}),
    (CHAPBOOK, "cookbook-chapbook", {"link": 39, "include": 21, "reveal": 10, "goto": 4}),
    (CHAPBOOK, "chapbook-demo", {"link": 158, "external": 6, "include": 5, "return": 4, "reveal": 3, "restart": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "folder", "expected"), FOLDERS, ids=[folder for _, folder, _ in FOLDERS])
def test_every_passage_of_a_folder_is_read_without_problems(
    corpora: Path, language: Language, folder: str, expected: dict[str, int]
):
    found = programs(language, twee(corpora / "twine" / folder))
    assert {name: program.problems for name, program in found.items() if program.problems} == {}
    assert Counter(choice.kind.value for program in found.values() for choice in program.choices) == expected


def test_notes_about_macros_in_a_real_story_are_malformed_macros(corpora: Path):
    found = programs(SUGARCUBE, [corpora / "twine" / "castle-of-mim-malformed" / "castleofmim.twee"])
    problems = {(name, problem.message) for name, program in found.items() for problem in program.problems}
    assert problems == {
        ("castleofmim.twee:Tag Names", "<<nobr>> is not closed"),
        ("castleofmim.twee:Tag Names", "<<widget>> is not closed"),
        ("castleofmim.twee:Tag Names", "<<widget>> has no name"),
    }
