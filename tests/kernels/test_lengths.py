import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import lengths
from tests.kernels.graphs import graphs, ints, path


@given(graphs(least=1, most=7), st.data())
def test_lengths__as_relaxed_by_hand(g, data):
    costs = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(g.edges), max_size=len(g.edges))), float)
    least, most = {0: 0.0}, {0: 0.0}
    for _ in range(4 * g.n):  # what still grows after so many rounds grows for ever
        for (a, b), cost in zip(g.edges, costs, strict=True):
            if b >= 0 and a in least:
                least[b] = min(least.get(b, math.inf), least[a] + cost)
                most[b] = max(most.get(b, -math.inf), most[a] + cost)
    settled = dict(most)
    for _ in range(g.n):
        for (a, b), cost in zip(g.edges, costs, strict=True):
            if b >= 0 and a in most and most[b] < most[a] + cost:
                most[b] = math.inf
    assert set(settled) == set(most)
    assert lengths.shortest(g.indptr, g.indices, costs, ints(0)).tolist() == [
        least.get(v, math.inf) for v in range(g.n)
    ]
    assert lengths.longest(g.indptr, g.indices, costs, ints(0)).tolist() == [most.get(v, -math.inf) for v in range(g.n)]


def test_lengths__a_line_of_a_million():
    g = path(1_000_000)
    costs = np.ones(999_999)
    assert lengths.shortest(g.indptr, g.indices, costs, ints(0))[-1] == 999_999
    assert lengths.longest(g.indptr, g.indices, costs, ints(0))[-1] == 999_999
