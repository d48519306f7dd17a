"""How often a reader who chooses by given probabilities comes to each node: endings' probabilities, all in one solve.

For an ending, the expected number of visits is its probability. Play flows forwards through the strongly connected
components in topological order. Within one, the mass that waits at each node is pushed along its edges, again and again
(Gauss-Seidel, written so that the residual is what is still on its way): only additions of what is not negative, so
nothing cancels, and no probability is short by more than the mass left over, which is stated. A component that
takes too many sweeps is solved directly where it is small.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csc_array, eye_array  # type: ignore[import-untyped]
from scipy.sparse.linalg import splu  # type: ignore[import-untyped]

from gamebook_lab.kernels.accelerate import Floats, Ints, Longs, kernel
from gamebook_lab.kernels.components import components, members

__all__ = ["Flow", "expected_visits", "moments"]

TOLERANCE: Final = 1e-15
"""Mass left over, as a part of what came into the component: below what adding up 64-bit floats loses."""
_SWEEPS: Final = 400
_MOST_SWEEPS: Final = 40_000
_LARGEST_DIRECT: Final = 20_000
_SURE: Final = 1e-12
"""Probabilities that sum up to within this of 1 are sure to stay: far above rounding, far below any author's."""


class Flow(NamedTuple):
    """What :func:`expected_visits` finds."""

    visits: Floats
    """Expected number of visits of each node; infinite where play that comes there can go round for ever."""
    caught: Floats
    """Probability of coming to each node first, among those of a circle with no way out; 0 elsewhere."""
    residual: float
    """No probability is wrong by more than this, but for rounding."""


@kernel
def _push(indptr: Longs, indices: Ints, probabilities: Floats, node: int, mass: Floats, visits: Floats) -> None:
    """Let the mass that waits at a node go on; what stays by edges to itself is summed up."""
    stay = 0.0
    for edge in range(indptr[node], indptr[node + 1]):
        if indices[edge] == node:
            stay += probabilities[edge]
    amount = mass[node] / (1.0 - stay)
    mass[node] = 0.0
    visits[node] += amount
    for edge in range(indptr[node], indptr[node + 1]):
        target = indices[edge]
        if target >= 0 and target != node:
            mass[target] += amount * probabilities[edge]


@kernel
def _is_closed(indptr: Longs, indices: Ints, probabilities: Floats, labels: Ints, inside: Ints) -> bool:
    """Tell whether play that comes into this component goes round in it for ever."""
    for node in inside:
        stay = 0.0
        for edge in range(indptr[node], indptr[node + 1]):
            if indices[edge] >= 0:
                if labels[indices[edge]] != labels[node]:
                    return False
                stay += probabilities[edge]
        if stay < 1.0 - _SURE:
            return False
    return True


@kernel
def _flow(
    indptr: Longs,
    indices: Ints,
    probabilities: Floats,
    labels: Ints,
    starts: Longs,
    nodes: Ints,
    first: int,
    sweeps: int,
    mass: Floats,
    visits: Floats,
) -> tuple[int, float]:
    """Work down from component ``first``; ``mass`` and ``visits`` are brought up to date.

    Returns
    -------
    tuple
        The component that did not settle within so many sweeps, or -1; and the mass left over in those that did.
    """
    left_over = 0.0
    for component in range(first, -1, -1):
        inside = nodes[starts[component] : starts[component + 1]]
        came = 0.0
        for node in inside:
            came += mass[node]
        if came == 0.0:
            continue
        if _is_closed(indptr, indices, probabilities, labels, inside):
            for node in inside:
                visits[node] = np.inf
            continue
        if inside.size == 1:
            _push(indptr, indices, probabilities, inside[0], mass, visits)
            continue
        left = came
        for _ in range(sweeps):
            for node in inside:
                if mass[node] > 0.0:
                    _push(indptr, indices, probabilities, node, mass, visits)
            left = 0.0
            for node in inside:
                left += mass[node]
            if left <= TOLERANCE * came:
                break
        if left > TOLERANCE * came:
            return component, left_over
        for node in inside:
            mass[node] = 0.0
        left_over += left
    return -1, left_over


def _directly(indptr: Longs, indices: Ints, probabilities: Floats, inside: Ints, mass: Floats, visits: Floats) -> bool:
    """Solve for one component what its sweeps left over; False, and nothing is changed, if it cannot be done well."""
    position = np.full(indptr.size - 1, -1, np.int64)
    position[inside] = np.arange(inside.size)
    counts = np.diff(indptr)[inside]
    origins = np.repeat(np.arange(inside.size), counts)
    edges = np.repeat(indptr[inside] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
    edges, origins = edges[indices[edges] >= 0], origins[indices[edges] >= 0]
    targets = indices[edges]
    is_inside = position[targets] >= 0
    stay = csc_array(
        (probabilities[edges[is_inside]], (position[targets[is_inside]], origins[is_inside])),
        shape=(inside.size, inside.size),
    )
    matrix = (eye_array(inside.size, format="csc") - stay).tocsc()
    wanted = mass[inside]
    try:
        factors = splu(matrix)
    except RuntimeError:  # singular: the sweeps go on
        return False
    more = factors.solve(wanted)
    more += factors.solve(wanted - matrix @ more)
    if not np.abs(wanted - matrix @ more).sum() <= _SURE * wanted.sum():
        return False
    visits[inside] += more
    mass[inside] = 0.0
    leaving = edges[~is_inside]
    np.add.at(mass, indices[leaving], more[origins[~is_inside]] * probabilities[leaving])
    return True


def expected_visits(indptr: Longs, indices: Ints, probabilities: Floats, source: Floats) -> Flow:
    """Follow readers from where they start to where they end.

    Parameters
    ----------
    indptr, indices
        The graph.
    probabilities
        Probability of each edge at its node, not negative. Where those of a node sum up to less than 1, the rest
        leaves the graph: an end.
    source
        Where reading starts: 1 at one node, or any distribution.

    Returns
    -------
    Flow
        Exact, in one pass, where play cannot go round in circles.
    """
    likely = np.where(probabilities > 0.0, indices, np.int32(-1))
    n_components, labels = components(indptr, likely)
    starts, nodes = members(n_components, labels)
    mass, visits = source.astype(np.float64), np.zeros(source.size)
    residual = 0.0
    first, sweeps = n_components - 1, _SWEEPS
    while first >= 0:
        stuck, left = _flow(indptr, likely, probabilities, labels, starts, nodes, first, sweeps, mass, visits)
        residual += left
        if stuck < 0:
            break
        inside = nodes[starts[stuck] : starts[stuck + 1]]
        is_new = sweeps == _SWEEPS
        if is_new and inside.size <= _LARGEST_DIRECT and _directly(indptr, likely, probabilities, inside, mass, visits):
            first = stuck - 1
        elif is_new:
            first, sweeps = stuck, _MOST_SWEEPS
        else:
            residual += float(mass[inside].sum())
            mass[inside] = 0.0
            first, sweeps = stuck - 1, _SWEEPS
    return Flow(visits, np.where(np.isinf(visits), mass, 0.0), residual)


def moments(indptr: Longs, indices: Ints, probabilities: Floats, visits: Floats, costs: Floats) -> Floats:
    """Sum up, over all ways to each node, the probability of the way times what it cost.

    Divided by ``visits``, for an ending, this is the expected cost of the playthroughs that end there.

    Parameters
    ----------
    indptr, indices, probabilities
        As for :func:`expected_visits`.
    visits
        What that found.
    costs
        Of each edge: 1 to count choices; the words of the node that it leads to, to count words.

    Returns
    -------
    numpy.ndarray
        For each node; infinite where visits are.
    """
    source = np.zeros(visits.size)
    finite = np.where(np.isinf(visits), 0.0, visits)
    _spread(indptr, indices, probabilities * costs, finite, source)
    return expected_visits(indptr, indices, probabilities, source).visits


@kernel
def _spread(indptr: Longs, indices: Ints, weights: Floats, amounts: Floats, onto: Floats) -> None:
    for node in range(indptr.size - 1):
        for edge in range(indptr[node], indptr[node + 1]):
            if indices[edge] >= 0:
                onto[indices[edge]] += amounts[node] * weights[edge]
