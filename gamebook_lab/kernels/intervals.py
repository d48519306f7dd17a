"""Least and greatest probability of ending at a goal, where part of the probability goes nobody knows where.

Some edges have a probability; others are *free*: what the probabilities of a node leave of 1 goes along its free
edges, shared out in any way at all.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Longs, kernel

__all__ = ["free_share", "probability_range"]


@kernel
def free_share(indptr: Longs, probabilities: Floats, free: Flags) -> Floats:
    """Find what of each node's probability goes along its free edges; 0 where it has none."""
    n = indptr.size - 1
    share = np.zeros(n)
    for node in range(n):
        known = 0.0
        has_free = False
        for edge in range(indptr[node], indptr[node + 1]):
            if free[edge]:
                has_free = True
            else:
                known += probabilities[edge]
        if has_free:
            share[node] = max(0.0, 1.0 - known)
    return share


@kernel
def probability_range(
    indptr: Longs, indices: Ints, probabilities: Floats, free: Flags, goals: Flags, order: Ints
) -> tuple[Floats, Floats]:
    """Find the least and the greatest probability of coming from each node to a goal, in a graph without circles.

    Parameters
    ----------
    indptr, indices, probabilities
        The graph. A free edge's probability is not looked at.
    free
        Edges that share what the others of their node leave of 1.
    goals
        Nodes to come to.
    order
        Nodes, each after all that its edges lead to.
    """
    least = np.zeros(goals.size)
    greatest = np.zeros(goals.size)
    share = free_share(indptr, probabilities, free)
    for node in order:
        if goals[node]:
            least[node] = 1.0
            greatest[node] = 1.0
            continue
        low, high = 1.0, 0.0
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target < 0:
                if free[edge]:
                    low = 0.0
            elif free[edge]:
                low = min(low, least[target])
                high = max(high, greatest[target])
            else:
                least[node] += probabilities[edge] * least[target]
                greatest[node] += probabilities[edge] * greatest[target]
        least[node] += share[node] * low
        greatest[node] += share[node] * high
    return least, greatest
