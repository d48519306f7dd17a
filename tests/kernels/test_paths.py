"""Ways by number: compiled, as plain Python, and listed by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.analysis.cut import Asked, cut_down
from gamebook_lab.analysis.numbering import Counted, drawn, limbs_of, number_of
from gamebook_lab.kernels import paths, product, search
from tests.kernels.graphs import graph, graphs, ints


def flags(n, which):
    return np.isin(np.arange(n), list(which))


def listed(g, start, ends, *, simple=False, most=12):
    """Every way from ``start`` to the first of ``ends``, as edges, in order."""
    found = []

    def go(node, edges, met):
        if node in ends:
            found.append(edges)
        elif len(edges) < most:
            for edge in range(g.indptr[node], g.indptr[node + 1]):
                target = int(g.indices[edge])
                if target >= 0 and not (simple and target in met):
                    go(target, [*edges, edge], met | {target})

    go(start, [], {start})
    return found


def cut_of(g, start, ends, **more):
    ends = flags(g.n, ends)
    clicks = np.ones(g.indices.size, np.int32)
    return cut_down(g.indptr, g.indices, clicks, ints(start), Asked(ends, ends, **more))


@given(graphs(least=1, circles=False), st.sets(st.integers(0, 8), min_size=1))
def test_open_ways__lists_all_in_order(g, ends):
    numbering = Counted(cut_of(g, 0, ends), 10**9)
    expected = listed(g, 0, ends)
    assert numbering.count == len(expected)
    cut, counts = numbering.cut, numbering.numbers
    for kernel in (paths.open_ways, paths.open_ways.py_func):
        rows = limbs_of(range(len(expected)), numbering.n_limbs)
        _, offsets, edges = kernel(
            cut.indptr, cut.indices, cut.starts, *counts, cut.edge, rows, len(expected) * numbering.longest
        )
        assert [edges[a:b].tolist() for a, b in itertools.pairwise(offsets)] == expected
    block = numbering.opened(limbs_of(range(len(expected)), numbering.n_limbs))
    for kernel in (paths.rank_ways, paths.rank_ways.py_func):
        rows = np.zeros((len(expected), numbering.n_limbs), np.uint64)
        wrong = kernel(cut.indptr, cut.indices, cut.ends, cut.starts, *counts, cut.node, cut.edge, *block, rows)
        assert (wrong == -1).all()
        assert [number_of(row) for row in rows] == list(range(len(expected)))


@given(graphs(least=1, most=6), st.sets(st.integers(0, 5), min_size=1))
def test_search__lists_ways_without_a_node_twice(g, ends):
    cut = cut_of(g, 0, ends)
    expected = listed(g, 0, ends, simple=True)
    most = g.n + 2
    for go_on in (search.go_on, search.go_on.py_func):
        state = np.array([0, -1, 0], np.int64)
        first, offsets, edges = np.empty(999, np.int32), np.zeros(1_000, np.int64), np.empty(9_999, np.int64)
        base = np.arange(max(cut.n, 1), dtype=np.int32)
        seen, nodes, cursor = np.zeros(g.n + 1, np.uint8), np.full(most, -1, np.int32), np.zeros(most, np.int64)
        graph_of = (cut.indptr, cut.indices, cut.ends, cut.starts, base)
        by_end = np.zeros(cut.n, np.int64)
        n = go_on(*graph_of, seen, nodes, cursor, state, 999, 10**9, by_end, first, offsets, edges)
        assert by_end.sum() == n
        found = [cut.edge[edges[offsets[at] : offsets[at + 1]]].tolist() for at in range(n)]
        assert found == expected[:999]


@given(graphs(least=1, most=5), st.sets(st.integers(0, 4), min_size=1), st.integers(0, 5), st.integers(0, 4))
def test_product__keeps_ways_through_a_node_of_so_many_choices(g, ends, most, through):
    if through >= g.n:
        return
    none = np.zeros(g.indices.size, np.bool_)
    cut = cut_of(g, 0, ends, through=((flags(g.n, {through}), none),), most_clicks=most)
    expected = [way for way in listed(g, 0, ends, most=most) if through in {0, *(int(g.indices[edge]) for edge in way)}]
    numbering = Counted(cut, 10**9)
    assert numbering.count == len(expected)
    block = numbering.opened(limbs_of(range(numbering.count), numbering.n_limbs))
    assert [block.edges[a:b].tolist() for a, b in itertools.pairwise(block.offsets)] == expected


def test_product__as_plain_python():
    g = graph(3, [(0, 1), (1, 0), (1, 2)])
    arguments = (
        g.indptr, g.indices, np.ones(3, np.int32), flags(3, {2}), ints(0), ints(0, 0, 0), ints(0, 0, 0),
        flags(3, ()), flags(3, ()), ints(2, 1, 0), 4, 1_000,
    )  # fmt: skip
    for kernel in (product.product, product.product.py_func):
        n_starts, nodes, bits, indptr, indices, edges = kernel(*arguments)
        assert (n_starts, nodes.tolist(), bits.tolist()) == (1, [0, 1, 0, 2, 1, 2], [0] * 6)
        assert indptr.tolist() == [0, 1, 3, 4, 4, 5, 5]
        assert (indices.tolist(), edges.tolist()) == ([1, 2, 3, 4, 5], [0, 1, 2, 0, 2])


@pytest.mark.parametrize("ways", [2, 3, 7])
def test_numbers__of_many_limbs_lead_there_and_back(ways):
    n = 120
    g = graph(n + 1, [(v, v + 1) for v in range(n) for _ in range(ways)])
    numbering = Counted(cut_of(g, 0, {n}), 10**9)
    assert numbering.count == ways**n
    numbers = [0, 1, 2**63, 2**64 - 1, 2**64, ways**n - 1, ways**n // 2, ways**n - 2**64]
    block = numbering.opened(limbs_of(numbers, numbering.n_limbs))
    assert numbering.ranks(block) == numbers
    digits = (block.edges.reshape(len(numbers), n) % ways).tolist()
    assert [sum(digit * ways ** (n - 1 - at) for at, digit in enumerate(row)) for row in digits] == numbers


def test_drawn__numbers_are_below_and_go_up_to_the_end():
    for count in (1, 2, 3, 2**64 - 1, 2**64, 2**64 + 1, 3**80):
        numbers = [number_of(row) for row in drawn(count, 500, 3, 3)]
        assert max(numbers) < count
        assert count < 4 or max(numbers) > count * 0.98
        assert min(numbers) <= count * 0.02
