"""The fewest playthroughs that cover everything: as a flow through the state graph that meets each thing at least once.

A set of playthroughs is a flow from the starts to where play stops. Asked to be as small as possible and yet to meet
each thing somewhere, it bounds any suite from below. On a story without circles a flow of whole numbers falls apart
into playthroughs, so that the smallest is the best suite. Where circles are, a flow may go round where no playthrough
comes, and only the bound holds.

Solved by HiGHS (Huangfu and Hall, *Mathematical Programming Computation* 10, 2018) by way of SciPy.
"""

from __future__ import annotations

import time
from typing import Final

import numpy as np
from scipy.optimize import LinearConstraint, linprog, milp  # type: ignore[import-untyped]
from scipy.sparse import coo_array, vstack  # type: ignore[import-untyped]

from gamebook_lab.analysis.meeting import Keyed, Level
from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.kernels.accelerate import Floats, Ints, Longs
from gamebook_lab.kernels.components import components, cyclic, members
from gamebook_lab.kernels.covering import promises
from gamebook_lab.kernels.lengths import longest
from gamebook_lab.kernels.reach import can_reach

__all__ = ["fewest"]

_MOST_EDGES: Final = 200_000
"""Larger graphs are not tried: the solver would take minutes."""
_MOST_MEETINGS: Final = 2_000_000
_CLOSE: Final = 1e-6


def fewest(graph: PlayGraph, what: Level, suite: Walks, *, seconds: float) -> tuple[Walks, int]:
    """Look for the smallest suite, and bound it from below.

    Parameters
    ----------
    graph, what
        The state graph, and what is to be met on it.
    suite
        Some playthroughs that meet all of it.
    seconds
        Most time to take; 0: only a simple bound is worked out.

    Returns
    -------
    tuple
        A suite, the one given if none better was found; and a number of playthroughs that no suite goes below.
    """
    met = np.flatnonzero(what.nearest.is_found).astype(np.int32)
    bound = _simple_bound(graph, what, met.size)
    if seconds <= 0.0 or bound >= len(suite) or graph.indices.size > _MOST_EDGES:
        return suite, bound
    n_components, labels = components(graph.indptr, graph.indices)
    is_acyclic = not cyclic(graph.indptr, graph.indices, n_components, labels).any()
    # a step costs so little that all steps together cost less than half a playthrough: then the shortest suite is taken
    step_cost = 0.0
    if is_acyclic:
        lengths = longest(graph.indptr, graph.indices, np.ones(graph.indices.size), graph.starts)
        step_cost = 0.4 / max(1.0, len(suite) * float(lengths[np.isfinite(lengths)].max(initial=1.0)))
        step_cost = step_cost if step_cost > 10 * _CLOSE else 0.0
    flow = _Flow(graph, what, met)
    if flow.n_meetings > _MOST_MEETINGS:
        return suite, bound
    # in fractions first: on a real story of 86,000 edges that took seconds and proved the greedy suite best
    begun = time.monotonic()
    bound = max(bound, int(np.ceil(flow.bound(seconds) - 1e-4)))
    left = seconds - (time.monotonic() - begun)
    if bound >= len(suite) or not is_acyclic or left <= 0.0:
        return suite, bound
    found, proved = flow.solve(step_cost, left)
    bound = max(bound, int(np.ceil(proved - (0.5 if step_cost else 0.0) - _CLOSE)))
    return (suite if found is None else flow.walks(found)), bound


def _simple_bound(graph: PlayGraph, what: Level, n_items: int) -> int:
    """As many as are needed if each met as much as any may."""
    if not n_items:
        return 0
    n_components, labels = components(graph.indptr, graph.indices)
    sizes = [np.diff(at.offsets).astype(np.float64)[at.key] for at in (what.at_nodes, what.at_edges)]
    value, _ = promises(
        graph.indptr,
        graph.indices,
        labels,
        *members(n_components, labels),
        sizes[0],
        sizes[1],
        np.zeros(graph.n, np.int32),
    )
    most = max(1, min(n_items, int(value[labels[graph.starts]].max())))
    return -(-n_items // most)


class _Flow:
    """The problem as a matrix. Unknowns: flow over each edge, into each start, and out of each place to stop."""

    def __init__(self, graph: PlayGraph, what: Level, met: Ints) -> None:
        self.graph = graph
        self.edges = np.flatnonzero(graph.indices >= 0)
        goes_on = can_reach(graph.indptr, graph.indices, np.flatnonzero(graph.ends).astype(np.int32))
        self.sinks = np.flatnonzero(graph.ends | ~goes_on)  # who is caught may stop anywhere
        self.n_edges, self.n_starts = self.edges.size, graph.starts.size
        self.n = self.n_edges + self.n_starts + self.sinks.size
        into = np.concatenate((graph.indices[self.edges], graph.starts))
        comes = np.arange(self.n_edges + self.n_starts)
        goes = np.concatenate((np.arange(self.n_edges), np.arange(self.n_edges + self.n_starts, self.n)))
        out = np.concatenate((graph.source[self.edges], self.sinks))
        self.balance = coo_array(
            (
                np.concatenate((np.ones(into.size), -np.ones(out.size))),
                (np.concatenate((into, out)), np.concatenate((comes, goes))),
            ),
            shape=(graph.n, self.n),
        )
        row = np.full(len(what), -1)
        row[met] = np.arange(met.size)
        by_edge = self._meetings(what.at_edges, self.edges, np.arange(self.n_edges))
        by_node = self._meetings(what.at_nodes, into, comes)
        columns = np.concatenate((by_edge[0], by_node[0]))
        items = np.concatenate((by_edge[1], by_node[1]))
        self.n_meetings = columns.size
        self.meets = coo_array((np.ones(columns.size), (row[items], columns)), shape=(met.size, self.n))

    @staticmethod
    def _meetings(at: Keyed, places: Longs | Ints, columns: Longs) -> tuple[Longs, Ints]:
        position, items = at.spread(at.key[places])
        return columns[position], items

    def bound(self, seconds: float) -> float:
        """Give the size of the smallest flow, fractions allowed: no suite is smaller; 0 if time runs out."""
        cost = np.zeros(self.n)
        cost[self.n_edges : self.n_edges + self.n_starts] = 1.0
        result = linprog(
            cost,
            A_ub=-self.meets.tocsr(), b_ub=-np.ones(self.meets.shape[0]),
            A_eq=self.balance.tocsr(), b_eq=np.zeros(self.graph.n),
            method="highs-ipm", options={"time_limit": seconds},
        )  # fmt: skip
        return float(result.fun) if result.status == 0 else 0.0

    def solve(self, step_cost: float, seconds: float) -> tuple[Longs | None, float]:
        """Give the smallest flow in whole numbers, if one was found in time, and a lower bound of its cost."""
        cost = np.zeros(self.n)
        cost[: self.n_edges] = step_cost
        cost[self.n_edges : self.n_edges + self.n_starts] = 1.0
        n_rows = self.graph.n + self.meets.shape[0]
        low, high = np.zeros(n_rows), np.zeros(n_rows)
        low[self.graph.n :], high[self.graph.n :] = 1.0, np.inf
        result = milp(
            cost,
            constraints=LinearConstraint(vstack((self.balance, self.meets)).tocsr(), low, high),
            integrality=np.ones(self.n),
            options={"time_limit": seconds},
        )
        proved = result.mip_dual_bound
        found = np.rint(result.x).astype(np.int64) if result.x is not None else None
        return found, 0.0 if proved is None or not np.isfinite(proved) else float(proved)

    def walks(self, flow: Longs) -> Walks:
        """Take a flow of whole numbers apart into playthroughs; without circles every unit comes to a stop."""
        graph = self.graph
        left = np.zeros(graph.indices.size, np.int64)
        left[self.edges] = flow[: self.n_edges]
        entries: Floats | Longs = flow[self.n_edges : self.n_edges + self.n_starts]
        found: list[tuple[int, list[int]]] = []
        for start, number in zip(graph.starts.tolist(), entries.tolist(), strict=True):
            for _ in range(number):
                node, way = start, []
                while (edge := self._next(left, node)) is not None:
                    left[edge] -= 1
                    way.append(edge)
                    node = int(graph.indices[edge])
                found.append((start, way))
        return Walks.of(graph, found)

    def _next(self, left: Longs, node: int) -> int | None:
        first, last = int(self.graph.indptr[node]), int(self.graph.indptr[node + 1])
        there = np.flatnonzero(left[first:last])
        return first + int(there[0]) if there.size else None
