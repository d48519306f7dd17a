"""The passages as the checks see them, taken over from one version of a story to the next but for what was edited."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from gamebook_lab.story.program import Program
from gamebook_lab.story.records import values_of
from gamebook_lab.story.story import Story

__all__ = ["Row", "all_rows", "row_of"]


class Row(NamedTuple):
    """One passage, as the checks see it."""

    key: int
    name: str
    text: str
    tags: tuple[str, ...]
    kind: str
    program: Program
    leads: tuple[str, ...]
    """Names of the passages that it leads to by naming them: the program's targets."""


def row_of(story: Story, key: int) -> Row:
    """Make the row of one passage."""
    return next(_made(story, [key], [str(story.table.at[key, "kind"])]))


def all_rows(story: Story, resting: Callable[[Iterable[Row]], Iterator[Row]]) -> tuple[Row, ...]:
    """Rows of all passages, in story order.

    The row of an earlier version is taken over (the very object) unless its passage was edited since, or is of another kind
    by now.
    """
    earlier = story.earlier("rows")
    keys: list[int] = story.table.index.tolist()
    kinds: list[str] = story.table["kind"].tolist()
    rows: dict[int, Row] = {}
    if earlier is not None:
        rows = {row.key: row for row in earlier.value if row.key not in earlier.stale}
    fresh = {key: kind for key, kind in zip(keys, kinds, strict=True) if key not in rows or rows[key].kind != kind}
    for row in resting(_made(story, list(fresh), fresh.values())):
        rows[row.key] = row
    return tuple(map(rows.__getitem__, keys))


def _made(story: Story, keys: list[int], kinds: Iterable[str]) -> Iterator[Row]:
    programs = story.programs_of(keys).values()
    columns = (values_of(story.table, name, keys) for name in ("passage_id", "text", "tags"))
    shared = map(sys.intern, kinds)  # the table gives each passage a string of its own
    return map(Row, keys, *columns, shared, programs, (program.targets for program in programs))
