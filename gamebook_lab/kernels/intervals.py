"""Least and greatest probability of ending at a goal, where part of the probability goes nobody knows where.

Some edges have a probability; others are *free* (theirs is nan): what the probabilities of a node leave of 1 goes along
its free edges, shared out in any way at all. Several goals are looked at in one sweep over the graph, which waits for
memory more than it reckons.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from typing import Final

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Longs, kernel

__all__ = ["GOALS_AT_ONCE", "decided", "free_share", "probability_ranges"]

GOALS_AT_ONCE: Final = 4
"""Goals of one sweep: the least and greatest of so many are as much as comes from memory at once. More took longer for each."""


@kernel
def free_share(indptr: Longs, probabilities: Floats) -> Floats:
    """Find what of each node's probability goes along its free edges; 0 where it has none."""
    n = indptr.size - 1
    share = np.zeros(n)
    for node in range(n):
        known = 0.0
        has_free = False
        for edge in range(indptr[node], indptr[node + 1]):
            if np.isnan(probabilities[edge]):
                has_free = True
            else:
                known += probabilities[edge]
        if has_free:
            share[node] = max(0.0, 1.0 - known)
    return share


@kernel
def probability_ranges(
    indptr: Longs, indices: Ints, probabilities: Floats, share: Floats, goal: Ints, may_be_any: Flags, first: int,
    found: Floats,
) -> None:  # fmt: skip
    """Find the least and the greatest probability of coming from each node to each of some goals, without circles.

    Parameters
    ----------
    indptr, indices, probabilities
        The graph; each edge leads to a node of a lower number, or to nothing.
    share
        What :func:`free_share` finds.
    goal
        Of each node: the goal that it is, where play stops; -1 for none.
    may_be_any
        Goals that count, for what is greatest, as each of the others too.
    first
        Goal to begin with: so many as :data:`GOALS_AT_ONCE` are looked at.
    found
        Room for the answers: a row for each node, with the least probability of each goal and then the greatest.
    """
    low, high = np.empty(GOALS_AT_ONCE), np.empty(GOALS_AT_ONCE)
    for node in range(goal.size):
        here = found[node]
        here[:] = 0.0
        if goal[node] >= 0:
            if may_be_any[node]:
                here[GOALS_AT_ONCE:] = 1.0
            at = goal[node] - first
            if 0 <= at < GOALS_AT_ONCE:
                here[at] = here[at + GOALS_AT_ONCE] = 1.0
            continue
        low[:] = 1.0
        high[:] = 0.0
        for edge in range(indptr[node], indptr[node + 1]):
            target, probability = indices[edge], probabilities[edge]
            if np.isnan(probability):
                _decide(found, target, low, high)
            elif target >= 0:
                for at in range(2 * GOALS_AT_ONCE):
                    here[at] += probability * found[target, at]
        if share[node] > 0.0:
            for at in range(GOALS_AT_ONCE):
                here[at] += share[node] * low[at]
                here[at + GOALS_AT_ONCE] += share[node] * high[at]


@kernel
def _decide(found: Floats, target: int, low: Floats, high: Floats) -> None:
    """Take into account that play may go there, or (-1) nowhere."""
    for at in range(GOALS_AT_ONCE):
        if target < 0:
            low[at] = 0.0
        else:
            low[at] = min(low[at], found[target, at])
            high[at] = max(high[at], found[target, at + GOALS_AT_ONCE])


@kernel
def decided(bounds: Longs, targets: Ints, weights: Floats, found: Floats) -> Floats:
    """Sum up some decisions: what each adds to the probability of each goal at least, and then at most.

    Decision ``d`` is taken with the probability ``weights[d]``, and leads to one of
    ``targets[bounds[d]:bounds[d + 1]]``. ``found`` is what :func:`probability_ranges` filled.
    """
    total = np.zeros(2 * GOALS_AT_ONCE)
    low, high = np.empty(GOALS_AT_ONCE), np.empty(GOALS_AT_ONCE)
    for decision in range(weights.size):
        low[:] = 1.0
        high[:] = 0.0
        for at in range(bounds[decision], bounds[decision + 1]):
            _decide(found, targets[at], low, high)
        total[:GOALS_AT_ONCE] += weights[decision] * low
        total[GOALS_AT_ONCE:] += weights[decision] * high
    return total
