"""Ways one after another, in the order of their edges, by depth-first search that comes to no node twice.

Where there are no circles these are all the ways there are, and every step leads to one. The search stands on the way
that it found last; where it stands is four arrays, so it can stop after any way and go on later, or begin at
any way that is known.

A way that was found is ``cursor[0:depth + 1] - 1`` from ``nodes[0]`` on. Ends are not stood upon: the last of these edges
leads to one. A start that is an end itself has depth -1.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from gamebook_lab.kernels.accelerate import Flags, Ints, Longs, kernel

__all__ = ["AT", "DEPTH", "STEPS", "begin_at", "skip", "write"]

Seen = npt.NDArray[np.uint8]

AT: Final = 0
"""In ``state``: position in the starts; behind the last one when there are no more ways."""
DEPTH: Final = 1
"""In ``state``: of the node that it stands on; -1 at a start not gone into yet."""
STEPS: Final = 2
"""In ``state``: edges tried so far."""


@kernel
def _next(
    indptr: Longs,
    indices: Ints,
    ends: Flags,
    starts: Ints,
    base: Ints,
    seen: Seen,
    nodes: Ints,
    cursor: Longs,
    state: Longs,
    most_steps: int,
) -> np.int64:
    """Go on to the next way; gives the node where it ends, -1 if there is none any more, -2 after too many steps."""
    depth = state[DEPTH]
    while True:
        if depth < 0:
            # a start: ``nodes[0]`` says whether it was looked at
            if state[AT] >= starts.size:
                state[DEPTH] = depth
                return np.int64(-1)
            node = starts[state[AT]]
            if ends[node]:
                if nodes[0] != node:
                    nodes[0] = node
                    state[DEPTH] = depth
                    return np.int64(node)
                state[AT] += 1
                nodes[0] = -1
                continue
            depth = 0
            nodes[0] = node
            cursor[0] = indptr[node]
            seen[base[node]] = 1
        if state[STEPS] > most_steps:
            state[DEPTH] = depth
            return np.int64(-2)
        node = nodes[depth]
        edge, stop = cursor[depth], indptr[node + 1]
        while edge < stop and seen[base[indices[edge]]]:
            edge += 1
        state[STEPS] += edge - cursor[depth] + 1
        if edge < stop:
            cursor[depth] = edge + 1
            target = indices[edge]
            if ends[target]:
                state[DEPTH] = depth
                return np.int64(target)
            depth += 1
            nodes[depth] = target
            cursor[depth] = indptr[target]
            seen[base[target]] = 1
        else:
            seen[base[node]] = 0
            depth -= 1
            if depth < 0:
                state[AT] += 1
                nodes[0] = -1


@kernel
def skip(
    indptr: Longs,
    indices: Ints,
    ends: Flags,
    starts: Ints,
    base: Ints,
    seen: Seen,
    nodes: Ints,
    cursor: Longs,
    state: Longs,
    most: int,
    most_steps: int,
    by_end: Longs,
) -> int:
    """Go on by so many ways and write nothing; gives how many there were.

    Parameters
    ----------
    most_steps
        It stops once it has tried more edges, counted from the very beginning. It can go on from there.
    by_end
        Counts, for each node, the ways that end there.
    """
    n = 0
    while n < most:
        end = _next(indptr, indices, ends, starts, base, seen, nodes, cursor, state, most_steps)
        if end < 0:
            break
        by_end[end] += 1
        n += 1
    return n


@kernel
def write(
    indptr: Longs,
    indices: Ints,
    ends: Flags,
    starts: Ints,
    base: Ints,
    seen: Seen,
    nodes: Ints,
    cursor: Longs,
    state: Longs,
    first: Ints,
    offsets: Longs,
    edges: Longs,
    most: int,
) -> int:
    """Go on by so many ways, and write them down; gives how many there were.

    It stops early where ``edges`` has no room for a way as long as ``nodes``.
    """
    n = 0
    m = 0
    while n < most and m + nodes.size <= edges.size:
        end = _next(indptr, indices, ends, starts, base, seen, nodes, cursor, state, np.iinfo(np.int64).max)
        if end < 0:
            break
        first[n] = starts[state[AT]]
        for at in range(state[DEPTH] + 1):
            edges[m + at] = cursor[at] - 1
        m += state[DEPTH] + 1
        n += 1
        offsets[n] = m
    return n


@kernel
def begin_at(
    indices: Ints,
    base: Ints,
    seen: Seen,
    nodes: Ints,
    cursor: Longs,
    state: Longs,
    at: int,
    start: int,
    edges: Longs,
) -> None:
    """Stand so that the next way is the one that is given.

    Parameters
    ----------
    at, start
        Position of its start among the starts, and that node.
    edges
        Its edges; none where the start is an end.
    """
    state[AT] = at
    state[DEPTH] = edges.size - 1
    nodes[0] = -1
    node = start
    for depth in range(edges.size):
        nodes[depth] = node
        seen[base[node]] = 1
        cursor[depth] = edges[depth] + 1
        node = indices[edges[depth]]
    if edges.size:
        cursor[edges.size - 1] -= 1  # the last edge is tried again
