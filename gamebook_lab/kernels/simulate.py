"""Random walks in bulk: many readers who choose by given probabilities, one after the other and on several threads.

Each walk has random numbers of its own, made of the seed and the walk's number alone (splitmix64). So walk 17 is the same
however many there are, on however many threads, and in whichever shard it falls.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from gamebook_lab.kernels.accelerate import Floats, Ints, Longs, kernel

__all__ = ["MOST_STEPS", "simulate"]

MOST_STEPS: Final = 10_000
"""Edges after which a walk is broken off, if no other number is given."""
_BLOCK: Final = 4096
"""Walks that one thread takes on at a time."""
_SHORT: Final = 16
"""Edges of a node that are looked through one by one; more are searched by halves."""
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)
_A, _B, _C, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT: Final = 2.0**-53


@kernel
def mixed(number: np.uint64) -> np.uint64:
    """Scramble 64 bits (the finaliser of splitmix64, a bijection)."""
    number ^= number >> _A
    number *= _MIX_1
    number ^= number >> _B
    number *= _MIX_2
    return number ^ (number >> _C)


@kernel
def _sums(indptr: Longs, indices: Ints, probabilities: Floats) -> Floats:
    """Sum up each node's probabilities edge by edge, up to 1; all 0 where there is no way on."""
    found = np.zeros(indices.size)
    for node in range(indptr.size - 1):
        total = 0.0
        for edge in range(indptr[node], indptr[node + 1]):
            if indices[edge] >= 0 and probabilities[edge] > 0.0:
                total += probabilities[edge]
            found[edge] = total
        if total > 0.0:
            for edge in range(indptr[node], indptr[node + 1]):
                # what is as large as the total becomes 1, which no random number reaches: rounding leaves no gap
                found[edge] = 1.0 if found[edge] == total else found[edge] / total
    return found


@kernel
def _picked(sums: Floats, first: int, last: int, at: float) -> int:
    """The first of some edges whose sum is above ``at``."""
    if last - first <= _SHORT:
        while sums[first] <= at:
            first += 1
        return first
    while first < last - 1:
        middle = (first + last - 1) // 2
        if sums[middle] <= at:
            first = middle + 1
        else:
            last = middle + 1
    return first


@kernel
def _walks(
    indptr: Longs, indices: Ints, sums: Floats, start: Ints, seed: np.uint64, number: int, most: int, lengths: Longs
) -> Longs:
    """Walk from each node of ``start``; puts the number of edges into ``lengths``, and gives the edges of all in a row."""
    edges = np.empty(max(64, 32 * start.size), np.int64)
    n = 0
    for walk in range(start.size):
        random = mixed(seed + np.uint64(number + walk) * _GOLDEN)
        node = start[walk]
        begin = n
        while n - begin < most:
            first, last = indptr[node], indptr[node + 1]
            if first == last or sums[last - 1] == 0.0:
                break
            random += _GOLDEN
            edge = _picked(sums, first, last, np.float64(mixed(random) >> _11) * _UNIT)
            if n == edges.size:
                more = np.empty(2 * n, np.int64)
                more[:n] = edges
                edges = more
            edges[n] = edge
            n += 1
            node = indices[edge]
        lengths[walk] = n - begin
    return edges[:n].copy()


@kernel
def _starts(starts: Ints, sums: Floats, seed: np.uint64, number: int, found: Ints) -> None:
    """Draw where each walk begins."""
    for walk in range(found.size):
        random = mixed(seed + np.uint64(number + walk) * _GOLDEN)
        found[walk] = starts[_picked(sums, 0, starts.size, np.float64(mixed(random) >> _11) * _UNIT)]


def simulate(
    indptr: Longs,
    indices: Ints,
    probabilities: Floats,
    starts: Ints,
    start_probabilities: Floats,
    n: int,
    *,
    seed: int,
    first: int = 0,
    most_steps: int = MOST_STEPS,
    threads: int = 1,
) -> tuple[Ints, Longs, Longs]:
    """Walk the graph at random.

    Parameters
    ----------
    indptr, indices
        The graph. Edges to nothing (-1) are never taken.
    probabilities
        Of each edge at its node, not negative and not nan; those of a node's ways on are scaled to sum up to 1. A walk
        ends where there is none.
    starts, start_probabilities
        Where walks begin, and how likely each is: scaled likewise.
    n
        Number of walks.
    seed
        The same seed gives the same walks.
    first
        Number of the first walk: a shard's walks are those that all in one would have had.
    most_steps
        Edges after which a walk is broken off.
    threads
        How many work at once.

    Returns
    -------
    tuple
        For each walk the node where it begins; ``offsets`` and ``edges``: those of walk ``i`` are
        ``edges[offsets[i]:offsets[i + 1]]``, in the order in which they are taken. 8 bytes a step.

    Raises
    ------
    ValueError
        If walks are asked for and there is nowhere to begin.
    """
    if n and not (start_probabilities > 0.0).any():
        raise ValueError("walks need somewhere to begin: no start has a probability above 0")
    key = np.uint64(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0])
    start = np.empty(n, np.int32)
    lengths = np.zeros(n + 1, np.int64)
    begins = _sums(np.array([0, starts.size], np.int64), np.zeros(starts.size, np.int32), start_probabilities)
    _starts(starts, begins, ~key, first, start)
    sums = _sums(indptr, indices, probabilities)

    def work(at: int) -> Longs:
        part = slice(at, min(at + _BLOCK, n))
        found: Longs = _walks(indptr, indices, sums, start[part], key, first + at, most_steps, lengths[1:][part])
        return found

    blocks = range(0, n, _BLOCK)
    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(work, blocks))
    else:
        parts = [work(at) for at in blocks]
    edges = np.concatenate(parts) if parts else np.empty(0, np.int64)
    return start, np.cumsum(lengths), edges
