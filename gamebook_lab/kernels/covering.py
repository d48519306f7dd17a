"""Walks that meet much that was not met yet: the greedy step of covering a graph with few walks.

What is met hangs on keys of nodes and edges (places of one key meet the same items). Parts of the graph where play can
go round in circles are swept; between them, the way that promises most is taken. A promise counts an item as often as
it stands on the way, so the greedy step is a good one, not always the best.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Floats, Ints, Longs, kernel

__all__ = ["promises", "within"]


@kernel
def promises(
    indptr: Longs, indices: Ints, labels: Ints, starts: Longs, nodes: Ints,
    node_gain: Floats, edge_gain: Floats, rest: Ints,
) -> tuple[Floats, Longs]:  # fmt: skip
    """Say what each component promises to a walk that comes there.

    Parameters
    ----------
    indptr, indices
        The graph.
    labels, starts, nodes
        Components and their nodes, as :func:`~gamebook_lab.kernels.components.components` and ``members`` give them.
    node_gain, edge_gain
        What coming to each node, and taking each edge, brings.
    rest
        Of each node: steps to where play may stop; among ways that promise as much, the one with fewest is taken.

    Returns
    -------
    tuple
        The most that can be gained from each component on; and the edge by which to leave it, -1 for none.
    """
    n = starts.size - 1
    value = np.zeros(n, np.float64)
    leave = np.full(n, -1, np.int64)
    for component in range(n):
        own, best, best_rest = 0.0, -np.inf, 0
        for node in nodes[starts[component] : starts[component + 1]]:
            own += node_gain[node]
            for edge in range(indptr[node], indptr[node + 1]):
                target = indices[edge]
                if target < 0:
                    continue
                if labels[target] == component:
                    own += max(0.0, edge_gain[edge])
                    continue
                found = edge_gain[edge] + value[labels[target]]
                if found > best or (found == best and rest[target] < best_rest):
                    best, best_rest, leave[component] = found, rest[target], edge
        value[component] = own + (best if leave[component] >= 0 else 0.0)
    return value, leave


@kernel
def within(
    indptr: Longs, indices: Ints, labels: Ints, start: int, goal: int,
    node_worth: Floats, node_key: Ints, edge_worth: Floats, edge_key: Ints, seen: Ints, parents: Longs, mark: int,
) -> Longs:  # fmt: skip
    """Find a shortest way inside one component.

    Parameters
    ----------
    indptr, indices, labels
        The graph and its components.
    start
        Where the way begins.
    goal
        Node to come to; -1 for the nearest place that brings something. The start itself brings nothing.
    node_worth, node_key, edge_worth, edge_key
        What keys bring, and the key of each node and edge.
    seen, parents
        Work space of one entry a node; ``seen`` holds no ``mark``.
    mark
        A number not used before.

    Returns
    -------
    array
        Edges of the way; empty if there is none, or it leads nowhere else.
    """
    queue = [start]
    seen[start] = mark
    parents[start] = -1
    at = 0
    last = -1
    while at < len(queue) and last < 0 and start != goal:
        node = queue[at]
        at += 1
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target < 0 or labels[target] != labels[start]:
                continue
            is_new = seen[target] != mark
            if goal < 0 and (edge_worth[edge_key[edge]] > 0.0 or (is_new and node_worth[node_key[target]] > 0.0)):
                last = edge
                break
            if is_new:
                seen[target] = mark
                parents[target] = edge
                if target == goal:
                    last = edge
                    break
                queue.append(target)
    back = np.empty(len(queue) + 1, np.int64)
    n = 0
    while last >= 0:
        back[n] = last
        n += 1
        # the node that an edge starts from: the last whose edges do not begin after it
        last = parents[np.searchsorted(indptr, last, side="right") - 1]
    return back[:n][::-1].copy()
