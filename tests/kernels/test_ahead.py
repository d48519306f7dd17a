import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import ahead as kernels
from gamebook_lab.kernels.components import components
from gamebook_lab.kernels.reach import breadth_first
from tests.kernels.graphs import graphs, ints, path, reached_by_hand


def bits(word, first):
    return {first + i for i in range(64) if int(word) >> i & 1}


@given(graphs(least=1), st.data(), st.sampled_from([0, 3]))
def test_ahead_and_behind__as_walked_by_hand(g, data, first):
    labels = data.draw(st.lists(st.integers(-1, 4), min_size=g.n, max_size=g.n))
    wanted, ways = range(first, 5), g.ways()
    _, component = components(g.indptr, g.indices)
    found = kernels.ahead(g.indptr, g.indices, component, ints(*labels), first)
    for node in range(g.n):
        there = {labels[v] for v in reached_by_hand(ways, [node])}
        assert bits(found[node], first) == there & set(wanted)
    order, *_ = breadth_first(g.indptr, g.indices, ints(0))
    passed = kernels.behind(g.indptr, g.indices, order, ints(*labels), first)
    for node in range(g.n):
        if node not in order:
            assert passed[node] == ~np.uint64(0)
            continue
        needed = set()
        for label in wanted:
            without = {v for v in range(g.n) if labels[v] == label}
            if node not in reached_by_hand(ways, [0], without=without):
                needed.add(label)
        assert bits(passed[node], first) == needed


def test_ahead_and_behind__a_line_of_a_million():
    g = path(1_000_000)
    labels = np.where(np.arange(1_000_000) % 100_000 == 7, np.arange(1_000_000) // 100_000, -1).astype(np.int32)
    _, component = components(g.indptr, g.indices)
    assert kernels.ahead(g.indptr, g.indices, component, labels, 0)[0] == 2**10 - 1
    order, *_ = breadth_first(g.indptr, g.indices, ints(0))
    assert kernels.behind(g.indptr, g.indices, order, labels, 0)[-1] == 2**10 - 1
