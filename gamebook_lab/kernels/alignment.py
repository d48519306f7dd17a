"""Which entries two sequences have in common, in the same order and as many as can be (Needleman and Wunsch 1970)."""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Longs, kernel

__all__ = ["alignment"]


@kernel
def alignment(one: Ints, other: Ints) -> Longs:
    """Align two sequences; time and memory are the product of their lengths.

    Returns
    -------
    Longs
        For each entry of ``other`` the position of the same entry in ``one``; -1: it has none. Positions rise.
    """
    n, m = one.size, other.size
    cost = np.empty((n + 1, m + 1), np.int32)
    cost[:, 0] = np.arange(n + 1)
    cost[0, :] = np.arange(m + 1)
    for at in range(1, n + 1):
        for nth in range(1, m + 1):
            # two edits: a passage in place of another is no better than one left out and one put in
            kept = cost[at - 1, nth - 1] + (0 if one[at - 1] == other[nth - 1] else 2)
            cost[at, nth] = min(kept, cost[at - 1, nth] + 1, cost[at, nth - 1] + 1)
    found = np.full(m, -1, np.int64)
    at, nth = n, m
    while at > 0 and nth > 0:
        if one[at - 1] == other[nth - 1] and cost[at, nth] == cost[at - 1, nth - 1]:
            at -= 1
            nth -= 1
            found[nth] = at
        elif cost[at, nth] == cost[at, nth - 1] + 1:
            nth -= 1
        else:
            at -= 1
    return found
