import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import csr
from tests.kernels.graphs import graphs, ints


def edges_of(indptr, indices):
    return [(v, int(indices[e])) for v in range(len(indptr) - 1) for e in range(indptr[v], indptr[v + 1])]


@given(graphs())
def test_from_edges__keeps_the_order_at_a_node(g):
    assert edges_of(g.indptr, g.indices) == sorted(g.edges, key=lambda edge: edge[0])


@given(graphs())
def test_transpose__turns_each_edge_round(g):
    for transpose in (csr.transpose, csr.transpose.py_func):
        indptr, indices, numbers = transpose(g.indptr, g.indices)
        there = edges_of(g.indptr, g.indices)
        assert [(b, a) for a, b in edges_of(indptr, indices)] == [there[number] for number in numbers]
        assert sorted(numbers) == [i for i, (_, target) in enumerate(there) if target >= 0]


@given(graphs())
def test_predecessors__are_the_graph_turned_round(g):
    for predecessors in (csr.predecessors, csr.predecessors.py_func):
        for found, expected in zip(predecessors(g.indptr, g.indices), csr.transpose(g.indptr, g.indices), strict=False):
            assert found.tolist() == expected.tolist()


@given(graphs(), st.sets(st.integers(0, 8)))
def test_subgraph__keeps_the_edges_between_kept_nodes(g, kept):
    keep = np.isin(np.arange(g.n), list(kept))
    nodes, indptr, indices, numbers = csr.subgraph(g.indptr, g.indices, keep)
    assert nodes.tolist() == sorted(v for v in kept if v < g.n)
    named = [(int(nodes[a]), int(nodes[b])) for a, b in edges_of(indptr, indices)]
    there = edges_of(g.indptr, g.indices)
    assert named == [(a, b) for a, b in there if a in kept and b in kept]
    assert named == [there[number] for number in numbers]


@given(graphs())
def test_sources__name_where_edges_start(g):
    assert csr.sources(g.indptr).tolist() == [a for a, _ in edges_of(g.indptr, g.indices)]


@given(graphs(), st.data())
def test_entries__are_those_of_each_row_asked_for(g, data):
    rows = np.array(data.draw(st.lists(st.integers(0, g.n - 1), max_size=6)) if g.n else [], np.int32)
    position, at = csr.entries(g.indptr, rows)
    expected = [(i, edge) for i, row in enumerate(rows) for edge in range(g.indptr[row], g.indptr[row + 1])]
    assert list(zip(position.tolist(), at.tolist(), strict=True)) == expected


@given(graphs(), st.randoms())
def test_reordered__keeps_the_edges_of_nodes_that_lead_to_each_other(g, random):
    nodes = list(range(g.n))
    random.shuffle(nodes)
    place = {node: at for at, node in enumerate(nodes)} | {-1: -1}
    there = edges_of(g.indptr, g.indices)
    for reordered in (csr.reordered, csr.reordered.py_func):
        indptr, indices, numbers = reordered(g.indptr, g.indices, np.array(nodes, np.int32))
        expected = [(place[a], place[b], e) for e, (a, b) in enumerate(there)]
        found = [(a, b, e) for (a, b), e in zip(edges_of(indptr, indices), numbers.tolist(), strict=True)]
        assert found == sorted(expected, key=lambda edge: (edge[0], edge[2]))


def test_reordered__may_leave_nodes_out_that_nothing_kept_leads_to():
    indptr, indices, numbers = csr.reordered(np.array([0, 2, 3, 3]), ints(1, 2, 2), ints(2, 1))
    assert (indptr.tolist(), indices.tolist(), numbers.tolist()) == ([0, 0, 1], [0], [2])
