"""The hot loop of exploration: look situations up and move states, in bulk. Nothing is interpreted here.

Fields are bits of a state's words: ``word``, ``shift`` and ``mask`` (at the lowest bits) of each. Field 0 is the
location, the others are variables. A decision tree says which situation a state is in: a node looks at one variable
and goes on by its value; ``child`` holds 0 where that was never seen, a node's number, or ``-1 - situation``.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Longs, Words, kernel
from gamebook_lab.kernels.hashset import hashed

__all__ = ["clear", "count_edges", "edge_ways", "first_edges", "repack", "situations", "successors"]


@kernel
def situations(
    states: Words,
    start: int,
    stop: int,
    word: Ints,
    shift: Words,
    mask: Words,
    root: Ints,
    node_field: Ints,
    node_child: Ints,
    node_size: Ints,
    child: Ints,
    n_ways: Ints,
    situation: Ints,
) -> tuple[int, int]:
    """Find the situation of those states from ``start`` up to ``stop`` that have none yet (theirs is below 0).

    Those that are not found get -1 less the number of the place in the tree where their situation is missing: states
    with different numbers are in different situations.

    Returns
    -------
    tuple
        How many were not found, and how many ways the others have in all.
    """
    n_missing, n_edges = 0, 0
    n_roots, n_children = np.int64(root.shape[0]), np.int64(child.shape[0])
    for at in range(start, stop):
        if situation[at] < 0:
            slot = np.int64((states[at, word[0]] >> shift[0]) & mask[0])
            node = root[slot]
            while node > 0:
                field = node_field[node]
                value = np.int64((states[at, word[field]] >> shift[field]) & mask[field])
                if value < node_size[node]:
                    slot = n_roots + node_child[node] + value
                    node = child[node_child[node] + value]
                else:
                    slot = n_roots + n_children + node
                    node = np.int32(0)
            if node == 0:
                situation[at] = -1 - slot
                n_missing += 1
                continue
            situation[at] = -1 - node
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
    n = 0
    n_words = states.shape[1]
    for at in range(start, stop):
        which = situation[at]
        for way in range(first_way[which], first_way[which + 1]):
            target[n] = way_ends[way]
            for each in range(n_words):
                rows[n, each] = (states[at, each] & way_keep[way, each]) | way_put[way, each]
            mixed[n] = hashed(rows, n)
            n += 1


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
