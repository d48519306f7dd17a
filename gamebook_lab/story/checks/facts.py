"""What several checks ask about a story, worked out once and shared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypeVar

from gamebook_lab.story.checks.suggest import Suggester
from gamebook_lab.story.program import Choice, ChoiceKind, Program
from gamebook_lab.story.story import Story

__all__ = ["Facts", "Row", "shown"]

T = TypeVar("T")

_LONGEST_SHOWN: Final = 80
_MOST_INCLUDED: Final = 256
_REST_EVERY: Final = 500
_AROUND_NAMES: Final = frozenset({"PassageHeader", "PassageFooter", "PassageReady", "PassageDone"})
_AROUND_TAGS: Final = frozenset({"header", "footer"})


class Row(NamedTuple):
    """One passage, as the checks see it."""

    key: int
    name: str
    text: str
    tags: tuple[str, ...]
    kind: str
    file: str | None
    line: int | None
    program: Program


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
        table = self.story.table if self.only is None else self.story.table.loc[[self.only]]
        programs = self.story.programs if self.only is None else self.story.programs_of([self.only])
        columns = ("passage_id", "text", "tags", "kind", "file", "line")
        values = zip(table.index.tolist(), *(table[column].tolist() for column in columns), strict=True)
        return tuple(
            Row(
                key, name, text, tags, kind,
                file if isinstance(file, str) else None,
                line if isinstance(line, int) else None,
                program,
            )
            for (key, name, text, tags, kind, file, line), program in self.resting(
                zip(values, programs.values(), strict=True)
            )
        )  # fmt: skip

    def each(self) -> Iterator[Row]:
        """Give every passage that is looked at, with rests."""
        return self.resting(self.rows)

    def resting(self, items: Iterable[T]) -> Iterator[T]:
        """Give each item, and have a rest before every few hundred of them."""
        for number, item in enumerate(items):
            if number % _REST_EVERY == 0 and self.rest is not None:
                self.rest()
            yield item

    @cached_property
    def by_key(self) -> Mapping[int, Row]:
        """The same rows by their keys."""
        return {row.key: row for row in self.rows}

    @property
    def names(self) -> Mapping[str, tuple[int, ...]]:
        """Keys of the passages of each name."""
        return self.story.keys_by_name

    @cached_property
    def included(self) -> frozenset[str]:
        """Names of passages that are shown inside others."""
        return frozenset(
            choice.target for row in self.rows for choice in row.program.includes if choice.target is not None
        )

    @cached_property
    def is_led_by_furniture(self) -> bool:
        """Something that the story format shows around every passage (a footer, say) offers ways on."""
        return any(
            (row.name in _AROUND_NAMES or not _AROUND_TAGS.isdisjoint(row.tags))
            and (row.program.may_move or row.program.ways)
            for row in self.rows
        )

    @cached_property
    def suggester(self) -> Suggester:
        """Finds names like a misspelt one."""
        return Suggester(self.names)

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
                        found.append(self.by_key[key])
        return found

    def ways(self, row: Row) -> Sequence[Choice]:
        """List the ways on that a passage offers, those of the passages that it includes among them."""
        if not row.program.includes:
            return row.program.ways
        return [choice for shown_row in self.shown_in(row) for choice in shown_row.program.ways]

    def offers(self, row: Row, kinds: Collection[ChoiceKind]) -> bool:
        """Tell whether a passage, or one that it includes, offers a choice of one of these kinds."""
        return any(choice.kind in kinds for shown_row in self.shown_in(row) for choice in shown_row.program.choices)

    def may_move(self, row: Row) -> bool:
        """Tell whether code in the passage, or in one that it includes, may take the reader elsewhere."""
        if not row.program.includes:
            return row.program.may_move
        return any(shown_row.program.may_move for shown_row in self.shown_in(row))


def shown(name: str) -> str:
    """Write a name into a message: quoted, and cut where it is very long."""
    return f"'{name}'" if len(name) <= _LONGEST_SHOWN else f"'{name[: _LONGEST_SHOWN - 1]}…'"
