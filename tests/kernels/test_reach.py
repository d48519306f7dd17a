import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import reach
from tests.kernels.graphs import graphs, ints, path, reached_by_hand


@given(graphs(least=1), st.sets(st.integers(0, 8)))
def test_reached__as_walked_by_hand(g, starts):
    starts = sorted(v for v in starts if v < g.n)
    expected = reached_by_hand(g.ways(), starts)
    for reached in (reach.reached, reach.reached.py_func):
        assert set(np.flatnonzero(reached(g.indptr, g.indices, ints(*starts)))) == expected


@given(graphs(least=1), st.sets(st.integers(0, 8)))
def test_can_reach__those_from_which_a_goal_is_reached(g, goals):
    goals = {v for v in goals if v < g.n}
    found = reach.can_reach(g.indptr, g.indices, ints(*sorted(goals)))
    assert set(np.flatnonzero(found)) == {v for v in range(g.n) if reached_by_hand(g.ways(), [v]) & goals}


@given(graphs(least=1))
def test_breadth_first__distances_are_least_and_parents_lead_back(g):
    for walk in (reach.breadth_first, reach.breadth_first.py_func):
        order, distances, parents, edges = walk(g.indptr, g.indices, ints(0))
        layer, seen = {0}, {0: 0}
        while layer:
            layer = {t for v in layer for t in g.ways()[v] if t not in seen}
            seen |= dict.fromkeys(layer, max(seen.values()) + 1)
        assert {v: d for v, d in enumerate(distances) if d >= 0} == seen
        assert sorted(order) == sorted(seen)
        assert [distances[v] for v in order] == sorted(seen.values())
        for node in order[1:]:
            assert g.indices[edges[node]] == node
            assert g.indptr[parents[node]] <= edges[node] < g.indptr[parents[node] + 1]
            assert distances[node] == distances[parents[node]] + 1


@given(graphs(least=1))
def test_distances__are_those_of_the_walk(g):
    for distances in (reach.distances, reach.distances.py_func):
        assert (
            distances(g.indptr, g.indices, ints(0)).tolist()
            == reach.breadth_first(g.indptr, g.indices, ints(0))[1].tolist()
        )


def test_reach__a_graph_of_nothing():
    none = np.zeros(1, np.int64), ints()
    assert reach.reached(*none, ints()).size == 0
    assert reach.breadth_first(*none, ints())[0].size == 0


def test_reach__a_line_of_a_million():
    g = path(1_000_000)
    assert reach.reached(g.indptr, g.indices, ints(0)).all()
    assert reach.can_reach(g.indptr, g.indices, ints(999_999)).all()
    assert reach.breadth_first(g.indptr, g.indices, ints(0))[1][-1] == 999_999
