"""Numbers of ways that come to no node of the story's graph twice, by search: where play can go round in circles.

Such ways cannot be counted by one walk of the graph (it is #P-hard: Valiant 1979), so they are looked through once, and a
mark is kept now and then. A way is opened by going on from the mark before it, and its number found by going on to it.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from gamebook_lab.analysis.cut import Cut
from gamebook_lab.analysis.numbering import Block, emitted, joined
from gamebook_lab.errors import LimitError
from gamebook_lab.kernels.accelerate import Ints, Longs
from gamebook_lab.kernels.search import AT, DEPTH, STEPS, begin_at, skip

__all__ = ["Searched"]

_BETWEEN: Final = 1 << 16
"""Ways between two marks."""


class _Marks(NamedTuple):
    """Ways number 0, ``_BETWEEN``, twice that ...: position of each one's start, and its edges."""

    ways: list[tuple[int, Longs]]
    count: int
    by_end: Longs


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

    @cached_property
    def _marks(self) -> _Marks:
        cut = self.cut
        graph = (cut.indptr, cut.indices, cut.ends, cut.starts, self._base)
        seen = np.zeros(self._depth, np.uint8)
        nodes, cursor = np.full(self._depth + 1, -1, np.int32), np.zeros(self._depth + 1, np.int64)
        state = np.array([0, -1, 0], np.int64)
        by_end = np.zeros(cut.n, np.int64)
        ways: list[tuple[int, Longs]] = []
        count = 0
        while True:
            # one way, which is marked, and then those up to the next mark
            made = skip(*graph, seen, nodes, cursor, state, 1, self._most_steps, by_end)
            if made:
                ways.append((int(state[AT]), cursor[: state[DEPTH] + 1] - 1))
                made += skip(*graph, seen, nodes, cursor, state, _BETWEEN - 1, self._most_steps, by_end)
            count += made
            if state[STEPS] > self._most_steps:
                raise LimitError(
                    f"playthroughs that come to nothing twice: {count:,} were found in {self._most_steps:,} steps, and there are more;"
                    " give search_steps= for a longer search, or max_choices= to count all up to a length without one"
                )
            if made < _BETWEEN:
                return _Marks(ways, count, by_end)

    @property
    def count(self) -> int:
        """Counted by looking through all of them, once."""
        return self._marks.count

    def way(self, rank: int) -> tuple[int, list[int]]:
        """Open one way."""
        block = next(self.blocks(rank, rank + 1))
        return int(block.first[0]), block.edges.tolist()

    def blocks(self, start: int, stop: int) -> Iterator[Block]:
        """Go on from the mark before the first."""
        if start >= stop:
            return
        mark, ahead = divmod(start, _BETWEEN)
        at, edges = self._marks.ways[mark]
        if ahead:
            at, edges = self._gone_on(at, edges, ahead)
        yield from emitted(self.cut, self._base, self._depth, at, edges, stop - start)

    def _gone_on(self, at: int, edges: Longs, by: int) -> tuple[int, Longs]:
        cut = self.cut
        seen = np.zeros(self._depth, np.uint8)
        nodes, cursor = np.empty(self._depth + 1, np.int32), np.empty(self._depth + 1, np.int64)
        state = np.zeros(3, np.int64)
        begin_at(cut.indptr, cut.indices, self._base, seen, nodes, cursor, state, at, int(cut.starts[at]), edges)
        graph = (cut.indptr, cut.indices, cut.ends, cut.starts, self._base)
        skip(*graph, seen, nodes, cursor, state, by + 1, np.iinfo(np.int64).max, np.zeros(cut.n, np.int64))
        return int(state[AT]), cursor[: state[DEPTH] + 1] - 1

    def opened(self, ranks: Sequence[int]) -> Block:
        """Open ways in the order of their numbers, so that each stretch between marks is gone through once."""
        order = sorted(range(len(ranks)), key=ranks.__getitem__)
        pieces: list[tuple[int, list[int]]] = [(0, [])] * len(ranks)
        done = 0
        while done < len(order):
            mark = ranks[order[done]] // _BETWEEN
            here = [each for each in order[done:done + _BETWEEN] if ranks[each] // _BETWEEN == mark]
            stretch = joined(list(self.blocks(ranks[here[0]], ranks[here[-1]] + 1)))
            for each in here:
                at = ranks[each] - ranks[here[0]]
                pieces[each] = int(stretch.first[at]), stretch.edges[stretch.offsets[at] : stretch.offsets[at + 1]].tolist()
            done += len(here)
        sizes = np.array([len(edges) for _, edges in pieces], np.int64)
        return Block(
            np.array([first for first, _ in pieces], np.int32),
            np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            np.array([edge for _, edges in pieces for edge in edges], np.int64),
        )

    def ranks(self, ways: Block) -> list[int | None]:
        """Find each by going on from the mark before it."""
        return [
            self._rank(int(ways.first[at]), ways.edges[ways.offsets[at] : ways.offsets[at + 1]])
            for at in range(ways.first.size)
        ]

    def _rank(self, first: int, edges: Longs) -> int | None:
        own = self._own_edges(first, edges)
        if own is None:
            return None
        at, way = own
        marks = self._marks.ways
        mark = bisect.bisect_right(marks, (at, way), key=lambda each: (each[0], each[1].tolist())) - 1
        ...

    def by_end(self) -> list[int]:
        """As counted on the way."""
        return self._marks.by_end.tolist()
