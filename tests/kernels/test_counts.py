import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import counts
from tests.kernels.graphs import graph, graphs, ints, path


def by_hand(g, ends):
    found = {}
    for node in reversed(range(g.n)):
        found[node] = (node in ends) + sum(found[target] for target in g.ways()[node])
    return [found[node] for node in range(g.n)]


def flags(g, ends):
    return np.isin(np.arange(g.n), list(ends))


@given(graphs(least=1, circles=False), st.sets(st.integers(0, 8)))
def test_completions__as_summed_up_by_hand(g, ends):
    expected = by_hand(g, ends)
    assert counts.numbers(*counts.completions(g.indptr, g.indices, flags(g, ends))) == expected
    logs = counts.estimated(g.indptr, g.indices, flags(g, ends))
    assert np.allclose(np.exp2(logs), expected)


@pytest.mark.parametrize("ways", [2, 3, 7])
@pytest.mark.parametrize("length", [63, 64, 65, 400])
def test_completions__numbers_of_many_limbs(ways, length):
    g = graph(length + 1, [(v, v + 1) for v in range(length) for _ in range(ways)])
    offsets, limbs = counts.completions(g.indptr, g.indices, flags(g, {length}))
    assert [counts.number(offsets, limbs, v) for v in range(length + 1)] == [
        ways ** (length - v) for v in range(length + 1)
    ]
    assert counts.estimated(g.indptr, g.indices, flags(g, {length}))[0] == pytest.approx(length * math.log2(ways))


def test_completions__carries_go_on_through_full_limbs():
    # 1 + 2 + 4 + ... + 2**129 at node 0, which is all ones, and one more way
    n = 131
    edges = [(0, v) for v in range(1, n)] + [(0, n - 1)] + [(v, v + 1) for v in range(1, n - 1) for _ in range(2)]
    g = graph(n, edges)
    assert counts.numbers(*counts.completions(g.indptr, g.indices, flags(g, {n - 1})))[0] == 2**130


@given(graphs(least=1), st.sets(st.integers(0, 8), min_size=1))
def test_ways_to__as_counted_backwards(g, starts):
    forwards = np.repeat(np.arange(g.n), np.diff(g.indptr)) < g.indices  # without circles
    indices = np.where(forwards, g.indices, np.int32(-1))
    starts = ints(*sorted(v for v in starts if v < g.n))
    groups = np.arange(g.n, dtype=np.int32) % 3 - 1
    expected = [0, 0]
    for at in (0, 1):
        numbers = counts.numbers(*counts.completions(g.indptr, indices, groups == at))
        expected[at] = sum(numbers[start] for start in starts)
    assert counts.ways_to(g.indptr, indices, starts, groups, 2) == expected


def test_ways_to__more_than_any_machine_word_holds():
    g = graph(701, [(v, v + 1) for v in range(700) for _ in range(3)])
    groups = np.full(701, -1, np.int32)
    groups[[699, 700]] = 0
    assert counts.ways_to(g.indptr, g.indices, ints(0), groups, 2) == [3**699 + 3**700, 0]


def test_completions__a_circle_has_no_number():
    g = graph(2, [(0, 1), (1, 0)])
    with pytest.raises(counts.CircleError, match="up to a length"):
        counts.completions(g.indptr, g.indices, flags(g, {1}))
    with pytest.raises(counts.CircleError, match="up to a length"):
        counts.ways_to(g.indptr, g.indices, ints(0), ints(-1, 0), 1)


@given(graphs(least=1, most=6), st.sets(st.integers(0, 5)), st.integers(0, 80))
def test_completions_by_length__as_stepped_by_hand(g, ends, longest):
    layer, expected = [int(v == 0) for v in range(g.n)], []
    for _ in range(longest + 1):
        expected.append(sum(layer[v] for v in ends if v < g.n))
        after = [0] * g.n
        for node, targets in enumerate(g.ways()):
            for target in targets:
                after[target] += layer[node]
        layer = after
    assert counts.completions_by_length(g.indptr, g.indices, flags(g, ends), 0, longest) == expected


def test_completions__a_line_of_a_million():
    g = path(1_000_000)
    offsets, limbs = counts.completions(g.indptr, g.indices, np.arange(1_000_000) == 999_999)
    assert (np.diff(offsets) == 1).all()
    assert (limbs == 1).all()
