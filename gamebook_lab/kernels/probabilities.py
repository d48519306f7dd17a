"""How often a reader who chooses by given probabilities comes to each node: endings' probabilities, all in one solve.

For an ending, the expected number of visits is its probability. Play flows forwards through the strongly connected
components in topological order. Within one, the mass that waits at each node is pushed along its edges, again and again
(Gauss-Seidel, written so that the residual is what is still on its way), with an extrapolation now and then that is
kept only if less is left over. No probability is wrong by more than the mass left over, which is stated: whatever
happens to it, it can end but once. A component that takes too many sweeps is solved directly where it is small.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from gamebook_lab.kernels.accelerate import Floats, Ints, Longs, kernel, prefetch
from gamebook_lab.kernels.components import components
from gamebook_lab.kernels.reach import reverse_postorder

__all__ = ["Flow", "expected_visits", "moments", "share_out"]

TOLERANCE: Final = 1e-15
"""Mass left over, as a part of what came into the component: below what adding up 64-bit floats loses."""
_BETWEEN: Final = 8
"""Sweeps from one extrapolation to the next."""
_AHEAD: Final = 32
"""Edges from asking for the mass at the end of one to adding to it."""
_SWEEPS: Final = 400
_MOST_SWEEPS: Final = 40_000
_LARGEST_DIRECT: Final = 20_000
_TINY: Final = float(np.finfo(float).tiny)
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
def share_out(indptr: Longs, indices: Ints, probabilities: Floats) -> None:
    """Let the other edges of a node share, in place, what edges to nothing would take; nan stays."""
    for node in range(indptr.size - 1):
        lost = 0.0
        for edge in range(indptr[node], indptr[node + 1]):
            if indices[edge] < 0 and not np.isnan(probabilities[edge]):
                lost += probabilities[edge]
        left = max(1.0 - lost, _TINY)
        for edge in range(indptr[node], indptr[node + 1]):
            probabilities[edge] = probabilities[edge] / left if indices[edge] >= 0 else 0.0


@kernel
def _all_likely(indices: Ints, probabilities: Floats) -> bool:
    """Tell whether no edge that leads on has the probability 0."""
    n_unlikely = 0
    for edge in range(indices.size):
        n_unlikely += indices[edge] >= 0 and not probabilities[edge] > 0.0
    return n_unlikely == 0


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
def _settle(indptr: Longs, indices: Ints, chances: Floats, mass: Floats, entered: Floats, sweeps: int) -> float:
    """Push mass round in one component until next to nothing is left; gives how much, signs disregarded."""
    came = float(np.abs(mass).sum())
    left = came
    last = indices.size - 1
    mass_before, entered_before = np.empty_like(mass), np.empty_like(entered)
    for _ in range(0, sweeps, _BETWEEN):
        for nth in range(_BETWEEN):
            if nth == _BETWEEN - 1:
                mass_before[:] = mass
                entered_before[:] = entered
            for node in range(mass.size):
                amount = mass[node]
                mass[node] = 0.0
                entered[node] += amount
                for edge in range(indptr[node], indptr[node + 1]):
                    prefetch(mass, indices[min(edge + _AHEAD, last)])
                    mass[indices[edge]] += amount * chances[edge]
        left = float(np.abs(mass).sum())
        if left <= TOLERANCE * came:
            return left
        # taking the last sweep's step `further` times more leaves this much at each node: least squares
        step = mass_before - mass
        further = (mass * step).sum() / (step * step).sum()
        mass_further = mass - further * step
        left_further = float(np.abs(mass_further).sum())
        if left_further < left:
            left = left_further
            mass[:] = mass_further
            entered += further * (entered - entered_before)
    return left


@kernel
def _inside(
    indptr: Longs, indices: Ints, probabilities: Floats, inside: Ints, position: Ints
) -> tuple[Longs, Ints, Floats, Floats]:
    """Cut out one component: its edges between different nodes, in its own numbers, and how likely each is left.

    ``position`` must be -1 for all nodes, and is again afterwards. Probabilities are given that the node is left at
    all: edges to themselves are summed up.
    """
    for at in range(inside.size):
        position[inside[at]] = at
    own = np.zeros(inside.size + 1, np.int64)
    n_edges = 0
    for node in inside:
        n_edges += indptr[node + 1] - indptr[node]
    targets = np.empty(n_edges, np.int32)
    chances = np.empty(n_edges)
    leaves = np.ones(inside.size)
    m = 0
    for at in range(inside.size):
        origin = inside[at]
        for edge in range(indptr[origin], indptr[origin + 1]):
            if indices[edge] == origin:
                leaves[at] -= probabilities[edge]
            elif indices[edge] >= 0 and position[indices[edge]] >= 0:
                targets[m] = position[indices[edge]]
                chances[m] = probabilities[edge]
                m += 1
        for edge in range(own[at], m):
            chances[edge] /= leaves[at]
        own[at + 1] = m
    for node in inside:
        position[node] = -1
    return own, targets[:m].copy(), chances[:m].copy(), leaves


@kernel
def _leave(
    indptr: Longs, indices: Ints, probabilities: Floats, labels: Ints, inside: Ints, mass: Floats, visits: Floats
) -> None:
    """Let what visited a component go on to those after it."""
    for node in inside:
        mass[node] = 0.0
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target >= 0 and labels[target] != labels[node]:
                mass[target] += visits[node] * probabilities[edge]


@kernel
def _flow(
    indptr: Longs,
    indices: Ints,
    probabilities: Floats,
    labels: Ints,
    starts: Ints,
    nodes: Ints,
    first: int,
    last: int,
    sweeps: int,
    mass: Floats,
    visits: Floats,
) -> tuple[int, float]:
    """Work down from component ``first`` to ``last``; ``mass`` and ``visits`` are brought up to date.

    Returns
    -------
    tuple
        The component that did not settle within so many sweeps, with the mass that came into it still there, or
        -1; and the mass left over in those that did. The most sweeps are enough, whatever is left over.
    """
    left_over = 0.0
    # without circles no component is cut out
    position = np.full(labels.size if starts.size <= labels.size else 0, -1, np.int32)
    for component in range(first, last - 1, -1):
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
            node = inside[0]
            stays = 0.0
            for edge in range(indptr[node], indptr[node + 1]):
                if indices[edge] == node:
                    stays += probabilities[edge]
            visits[node] = came / (1.0 - stays)
        else:
            own, targets, chances, leaves = _inside(indptr, indices, probabilities, inside, position)
            waiting = mass[inside]
            entered = np.zeros(inside.size)
            left = _settle(own, targets, chances, waiting, entered, sweeps)
            if left > TOLERANCE * came and sweeps < _MOST_SWEEPS:
                return component, left_over
            left_over += left
            for at in range(inside.size):
                visits[inside[at]] = max(0.0, entered[at] / leaves[at])
        _leave(indptr, indices, probabilities, labels, inside, mass, visits)
    return -1, left_over


def _directly(
    indptr: Longs, indices: Ints, probabilities: Floats, inside: Ints, mass: Floats, visits: Floats
) -> float | None:
    """Solve one component; gives the mass left over, or None if it cannot be done well."""
    from scipy.sparse import csc_array, eye_array  # type: ignore[import-untyped]  # slow to import, and seldom needed
    from scipy.sparse.linalg import splu  # type: ignore[import-untyped]

    position = np.full(indptr.size - 1, -1, np.int32)
    own, targets, chances, leaves = _inside(indptr, indices, probabilities, inside, position)
    origins = np.repeat(np.arange(inside.size), np.diff(own))
    stay = csc_array((chances, (targets, origins)), shape=(inside.size, inside.size))
    matrix = (eye_array(inside.size, format="csc") - stay).tocsc()
    came = mass[inside]
    try:
        factors = splu(matrix)
    except RuntimeError:  # singular
        return None
    entered = factors.solve(came)
    entered += factors.solve(came - matrix @ entered)
    left = float(np.abs(came - matrix @ entered).sum())
    if not left <= _SURE * came.sum():
        return None
    visits[inside] = np.maximum(entered / leaves, 0.0)
    return left


@kernel
def _members_in_order(n_components: int, labels: Ints, order: Ints) -> tuple[Ints, Ints]:
    """List the nodes of each component as they follow each other in ``order``."""
    starts = np.zeros(n_components + 1, np.int32)
    for node in order:
        starts[labels[node] + 1] += 1
    for label in range(n_components):
        starts[label + 1] += starts[label]
    place = starts[:-1].copy()
    nodes = np.empty(order.size, np.int32)
    for node in order:
        nodes[place[labels[node]]] = node
        place[labels[node]] += 1
    return starts, nodes


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
    likely = indices
    if not _all_likely(indices, probabilities):
        likely = np.where(probabilities > 0.0, indices, np.int32(-1))
    begins = np.flatnonzero(source > 0.0).astype(np.int32)
    n_components, labels = components(indptr, likely)
    starts, nodes = _members_in_order(n_components, labels, reverse_postorder(indptr, likely, begins))
    mass, visits = source.astype(np.float64), np.zeros(source.size)
    graph = indptr, likely, probabilities, labels, starts, nodes
    stuck, residual = _flow(*graph, n_components - 1, 0, _SWEEPS, mass, visits)
    while stuck >= 0:
        inside = nodes[starts[stuck] : starts[stuck + 1]]
        left = None
        if inside.size <= _LARGEST_DIRECT:
            left = _directly(indptr, likely, probabilities, inside, mass, visits)
        if left is None:
            _, left = _flow(*graph, stuck, stuck, _MOST_SWEEPS, mass, visits)
        else:
            _leave(indptr, likely, probabilities, labels, inside, mass, visits)
        residual += left
        stuck, left = _flow(*graph, stuck - 1, 0, _SWEEPS, mass, visits)
        residual += left
    caught = np.zeros(visits.size)  # takes no memory where it stays 0, which is nearly everywhere
    for_ever = np.isinf(visits)
    caught[for_ever] = mass[for_ever]
    return Flow(visits, caught, residual)


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
