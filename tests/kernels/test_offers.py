"""Offers of one node compared, against sets."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import offers
from tests.kernels.graphs import graphs

N = 4


def outcomes(g, node, offer, one, place):
    """What an offer leads to, and how probably; None: also to nothing."""
    found = {}
    for edge in range(g.indptr[node], g.indptr[node + 1]):
        if offer[edge] == one:
            if g.indices[edge] < 0:
                return None
            at = place[g.indices[edge]]
            found[at] = found.get(at, 0) + 1 / (g.indptr[node + 1] - g.indptr[node])
    return found


@given(graphs(most=6), st.data())
@pytest.mark.parametrize("case", ["compiled", "plain"])
def test_compare__as_sets_are_compared(case, g, data):
    def drawn(values, n):
        return data.draw(st.lists(values, min_size=n, max_size=n))

    offer = np.array(drawn(st.integers(-1, N - 1), len(g.edges)), np.int32)
    passage = np.array(drawn(st.integers(0, 2), g.n), np.int32)
    goals = np.array(drawn(st.integers(0, 3), 2 * g.n), np.uint64).reshape(g.n, 2)
    probabilities = np.array([1 / (g.indptr[a + 1] - g.indptr[a]) for a, _ in g.edges])
    level, better, n_nodes, n_alone = [0] * N, [[] for _ in range(N)], [0] * N, [0] * N
    for node in range(g.n):
        edges = range(g.indptr[node], g.indptr[node + 1])
        here = {int(offer[edge]) for edge in edges} - {-1}
        kept = {
            one: {
                (column, bit)
                for edge in edges
                if offer[edge] == one and g.indices[edge] >= 0
                for column in range(2)
                for bit in range(2)
                if int(goals[g.indices[edge], column]) >> bit & 1
            }
            for one in here
        }
        for one in here:
            n_nodes[one] += 1
            n_alone[one] += len(here) == 1
            if len(here) > 1:
                better[one].append(any(kept[one] < kept[other] for other in here))
        for one, other in permutations(here, 2):
            differs = 3
            for place, so_far in ((passage.tolist(), 2), (list(range(g.n)), 1)):
                ways = [outcomes(g, node, offer, each, place) for each in (one, other)]
                if None not in ways and (
                    ways[0] == pytest.approx(ways[1]) if so_far == 1 else ways[0].keys() == ways[1].keys()
                ):
                    differs = so_far
            level[one] = max(level[one], differs)
    compare = offers.compare if case == "compiled" else offers.compare.py_func
    found = compare(g.indptr, g.indices, probabilities, offer, passage, goals, N)
    assert [each.tolist() for each in found] == [level, [bool(each) and all(each) for each in better], n_nodes, n_alone]
