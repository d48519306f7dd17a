"""Random small graphs, as hypothesis draws them, and as plain dictionaries to walk naively."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from gamebook_lab.kernels.csr import from_edges


class Graph(NamedTuple):
    indptr: np.ndarray
    indices: np.ndarray
    edges: tuple[tuple[int, int], ...]

    @property
    def n(self):
        return len(self.indptr) - 1

    def ways(self):
        """Targets of each node, in order; edges to nothing left out."""
        found = [[] for _ in range(self.n)]
        for origin, target in self.edges:
            if target >= 0:
                found[origin].append(target)
        return found


def graph(n, edges):
    origins = np.array([a for a, _ in edges], np.int32)
    targets = np.array([b for _, b in edges], np.int32)
    indptr, indices, _ = from_edges(n, origins, targets)
    return Graph(indptr, indices, tuple(edges))


def path(n):
    """A line of ``n`` nodes."""
    indptr = np.minimum(np.arange(n + 1, dtype=np.int64), n - 1)
    return Graph(indptr, np.arange(1, n, dtype=np.int32), ())


@st.composite
def graphs(draw, least=0, most=9, circles=True):
    """Graphs with self-loops, parallel edges, edges to nothing and nodes that no edge leads to."""
    n = draw(st.integers(least, most))
    if not n:
        return graph(0, [])
    edges = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(-1, n - 1)), max_size=3 * n))
    if not circles:
        edges = [(a, b) for a, b in edges if b < 0 or a < b]
    return graph(n, sorted(edges, key=lambda edge: edge[0]))


def reached_by_hand(ways, starts, without=()):
    seen, pending = set(), [start for start in starts if start not in without]
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending += [target for target in ways[node] if target not in without]
    return seen


def ints(*values):
    return np.array(values, np.int32)
