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

__all__ = ["AT", "DEPTH", "STEPS", "begin_at", "go_on"]

Seen = npt.NDArray[np.uint8]

AT: Final = 0
"""In ``state``: position in the starts; behind the last one when there are no more ways."""
DEPTH: Final = 1
"""In ``state``: of the node that it stands on; -1 at a start not gone into yet."""
STEPS: Final = 2
"""In ``state``: edges tried so far."""


@kernel
def go_on(  # noqa: C901 -- one idea, in one pass: a kernel
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
    first: Ints,
    offsets: Longs,
    edges: Longs,
) -> int:
    """Go on by some ways; gives how many there were.

    Parameters
    ----------
    indptr, indices, ends, starts
        The graph; none of ``indices`` is -1, and ways end at the first of ``ends``.
    base
        Of each node: what a way may come to only once.
    seen, nodes, cursor, state
        Where the search stands.
    most
        Ways after which it stops.
    most_steps
        It stops once it has tried more edges, counted from the very beginning. It can go on from there.
    by_end
        Counts, for each node, the ways that end there.
    first, offsets, edges
        Receive the ways: where each begins, and its edges, if ``first`` has room for any. It stops where ``edges`` may have
        none for one more.
    """
    depth, at, steps = state[DEPTH], state[AT], state[STEPS]
    is_written = first.size > 0
    n = 0
    m = 0
    while n < most and steps <= most_steps and (not is_written or m + nodes.size <= edges.size):
        if depth < 0:
            if at >= starts.size:
                break
            node = starts[at]
            if ends[node]:
                # ``nodes[0]`` says whether it was found already
                if nodes[0] == node:
                    at += 1
                    nodes[0] = -1
                    continue
                nodes[0] = node
                by_end[node] += 1
                if is_written:
                    first[n] = node
                    offsets[n + 1] = m
                n += 1
                continue
            depth = 0
            nodes[0] = node
            cursor[0] = indptr[node]
            seen[base[node]] = 1
        node = nodes[depth]
        edge, stop = cursor[depth], indptr[node + 1]
        begin = edge
        deeper = np.int32(-1)
        while edge < stop:
            target = indices[edge]
            edge += 1
            if ends[target]:
                by_end[target] += 1
                if is_written:
                    first[n] = nodes[0]
                    cursor[depth] = edge
                    for each in range(depth + 1):
                        edges[m + each] = cursor[each] - 1
                    m += depth + 1
                    offsets[n + 1] = m
                n += 1
                if n >= most or (is_written and m + nodes.size > edges.size):
                    break
            elif not seen[base[target]]:
                deeper = target
                break
        steps += edge - begin + 1
        cursor[depth] = edge
        if deeper >= 0:
            depth += 1
            nodes[depth] = deeper
            cursor[depth] = indptr[deeper]
            seen[base[deeper]] = 1
        elif edge >= stop and n < most and (not is_written or m + nodes.size <= edges.size):
            seen[base[node]] = 0
            depth -= 1
            if depth < 0:
                at += 1
                nodes[0] = -1
    state[DEPTH], state[AT], state[STEPS] = depth, at, steps
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
