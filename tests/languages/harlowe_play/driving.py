"""Plays Harlowe passages in tests: a turn with a dictionary of values, and stories made of a few passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.languages.harlowe import LANGUAGE
from gamebook_lab.languages.harlowe.play.player import Player
from gamebook_lab.story.frozen import UNSET, Value
from gamebook_lab.story.language import kind_of
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.play import Detail, Move, Page, Place
from gamebook_lab.story.program import Span
from gamebook_lab.story.story import Story, passage_rows

MACHINERY = ("visits of ", "turns so far", "passage before", "passages so far")


@dataclass
class Driver:
    """A turn that remembers what it was asked."""

    values: dict[str, Value] = field(default_factory=dict)
    detail: Detail = "text"
    draws: Sequence[int] = ()
    ways: Sequence[int] = ()
    hidden: frozenset[str] = frozenset()
    """Variables that do not matter."""
    reads: set[str] = field(default_factory=set)
    writes: dict[str, Value] = field(default_factory=dict)
    chances: list[list[int]] = field(default_factory=list)
    eithers: list[str] = field(default_factory=list)
    opaques: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    asked: list[tuple[Span, bool]] = field(default_factory=list)
    ticks: int = 0

    def matters(self, variable: str) -> bool:
        return variable not in self.hidden

    def read(self, variable: str) -> Value:
        self.reads.add(variable)
        return self.values.get(variable, UNSET)

    def write(self, variable: str, value: Value) -> None:
        hash(value)
        self.values[variable] = self.writes[variable] = value

    def chance(self, weights: Sequence[int]) -> int:
        self.chances.append([*weights])
        return self.draws[len(self.chances) - 1] if len(self.chances) <= len(self.draws) else 0

    def either(self, n: int, what: str, place: Place) -> int:
        del place
        self.eithers.append(what)
        return self.ways[len(self.eithers) - 1] % n if len(self.eithers) <= len(self.ways) else 0

    def opaque(self, what: str, place: Place) -> None:
        del place
        self.opaques.append(what)

    def give_up(self, what: str, place: Place) -> None:
        del place
        self.given_up.append(what)

    def condition(self, place: Place, *, holds: bool) -> None:
        self.asked.append((place.span, holds))

    def tick(self) -> None:
        self.ticks += 1
        if self.ticks > 20_000:
            raise EndlessPassageError("too many steps")


def story_of(passages: Sequence[tuple[str, tuple[str, ...], str]], *, version: str = "3.3.9", start: str = "") -> Story:
    """Make a story; it starts at its first passage of prose."""
    start = start or next((name for name, tags, _ in passages if kind_of(LANGUAGE, name, tags) == "story"), "")
    rows = [
        Passage(name, text, tags, kind=kind_of(LANGUAGE, name, tags), is_start=name == start)
        for name, tags, text in passages
    ]
    return Story(passage_rows(rows), LANGUAGE, Metadata(format="Harlowe", format_version=version))


def player_of(text: str, others: Mapping[str, str] | None = None, *, version: str = "3.3.9") -> Player:
    """Play a story whose first passage is ``Start``; ``"name [tag]"`` gives another one a tag."""
    passages: list[tuple[str, tuple[str, ...], str]] = [("Start", (), text)]
    for name, other in (others or {}).items():
        bare, _, tag = name.partition(" [")
        passages.append((bare, (tag.rstrip("]"),) if tag else (), other))
    return LANGUAGE.player(story_of(passages, version=version))


class Reading:
    """A reader in a story: what is on the page, and clicks by label."""

    def __init__(self, player: Player, driver: Driver | None = None) -> None:
        self.player, self.driver = player, driver or Driver()
        player.begin(self.driver)
        assert player.start is not None
        self.page: Page = player.enter(player.start, self.driver)

    @property
    def text(self) -> str:
        return self.page.text or ""

    @property
    def labels(self) -> list[str]:
        return [offer.label for offer in self.page.offers]

    def click(self, label: str) -> Reading:
        """Click, and go where it leads."""
        offer = next(offer for offer in self.page.offers if offer.label == label)
        found = self.player.click(self.page, offer, self.driver)
        self.page = self.player.enter(found.passage, self.driver) if isinstance(found, Move) else found
        return self


def read(text: str, others: Mapping[str, str] | None = None, *, version: str = "3.3.9", **of_driver: object) -> Reading:
    """Read the first passage of a small story."""
    return Reading(player_of(text, others, version=version), Driver(**of_driver))  # type: ignore[arg-type]
