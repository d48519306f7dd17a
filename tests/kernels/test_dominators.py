import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import dominators as kernels
from tests.kernels.graphs import graph, graphs, ints, path, reached_by_hand


def chain(found, node):
    """Every node that the table of nearest ones says is passed, the farthest last."""
    passed = []
    while 0 <= found[node] != node:
        node = int(found[node])
        passed.append(node)
        if node >= len(found):
            break
    return passed


@given(graphs(least=1, most=12))
def test_immediate_dominators__cut_off_what_they_dominate(g):
    ways = g.ways()
    reached = reached_by_hand(ways, [0])
    for dominators in (kernels.immediate_dominators, kernels.immediate_dominators.py_func):
        found = dominators(g.indptr, g.indices, 0)
        assert set(np.flatnonzero(found >= 0)) == reached
        assert found[0] == 0
        for node in reached:
            cuts = {d for d in reached - {node} if node not in reached_by_hand(ways, [0], without={d})}
            assert set(chain(found, node)) == cuts


@given(graphs(least=1, most=12), st.sets(st.integers(0, 11)))
def test_post_dominators__every_way_to_an_exit_passes_them(g, exits):
    exits, ways = sorted(v for v in exits if v < g.n), g.ways()
    found = kernels.post_dominators(g.indptr, g.indices, ints(*exits))
    for node in range(g.n):
        if not reached_by_hand(ways, [node]) & set(exits):
            assert found[node] == -1
            continue
        others = set(range(g.n)) - {node}
        cuts = {d for d in others if not reached_by_hand(ways, [node], without={d}) & set(exits)}
        assert set(chain(found, node)) == cuts | {g.n}


def test_dominators__one_node_and_a_line_of_a_million():
    assert kernels.immediate_dominators(*graph(1, [(0, 0)])[:2], 0).tolist() == [0]
    g = path(1_000_000)
    found = kernels.immediate_dominators(g.indptr, g.indices, 0)
    assert (found[1:] == np.arange(999_999)).all()
    assert (kernels.post_dominators(g.indptr, g.indices, ints(999_999)) == np.arange(1, 1_000_001)).all()
