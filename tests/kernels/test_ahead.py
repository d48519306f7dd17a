import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import ahead as kernels
from gamebook_lab.kernels.components import components
from gamebook_lab.kernels.reach import reverse_postorder
from tests.kernels.graphs import graphs, ints, path, reached_by_hand


def bits(word):
    return {i for i in range(64) if int(word) >> i & 1}


@given(graphs(least=1), st.data(), st.sets(st.integers(0, 8), max_size=2))
def test_ahead_and_behind__as_walked_by_hand(g, data, starts):
    own = data.draw(st.lists(st.sets(st.sampled_from([0, 1, 2, 63]), max_size=2), min_size=g.n, max_size=g.n))
    words = np.array([sum(1 << bit for bit in each) for each in own], np.uint64)
    ways, starts = g.ways(), sorted(v for v in starts if v < g.n)
    _, component = components(g.indptr, g.indices)
    order = reverse_postorder(g.indptr, g.indices, ints(*starts))
    assert set(order) == reached_by_hand(ways, starts)
    for ahead, behind in ((kernels.ahead, kernels.behind), (kernels.ahead.py_func, kernels.behind.py_func)):
        found = ahead(g.indptr, g.indices, component, words)
        for node in range(g.n):
            assert bits(found[node]) == set().union(*(own[v] for v in reached_by_hand(ways, [node])))
        passed = behind(g.indptr, g.indices, ints(*starts), order, words)
        for node in range(g.n):
            if node not in order:
                assert passed[node] == ~np.uint64(0)
                continue
            without = {bit: {v for v in range(g.n) if bit in own[v]} for bit in (0, 1, 2, 63)}
            needed = {bit for bit in without if node not in reached_by_hand(ways, starts, without=without[bit])}
            assert bits(passed[node]) == needed


def test_ahead_and_behind__a_line_of_a_million():
    g = path(1_000_000)
    at = np.arange(1_000_000)
    words = np.where(at % 100_000 == 7, np.uint64(1) << (at // 100_000).astype(np.uint64), np.uint64(0))
    _, component = components(g.indptr, g.indices)
    assert kernels.ahead(g.indptr, g.indices, component, words)[0] == 2**10 - 1
    order = reverse_postorder(g.indptr, g.indices, ints(0))
    assert (order == at).all()
    assert kernels.behind(g.indptr, g.indices, ints(0), order, words)[-1] == 2**10 - 1
