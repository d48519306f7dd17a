from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels.intervals import free_share, probability_range
from gamebook_lab.kernels.probabilities import expected_visits
from tests.kernels.graphs import graph, graphs


@given(graphs(least=1, most=6, circles=False), st.data())
def test_probability_range__every_way_of_deciding_lies_within_and_the_extremes_occur(g, data):
    m = len(g.edges)
    free = np.array(data.draw(st.lists(st.booleans(), min_size=m, max_size=m)), bool)
    goals = np.array(data.draw(st.lists(st.booleans(), min_size=g.n, max_size=g.n)), bool)
    # what leaves a goal plays no part
    origins = np.repeat(np.arange(g.n), np.diff(g.indptr))
    indices = np.where(goals[origins], np.int32(-1), g.indices)
    probabilities = np.where(free, 0.0, 1 / (np.diff(g.indptr)[origins] + 1.0))
    least, greatest = probability_range(
        g.indptr, indices, probabilities, free, goals, np.arange(g.n, dtype=np.int32)[::-1].copy()
    )
    share = free_share(g.indptr, probabilities, free)
    options = [[e for e in range(g.indptr[v], g.indptr[v + 1]) if free[e]] or [None] for v in range(g.n)]
    source = (np.arange(g.n) == 0).astype(float)
    found = []
    for decided in product(*options):
        whole = probabilities.copy()
        for node, edge in enumerate(decided):
            if edge is not None:
                whole[edge] = share[node]
        found.append(expected_visits(g.indptr, indices, whole, source).visits[goals].sum())
    assert min(found) == pytest.approx(least[0])
    assert max(found) == pytest.approx(greatest[0])


def test_probability_range__a_free_edge_to_nothing_may_lose_it_all():
    g = graph(2, [(0, 1), (0, -1)])
    flags = np.array([True, True])
    least, greatest = probability_range(
        g.indptr, g.indices, np.zeros(2), flags, np.array([False, True]), np.array([1, 0], np.int32)
    )
    assert (least[0], greatest[0]) == (0.0, 1.0)
