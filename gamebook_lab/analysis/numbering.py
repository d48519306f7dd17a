"""Which number each way of a cut graph has, and the ways of given numbers: exactly, for numbers of any size."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Final, NamedTuple, Protocol

import numpy as np

from gamebook_lab.analysis.cut import Cut
from gamebook_lab.errors import LimitError
from gamebook_lab.kernels.accelerate import Flags, Ints, Longs, Words
from gamebook_lab.kernels.components import components
from gamebook_lab.kernels.counts import completions, estimated, number
from gamebook_lab.kernels.csr import transpose
from gamebook_lab.kernels.paths import deepest, open_ways, rank_ways, ways_by_clicks
from gamebook_lab.kernels.search import begin_at, go_on

__all__ = ["Block", "Counted", "Numbering", "drawn", "emitted", "joined", "limbs_of", "number_of", "taken"]

_EDGES: Final = 1 << 21
"""Edges written at a time: 16 MB."""
_WAYS: Final = 1 << 13
"""Ways opened at a time on a thread."""
_LARGE: Final = 1_000_000
"""Nodes from which on it is looked at beforehand how much memory the numbers take."""


class Block(NamedTuple):
    """Ways one after another, in the graph's own nodes and edges."""

    first: Ints
    offsets: Longs
    edges: Longs


class Numbering(Protocol):
    """Numbers of ways, from 0; each way has one. Where many are asked for at once, numbers are rows of limbs."""

    @property
    def cut(self) -> Cut:
        """Where the ways are."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def n_limbs(self) -> int:
        """Of a row."""

    def way(self, rank: int) -> tuple[int, list[int]]:
        """Open one way: its start and its edges, in the graph's own numbers."""

    def opened(self, rows: Words) -> Block:
        """Open many ways."""

    def blocks(self, start: int, stop: int) -> Iterator[Block]:
        """Open the ways from one number up to another, in order, some at a time."""

    def ranks(self, ways: Block) -> list[int | None]:
        """Find the numbers of ways; None for what is not one of these."""

    def by_end(self) -> list[int]:
        """Of each node of the cut graph: how many ways end there."""

    def by_clicks(self) -> list[int]:
        """How many ways there are of 0, 1, 2 ... choices."""


class Counted:
    """Numbers in a graph without circles, by the number of ways from each node on.

    Counting takes one walk of the graph; opening a way or finding its number takes as many steps as it has edges. Memory is
    8 bytes for each 64 bits of each node's number.

    Raises
    ------
    LimitError
        If the numbers need more memory than ``most_bytes``.
    """

    def __init__(self, cut: Cut, most_bytes: int) -> None:
        self.cut = cut
        self._most_bytes = most_bytes

    @classmethod
    def of(cls, cut: Cut, offsets: Longs, limbs: Words) -> Counted:
        """Take over what was counted elsewhere: see :attr:`numbers`."""
        made = cls(cut, limbs.nbytes)
        made.__dict__["numbers"] = offsets, limbs
        return made

    @cached_property
    def numbers(self) -> tuple[Longs, Words]:
        """Of each node its number of ways on, as :func:`~gamebook_lab.kernels.counts.completions` gives them."""
        cut = self.cut
        if cut.n > _LARGE:
            logs = estimated(cut.indptr, cut.indices, cut.ends)
            needed = int((np.ceil((logs + 3.0) / 64.0)).sum()) * 8
            if needed > self._most_bytes:
                raise LimitError(
                    f"the numbers of {cut.n:,} states need {needed:,} bytes, and {self._most_bytes:,} are allowed; ask for fewer"
                    " choices, or allow more memory"
                )
        return completions(cut.indptr, cut.indices, cut.ends)

    @cached_property
    def count(self) -> int:
        """Sum of the starts' numbers."""
        return sum(number(*self.numbers, node) for node in self.cut.starts.tolist())

    @cached_property
    def n_limbs(self) -> int:
        """Limbs that hold any node's number."""
        return max(1, -(-self.count.bit_length() // 64), int(np.diff(self.numbers[0]).max(initial=0)))

    @cached_property
    def longest(self) -> int:
        """Most edges of a way."""
        return int(deepest(self.cut.indptr, self.cut.indices, self.order)[self.cut.starts].max(initial=0))

    @cached_property
    def order(self) -> Ints:
        """Nodes, each after all that its edges lead to."""
        _, labels = components(self.cut.indptr, self.cut.indices)
        order = np.empty(labels.size, np.int32)
        order[labels] = np.arange(labels.size, dtype=np.int32)
        return order

    def way(self, rank: int) -> tuple[int, list[int]]:
        """Open one way, in Python's integers."""
        cut, counts = self.cut, self.numbers
        for start in cut.starts.tolist():
            own = number(*counts, start)
            if rank < own:
                break
            rank -= own
        node, edges = start, []
        while not cut.ends[node]:
            for edge in range(int(cut.indptr[node]), int(cut.indptr[node + 1])):
                own = number(*counts, int(cut.indices[edge]))
                if rank < own:
                    break
                rank -= own
            edges.append(int(cut.edge[edge]))
            node = int(cut.indices[edge])
        return int(cut.node[start]), edges

    def opened(self, rows: Words) -> Block:
        """Open ways on as many threads as there are processors; the order is that of the rows."""
        size = max(1, min(_WAYS, _EDGES // max(1, self.longest)))
        pieces = [rows[at : at + size] for at in range(0, len(rows), size)]
        with ThreadPoolExecutor(os.cpu_count() or 1, "gamebook-paths") as threads:
            return joined(list(threads.map(self._open, pieces)))

    def _open(self, rows: Words) -> Block:
        cut = self.cut
        room = rows.shape[0] * self.longest
        first, offsets, edges = open_ways(
            cut.indptr, cut.indices, cut.starts, *self.numbers, cut.edge, rows.copy(), room
        )
        return Block(cut.node[first], offsets, edges if 4 * edges.size > 3 * room else edges.copy())

    def blocks(self, start: int, stop: int) -> Iterator[Block]:
        """Open the first, and go on from it by search: some nanoseconds an edge."""
        if start < stop:
            edges = self._own_edges(start)
            yield from emitted(self.cut, np.arange(self.cut.n, dtype=np.int32), self.longest + 1, *edges, stop - start)

    def _own_edges(self, rank: int) -> tuple[int, Longs]:
        """Position of the start of a way, and its edges as the cut graph numbers them."""
        rows = limbs_of([rank], self.n_limbs)
        cut = self.cut
        numbers = np.arange(cut.edge.size)
        first, _, edges = open_ways(cut.indptr, cut.indices, cut.starts, *self.numbers, numbers, rows, self.longest)
        return int(np.flatnonzero(cut.starts == first[0])[0]), edges

    def ranks(self, ways: Block) -> list[int | None]:
        """Sum up the ways before each."""
        cut = self.cut
        rows = np.zeros((ways.first.size, self.n_limbs), np.uint64)
        wrong = rank_ways(
            cut.indptr,
            cut.indices,
            cut.ends,
            cut.starts,
            *self.numbers,
            cut.node,
            cut.edge,
            ways.first,
            ways.offsets,
            ways.edges,
            rows,
        )
        return [None if bad >= 0 else number_of(row) for row, bad in zip(rows, wrong.tolist(), strict=True)]

    def by_end(self) -> list[int]:
        """Count ways to each node in the graph turned round."""
        cut = self.cut
        turned, origins, _ = transpose(cut.indptr, cut.indices)
        begins = np.zeros(cut.n, np.bool_)
        begins[cut.starts] = True
        counts = completions(turned, origins, begins)
        found = [0] * cut.n
        for node in np.flatnonzero(cut.ends).tolist():
            found[node] = number(*counts, node)
        return found

    def by_clicks(self) -> list[int]:
        """Step through the graph one choice at a time: the time of counting, for each choice of the longest way."""
        cut = self.cut
        rows = ways_by_clicks(
            cut.indptr,
            cut.indices,
            cut.ends,
            cut.starts,
            cut.clicks,
            self.order[::-1].copy(),
            self.longest,
            self.n_limbs,
        )
        return [number_of(row) for row in rows]


def drawn(count: int, n: int, seed: int, n_limbs: int) -> Words:
    """Draw numbers below ``count``, each as likely as any other, as rows of limbs.

    As many random bits are taken as ``count`` has, and others if they make a number that is not below it: what is left is
    uniform, since all numbers of so many bits are equally likely. At least half of them are kept.
    """
    found = np.zeros((n, n_limbs), np.uint64)
    limit = limbs_of([count], n_limbs)[0]
    top = (count.bit_length() - 1) // 64
    mask = np.uint64((1 << (count.bit_length() - 64 * top)) - 1)
    have = block = 0
    while have < n:
        rows = np.random.default_rng((seed, block)).integers(0, 1 << 64, (_WAYS, top + 1), np.uint64)
        rows[:, top] &= mask
        kept = rows[_below(rows, limit)][: n - have]
        found[have : have + len(kept), : top + 1] = kept
        have += len(kept)
        block += 1
    return found


def _below(rows: Words, limit: Words) -> Flags:
    """Tell of each row of limbs whether its number is below another."""
    found = np.zeros(len(rows), np.bool_)
    is_open = np.ones(len(rows), np.bool_)
    for limb in reversed(range(rows.shape[1])):
        found |= is_open & (rows[:, limb] < limit[limb])
        is_open &= rows[:, limb] == limit[limb]
    return found


def limbs_of(numbers: Sequence[int], n_limbs: int) -> Words:
    """Write numbers as rows of limbs, the lowest 64 bits first."""
    data = b"".join(each.to_bytes(8 * n_limbs, "little") for each in numbers)
    return np.frombuffer(data, "<u8").astype(np.uint64).reshape(len(numbers), n_limbs)


def number_of(row: Words) -> int:
    """Read a row of limbs."""
    return int.from_bytes(row.astype("<u8").tobytes(), "little")


def joined(blocks: list[Block]) -> Block:
    """Put blocks one after another; the list is emptied on the way, so that not all is held twice."""
    sizes = [block.edges.size for block in blocks]
    edges = np.empty(sum(sizes), np.int64)
    first = np.concatenate([block.first for block in blocks] or [np.empty(0, np.int32)])
    lengths = np.concatenate([np.diff(block.offsets) for block in blocks] or [np.empty(0, np.int64)])
    at = 0
    blocks.reverse()
    while blocks:
        block = blocks.pop()
        edges[at : at + block.edges.size] = block.edges
        at += block.edges.size
    return Block(first, np.concatenate(([0], np.cumsum(lengths))).astype(np.int64), edges)


def taken(block: Block, which: Longs) -> Block:
    """Choose some ways, by position, in this order."""
    sizes = np.diff(block.offsets)[which]
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    shift = np.repeat(block.offsets[which] - offsets[:-1], sizes)
    return Block(block.first[which], offsets, block.edges[np.arange(offsets[-1]) + shift])


def emitted(  # noqa: PLR0917 -- one caller for each numbering
    cut: Cut, base: Ints, deepest_way: int, at: int, edges: Longs, n: int
) -> Iterator[Block]:
    """Write down ``n`` ways, from a given one on.

    Parameters
    ----------
    base
        Of each node: what a way may come to once only.
    deepest_way
        More nodes than any way has.
    at, edges
        Position of the first one's start, and its edges as the cut graph numbers them.
    """
    seen = np.zeros(int(base.max(initial=-1)) + 1, np.uint8)
    nodes, cursor = np.empty(deepest_way + 1, np.int32), np.empty(deepest_way + 1, np.int64)
    state, by_end = np.zeros(3, np.int64), np.zeros(cut.n, np.int64)
    begin_at(cut.indices, base, seen, nodes, cursor, state, at, int(cut.starts[at]), edges)
    while n > 0:
        most = min(n, _EDGES)
        room = max(_EDGES, 2 * nodes.size)
        first, offsets = np.empty(most, np.int32), np.zeros(most + 1, np.int64)
        into = np.empty(room, np.int64)
        made = go_on(
            cut.indptr, cut.indices, cut.ends, cut.starts, base, seen, nodes, cursor, state, most, np.iinfo(np.int64).max,
            by_end, first, offsets, into,
        )  # fmt: skip
        if not made:
            return
        n -= made
        yield Block(cut.node[first[:made]], offsets[: made + 1].copy(), cut.edge[into[: offsets[made]]])
