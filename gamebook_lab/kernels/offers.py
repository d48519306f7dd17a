"""Compares the offers of each node with each other: whether they lead to the same, and which gives more up."""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Longs, Words, kernel

__all__ = ["compare"]

_CLOSE = 1e-12


@kernel
def _share(edges: Longs, indices: Ints, places: Ints, probabilities: Floats, place: int) -> float:
    """Probability that one of these edges leads to a place: -1 if none does, -2 if nobody knows."""
    total = 0.0
    found = False
    for edge in edges:
        if indices[edge] >= 0 and places[indices[edge]] == place:
            found = True
            total += probabilities[edge]
    if not found:
        return -1.0
    return -2.0 if np.isnan(total) else total


@kernel
def _lead_alike(some: Longs, others: Longs, indices: Ints, places: Ints, probabilities: Floats, exactly: bool) -> bool:
    """Tell whether all that some edges lead to, others lead to as well; ``exactly``: as probably."""
    for edge in some:
        if indices[edge] < 0:
            return False
        place = places[indices[edge]]
        here = _share(some, indices, places, probabilities, place)
        there = _share(others, indices, places, probabilities, place)
        if there == -1.0 or (exactly and not (abs(here - there) <= _CLOSE and here >= 0.0)):
            return False
    return True


@kernel
def _difference(
    own: Longs, theirs: Longs, indices: Ints, passage: Ints, probabilities: Floats, node_itself: Ints
) -> int:
    """Tell how far two offers of one node differ: as :func:`compare` numbers it."""
    for places, exactly, so_far in ((node_itself, True, 1), (passage, False, 2)):
        if _lead_alike(own, theirs, indices, places, probabilities, exactly) and _lead_alike(
            theirs, own, indices, places, probabilities, exactly
        ):
            return so_far
    return 3


@kernel
def compare(
    indptr: Longs,
    indices: Ints,
    probabilities: Floats,
    offer: Ints,
    passage: Ints,
    goals: Words,
    n_offers: int,
) -> tuple[Ints, Flags, Longs, Longs]:
    """Compare the offers of every node.

    Parameters
    ----------
    indptr, indices, probabilities
        The graph; nan where nobody knows.
    offer
        Of each edge; -1 for none. Edges of one offer at one node are its outcomes.
    passage
        Of each node.
    goals
        A row of bits for each node: the goals that can be reached from it.
    n_offers
        How many there are.

    Returns
    -------
    tuple
        For each offer: how far it ever differs from another one of the same node (0 never beside another, 1 leads to
        the very same nodes as probably, 2 to the same passages, 3 to others); whether another keeps all goals that
        it keeps, and more, wherever there is another; the nodes where it stands, and those where it stands alone.
    """
    level = np.zeros(n_offers, np.int32)
    dominated = np.ones(n_offers, np.bool_)
    n_nodes = np.zeros(n_offers, np.int64)
    n_alone = np.zeros(n_offers, np.int64)
    node_itself = np.arange(indptr.size - 1).astype(np.int32)
    n_bits = goals.shape[1]
    for node in range(indptr.size - 1):
        edges = np.arange(indptr[node], indptr[node + 1])
        edges = edges[offer[edges] >= 0]
        here = np.unique(offer[edges])
        kept = np.zeros((here.size, n_bits), np.uint64)
        for at in range(here.size):
            n_nodes[here[at]] += 1
            if here.size == 1:
                n_alone[here[at]] += 1
            for edge in edges:
                if offer[edge] == here[at] and indices[edge] >= 0:
                    kept[at] |= goals[indices[edge]]
        for one in range(here.size):
            is_worse = False
            own = edges[offer[edges] == here[one]]
            for other in range(here.size):
                if other == one:
                    continue
                if not (kept[one] & ~kept[other]).any() and (kept[other] & ~kept[one]).any():
                    is_worse = True
                if level[here[one]] < 3:
                    theirs = edges[offer[edges] == here[other]]
                    differs = _difference(own, theirs, indices, passage, probabilities, node_itself)
                    level[here[one]] = max(level[here[one]], differs)
            if here.size > 1 and not is_worse:
                dominated[here[one]] = False
    for at in range(n_offers):
        if n_nodes[at] == n_alone[at]:
            dominated[at] = False
    return level, dominated, n_nodes, n_alone
