"""What can be reached from where, and over how few edges.

What can reach a set (an ending, say) is what is reached from it in the graph turned round
(:func:`~gamebook_lab.kernels.csr.predecessors`); a state outside that is a soft lock.
"""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Ints, Longs, kernel
from gamebook_lab.kernels.csr import predecessors

__all__ = ["breadth_first", "can_reach", "distances", "reached", "reverse_postorder"]


@kernel
def reached(indptr: Longs, indices: Ints, starts: Ints) -> Flags:
    """Tell for each node whether an edge or several lead to it from one of ``starts``, or none is needed."""
    n = indptr.size - 1
    seen = np.zeros(n + 1, np.uint8)
    seen[n] = 1  # where edges to nothing, -1, point: they need no test
    found = np.empty(n + 1, np.int32)
    n_found = 0
    for start in starts:
        if not seen[start]:
            seen[start] = 1
            found[n_found] = start
            n_found += 1
    at = 0
    while at < n_found:
        node = found[at]
        at += 1
        for edge in range(indptr[node], indptr[node + 1]):
            # written anyhow and kept if new: half of all edges lead to what is known, so that a branch is mispredicted
            target = indices[edge]
            found[n_found] = target
            n_found += 1 - seen[target]
            seen[target] = 1
    return seen[:n].astype(np.bool_)


@kernel
def can_reach(indptr: Longs, indices: Ints, goals: Ints) -> Flags:
    """Tell for each node whether one of ``goals`` can be reached from it (it may be one itself)."""
    turned, origins = predecessors(indptr, indices)
    return reached(turned, origins, goals)


@kernel
def distances(indptr: Longs, indices: Ints, starts: Ints) -> Ints:
    """Count the edges of a shortest way from ``starts`` to each node; -1 where there is none."""
    n = indptr.size - 1
    order = np.empty(n, np.int32)
    found = np.full(n, -1, np.int32)
    n_found = 0
    for start in starts:
        if found[start] < 0:
            found[start] = 0
            order[n_found] = start
            n_found += 1
    at = 0
    while at < n_found:
        node = order[at]
        at += 1
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target >= 0 and found[target] < 0:
                found[target] = found[node] + 1
                order[n_found] = target
                n_found += 1
    return found


@kernel
def breadth_first(indptr: Longs, indices: Ints, starts: Ints) -> tuple[Ints, Ints, Ints, Longs]:
    """Walk outwards from ``starts``, nearest nodes first and edges in their order.

    Returns
    -------
    tuple
        The nodes reached, in order; and for each node of the graph its distance in edges, the node that a
        shortest way comes from, and the edge that it takes: -1 where there is none.
    """
    n = indptr.size - 1
    order = np.empty(n, np.int32)
    distances = np.full(n, -1, np.int32)
    parents = np.full(n, -1, np.int32)
    edges = np.full(n, -1, np.int64)
    n_found = 0
    for start in starts:
        if distances[start] < 0:
            distances[start] = 0
            order[n_found] = start
            n_found += 1
    at = 0
    while at < n_found:
        node = order[at]
        at += 1
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target >= 0 and distances[target] < 0:
                distances[target] = distances[node] + 1
                parents[target] = node
                edges[target] = edge
                order[n_found] = target
                n_found += 1
    return order[:n_found].copy(), distances, parents, edges


@kernel
def reverse_postorder(indptr: Longs, indices: Ints, starts: Ints) -> Ints:
    """List what is reached from ``starts`` so that few edges lead backwards: none where there are no circles."""
    n = indptr.size - 1
    seen = np.zeros(n, np.bool_)
    edge_at = indptr[:-1].copy()
    path = np.empty(n, np.int32)
    found = np.empty(n, np.int32)
    first = n  # filled from the end
    for start in starts[::-1]:
        if seen[start]:
            continue
        seen[start] = True
        path[0] = start
        n_path = 1
        while n_path:
            node = path[n_path - 1]
            edge, stop = edge_at[node], indptr[node + 1]
            while edge < stop and (indices[edge] < 0 or seen[indices[edge]]):
                edge += 1
            edge_at[node] = edge
            if edge < stop:
                seen[indices[edge]] = True
                path[n_path] = indices[edge]
                n_path += 1
            else:
                n_path -= 1
                first -= 1
                found[first] = node
    return found[first:].copy()
