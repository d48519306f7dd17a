"""How likely a reader comes to any of some nodes at all, for many such groups: each in one sweep, in a graph without circles."""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Floats, Ints, Longs, kernel

__all__ = ["first_visits"]


@kernel
def first_visits(
    indptr: Longs, indices: Ints, probabilities: Floats, order: Ints, source: Floats, members: Ints, offsets: Longs
) -> Floats:
    """Sum up the probability of first coming to a node of each group.

    Parameters
    ----------
    indptr, indices, probabilities
        The graph, without circles.
    order
        Its nodes, each before all that its edges lead to.
    source
        Of each node: probability that reading begins there.
    members, offsets
        Nodes of group ``i`` are ``members[offsets[i]:offsets[i + 1]]``.

    Returns
    -------
    numpy.ndarray
        Of each group; time is the number of groups times the size of the graph.
    """
    n = indptr.size - 1
    found = np.zeros(offsets.size - 1)
    stops = np.zeros(n, np.bool_)
    for group in range(offsets.size - 1):
        stops[:] = False
        for at in range(offsets[group], offsets[group + 1]):
            stops[members[at]] = True
        mass = source.copy()
        for node in order:
            if mass[node] <= 0.0:
                continue
            if stops[node]:
                found[group] += mass[node]
                continue
            for edge in range(indptr[node], indptr[node + 1]):
                if indices[edge] >= 0:
                    mass[indices[edge]] += mass[node] * probabilities[edge]
    return found
