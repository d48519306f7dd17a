"""Strongly connected components: where play may go round in circles, and in which order what is left comes.

Components are numbered from the ends of the story backwards: an edge leads to its own component or one of a lower
number. So counting down from the highest number is a topological order.
"""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Ints, Longs, kernel

__all__ = ["bottom", "components", "cyclic", "members"]


@kernel
def components(indptr: Longs, indices: Ints) -> tuple[int, Ints]:
    """Find each node's component, in one walk.

    Returns
    -------
    tuple
        How many there are, and each node's component.

    Notes
    -----
    Pearce, "A space-efficient algorithm for finding strongly connected components", Information Processing Letters
    116 (2016). One array holds the index of a node on the way and, once done, the number of its component counted
    down from ``n``. Of ``k`` nodes not yet done the indices are at most ``k``, and numbers given out are above
    it, so that one comparison serves both.
    """
    n = indptr.size - 1
    index = np.zeros(n, np.int32)
    is_root = np.ones(n, np.bool_)
    edge_at = indptr[:-1].copy()
    path = np.empty(n, np.int32)
    waiting = np.empty(n, np.int32)
    n_waiting = 0
    next_index = 1
    number = n
    for first in range(n):
        if index[first]:
            continue
        n_path = 1
        path[0] = first
        index[first] = next_index
        next_index += 1
        while n_path:
            node = path[n_path - 1]
            edge, stop = edge_at[node], indptr[node + 1]
            low = index[node]
            deeper = -1
            while edge < stop:
                target = indices[edge]
                if target >= 0:
                    if not index[target]:
                        deeper = target
                        break  # and look at this edge again afterwards, to take over what was found below
                    if index[target] < low:
                        low = index[target]
                        is_root[node] = False
                edge += 1
            index[node] = low
            edge_at[node] = edge
            if deeper >= 0:
                index[deeper] = next_index
                next_index += 1
                path[n_path] = deeper
                n_path += 1
                continue
            n_path -= 1
            if is_root[node]:
                next_index -= 1
                while n_waiting and index[waiting[n_waiting - 1]] >= low:
                    n_waiting -= 1
                    index[waiting[n_waiting]] = number
                    next_index -= 1
                index[node] = number
                number -= 1
            else:
                waiting[n_waiting] = node
                n_waiting += 1
    for node in range(n):
        index[node] = n - index[node]
    return n - number, index


@kernel
def members(n_components: int, labels: Ints) -> tuple[Longs, Ints]:
    """List the nodes of each component, ascending: those of ``c`` are ``nodes[starts[c]:starts[c + 1]]``."""
    starts = np.zeros(n_components + 1, np.int64)
    for label in labels:
        starts[label + 1] += 1
    for label in range(n_components):
        starts[label + 1] += starts[label]
    place = starts[:-1].copy()
    nodes = np.empty(labels.size, np.int32)
    for node in range(labels.size):
        nodes[place[labels[node]]] = node
        place[labels[node]] += 1
    return starts, nodes


@kernel
def bottom(indptr: Longs, indices: Ints, n_components: int, labels: Ints) -> Flags:
    """Tell of each component whether no edge leaves it."""
    found = np.ones(n_components, np.bool_)
    for node in range(labels.size):
        for edge in range(indptr[node], indptr[node + 1]):
            if indices[edge] >= 0 and labels[indices[edge]] != labels[node]:
                found[labels[node]] = False
    return found


@kernel
def cyclic(indptr: Longs, indices: Ints, n_components: int, labels: Ints) -> Flags:
    """Tell of each component whether an edge stays in it: play may go round there for ever."""
    found = np.zeros(n_components, np.bool_)
    for node in range(labels.size):
        for edge in range(indptr[node], indptr[node + 1]):
            if indices[edge] >= 0 and labels[indices[edge]] == labels[node]:
                found[labels[node]] = True
    return found
