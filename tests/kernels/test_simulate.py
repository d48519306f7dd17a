"""Random walks are the same for the same seed, and as likely as they should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import simulate as kernels
from gamebook_lab.kernels.simulate import simulate
from tests.kernels.graphs import graph, graphs, ints

ONE = np.ones(1)


def alike(g):
    """Probabilities of a reader who takes all ways on alike."""
    there = g.indices >= 0
    origins = np.repeat(np.arange(g.n), np.diff(g.indptr))
    degrees = np.bincount(origins[there], minlength=g.n)
    return np.where(there, 1.0 / np.maximum(degrees, 1)[origins], 0.0)


def walked(g, n, **more):
    options = {"seed": 1, "most_steps": 50, **more}
    return simulate(g.indptr, g.indices, alike(g), ints(0), ONE, n, **options)


@given(graphs(least=1), st.integers(0, 2**64), st.integers(0, 40))
def test_simulate__walks_follow_edges_and_end_where_there_is_no_way_on(g, seed, n):
    start, offsets, edges = walked(g, n, seed=seed)
    ways = g.ways()
    assert (start.tolist(), offsets.size, offsets[-1]) == ([0] * n, n + 1, edges.size)
    for walk in range(n):
        node = 0
        taken = edges[offsets[walk] : offsets[walk + 1]]
        for edge in taken:
            assert g.indptr[node] <= edge < g.indptr[node + 1]
            node = g.indices[edge]
            assert node >= 0
        assert len(taken) == 50 or not ways[node]


def test_simulate__the_same_on_any_number_of_threads_and_in_shards(monkeypatch):
    monkeypatch.setattr(kernels, "_BLOCK", 7)
    g = graph(4, [(0, 1), (0, 2), (0, 0), (1, 3), (1, 0), (2, 3)])
    whole = walked(g, 100)
    for found in (walked(g, 100, threads=3), walked(g, 100)):
        assert all(np.array_equal(a, b) for a, b in zip(whole, found, strict=True))
    parts = [walked(g, 60), walked(g, 40, first=60)]
    assert np.array_equal(np.concatenate([part[2] for part in parts]), whole[2])
    assert not np.array_equal(walked(g, 100, seed=2)[2], whole[2])


@pytest.mark.parametrize("n_edges", [3, 40])
def test_simulate__as_often_as_is_likely(n_edges):
    """Few edges are looked through one by one, many are searched."""
    g = graph(n_edges + 1, [(0, at + 1) for at in range(n_edges)])
    weights = np.arange(n_edges, dtype=float)  # the first is never taken
    _, offsets, edges = simulate(g.indptr, g.indices, weights, ints(0), ONE, 200_000, seed=3, threads=2)
    assert np.diff(offsets).tolist() == [1] * 200_000
    share = np.bincount(edges, minlength=n_edges) / 200_000
    expected = weights / weights.sum()
    assert share[0] == 0.0
    assert (np.abs(share - expected) <= 5.0 * np.sqrt(expected / 200_000)).all()


def test_simulate__starts_are_drawn_too():
    g = graph(3, [(0, 2), (1, 2)])
    start, _, edges = simulate(g.indptr, g.indices, alike(g), ints(0, 1), np.array([0.25, 0.75]), 100_000, seed=4)
    assert np.bincount(start)[1] / 100_000 == pytest.approx(0.75, abs=0.01)
    assert np.array_equal(edges, start)


def test_simulate__plain_as_compiled(monkeypatch):
    g = graph(4, [(0, 1), (0, 2), (0, 0), (1, 3), (1, 0), (2, 3), *[(3, 0)] * 20, (3, -1)])
    compiled = walked(g, 30)
    for name in ("mixed", "_sums", "_picked", "_walks", "_starts"):
        monkeypatch.setattr(kernels, name, getattr(kernels, name).py_func)
    with np.errstate(over="ignore"):
        plain = walked(g, 30)
    assert all(np.array_equal(a, b) for a, b in zip(compiled, plain, strict=True))


def test_simulate__nowhere_to_begin():
    with pytest.raises(ValueError, match="somewhere to begin"):
        simulate(np.zeros(2, np.int64), ints(), np.empty(0), ints(0), np.zeros(1), 5, seed=1)


def test_simulate__no_walks():
    start, offsets, edges = simulate(np.zeros(2, np.int64), ints(), np.empty(0), ints(0), ONE, 0, seed=1)
    assert (start.size, offsets.tolist(), edges.size) == (0, [0], 0)
