"""Dominators: what every way from the start to a node passes (its bottlenecks)."""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Longs, kernel
from gamebook_lab.kernels.csr import transpose

__all__ = ["immediate_dominators", "post_dominators"]


@kernel
def _depth_first(indptr: Longs, indices: Ints, start: int) -> tuple[int, Ints, Ints, Ints]:
    """Number the nodes reached, in preorder: how many; node of a number; number of a node; parent of a number."""
    n = indptr.size - 1
    nodes = np.empty(n, np.int32)
    numbers = np.full(n, -1, np.int32)
    parents = np.empty(n, np.int32)
    edge_at = indptr[:-1].copy()
    nodes[0] = start
    numbers[start] = 0
    parents[0] = 0
    n_found = 1
    at = 0
    while True:
        node = nodes[at]
        edge, stop = edge_at[node], indptr[node + 1]
        while edge < stop and (indices[edge] < 0 or numbers[indices[edge]] >= 0):
            edge += 1
        edge_at[node] = edge
        if edge < stop:
            target = indices[edge]
            nodes[n_found] = target
            numbers[target] = n_found
            parents[n_found] = at
            at = n_found
            n_found += 1
        elif at:
            at = parents[at]
        else:
            return n_found, nodes, numbers, parents


@kernel
def immediate_dominators(indptr: Longs, indices: Ints, start: int) -> Ints:
    """Find the last node that every way from ``start`` passes before it comes to a node.

    Returns
    -------
    numpy.ndarray
        For each node; -1 where no way leads, and ``start`` for itself.

    Notes
    -----
    Semi-NCA (Georgiadis, Tarjan and Werneck, "Finding dominators in practice", Journal of Graph Algorithms
    and Applications 10, 2006), with path compression on numbers in preorder.
    """
    n = indptr.size - 1
    found = np.full(n, -1, np.int32)
    k, nodes, numbers, parents = _depth_first(indptr, indices, start)
    # edges by where they lead, in numbers
    before = np.zeros(k + 1, np.int64)
    for i in range(k):
        node = nodes[i]
        for edge in range(indptr[node], indptr[node + 1]):
            if indices[edge] >= 0:
                before[numbers[indices[edge]] + 1] += 1
    for i in range(k):
        before[i + 1] += before[i]
    place = before[:-1].copy()
    origins = np.empty(before[k], np.int32)
    for i in range(k):
        node = nodes[i]
        for edge in range(indptr[node], indptr[node + 1]):
            if indices[edge] >= 0:
                j = numbers[indices[edge]]
                origins[place[j]] = i
                place[j] += 1

    ancestors = parents.copy()
    semi = np.empty(k, np.int32)
    lowest = np.empty(k, np.int32)  # semidominator, least along the compressed path
    path = np.empty(k, np.int32)
    for i in range(k - 1, 0, -1):
        least = parents[i]
        for at in range(before[i], before[i + 1]):
            v = origins[at]
            if v > i:
                u = v
                n_path = 0
                while ancestors[u] > i:
                    path[n_path] = u
                    n_path += 1
                    u = ancestors[u]
                while n_path:
                    n_path -= 1
                    w = path[n_path]
                    above = ancestors[w]
                    lowest[w] = min(lowest[w], lowest[above])
                    ancestors[w] = ancestors[above]
                v = lowest[v]
            least = min(least, v)
        semi[i] = least
        lowest[i] = least
    dominators = parents
    for i in range(1, k):
        d = dominators[i]
        while d > semi[i]:
            d = dominators[d]
        dominators[i] = d
        found[nodes[i]] = nodes[d]
    found[start] = start
    return found


@kernel
def post_dominators(indptr: Longs, indices: Ints, exits: Ints) -> Ints:
    """Find the next node that every way from a node to one of ``exits`` passes.

    Returns
    -------
    numpy.ndarray
        For each node; ``n``, the number of nodes, stands for the outside behind all exits, where ways part for
        good, and -1 where no way leads to an exit.
    """
    n = indptr.size - 1
    turned, origins, _ = transpose(indptr, indices)
    # a node behind all exits, with an edge back to each
    with_outside = np.empty(n + 2, np.int64)
    with_outside[: n + 1] = turned
    with_outside[n + 1] = turned[n] + exits.size
    return immediate_dominators(with_outside, np.concatenate((origins, exits)), n)[:n].copy()
