"""Definitions that hold on the way, against plain recursion."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import reaching
from tests.kernels.graphs import graphs, ints


@given(graphs(least=1), st.data())
def test_reaching__the_nearest_meeting_is_found_and_the_way_makes_it(g, data):
    """Two definitions, of a variable each or both of one; every node uses both, at a place of its own."""
    m = g.indices.size
    makes = np.array(data.draw(st.lists(st.integers(-1, 1), min_size=m, max_size=m)), np.int64)
    is_one = data.draw(st.booleans())
    highest = np.uint64(1) << np.uint64(63)
    made = np.array([0, 1, 2], np.uint64)[makes + 1]
    kept = ~np.where(makes < 0, np.uint64(0), np.uint64(3) if is_one else made)
    begun = np.zeros(g.n, np.uint64)
    begun[0] = highest
    key = np.arange(m, dtype=np.int32)
    uses = np.arange(g.n + 1, dtype=np.int64)
    nodes = np.arange(g.n, dtype=np.int32)
    for holding in (reaching.holding, reaching.holding.py_func):
        _, steps, where = holding(
            g.indptr, g.indices, begun, key, kept, made, nodes, uses, np.full(g.n, 3, np.uint64), nodes, g.n
        )
        for bit in (0, 1):
            unmakes = (makes >= 0) if is_one else makes == bit
            for node in range(g.n):
                start, way = reaching.way_holding(
                    g.indptr, g.indices, ints(0), np.zeros(1, np.bool_), key, makes == bit, unmakes, node
                )
                assert (where[bit, node] >= 0) == (start == 0)
                if start == 0:
                    assert where[bit, node] == node
                    assert steps[bit, node] == len(way)
                    assert _holds(makes[way], bit, is_one=is_one)


def _holds(made, bit, *, is_one):
    last = [each for each in made if each >= 0 and (is_one or each == bit)]
    return bool(last) and last[-1] == bit
