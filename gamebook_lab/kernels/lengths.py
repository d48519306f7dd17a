"""Shortest and longest ways from the start to every node, by any cost of edges: choices, words."""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

import heapq

import numpy as np

from gamebook_lab.kernels.accelerate import Floats, Ints, Longs, kernel
from gamebook_lab.kernels.components import components, members

__all__ = ["longest", "shortest"]


@kernel
def _shortest(
    indptr: Longs, indices: Ints, costs: Floats, labels: Ints, starts: Longs, nodes: Ints, found: Floats
) -> None:
    """Go down the components: what a way to one costs is settled before. Within one that is a circle: Dijkstra."""
    pending = [(0.0, np.int32(0)) for _ in range(0)]
    for component in range(starts.size - 2, -1, -1):
        first, last = starts[component], starts[component + 1]
        if last - first == 1:
            node = nodes[first]
            if found[node] < np.inf:
                for edge in range(indptr[node], indptr[node + 1]):
                    target = indices[edge]
                    if target >= 0:
                        found[target] = min(found[target], found[node] + costs[edge])
            continue
        for node in nodes[first:last]:
            if found[node] < np.inf:
                heapq.heappush(pending, (found[node], node))
        while pending:
            cost, node = heapq.heappop(pending)
            if cost > found[node]:
                continue
            for edge in range(indptr[node], indptr[node + 1]):
                target = indices[edge]
                if target >= 0 and cost + costs[edge] < found[target]:
                    found[target] = cost + costs[edge]
                    if labels[target] == component:
                        heapq.heappush(pending, (found[target], target))


def shortest(
    indptr: Longs, indices: Ints, costs: Floats, starts: Ints, component: tuple[int, Ints] | None = None
) -> Floats:
    """Find the least cost of coming to each node; infinite where no way leads.

    Parameters
    ----------
    indptr, indices
        The graph.
    costs
        Of edges, and not negative.
    starts
        Where ways begin.
    component
        What :func:`~gamebook_lab.kernels.components.components` finds, if that is known.
    """
    n_components, labels = component or components(indptr, indices)
    bounds, nodes = members(n_components, labels)
    found = np.full(indptr.size - 1, np.inf)
    found[starts] = 0.0
    _shortest(indptr, indices, costs, labels, bounds, nodes, found)
    return found


@kernel
def _longest(
    indptr: Longs, indices: Ints, costs: Floats, labels: Ints, starts: Longs, nodes: Ints, found: Floats
) -> None:
    for component in range(starts.size - 2, -1, -1):
        inside = nodes[starts[component] : starts[component + 1]]
        most = -np.inf
        grows = False
        for node in inside:
            most = max(most, found[node])
            for edge in range(indptr[node], indptr[node + 1]):
                if indices[edge] >= 0 and labels[indices[edge]] == component and costs[edge] > 0.0:
                    grows = True
        if most == -np.inf:
            continue
        if grows:
            most = np.inf
        for node in inside:
            found[node] = most
            for edge in range(indptr[node], indptr[node + 1]):
                target = indices[edge]
                if target >= 0 and labels[target] != component:
                    found[target] = max(found[target], most + costs[edge])


def longest(
    indptr: Longs, indices: Ints, costs: Floats, starts: Ints, component: tuple[int, Ints] | None = None
) -> Floats:
    """Find the greatest cost of coming to each node: infinite where a circle that costs anything is on a way there.

    Parameters are those of :func:`shortest`.

    Returns
    -------
    numpy.ndarray
        For each node; -inf where no way leads.
    """
    n_components, labels = component or components(indptr, indices)
    bounds, nodes = members(n_components, labels)
    found = np.full(indptr.size - 1, -np.inf)
    found[starts] = 0.0
    _longest(indptr, indices, costs, labels, bounds, nodes, found)
    return found
