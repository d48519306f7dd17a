"""Real SugarCube stories play: every passage is entered, and most are modelled completely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import gamebook_lab as gb
from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.story import Story
from tests.languages.driving import Table

FOLDERS = (
    "cookbook-sugarcane", "cookbook-sugarcube", "cybersecurity-and-you", "ghosthunt-spook-tours",
    "magium-books-1-2-as-twee", "tiny-qbn-storylets",
)  # fmt: skip
SUFFIXES = {".tw", ".twee", ".html", ".txt", ".tw2"}
LEAST_SHARE = 0.9


@pytest.fixture(scope="module")
def stories(corpora: Path) -> dict[str, Story]:
    """Every story of the corpora whose language is SugarCube, one for each distinct text."""
    found: dict[str, Story] = {}
    seen: set[str] = set()
    for path in sorted(path for folder in FOLDERS for path in (corpora / "twine" / folder).rglob("*")):
        if path.suffix not in SUFFIXES or not path.is_file():
            continue
        try:
            story = gb.read_story(path)
        except (ValueError, OSError, AssertionError):  # not a story, or one of a language that cannot play yet
            continue
        content = "\0".join(story.table["text"])
        if story.language.name == "sugarcube" and content not in seen:
            seen.add(content)
            found[path.relative_to(corpora / "twine").as_posix()] = story
    return found


def test_opaques__nine_of_ten_passages_are_modelled_completely(
    stories: dict[str, Story], show: Callable[[str, str], None]
) -> None:
    """Over story passages; the table says what is not modelled, most frequent first."""
    rows: list[tuple[str, int, int]] = []
    whats: Counter[str] = Counter()
    for name, story in stories.items():
        player = story.language.player(story)
        opaques = [player.opaques(each) for each in player.places]
        rows.append((name, sum(not each for each in opaques), len(opaques)))
        whats.update(what for each in opaques for what in {what for what, _ in each})
    whole, total = sum(row[1] for row in rows), sum(row[2] for row in rows)
    lines = [f"{modelled:5} of {n:5}  {name}" for name, modelled, n in rows]
    lines += [f"{whole:5} of {total:5}  all: {whole / total:.1%}", f"not modelled: {dict(whats.most_common(20))}"]
    show("sugarcube, story by story: modelled completely", "\n".join(lines))
    assert whole / total >= LEAST_SHARE


@pytest.mark.parametrize("detail", ["choices", "text"])
def test_enter__every_passage_of_every_story(stories: dict[str, Story], detail: str) -> None:
    for name, story in stories.items():
        player = story.language.player(story)
        for value in ({}, UNKNOWN):
            for passage in player.places:
                turn = Table(detail=detail)
                if value is UNKNOWN:
                    turn.values = dict.fromkeys(player.variables, UNKNOWN)
                try:
                    page = player.enter(passage, turn)
                    for offer in page.offers[:20]:
                        if offer.kind not in {"undo", "restart", "load", "external"}:
                            player.click(page, offer, turn)
                except EndlessPassageError:
                    print("too long:", name, passage)  # noqa: T201 - the table is for people
