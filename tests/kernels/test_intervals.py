from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import intervals
from gamebook_lab.kernels.probabilities import expected_visits
from tests.kernels.graphs import graph, graphs, ints

WIDTH = intervals.GOALS_AT_ONCE


def backwards(g):
    """The same graph, numbered so that edges lead to lower numbers."""
    edges = [(g.n - 1 - a, g.n - 1 - b if b >= 0 else -1) for a, b in g.edges]
    return graph(g.n, sorted(edges, key=lambda edge: edge[0]))


def ranges(g, probabilities, goal, may_be_any, first=0):
    share = intervals.free_share(g.indptr, probabilities)
    found = np.full((g.n, 2 * WIDTH), 7.0)
    intervals.probability_ranges(g.indptr, g.indices, probabilities, share, goal, may_be_any, first, found)
    return share, found


@given(graphs(least=1, most=6, circles=False), st.data())
def test_probability_ranges__every_way_of_deciding_lies_within_and_the_extremes_occur(g, data):
    g = backwards(g)
    m = len(g.edges)
    free = np.array(data.draw(st.lists(st.booleans(), min_size=m, max_size=m)), bool)
    goal = np.array(data.draw(st.lists(st.integers(-1, WIDTH), min_size=g.n, max_size=g.n)), np.int32)
    may_be_any = np.array(data.draw(st.lists(st.booleans(), min_size=g.n, max_size=g.n)), bool)
    # what leaves a goal plays no part
    origins = np.repeat(np.arange(g.n), np.diff(g.indptr))
    indices = np.where(goal[origins] >= 0, np.int32(-1), g.indices)
    probabilities = np.where(free, np.nan, 1 / (np.diff(g.indptr)[origins] + 1.0))
    first = data.draw(st.integers(0, 1))
    share, found = ranges(g._replace(indices=indices), probabilities, goal, may_be_any, first)
    options = [[e for e in range(g.indptr[v], g.indptr[v + 1]) if free[e]] or [None] for v in range(g.n)]
    source = (np.arange(g.n) == g.n - 1).astype(float)
    visits = []
    for decided in product(*options):
        whole = np.nan_to_num(probabilities)
        for node, edge in enumerate(decided):
            if edge is not None:
                whole[edge] = share[node]
        visits.append(expected_visits(g.indptr, indices, whole, source).visits)
    for at in range(WIDTH):
        is_goal = goal == first + at
        assert min(each[is_goal].sum() for each in visits) == pytest.approx(found[-1, at])
        is_goal |= (goal >= 0) & may_be_any
        assert max(each[is_goal].sum() for each in visits) == pytest.approx(found[-1, WIDTH + at])


@pytest.mark.parametrize("case", ["compiled", "plain"])
def test_decided__a_free_edge_to_nothing_may_lose_it_all(case):
    g = graph(2, [(1, 0), (1, -1)])
    _, found = ranges(g, np.full(2, np.nan), ints(0, -1), np.zeros(2, bool))
    assert (found[1, 0], found[1, WIDTH]) == (0.0, 1.0)
    decided = intervals.decided if case == "compiled" else intervals.decided.py_func
    bounds, targets = np.array([0, 2, 3, 4]), ints(0, 1, 0, -1)
    total = decided(bounds, targets, np.array([0.5, 0.25, 0.125]), found)
    assert (total[0], total[WIDTH]) == (0.25, 0.75)
    assert not total[1:WIDTH].any()
