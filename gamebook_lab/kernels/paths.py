"""Ways from a start to an end by their numbers: opened, and found again, in integers of any size.

The graph has no circles, and every node leads to an end (:class:`~gamebook_lab.analysis.cut.Cut` makes such a one). Of
each node the number of its ways is known (:func:`~gamebook_lab.kernels.counts.completions`). Ways come in the order of
their edges; so way ``k`` of a node is way ``k - s`` of one edge's target, where ``s`` is the number of ways over
the edges before it: the first edge for which that is below the target's own number. A number is a row of 64-bit
limbs, the lowest first, as many as the largest needs.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Longs, Words, kernel

__all__ = ["deepest", "open_ways", "rank_ways", "reaching", "ways_by_clicks"]


@kernel
def deepest(indptr: Longs, indices: Ints, order: Ints) -> Longs:
    """Find the number of edges of the longest way from each node; ``order`` has targets before origins."""
    found = np.zeros(order.size, np.int64)
    for node in order:
        for edge in range(indptr[node], indptr[node + 1]):
            found[node] = max(found[node], found[indices[edge]] + 1)
    return found


@kernel
def _is_less(rank: Words, size: int, limbs: Words, low: int, high: int) -> bool:
    """Compare the first limbs of a rank to a number; no slices, which would be counted as they come and go."""
    for limb in range(size - 1, -1, -1):
        other = limbs[low + limb] if low + limb < high else np.uint64(0)
        if rank[limb] != other:
            return bool(rank[limb] < other)
    return False


@kernel
def _subtract(rank: Words, size: int, limbs: Words, low: int, high: int) -> None:
    borrow = np.uint64(0)
    for limb in range(size):
        if low + limb >= high and borrow == 0:
            return
        taken = limbs[low + limb] if low + limb < high else np.uint64(0)
        before = rank[limb]
        after = before - taken
        less = before < taken
        rank[limb] = after - borrow
        borrow = np.uint64(1) if less or after < borrow else np.uint64(0)


@kernel
def _add(rank: Words, number: Words) -> None:
    carry = np.uint64(0)
    for limb in range(rank.size):
        if limb >= number.size and carry == 0:
            return
        added = number[limb] if limb < number.size else np.uint64(0)
        after = rank[limb] + added
        more = after < added
        rank[limb] = after + carry
        carry = np.uint64(1) if more or rank[limb] < carry else np.uint64(0)


@kernel
def open_ways(
    indptr: Longs, indices: Ints, starts: Ints, offsets: Longs, limbs: Words, base_edge: Longs, ranks: Words, room: int
) -> tuple[Ints, Longs, Longs]:
    """Open ways by their numbers.

    Parameters
    ----------
    indptr, indices, starts
        The graph; ways end where no edge leads on.
    offsets, limbs
        Numbers of ways of each node.
    base_edge
        Of each edge: what is written down for it.
    ranks
        A row for each way, below the number of all ways; written over.
    room
        Edges of all these ways at most.

    Returns
    -------
    tuple
        The node where each begins, ``offsets`` and ``edges``.
    """
    n = ranks.shape[0]
    first = np.empty(n, np.int32)
    out_offsets = np.zeros(n + 1, np.int64)
    edges = np.empty(room, np.int64)
    m = 0
    for way in range(n):
        rank = ranks[way]
        at = 0
        while at < starts.size - 1:
            low, high = offsets[starts[at]], offsets[starts[at] + 1]
            if _is_less(rank, rank.size, limbs, low, high):
                break
            _subtract(rank, rank.size, limbs, low, high)
            at += 1
        node = starts[at]
        first[way] = node
        while True:
            edge, last = indptr[node], indptr[node + 1] - 1
            if edge > last:
                break
            if edge < last:
                # what is left of the rank is below this node's number, so it has no more limbs
                size = offsets[node + 1] - offsets[node]
                if size == 1:
                    left = rank[0]
                    while edge < last:
                        own = limbs[offsets[indices[edge]]]
                        if left < own:
                            break
                        left -= own
                        edge += 1
                    rank[0] = left
                else:
                    while edge < last:
                        target = indices[edge]
                        low, high = offsets[target], offsets[target + 1]
                        if _is_less(rank, size, limbs, low, high):
                            break
                        _subtract(rank, size, limbs, low, high)
                        edge += 1
            edges[m] = base_edge[edge]
            m += 1
            node = indices[edge]
        out_offsets[way + 1] = m
    return first, out_offsets, edges[:m]


@kernel
def rank_ways(
    indptr: Longs,
    indices: Ints,
    ends: Flags,
    starts: Ints,
    offsets: Longs,
    limbs: Words,
    base: Ints,
    base_edge: Longs,
    first: Ints,
    way_offsets: Longs,
    way_edges: Longs,
    ranks: Words,
) -> Longs:
    """Find the numbers of ways, which are given by nodes and edges of the graph that this one was cut out of.

    Parameters
    ----------
    base, base_edge
        Of each node and edge: its number there.
    first, way_offsets, way_edges
        The ways.
    ranks
        Receives them; zeros, with limbs enough for the number of all ways.

    Returns
    -------
    numpy.ndarray
        Of each way: -1, or else how many of its edges are on one of these ways (all, if it stops too early).
    """
    n = first.size
    found = np.full(n, -1, np.int64)
    for way in range(n):
        rank = ranks[way]
        at = 0
        while at < starts.size and base[starts[at]] != first[way]:
            _add(rank, limbs[offsets[starts[at]] : offsets[starts[at] + 1]])
            at += 1
        if at == starts.size:
            found[way] = 0
            continue
        node = starts[at]
        step = way_offsets[way]
        while step < way_offsets[way + 1] and not ends[node]:
            edge, last = indptr[node], indptr[node + 1]
            while edge < last and base_edge[edge] != way_edges[step]:
                _add(rank, limbs[offsets[indices[edge]] : offsets[indices[edge] + 1]])
                edge += 1
            if edge == last:
                break
            node = indices[edge]
            step += 1
        if step < way_offsets[way + 1] or not ends[node]:
            found[way] = step - way_offsets[way]
    return found


@kernel
def ways_by_clicks(
    indptr: Longs, indices: Ints, ends: Flags, starts: Ints, clicks: Ints, order: Ints, longest: int, n_limbs: int
) -> Words:
    """Count ways by how many of their edges are clicked.

    Parameters
    ----------
    order
        Nodes, each before all that its edges lead to.
    longest
        Most edges of a way.
    n_limbs
        Enough for the number of all ways. What comes to a node on the way is no more: it all leads to an end.

    Returns
    -------
    numpy.ndarray
        Rows of limbs: the number of ways with 0, 1, ... ``longest`` clicks.
    """
    found = np.zeros((longest + 1, n_limbs), np.uint64)
    here = np.zeros((ends.size, n_limbs), np.uint64)
    for start in starts:
        here[start, 0] += np.uint64(1)
    for clicked in range(longest + 1):
        then = np.zeros((ends.size, n_limbs), np.uint64)
        is_over = True
        for node in order:
            number = here[node]
            if not number.any():
                continue
            if ends[node]:
                _add(found[clicked], number)
            else:
                for edge in range(indptr[node], indptr[node + 1]):
                    if clicks[edge]:
                        _add(then[indices[edge]], number)
                        is_over = False
                    else:
                        _add(here[indices[edge]], number)
        if is_over:
            break
        here = then
    return found


@kernel
def reaching(indptr: Longs, indices: Ints, probability: Floats, ends: Flags, order: Ints) -> Floats:
    """Find how likely a random walk from each node comes to an end over these edges; ``order`` has targets before origins."""
    found = np.zeros(ends.size)
    for node in order:
        if ends[node]:
            found[node] = 1.0
        else:
            for edge in range(indptr[node], indptr[node + 1]):
                found[node] += probability[edge] * found[indices[edge]]
    return found
