"""Harlowe on real stories: what is asserted was looked up in them by hand."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gamebook_lab.languages.harlowe import LANGUAGE
from gamebook_lab.story.program import ChoiceKind, Program


class Passages(HTMLParser):
    """Takes the passages out of published HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...], str]] = []
        self._open: tuple[str, tuple[str, ...]] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tw-passagedata":
            given = dict(attrs)
            self._open, self._text = (given["name"] or "", tuple((given.get("tags") or "").split())), []

    def handle_endtag(self, tag: str) -> None:
        if tag == "tw-passagedata" and self._open:
            self.found.append((*self._open, "".join(self._text)))
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self._text.append(data)


def twee(path: Path) -> list[tuple[str, tuple[str, ...], str]]:
    """Split Twee into passages; enough for these files."""
    found = []
    for part in re.split(r"^::", path.read_text(encoding="utf-8").replace("\r\n", "\n"), flags=re.MULTILINE)[1:]:
        head, _, text = part.partition("\n")
        match = re.match(r"\s*(.*?)\s*(?:\[(.*?)\])?\s*(?:\{.*\})?\s*$", head)
        assert match
        if match[1] not in {"StoryTitle", "StoryData"}:
            found.append((match[1], tuple((match[2] or "").split()), text))
    return found


def html(path: Path) -> list[tuple[str, tuple[str, ...], str]]:
    parser = Passages()
    parser.feed(path.read_text(encoding="utf-8"))
    parser.close()
    return parser.found


def programs(passages: list[tuple[str, tuple[str, ...], str]]) -> dict[str, Program]:
    return {name: LANGUAGE.parse(text, name=name, tags=tags) for name, tags, text in passages}


@pytest.fixture(scope="module")
def cookbook(corpora: Path) -> Path:
    return corpora / "twine" / "cookbook-harlowe"


@pytest.fixture(scope="module")
def toggle(corpora: Path) -> Path:
    return corpora / "twine" / "toggle-game-harlowe2"


def test_cookbook_is_read_without_a_problem(cookbook: Path) -> None:
    kinds: Counter[str] = Counter()
    n_passages = 0
    for path in sorted(cookbook.rglob("*_twee.txt")):
        passages = twee(path)
        names = {name for name, _, _ in passages}
        for name, program in programs(passages).items():
            n_passages += 1
            assert program.problems == (), (path.name, name)
            assert {found.name for found in program.references} <= names, (path.name, name)
            assert all(opaque.what == "script" for opaque in program.opaques), (path.name, name)
            kinds.update(choice.kind for choice in program.choices)
    assert n_passages >= 80
    assert kinds[ChoiceKind.UNDO] == 1
    assert kinds[ChoiceKind.LOAD] == 1


def test_cookbook_dungeon(cookbook: Path) -> None:
    found = programs(twee(cookbook / "dungeonmoving" / "harlowe" / "harlowe_dungeonmoving_twee.txt"))
    choices = found["Map"].choices
    reveals = [choice for choice in choices if choice.kind is ChoiceKind.REVEAL]
    assert [choice.label for choice in reveals] == ["North", "East", "South", "West"]
    assert reveals[0].effects == ("$positionY to it - 1",)
    exits = [choice for choice in choices if choice.target == "Exit"]
    assert [list(map(str, choice.conditions)) for choice in exits] == [
        [f"not ({side} is 1)", f"{side} is 2"] for side in ("_north", "_east", "_south", "_west")
    ]
    assert Counter(choice.target for choice in choices if choice.kind is ChoiceKind.INCLUDE) == {"Map": 4}
    written = {access.variable: access.value for access in found["Startup"].accesses if access.kind == "write"}
    assert written["$positionX"] == "2"
    assert set(written) == {"$dungeon", "$positionX", "$positionY"}


def test_cookbook_storylets(cookbook: Path) -> None:
    found = programs(twee(cookbook / "storylets" / "harlowe" / "harlowe_storylets_twee.txt"))
    assert [choice.kind for choice in found["Matches"].choices] == [ChoiceKind.COMPUTED]
    assert [(access.variable, access.is_condition) for access in found["Joy Ewers"].accesses] == [("$type", True)]
    assert [(access.variable, access.kind.value) for access in found["Start"].accesses] == [("$type", "write")]


def test_toggle_game_links_all_lead_somewhere(toggle: Path) -> None:
    passages = html(toggle / "The Toggle Game.html")
    found = programs(passages)
    assert len(found) == 56
    links = [choice for program in found.values() for choice in program.choices]
    assert {choice.target for choice in links if choice.target} <= set(found)
    assert not [problem for program in found.values() for problem in program.problems]


def test_toggle_archive_has_comments_that_never_close(toggle: Path) -> None:
    (path,) = toggle.glob("*Archive.html")
    passages = html(path)
    assert len(passages) == 490
    problems = Counter(
        problem.message
        for name, tags, text in passages
        for problem in LANGUAGE.parse(text, name=name, tags=tags).problems
    )
    assert problems == {"This <!-- is never closed.": 5}
