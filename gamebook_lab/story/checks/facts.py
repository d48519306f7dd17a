"""What several checks ask about a story, worked out once and shared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

from gamebook_lab.story.checks.marks import AROUND, INCLUDES, Mark, marked, marks_of
from gamebook_lab.story.checks.row import Row, all_rows, row_of
from gamebook_lab.story.checks.suggest import NearNames, Suggester
from gamebook_lab.story.inverted import Inverted
from gamebook_lab.story.program import Choice
from gamebook_lab.story.story import Story

__all__ = ["Facts", "Row", "shown", "ways_of"]

T = TypeVar("T")

_LONGEST_SHOWN: Final = 80
_MOST_INCLUDED: Final = 256
_REST_EVERY: Final = 500


@dataclass(frozen=True, eq=False)
class Facts:
    """A story with everything that more than one check needs.

    Parameters
    ----------
    story
        The story.
    only
        Key of the one passage to look at; all without.
    rest
        Called every few hundred passages; may wait, or raise.
    """

    story: Story
    only: int | None = None
    rest: Callable[[], None] | None = None

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every passage that is looked at, in story order."""
        if self.only is not None:
            return (row_of(self.story, self.only),)
        return self.story.kept("rows", lambda: all_rows(self.story, self.resting))

    @cached_property
    def _marks(self) -> Inverted[Mark]:
        if self.only is not None:
            return Inverted.of((row.key, tuple(marks_of(row))) for row in self.rows)
        return self.story.kept("marks", lambda: marked(self.story, self.rows, self.resting)).found

    @property
    def marks(self) -> Mapping[Mark, tuple[int, ...]]:
        """Keys of the passages that have each mark."""
        return self._marks.keys

    def marks_of(self, row: Row) -> tuple[Mark, ...]:
        """Marks of one passage."""
        return self._marks.words.get(row.key, ())

    def keys_with(self, *marks: Mark) -> frozenset[int]:
        """Keys of the passages that have any of these marks."""
        return frozenset().union(*(self.marks.get(mark, ()) for mark in marks))

    def having(self, *marks: Mark) -> Iterator[Row]:
        """Give the passages that have any of these marks, in story order, with rests."""
        return self.among(self.keys_with(*marks))

    def among(self, keys: Iterable[int]) -> Iterator[Row]:
        """Give the passages of these keys, each of which comes once, in story order, with rests."""
        places = sorted(map(self.places.__getitem__, keys))
        return self.resting(map(self.rows.__getitem__, places))

    def resting(self, items: Iterable[T]) -> Iterator[T]:
        """Give each item, and have a rest before every few hundred of them."""
        for number, item in enumerate(items):
            if number % _REST_EVERY == 0 and self.rest is not None:
                self.rest()
            yield item

    @cached_property
    def places(self) -> Mapping[int, int]:
        """0-based place in ``rows`` of each passage, by its key."""
        return {row.key: place for place, row in enumerate(self.rows)}

    def row(self, key: int) -> Row:
        """The passage of a key."""
        return self.rows[self.places[key]]

    @property
    def names(self) -> Mapping[str, tuple[int, ...]]:
        """Keys of the passages of each name."""
        return self.story.keys_by_name

    @cached_property
    def naming_missing(self) -> frozenset[int]:
        """Keys of the passages that name one which does not exist."""
        if self.only is not None:
            return frozenset({self.only})
        mentions = self.story.mentions.keys
        return frozenset().union(*map(mentions.__getitem__, mentions.keys() - self.names.keys()))

    @cached_property
    def included(self) -> frozenset[str]:
        """Names of passages that are shown inside others."""
        return frozenset(
            choice.target
            for row in self.having(INCLUDES)
            for choice in row.program.includes
            if choice.target is not None
        )

    @property
    def is_led_by_furniture(self) -> bool:
        """Something that the story format shows around every passage (a footer, say) offers ways on."""
        return AROUND in self.marks

    @cached_property
    def suggester(self) -> Suggester:
        """Finds names like a misspelt one."""
        return Suggester(self.story.kept("near_names", self._near_names))

    def _near_names(self) -> NearNames:
        earlier = self.story.earlier("near_names")
        before: NearNames = NearNames() if earlier is None else earlier.value
        return before.of(self.names)

    def shown_in(self, row: Row) -> list[Row]:
        """List a passage and what it includes, directly or through others; each once, at most 256 in all.

        The limit keeps a long chain of includes from costing its length squared.
        """
        if not row.program.includes:
            return [row]
        seen = {row.key}
        found = [row]
        for shown_row in found:
            for choice in shown_row.program.includes:
                for key in self.names.get(choice.target, ()) if choice.target is not None else ():
                    if key not in seen and len(seen) < _MOST_INCLUDED:
                        seen.add(key)
                        found.append(self.row(key))
        return found

    def ways(self, row: Row) -> Sequence[Choice]:
        """List the ways on that a passage offers, those of the passages that it includes among them."""
        return ways_of(self.shown_in(row))


def ways_of(parts: Iterable[Row]) -> list[Choice]:
    """List the ways on that some passages offer together."""
    return [choice for part in parts for choice in part.program.ways]


def shown(name: str) -> str:
    """Write a name into a message: quoted, and cut where it is very long."""
    return f"'{name}'" if len(name) <= _LONGEST_SHOWN else f"'{name[: _LONGEST_SHOWN - 1]}…'"
