"""Bounds of endings against one sweep over the whole graph for each, as they were once worked out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.analysis.ending_bounds import ending_bounds, lost
from gamebook_lab.analysis.endings import ending_groups
from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.probabilities import share_out
from tests.kernels.graphs import graphs


def play_graph_of(g, starts, start_probability, probability, stop):
    none = np.empty(0, np.int32)
    probability = probability.copy()
    share_out(g.indptr, g.indices, probability)
    return PlayGraph(
        indptr=g.indptr, indices=g.indices, starts=starts, start_probability=start_probability,
        probability=probability, probability_alike=probability, by_chance=np.zeros(len(g.edges), bool),
        clicks=none, offer=none, standing=none, stop=stop, arrival=none, passage=np.arange(g.n, dtype=np.int32),
        passes=(none, none, none.astype(bool)), pass_share=np.empty(0), passages=tuple(map(str, range(g.n))),
        n_words=np.zeros(g.n, np.int64), is_read=np.ones(g.n, bool), offers=pd.DataFrame(), n_states=g.n,
        is_complete=False,
    )  # fmt: skip


@st.composite
def play_graphs(draw, *, circles, free=True):
    """A node where no edge leads on stops play, some unexplored; what is free is unknown, at the start as well."""
    g = draw(graphs(least=1, most=7, circles=circles))
    weights = st.none() | st.integers(1, 3) if free else st.integers(1, 3)
    probability = np.zeros(len(g.edges))
    stop = np.zeros(g.n, np.int32)
    for node in range(g.n):
        edges = range(g.indptr[node], g.indptr[node + 1])
        drawn = [draw(weights) for _ in edges]
        total = sum(each or 0 for each in drawn) + (None in drawn) * draw(st.integers(0, 2))
        probability[list(edges)] = [np.nan if each is None else each / total for each in drawn]
        if all(g.indices[edge] < 0 for edge in edges):
            stop[node] = draw(st.sampled_from([Stop.ENDING, Stop.UNKNOWN]))
    starts = draw(st.lists(st.integers(0, g.n - 1), min_size=1, max_size=3, unique=True))
    drawn = [draw(weights) for _ in starts]
    total = sum(each or 0 for each in drawn) + (None in drawn)
    start_probability = np.array([np.nan if each is None else each / total for each in drawn])
    return play_graph_of(g, np.array(starts, np.int32), start_probability, probability, stop)


def swept(graph, goals, *, greatest):
    """The extreme probability of coming to goals from each node, by recursion: the oracle."""
    known = {}

    def value(node):
        if goals[node]:
            return 1.0
        if node not in known:
            sure, free, share = 0.0, [], 1.0
            for edge in range(graph.indptr[node], graph.indptr[node + 1]):
                target, probability = graph.indices[edge], graph.probability[edge]
                if np.isnan(probability):
                    free.append(value(target) if target >= 0 else 0.0)
                else:
                    share -= probability
                    sure += probability * value(target) if target >= 0 else 0.0
            extreme = (max if greatest else min)(free, default=0.0)
            known[node] = sure + (max(0.0, share) * extreme if free else 0.0)
        return known[node]

    values = np.array([value(start) for start in graph.starts.tolist()])
    is_free = np.isnan(graph.start_probability)
    sure = float((graph.start_probability[~is_free] * values[~is_free]).sum())
    if not is_free.any():
        return sure
    rest = max(0.0, 1.0 - float(graph.start_probability[~is_free].sum()))
    return sure + rest * float(values[is_free].max() if greatest else values[is_free].min())


def bounds_of(graph):
    keys, group = ending_groups(graph)
    return group, ending_bounds(graph, group, len(keys), lambda: None)


@given(play_graphs(circles=False) | play_graphs(circles=False, free=False))
def test_ending_bounds__without_circles_are_those_of_a_sweep_for_each(graph):
    unexplored = graph.stop == Stop.UNKNOWN
    group, (lower, upper) = bounds_of(graph)
    for at in range(lower.size):
        goals = group == at
        assert lower[at] == pytest.approx(swept(graph, goals, greatest=False), abs=1e-12)
        assert upper[at] == pytest.approx(swept(graph, goals | unexplored, greatest=True), abs=1e-12)


@given(play_graphs(circles=True))
def test_ending_bounds__with_circles_whatever_is_lost_may_end_ahead(graph):
    reach = np.eye(graph.n, dtype=bool)
    for _ in range(graph.n):
        for node in range(graph.n):
            for target in graph.indices[graph.indptr[node] : graph.indptr[node + 1]]:
                if target >= 0:
                    reach[node] |= reach[target]
    unexplored, leaving = graph.stop == Stop.UNKNOWN, lost(graph)
    group, (lower, upper) = bounds_of(graph)
    if not graph.has_circles:
        return
    free = np.isnan(graph.start_probability)
    for at in range(lower.size):
        ahead = reach[:, (group == at) | unexplored].any(axis=1)
        most = graph.flow.visits[group == at].sum() + leaving.at[ahead & (group != at)].sum()
        most += leaving.at_start if ahead[graph.starts[free]].any() else 0.0
        assert lower[at] == pytest.approx(graph.flow.visits[group == at].sum(), abs=1e-12)
        assert upper[at] == pytest.approx(min(1.0, most), abs=1e-12)


@pytest.mark.parametrize("circles", [False, True])
def test_ending_bounds__can_be_stopped_between_sweeps(circles):
    from tests.kernels.graphs import graph as graph_of

    g = graph_of(102, [(0, at) for at in range(1, 102)] + [(101, 0 if circles else -1)])
    graph = play_graph_of(
        g, np.zeros(1, np.int32), np.ones(1), np.full(len(g.edges), np.nan),
        np.where(np.arange(102) % 101, Stop.ENDING, 0).astype(np.int32),
    )  # fmt: skip
    calls = []

    def stop():
        calls.append(1)
        if len(calls) > 2:
            raise InterruptedError

    keys, group = ending_groups(graph)
    with pytest.raises(InterruptedError):
        ending_bounds(graph, group, len(keys), stop)
