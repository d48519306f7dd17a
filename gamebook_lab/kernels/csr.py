"""Graphs turned round, cut down and put together."""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Ints, Longs, kernel

__all__ = ["entries", "from_edges", "predecessors", "reordered", "sources", "subgraph", "transpose"]


@kernel
def from_edges(n: int, origins: Ints, targets: Ints) -> tuple[Longs, Ints, Longs]:
    """Put edges in order of where they start.

    Returns
    -------
    tuple
        ``indptr``, ``indices``, and for each edge there its number in the lists given: edges of one node keep
        their order.
    """
    m = origins.size
    indptr = np.zeros(n + 1, np.int64)
    for edge in range(m):
        indptr[origins[edge] + 1] += 1
    for node in range(n):
        indptr[node + 1] += indptr[node]
    place = indptr[:-1].copy()
    indices = np.empty(m, np.int32)
    numbers = np.empty(m, np.int64)
    for edge in range(m):
        at = place[origins[edge]]
        place[origins[edge]] = at + 1
        indices[at] = targets[edge]
        numbers[at] = edge
    return indptr, indices, numbers


@kernel
def predecessors(indptr: Longs, indices: Ints) -> tuple[Longs, Ints]:
    """Turn every edge round, as :func:`transpose` does, where their numbers are not asked for: in half the memory."""
    n = indptr.size - 1
    turned = np.zeros(n + 2, np.int64)  # a place further on than it will be: it counts up while edges are put in
    for target in indices:
        if target >= 0:
            turned[target + 2] += 1
    for node in range(n):
        turned[node + 2] += turned[node + 1]
    origins = np.empty(turned[n + 1], np.int32)
    for node in range(n):
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target >= 0:
                origins[turned[target + 1]] = node
                turned[target + 1] += 1
    return turned[: n + 1], origins


@kernel
def transpose(indptr: Longs, indices: Ints) -> tuple[Longs, Ints, Longs]:
    """Turn every edge round; edges to nothing are left out.

    Returns
    -------
    tuple
        ``indptr`` and ``indices`` of the graph turned round (origins ascending), and for each edge there its
        number in the graph given.
    """
    n = indptr.size - 1
    turned = np.zeros(n + 1, np.int64)
    for edge in range(indices.size):
        if indices[edge] >= 0:
            turned[indices[edge] + 1] += 1
    for node in range(n):
        turned[node + 1] += turned[node]
    place = turned[:-1].copy()
    origins = np.empty(turned[n], np.int32)
    numbers = np.empty(turned[n], np.int64)
    for node in range(n):
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target >= 0:
                at = place[target]
                place[target] = at + 1
                origins[at] = node
                numbers[at] = edge
    return turned, origins, numbers


@kernel
def subgraph(indptr: Longs, indices: Ints, keep: Flags) -> tuple[Ints, Longs, Ints, Longs]:
    """Keep some nodes and the edges between them.

    Returns
    -------
    tuple
        The nodes kept, ascending (node ``i`` of the new graph is ``nodes[i]`` of the old); ``indptr`` and
        ``indices`` of the new graph; for each of its edges the number in the old one.
    """
    n = indptr.size - 1
    renamed = np.full(n, -1, np.int32)
    n_kept = 0
    for node in range(n):
        if keep[node]:
            renamed[node] = n_kept
            n_kept += 1
    nodes = np.empty(n_kept, np.int32)
    kept_indptr = np.zeros(n_kept + 1, np.int64)
    for node in range(n):
        new = renamed[node]
        if new >= 0:
            nodes[new] = node
            count = 0
            for edge in range(indptr[node], indptr[node + 1]):
                if indices[edge] >= 0 and keep[indices[edge]]:
                    count += 1
            kept_indptr[new + 1] = kept_indptr[new] + count
    kept_indices = np.empty(kept_indptr[n_kept], np.int32)
    numbers = np.empty(kept_indptr[n_kept], np.int64)
    at = 0
    for old in nodes:
        for edge in range(indptr[old], indptr[old + 1]):
            if indices[edge] >= 0 and keep[indices[edge]]:
                kept_indices[at] = renamed[indices[edge]]
                numbers[at] = edge
                at += 1
    return nodes, kept_indptr, kept_indices, numbers


@kernel
def reordered(indptr: Longs, indices: Ints, nodes: Ints) -> tuple[Longs, Ints, Longs]:
    """Number some nodes as they are listed. Their edges lead to each other or, and stay so, to nothing.

    Returns
    -------
    tuple
        ``indptr`` and ``indices`` of the new graph; for each of its edges the number in the old one.
    """
    renamed = np.full(indptr.size - 1, -1, np.int32)
    new_indptr = np.zeros(nodes.size + 1, np.int64)
    for new in range(nodes.size):
        renamed[nodes[new]] = new
        new_indptr[new + 1] = new_indptr[new] + indptr[nodes[new] + 1] - indptr[nodes[new]]
    new_indices = np.empty(new_indptr[-1], np.int32)
    numbers = np.empty(new_indptr[-1], np.int64)
    at = 0
    for old in nodes:
        for edge in range(indptr[old], indptr[old + 1]):
            new_indices[at] = renamed[indices[edge]] if indices[edge] >= 0 else -1
            numbers[at] = edge
            at += 1
    return new_indptr, new_indices, numbers


@kernel
def sources(indptr: Longs) -> Ints:
    """Give each edge the node that it starts from."""
    n = indptr.size - 1
    found = np.empty(indptr[n], np.int32)
    for node in range(n):
        found[indptr[node] : indptr[node + 1]] = node
    return found


def entries(indptr: Longs, rows: Ints | Longs) -> tuple[Longs, Longs]:
    """List what some rows hold, one after the other; a row may be asked for again and again.

    Returns
    -------
    tuple
        For each entry its position in ``rows``, and where it stands in the array that ``indptr`` cuts into rows.
    """
    sizes = np.diff(indptr)[rows]
    position = np.repeat(np.arange(rows.size, dtype=np.int64), sizes)
    shift = np.repeat(indptr[rows] - (np.cumsum(sizes) - sizes), sizes)
    return position, np.arange(position.size) + shift
