"""Numbers of ways that come to no node of the story's graph twice, by search: where play can go round in circles.

Such ways cannot be counted by one walk of the graph (it is #P-hard: Valiant 1979), so they are looked through once, and a
mark is kept now and then. A way is opened by going on from the mark before it, and its number found by going on to it.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from gamebook_lab.analysis.cut import Cut
from gamebook_lab.analysis.numbering import Block, emitted, joined, taken
from gamebook_lab.errors import LimitError
from gamebook_lab.kernels.accelerate import Ints, Longs, Words
from gamebook_lab.kernels.search import AT, DEPTH, STEPS, begin_at, go_on

__all__ = ["Marks", "Searched"]

_BETWEEN: Final = 1 << 16
"""Ways between two marks."""


@dataclass(frozen=True)
class Marks:
    """Ways number 0, ``_BETWEEN``, twice that ...: position of each one's start, and its edges."""

    ways: list[tuple[int, Longs]]
    count: int
    by_end: Longs


def _nothing() -> tuple[Ints, Longs, Longs]:
    """Where nothing is written."""
    return np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int64)


class Searched:
    """Numbers of ways without a node twice, found by search.

    Parameters
    ----------
    cut
        Where they are.
    most_steps
        Edges that are tried at most while counting.

    Raises
    ------
    LimitError
        By anything that is asked of it, if that was not enough.
    """

    def __init__(self, cut: Cut, most_steps: int) -> None:
        self.cut = cut
        self._most_steps = most_steps

    @cached_property
    def _base(self) -> Ints:
        """The graph's nodes that are there, numbered."""
        found: Ints = np.unique(self.cut.node, return_inverse=True)[1].astype(np.int32)
        return found

    @cached_property
    def _depth(self) -> int:
        """More nodes than any way has."""
        return int(self._base.max(initial=0)) + 2

    @classmethod
    def of(cls, cut: Cut, marks: Marks) -> Searched:
        """Take over what was searched elsewhere: see :attr:`marks`."""
        made = cls(cut, 0)
        made.__dict__["marks"] = marks
        return made

    @cached_property
    def marks(self) -> Marks:
        """What the search came by."""
        cut = self.cut
        graph = (cut.indptr, cut.indices, cut.ends, cut.starts, self._base)
        seen = np.zeros(self._depth, np.uint8)
        nodes, cursor = np.full(self._depth + 1, -1, np.int32), np.zeros(self._depth + 1, np.int64)
        state = np.array([0, -1, 0], np.int64)
        by_end = np.zeros(cut.n, np.int64)
        ways: list[tuple[int, Longs]] = []
        nothing = _nothing()
        count = 0
        while True:
            # one way, which is marked, and then those up to the next mark
            made = go_on(*graph, seen, nodes, cursor, state, 1, self._most_steps, by_end, *nothing)
            if made:
                ways.append((int(state[AT]), cursor[: state[DEPTH] + 1] - 1))
                made += go_on(*graph, seen, nodes, cursor, state, _BETWEEN - 1, self._most_steps, by_end, *nothing)
            count += made
            if state[STEPS] > self._most_steps:
                raise LimitError(
                    f"playthroughs that come to nothing twice: {count:,} were found in {self._most_steps:,} steps, and there are more;"
                    " give search_steps= for a longer search, or max_choices= in place of simple=True to count all up to a length"
                )
            if made < _BETWEEN:
                return Marks(ways, count, by_end)

    @property
    def count(self) -> int:
        """Counted by looking through all of them, once."""
        return self.marks.count

    n_limbs = 1

    def way(self, rank: int) -> tuple[int, list[int]]:
        """Open one way."""
        block = next(self.blocks(rank, rank + 1))
        return int(block.first[0]), block.edges.tolist()

    def blocks(self, start: int, stop: int) -> Iterator[Block]:
        """Go on from the mark before the first."""
        if start >= stop:
            return
        mark, ahead = divmod(start, _BETWEEN)
        at, edges = self.marks.ways[mark]
        if ahead:
            at, edges = self._gone_on(at, edges, ahead)
        yield from emitted(self.cut, self._base, self._depth, at, edges, stop - start)

    def _gone_on(self, at: int, edges: Longs, by: int) -> tuple[int, Longs]:
        cut = self.cut
        seen = np.zeros(self._depth, np.uint8)
        nodes, cursor = np.empty(self._depth + 1, np.int32), np.empty(self._depth + 1, np.int64)
        state = np.zeros(3, np.int64)
        begin_at(cut.indices, self._base, seen, nodes, cursor, state, at, int(cut.starts[at]), edges)
        graph = (cut.indptr, cut.indices, cut.ends, cut.starts, self._base)
        by_end = np.zeros(cut.n, np.int64)
        go_on(*graph, seen, nodes, cursor, state, by + 1, np.iinfo(np.int64).max, by_end, *_nothing())
        return int(state[AT]), cursor[: state[DEPTH] + 1] - 1

    def opened(self, rows: Words) -> Block:
        """Open ways in the order of their numbers, so that each stretch between marks is gone through once at most."""
        asked = rows[:, 0].astype(np.int64)
        order = np.argsort(asked, kind="stable")
        pieces: list[Block] = []
        for here in np.split(order, np.flatnonzero(np.diff(asked[order] // _BETWEEN)) + 1) if order.size else []:
            low = int(asked[here[0]])
            pieces.append(taken(joined(list(self.blocks(low, int(asked[here[-1]]) + 1))), asked[here] - low))
        place = np.empty_like(order)
        place[order] = np.arange(order.size)
        return taken(joined(pieces), place)

    def ranks(self, ways: Block) -> list[int | None]:
        """Find each by going on from the mark before it."""
        rows = zip(ways.first.tolist(), ways.offsets[:-1].tolist(), ways.offsets[1:].tolist(), strict=True)
        return [self._rank(first, ways.edges[begin:end]) for first, begin, end in rows]

    def _rank(self, first: int, edges: Longs) -> int | None:
        key = self._key(first, edges)
        if key is None:
            return None
        mark = bisect.bisect_right(self.marks.ways, key, key=lambda each: (each[0], each[1].tolist())) - 1
        low = mark * _BETWEEN
        if mark < 0:
            return None
        for stretch in self.blocks(low, min(low + _BETWEEN, self.count)):
            fits = np.flatnonzero((np.diff(stretch.offsets) == edges.size) & (stretch.first == first))
            same = (stretch.edges[stretch.offsets[fits][:, None] + np.arange(edges.size)] == edges).all(axis=1)
            if same.any():
                return low + int(fits[same][0])
            low += stretch.first.size
        return None

    def _key(self, first: int, edges: Longs) -> tuple[int, list[int]] | None:
        """Position of a way's start and its edges as the cut graph numbers them: ways are in this order."""
        cut = self.cut
        at = next((at for at, start in enumerate(cut.starts.tolist()) if cut.node[start] == first), None)
        if at is None:
            return None
        node, own = int(cut.starts[at]), []
        for edge in edges.tolist():
            low, high = int(cut.indptr[node]), int(cut.indptr[node + 1])
            place = low + int(np.searchsorted(cut.edge[low:high], edge))
            if place == high or cut.edge[place] != edge:
                return None
            own.append(place)
            node = int(cut.indices[place])
        return at, own

    def by_end(self) -> list[int]:
        """As counted on the way."""
        found: list[int] = self.marks.by_end.tolist()
        return found

    def by_clicks(self) -> list[int]:
        """Go through all of them."""
        found = np.zeros(self._depth + 1, np.int64)
        clicks = np.zeros(int(self.cut.edge.max(initial=-1)) + 2, np.int64)
        clicks[self.cut.edge] = self.cut.clicks
        for block in self.blocks(0, self.count):
            sums = np.concatenate(([0], np.cumsum(clicks[block.edges])))[block.offsets]
            found += np.bincount(np.diff(sums), minlength=found.size)
        counts: list[int] = np.trim_zeros(found, "b").tolist()
        return counts
