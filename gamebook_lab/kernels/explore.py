"""The hot loop of exploration: look situations up and move states, in bulk. Nothing is interpreted here.

Fields are bits of a state's words: a word, a shift and a mask (at the lowest bits) say where. A decision tree says which
situation a state is in: a node looks at one field and goes on by its value, node 0 at the location. What comes then stands
in one array, ``slots``, for node ``i`` from ``node_first[i]`` on: 0 where that was never seen, a node's number, or
``-1 - situation``.

How deep a tree is and how many ways lead on changes from state to state, and no processor foresees it: a loop that ends
where the state says so costs twice the time. So work is done in blocks, and in rounds that are alike for all that take part.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from typing import Final

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Longs, Words, kernel
from gamebook_lab.kernels.hashset import mix

__all__ = ["clear", "count_edges", "edge_ways", "first_edges", "repack", "situations", "successors"]

_BLOCK: Final = 1024
"""States or edges that are worked on together: what is noted of them stays in the nearest cache."""
_AT_ONCE: Final = 4
"""Ways of one state that are noted in one round."""
_ONE: Final = np.uint64(1)


@kernel
def situations(
    states: Words,
    start: int,
    stop: int,
    slots: Ints,
    node_word: Ints,
    node_shift: Words,
    node_mask: Words,
    node_first: Ints,
    node_size: Ints,
    n_ways: Ints,
    situation: Ints,
) -> tuple[int, int]:
    """Find the situation of those states from ``start`` up to ``stop`` that have none yet (theirs is below 0).

    Those that are not found get -1 less the number of the place in the tree where their situation is missing: states
    with different numbers are in different situations.

    Parameters
    ----------
    slots
        With one more for each node, all 0: the place of values from ``node_size`` on.

    Returns
    -------
    tuple
        How many were not found, and how many ways the others have in all.
    """
    n_missing, n_edges = 0, 0
    n_words = np.uint64(states.shape[1])
    words = states.reshape(states.size)
    beyond = np.uint64(slots.shape[0] - node_size.shape[0])
    looking = np.empty(_BLOCK, np.int64)
    nodes = np.empty(_BLOCK, np.int32)
    for begin in range(start, stop, _BLOCK):
        end = min(begin + _BLOCK, stop)
        n = np.uint64(0)
        for at in range(begin, end):
            looking[n] = at
            nodes[at - begin] = 0
            n += np.uint64(situation[at] < 0)
        while n > 0:
            n_deeper = np.uint64(0)
            for each in range(n):
                at = looking[each]
                node = np.uint64(nodes[at - begin])
                word = words[np.uint64(at) * n_words + np.uint64(node_word[node])]
                value = (word >> node_shift[node]) & node_mask[node]
                place = np.uint64(node_first[node]) + value if value < np.uint64(node_size[node]) else beyond + node
                found = slots[place]
                nodes[at - begin] = found
                situation[at] = -1 - (found if found < 0 else np.int32(place))
                looking[n_deeper] = at
                n_deeper += np.uint64(found > 0)
            n = n_deeper
        for at in range(begin, end):
            if situation[at] < 0:
                n_missing += 1
            else:
                n_edges += n_ways[situation[at]]
    return n_missing, n_edges


@kernel
def successors(
    states: Words,
    start: int,
    stop: int,
    situation: Ints,
    first_way: Ints,
    way_keep: Words,
    way_put: Words,
    way_ends: Ints,
    rows: Words,
    mixed: Words,
    target: Ints,
) -> None:
    """Take every way from the states from ``start`` up to ``stop``.

    ``rows`` and ``mixed`` receive the states that follow and their hashes, ``target`` what ``way_ends`` says: for ways
    that lead to a state that it is :data:`~gamebook_lab.kernels.hashset.WANTED`.
    """
    origins = np.empty(_BLOCK + _AT_ONCE, np.int64)
    ways = np.empty(_BLOCK + _AT_ONCE, np.int32)
    n, done = np.uint64(0), np.uint64(0)
    for at in range(start, stop):
        which = np.uint64(situation[at])
        last = first_way[which + _ONE]
        for first in range(first_way[which], last, _AT_ONCE):
            for nth in range(_AT_ONCE):  # what is too much is written over
                origins[n + np.uint64(nth)] = at
                ways[n + np.uint64(nth)] = first + nth
            n += np.uint64(min(last - first, _AT_ONCE))
            if n >= _BLOCK:
                take(states, origins, ways, n, way_keep, way_put, way_ends, rows[done:], mixed[done:], target[done:])
                done += n
                n = np.uint64(0)
    take(states, origins, ways, n, way_keep, way_put, way_ends, rows[done:], mixed[done:], target[done:])


@kernel
def take(
    states: Words,
    origins: Longs,
    ways: Ints,
    n: np.uint64,
    way_keep: Words,
    way_put: Words,
    way_ends: Ints,
    rows: Words,
    mixed: Words,
    target: Ints,
) -> None:
    """Take the first ``n`` of some ways, each from its origin; see :func:`successors`."""
    n_words = np.uint64(states.shape[1])
    words, new = states.reshape(states.size), rows.reshape(rows.size)
    keep, put = way_keep.reshape(way_keep.size), way_put.reshape(way_put.size)
    for word in range(n_words):
        for each in range(n):
            at, way = np.uint64(origins[each]) * n_words + word, np.uint64(ways[each]) * n_words + word
            row = (words[at] & keep[way]) | put[way]
            new[each * n_words + word] = row
            mixed[each] = mix(mixed[each] if word else np.uint64(0), row)
    for each in range(n):
        target[each] = way_ends[np.uint64(ways[each])]


@kernel
def repack(
    old: Words,
    n_states: int,
    fields: Ints,
    old_word: Ints,
    old_shift: Words,
    old_mask: Words,
    word: Ints,
    shift: Words,
    new: Words,
) -> None:
    """Write some fields of the states to where they stand now; those that there were none of get the value 1 (unset)."""
    n_old = old_word.shape[0]
    for at in range(n_states):
        for field in fields:
            value = np.uint64(1)
            if field < n_old:
                value = (old[at, old_word[field]] >> old_shift[field]) & old_mask[field]
            new[at, word[field]] |= value << shift[field]


@kernel
def clear(states: Words, n_states: int, word: int, bits: np.uint64) -> None:
    """Set some bits of every state to 0."""
    for at in range(n_states):
        states[at, word] &= ~bits


@kernel
def count_edges(situation: Ints, n_ways: Ints, indptr: Longs) -> None:
    """Write where the edges of each state begin, and where the last ones end; a state without a situation has none."""
    n = 0
    for state in range(situation.size):
        indptr[state] = n
        if situation[state] >= 0:
            n += n_ways[situation[state]]
    indptr[situation.size] = n


@kernel
def edge_ways(indptr: Longs, situation: Ints, first_way: Ints) -> Ints:
    """Give each edge its way: those of a state are its situation's ways, in order."""
    found = np.empty(indptr[-1], np.int32)
    for state in range(situation.size):
        for edge in range(indptr[state], indptr[state + 1]):
            found[edge] = first_way[situation[state]] + (edge - indptr[state])
    return found


@kernel
def first_edges(target: Ints, n_initial: int, n_states: int) -> Longs:
    """Find for each state the first edge that leads to it; -1 for the ``n_initial`` first ones, where reading begins."""
    found = np.full(n_states, -1, np.int64)
    for edge in range(target.shape[0]):
        to = target[edge]
        if to >= n_initial and found[to] < 0:
            found[to] = edge
    return found
