import numpy as np
from hypothesis import given
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from gamebook_lab.kernels import components as kernels
from tests.kernels.graphs import graph, graphs, path


@given(graphs(least=1, most=14))
def test_components__as_scipy_finds_them_and_in_topological_order(g):
    there = g.indices >= 0
    origins = np.repeat(np.arange(g.n), np.diff(g.indptr))[there]
    matrix = csr_array((np.ones(there.sum()), (origins, g.indices[there])), shape=(g.n, g.n))
    n_expected, expected = connected_components(matrix, connection="strong")
    for components in (kernels.components, kernels.components.py_func):
        n, labels = components(g.indptr, g.indices)
        assert n == n_expected
        assert len({*zip(labels.tolist(), expected.tolist(), strict=True)}) == n
        assert set(labels.tolist()) == set(range(n))
        assert all(labels[a] >= labels[b] for a, b in g.edges if b >= 0)


@given(graphs(least=1))
def test_members__bottom_and_cyclic(g):
    n, labels = kernels.components(g.indptr, g.indices)
    starts, nodes = kernels.members(n, labels)
    bottom = kernels.bottom(g.indptr, g.indices, n, labels)
    cyclic = kernels.cyclic(g.indptr, g.indices, n, labels)
    for c in range(n):
        inside = nodes[starts[c] : starts[c + 1]].tolist()
        assert inside == np.flatnonzero(labels == c).tolist()
        leaving = [(a, b) for a, b in g.edges if a in inside and b >= 0 and b not in inside]
        staying = [(a, b) for a, b in g.edges if a in inside and b in inside]
        assert bottom[c] == (not leaving)
        assert cyclic[c] == bool(staying)


def test_components__of_nothing_and_of_one():
    assert kernels.components(*graph(0, [])[:2])[0] == 0
    n, labels = kernels.components(*graph(1, [(0, 0)])[:2])
    assert (n, labels.tolist()) == (1, [0])


def test_components__a_line_and_a_ring_of_a_million():
    line = path(1_000_000)
    n, labels = kernels.components(line.indptr, line.indices)
    assert n == 1_000_000
    assert (np.diff(labels) == -1).all()
    ring = np.arange(1_000_001, dtype=np.int64), np.append(line.indices, np.int32(0))
    assert kernels.components(*ring)[0] == 1
