"""How likely each ending is at least and at most, where something is unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Longs
from gamebook_lab.kernels.ahead import ahead
from gamebook_lab.kernels.csr import reordered
from gamebook_lab.kernels.intervals import GOALS_AT_ONCE, decided, free_share, probability_ranges
from gamebook_lab.kernels.reach import can_reach, reached
from gamebook_lab.kernels.tally import bits, bits_summed, summed

__all__ = ["Lost", "ending_bounds", "lost"]


class Lost(NamedTuple):
    """Where readers first leave what is known."""

    at: Floats
    """How likely it is at each node."""
    at_start: float
    """How likely it is at the very beginning."""


def lost(graph: PlayGraph) -> Lost:
    """Find where readers first leave what is known: for a node that was not explored, or along ways of unknown probability."""
    finite = np.where(np.isinf(graph.flow.visits), 0.0, graph.flow.visits)
    unexplored = graph.stop == Stop.UNKNOWN
    found = np.where(unexplored, finite, 0.0)
    if graph.is_free.any():
        found = np.where(unexplored, finite, finite * free_share(graph.indptr, graph.probability))
    is_known = not np.isnan(graph.start_probability).any()
    return Lost(found, 0.0 if is_known else max(0.0, 1.0 - float(np.nan_to_num(graph.start_probability).sum())))


def ending_bounds(graph: PlayGraph, group: Ints, n: int, go_on: Callable[[], object]) -> tuple[Floats, Floats]:
    """Find the least and greatest probability of stopping in each of ``n`` groups of nodes.

    Parameters
    ----------
    graph
        The state graph.
    group
        Of each node where play stops: its group; -1 for others.
    go_on
        Called now and then; what it raises ends this.

    Notes
    -----
    Readers who first leave what is known where nothing was explored may end anywhere. Where they leave it along a way that
    does exist, they end at what lies behind: without circles, sweeps over that part of the graph find how likely each
    ending is there, a few in each (so that memory is bounded: 64 bytes a node). With circles, all of them may come to
    any ending that lies ahead.
    """
    lower = summed(group, graph.flow.visits, n)
    leaving = lost(graph)
    unexplored = graph.stop == Stop.UNKNOWN
    # what first leaves it in a group that was not explored is no more than all that does so: just that, not rounded
    upper = lower - summed(group, np.where(unexplored, leaving.at, 0.0), n) + leaving.at[unexplored].sum()
    if graph.is_free.any() or leaving.at_start:
        go_on()
        if graph.has_circles:
            upper += _all_ahead(graph, group, n, leaving, go_on)
        else:
            least, most = _decided(graph, group, n, leaving, go_on)
            lower, upper = lower + least, upper + most
    return lower, np.minimum(upper, 1.0)


# ---- without circles


class _Decisions(NamedTuple):
    """Where readers first leave what is known along a way that does exist: each takes one of several."""

    bounds: Longs
    targets: Ints
    """-1: to nothing."""
    weights: Floats
    """How likely it comes to be taken."""


def _decisions(graph: PlayGraph, leaving: Lost) -> _Decisions:
    edges = np.flatnonzero(graph.is_free)
    edges = edges[leaving.at[graph.source[edges]] > 0.0]
    nodes, n_targets = np.unique(graph.source[edges], return_counts=True)
    targets, weights = graph.indices[edges], leaving.at[nodes]
    if leaving.at_start:
        starts = graph.starts[np.isnan(graph.start_probability)]
        targets = np.append(targets, starts)
        n_targets, weights = np.append(n_targets, starts.size), np.append(weights, leaving.at_start)
    return _Decisions(np.concatenate(([0], np.cumsum(n_targets))).astype(np.int64), targets, weights)


def _decided(
    graph: PlayGraph, group: Ints, n: int, leaving: Lost, go_on: Callable[[], object]
) -> tuple[Floats, Floats]:
    """What decisions that nobody knows add to the probability of each group, at least and at most."""
    decisions = _decisions(graph, leaving)
    least, most = np.zeros(n), np.zeros(n)
    if not decisions.weights.size:
        return least, most
    behind = reached(graph.indptr, graph.indices, decisions.targets[decisions.targets >= 0])
    nodes = _backwards(graph, behind)
    indptr, indices, edges = reordered(graph.indptr, graph.indices, nodes)
    probabilities = graph.probability[edges]
    goal, may_be_any = group[nodes], graph.stop[nodes] == Stop.UNKNOWN
    share = free_share(indptr, probabilities)
    place = np.full(graph.n + 1, -1, np.int32)  # of nothing as well, which is the last
    place[nodes] = np.arange(nodes.size, dtype=np.int32)
    targets = place[decisions.targets]
    found = np.empty((nodes.size, 2 * GOALS_AT_ONCE))
    for first in range(0, n, GOALS_AT_ONCE):
        go_on()
        probability_ranges(indptr, indices, probabilities, share, goal, may_be_any, first, found)
        block = decided(decisions.bounds, targets, decisions.weights, found)
        most_of_block = min(GOALS_AT_ONCE, n - first)
        least[first : first + GOALS_AT_ONCE] = block[:most_of_block]
        most[first : first + GOALS_AT_ONCE] = block[GOALS_AT_ONCE : GOALS_AT_ONCE + most_of_block]
    return least, most


def _backwards(graph: PlayGraph, keep: Flags) -> Ints:
    """Some nodes, each after all that its edges lead to."""
    _, labels = graph.components
    order = np.empty(graph.n, np.int32)
    order[labels] = np.arange(graph.n, dtype=np.int32)
    found: Ints = order[keep[order]]
    return found


# ---- with circles


def _all_ahead(graph: PlayGraph, group: Ints, n: int, leaving: Lost, go_on: Callable[[], object]) -> Floats:
    """How likely readers leave what is known along a way that does exist, where each group lies ahead."""
    unexplored = graph.stop == Stop.UNKNOWN
    anywhere = np.where(
        can_reach(graph.indptr, graph.indices, np.flatnonzero(unexplored).astype(np.int32)),
        ~np.uint64(0),
        np.uint64(0),
    )
    nodes = np.flatnonzero((leaving.at > 0.0) & ~unexplored)
    starts = graph.starts[np.isnan(graph.start_probability)]
    _, component = graph.components
    found = np.empty(n)
    for first in range(0, n, 64):
        go_on()
        words = ahead(graph.indptr, graph.indices, component, bits(group, first)) | anywhere
        at_start = np.bitwise_or.reduce(words[starts], keepdims=True)
        total = bits_summed(words[nodes], leaving.at[nodes])
        if leaving.at_start:
            total += bits_summed(at_start, np.array([leaving.at_start]))
        found[first : first + 64] = total[: min(64, n - first)]
    return found
