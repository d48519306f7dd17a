"""A turn with a table of values and scripted draws, to play passages and click by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.story.frozen import UNSET, Value
from gamebook_lab.story.language import Language
from gamebook_lab.story.play import Detail, Move, Page, Place, Player
from gamebook_lab.story.program import Span

MOST_STEPS = 100_000


@dataclass
class Table:
    """A turn: what was read, written, drawn and decided is kept for the test to see."""

    values: dict[str, Value] = field(default_factory=dict)
    detail: Detail = "text"
    draws: list[int] = field(default_factory=list)
    """Outcomes of chance to come; then always the first."""
    ways: list[int] = field(default_factory=list)
    """Ways to take to come; then always the first."""
    ignored: frozenset[str] = frozenset()
    """Variables that do not matter."""
    read_names: list[str] = field(default_factory=list)
    written: dict[str, Value] = field(default_factory=dict)
    weights: list[tuple[int, ...]] = field(default_factory=list)
    decided: list[tuple[int, str]] = field(default_factory=list)
    opaques: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    asked: list[tuple[Span, bool]] = field(default_factory=list)
    steps: int = 0

    def matters(self, variable: str) -> bool:
        return variable not in self.ignored

    def read(self, variable: str) -> Value:
        self.read_names.append(variable)
        return self.values.get(variable, UNSET)

    def write(self, variable: str, value: Value) -> None:
        hash(value)
        self.values[variable] = self.written[variable] = value

    def chance(self, weights: Sequence[int]) -> int:
        self.weights.append(tuple(weights))
        return self.draws.pop(0) if self.draws else 0

    def either(self, n: int, what: str, place: Place) -> int:
        self.decided.append((n, what))
        return min(self.ways.pop(0), n - 1) if self.ways else 0

    def opaque(self, what: str, place: Place) -> None:
        self.opaques.append(what)

    def give_up(self, what: str, place: Place) -> None:
        self.given_up.append(what)

    def condition(self, place: Place, *, holds: bool) -> None:
        self.asked.append((place.span, holds))

    def tick(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise EndlessPassageError("too many steps")


@dataclass
class Reader:
    """Plays a story: ``passages`` are names with texts; a name may have tags, as in ``"Hall [nobr]"``."""

    player: Player
    turn: Table
    page: Page

    def click(self, label: str) -> Page:
        """Click the offer of that label, and go where it leads."""
        found = next(offer for offer in self.page.offers if offer.label == label)
        after = self.player.click(self.page, found, self.turn)
        self.page = self.player.enter(after.passage, self.turn) if isinstance(after, Move) else after
        return self.page

    @property
    def labels(self) -> list[str]:
        return [offer.label for offer in self.page.offers]

    @property
    def text(self) -> str:
        return self.page.text or ""


def story_of(language: Language, passages: dict[str, str]) -> Any:
    """Make a story of texts; the first passage that is for reading is its start."""
    from gamebook_lab.story.passage import Passage
    from gamebook_lab.story.story import Story, passage_rows

    rows: list[Passage] = []
    is_begun = False
    for header, text in passages.items():
        name, _, tags = header.partition(" [")
        listed = tuple(tags.rstrip("]").split())
        is_start = not is_begun and language.kind(name, listed) == "story"
        is_begun = is_begun or is_start
        rows.append(Passage(passage_id=name, text=text, tags=listed, is_start=is_start))
    return Story(passage_rows(rows), language)


def play(language: Language, passages: dict[str, str] | str, *, at: str | None = None, **options: Any) -> Reader:
    """Begin a story, and enter its first passage or the one that is named."""
    given = {"Start": passages} if isinstance(passages, str) else passages
    player = language.player(story_of(language, given))
    turn = Table(**options)
    player.begin(turn)
    where = at or player.start
    assert where is not None
    return Reader(player, turn, player.enter(where, turn))


def frame(rows: Iterable[tuple[Any, ...]], columns: Sequence[str]) -> pd.DataFrame:
    """A table to print."""
    return pd.DataFrame(list(rows), columns=list(columns))
