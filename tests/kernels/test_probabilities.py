from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import probabilities as kernels
from tests.kernels.graphs import graph, graphs, path, reached_by_hand


@st.composite
def chains(draw, circles=True):
    """A graph and a weight for each edge, in fractions; 0 among them."""
    g = draw(graphs(least=1, most=7, circles=circles))
    weights = draw(st.lists(st.integers(0, 3), min_size=len(g.edges), max_size=len(g.edges)))
    leaks = draw(st.lists(st.integers(0, 1), min_size=g.n, max_size=g.n))
    totals = list(leaks)
    for (origin, _), weight in zip(g.edges, weights, strict=True):
        totals[origin] += weight
    chances = [Fraction(w, totals[a]) if w else Fraction(0) for (a, _), w in zip(g.edges, weights, strict=True)]
    return g, chances


def solved(matrix, right):
    """Gauss-Jordan in fractions."""
    n = len(right)
    rows = [[*matrix[i], right[i]] for i in range(n)]
    for i in range(n):
        pivot = next(j for j in range(i, n) if rows[j][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for j in range(n):
            if j != i and rows[j][i]:
                factor = rows[j][i]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[n] for row in rows]


def by_hand(g, chances, source):
    """Expected visits in fractions; None where play that comes there can never leave."""
    ways = [[] for _ in range(g.n)]
    for (a, b), p in zip(g.edges, chances, strict=True):
        if b >= 0 and p:
            ways[a].append(b)
    total = [
        sum((p for (a, b), p in zip(g.edges, chances, strict=True) if a == v and b >= 0), Fraction(0))
        for v in range(g.n)
    ]
    around = {v: reached_by_hand(ways, ways[v]) for v in range(g.n)}
    caught = {v for v in range(g.n) if v in around[v] and all(total[w] == 1 and v in around[w] for w in around[v])}
    reached = reached_by_hand(ways, [v for v in range(g.n) if source[v]])
    free = [v for v in range(g.n) if v not in caught]
    matrix = [[Fraction(int(v == w)) for w in free] for v in free]
    for (a, b), p in zip(g.edges, chances, strict=True):
        if a in free and b in free:
            matrix[free.index(b)][free.index(a)] -= p
    found = dict(zip(free, solved(matrix, [source[v] for v in free]), strict=True))
    return [found[v] if v in found else None if v in reached else Fraction(0) for v in range(g.n)]


def check(g, chances):
    source = [Fraction(int(v == 0)) for v in range(g.n)]
    expected = by_hand(g, chances, source)
    flow = kernels.expected_visits(
        g.indptr, g.indices, np.array([float(p) for p in chances]), np.array([float(p) for p in source])
    )
    for v, value in enumerate(expected):
        assert np.isinf(flow.visits[v]) if value is None else flow.visits[v] == pytest.approx(float(value), rel=1e-12)
    assert flow.residual < 1e-14
    gone = Fraction(0)
    for v, value in enumerate(expected):
        stays = sum((p for (a, b), p in zip(g.edges, chances, strict=True) if a == v and b >= 0), Fraction(0))
        gone += (value or 0) * (1 - stays)
    assert flow.caught.sum() == pytest.approx(float(1 - gone), abs=1e-12)
    return flow, expected


@given(chains())
def test_expected_visits__as_solved_in_fractions(chain):
    check(*chain)


@given(chains(circles=False))
def test_expected_visits__without_circles(chain):
    flow, _ = check(*chain)
    assert flow.residual == 0.0


def walk_of(n, back):
    """From each of ``n`` nodes one on or, as likely as said, one back; an end at each end."""
    edges = [(v, v + step) for v in range(1, n - 1) for step in (1, -1)]
    g = graph(n, edges)
    return g, np.array([back if b < a else 1 - back for a, b in edges])


@pytest.mark.parametrize("n", [11, 1001])
def test_expected_visits__a_drunkard_walks_home(n):
    # a fair walk takes n squared steps, and so many sweeps: the larger one is solved directly
    g, p = walk_of(n, 0.5)
    source = np.zeros(n)
    source[1] = 1.0
    flow = kernels.expected_visits(g.indptr, g.indices, p, source)
    assert flow.visits[n - 1] == pytest.approx(1 / (n - 1), rel=1e-11)
    assert flow.visits[0] + flow.visits[n - 1] == pytest.approx(1.0, abs=1e-12)
    assert flow.residual < 1e-12


@pytest.mark.parametrize("n", [11, 101])
def test_expected_visits__settled_by_sweeps_where_it_may_not_be_solved_directly(monkeypatch, n):
    monkeypatch.setattr(kernels, "_LARGEST_DIRECT", 0)
    g, p = walk_of(n, 0.5)
    source = np.zeros(n)
    source[n // 2] = 1.0
    flow = kernels.expected_visits(g.indptr, g.indices, p, source)
    assert flow.visits[[0, n - 1]] == pytest.approx([0.5, 0.5], rel=1e-12)
    assert flow.residual < 1e-14


@pytest.mark.parametrize("sweeps", [8, 40])
def test_settle__what_is_left_over_bounds_the_error(sweeps):
    # a walk in which the ends are left with 1/2: whoever comes to an end goes out there at last
    g, p = walk_of(103, 0.5)
    indptr, indices = g.indptr[1:103] - g.indptr[1], g.indices - 1
    outside = (indices < 0) | (indices > 100)
    chances = np.where(outside, 0.0, p)
    mass, entered = np.zeros(101), np.zeros(101)
    mass[30] = 1.0
    left = kernels._settle(indptr, np.where(outside, 0, indices).astype(np.int32), chances, mass, entered, sweeps)
    assert left == pytest.approx(np.abs(mass).sum())
    assert left > 1e-3
    assert abs(entered[0] / 2 - 71 / 102) <= left
    assert abs(entered[100] / 2 - 31 / 102) <= left


def test_expected_visits__a_circle_with_no_way_out_catches():
    g = graph(5, [(0, 1), (0, 2), (2, 3), (3, 2), (4, 4)])
    flow = kernels.expected_visits(g.indptr, g.indices, np.array([0.25, 0.75, 1, 1, 1]), np.array([1.0, 0, 0, 0, 0]))
    assert flow.visits.tolist() == [1, 0.25, np.inf, np.inf, 0]
    assert flow.caught.tolist() == [0, 0, 0.75, 0, 0]


def test_moments__expected_length_of_a_loop():
    # out of the loop with 1/4: 0 -> 0 three times on average, then once to the end
    g = graph(2, [(0, 0), (0, 1)])
    p = np.array([0.75, 0.25])
    flow = kernels.expected_visits(g.indptr, g.indices, p, np.array([1.0, 0.0]))
    assert flow.visits.tolist() == [4.0, 1.0]
    assert kernels.moments(g.indptr, g.indices, p, flow.visits, np.ones(2))[1] == pytest.approx(4.0)


def test_expected_visits__a_line_of_a_million():
    g = path(1_000_000)
    source = np.zeros(1_000_000)
    source[0] = 1.0
    flow = kernels.expected_visits(g.indptr, g.indices, np.ones(999_999), source)
    assert (flow.visits == 1.0).all()
    steps = kernels.moments(g.indptr, g.indices, np.ones(999_999), flow.visits, np.ones(999_999))
    assert (steps == np.arange(1_000_000)).all()
