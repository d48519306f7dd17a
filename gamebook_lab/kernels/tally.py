"""Sums up nodes by what is seen in them: in one pass, without sorting."""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Longs, Words, kernel

__all__ = ["any_of", "bits", "bits_summed", "common", "met", "nearest", "summed", "united"]


@kernel
def summed(groups: Ints, values: Floats, n: int) -> Floats:
    """Add up the values of each of ``n`` groups; rows of group -1 belong to none."""
    found = np.zeros(n)
    for row in range(groups.size):
        if groups[row] >= 0:
            found[groups[row]] += values[row]
    return found


@kernel
def any_of(groups: Ints, flags: Flags, n: int) -> Flags:
    """Tell of each group whether one of its rows is flagged."""
    found = np.zeros(n, np.bool_)
    for row in range(groups.size):
        if flags[row]:
            found[groups[row]] = True
    return found


@kernel
def bits(things: Ints, first: int) -> Words:
    """The bit of each thing from ``first`` on; none for others."""
    found = np.zeros(things.size, np.uint64)
    for row in range(things.size):
        if first <= things[row] < first + 64:
            found[row] = np.uint64(1) << np.uint64(things[row] - first)
    return found


@kernel
def bits_summed(words: Words, values: Floats) -> Floats:
    """Add up, for each of 64 bits, the values of the rows that have it."""
    found = np.zeros(64)
    for row in range(words.size):
        word, at = words[row], 0
        while word:
            if word & np.uint64(1):
                found[at] += values[row]
            word >>= np.uint64(1)
            at += 1
    return found


@kernel
def united(groups: Ints, words: Words, n: int) -> Words:
    """Bits that one of the rows of each of ``n`` groups has."""
    found = np.zeros(n, np.uint64)
    for row in range(groups.size):
        found[groups[row]] |= words[row]
    return found


@kernel
def common(groups: Ints, words: Words, n: int) -> Words:
    """Bits that all rows of each of ``n`` groups have; all bits where there are no rows."""
    found = np.full(n, ~np.uint64(0))
    for row in range(groups.size):
        found[groups[row]] &= words[row]
    return found


@kernel
def met(groups: Ints, numbers: Longs, n_groups: int, n_numbers: int) -> Flags:
    """Tell which numbers the rows of each group have: a row for each group, a column for each number."""
    found = np.zeros((n_groups, n_numbers), np.bool_)
    for row in range(groups.size):
        found[groups[row], numbers[row]] = True
    return found


@kernel
def nearest(nodes: Ints, things: Ints, distances: Ints, counts: Flags, n: int) -> tuple[Longs, Longs, Longs]:
    """Find the nearest node in which each thing is seen, and count its nodes.

    Parameters
    ----------
    nodes, things
        Pairs: a node, and one of ``n`` things that is seen there.
    distances, counts
        Of each node.

    Returns
    -------
    tuple
        Of each thing: its node of least distance, and of these the one of least number, -1 for none; how many nodes it has;
        and how many of them are flagged in ``counts``.
    """
    best = np.full(n, -1, np.int64)
    n_nodes = np.zeros(n, np.int64)
    n_counted = np.zeros(n, np.int64)
    for row in range(nodes.size):
        node, thing = nodes[row], things[row]
        n_nodes[thing] += 1
        n_counted[thing] += counts[node]
        so_far = best[thing]
        if (
            so_far < 0
            or distances[node] < distances[so_far]
            or (distances[node] == distances[so_far] and node < so_far)
        ):
            best[thing] = node
    return best, n_nodes, n_counted
