"""The shape of a story as numbers, and how well it fits the patterns that others have named.

The patterns are those of Sam Kabo Ashwell, "Standard Patterns in Choice-Based Games" (2015). He describes them in words;
the measures are ours, each defined in :data:`FEATURES`, and a pattern's score is the plain mean of those that he says
mark it (:data:`PATTERNS`). A score says how far the marks are there, not that the author had the pattern in mind; a story may
fit several.

All is measured on the *passage graph*: an arrow from one passage to another where some reader can go so. "Reached" is
what readers can come to.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array  # type: ignore[import-untyped]

from gamebook_lab.analysis.bottlenecks import bottlenecks
from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Flags, Ints, Longs
from gamebook_lab.kernels.components import components, cyclic, members
from gamebook_lab.kernels.reach import breadth_first
from gamebook_lab.story import schema

__all__ = [
    "BRANCHING",
    "FEATURES",
    "FEATURE_COLUMNS",
    "PATTERNS",
    "PATTERN_COLUMNS",
    "branching",
    "features",
    "patterns",
]

FEATURES: Final = {
    "branching": "passages that lead to two others or more, of those reached that lead anywhere",
    "merging": "passages that two others or more lead to, for each passage that branches; 1 for more",
    "endings": "passages where play ends by design, of those reached",
    "bottlenecks": "passages that every reader who comes to an ending must pass, of the steps of a shortest way to the farthest",
    "quick_ends": "ways out of branching passages that end at once, or come back to another of its ways in one step",
    "early_branching": "branching passages in the first third of the depth, of all that branch",
    "straight_late": "passages that lead to one other, of those beyond the first third of the depth that lead anywhere",
    "two_way": "arrows that have one back, of all",
    "largest_circle": "passages in the largest set from each of which all others can be reached, of those reached",
    "growing": "passages on circles to which no reader comes back in the same state, of those on circles",
    "conditional": "choices that stand under a condition, of those that readers can take",
    "by_state": "passages to which only choices under a condition lead, of those reached but the first",
}  # fmt: skip
"""Every measure, from 0 to 1, and what it is; 0 where there is nothing to measure."""
PATTERNS: Final = {
    "time cave": ("branching", "not merging", "endings", "not largest_circle"),
    "gauntlet": ("quick_ends", "bottlenecks", "not largest_circle"),
    "branch and bottleneck": ("merging", "bottlenecks", "not largest_circle"),
    "quest": ("branching", "merging", "not bottlenecks", "not endings", "not largest_circle"),
    "open map": ("two_way", "largest_circle", "not growing"),
    "sorting hat": ("early_branching", "straight_late", "not merging", "not largest_circle"),
    "floating modules": ("conditional", "by_state", "not bottlenecks"),
    "loop and grow": ("largest_circle", "growing", "conditional"),
}  # fmt: skip
"""Of each pattern the measures that mark it; ``not`` takes 1 less the measure."""
FEATURE_COLUMNS: Final = (
    schema.Column("feature", "str", "name of the measure"),
    schema.Column("value", "float64", "how much of it there is", "0 to 1"),
    schema.Column("meaning", "str", "what of what"),
)
"""Columns of :func:`features`."""
PATTERN_COLUMNS: Final = (
    schema.Column("pattern", "str", "as Ashwell calls it"),
    schema.Column("score", "float64", "mean of the measures that mark it", "0 to 1"),
    schema.Column("because", "object", "tuple of these measures, with their values"),
)
"""Columns of :func:`patterns`."""
BRANCHING: Final = (
    schema.Column("passage_id", "str", "name of a passage that is reached"),
    schema.Column("n_ways_in", "int64", "other passages that lead to it"),
    schema.Column("n_ways_out", "int64", "other passages that it leads to"),
    schema.Column("n_offers", "float64", "choices offered there, mean over its states", "choices"),
    schema.Column("most_offers", "int64", "most that are offered in one state", "choices"),
    schema.Column("depth", "int64", "passages on a shortest way before it", "passages"),
    schema.Column("is_on_circle", "bool", "readers may come back to it"),
)
"""Columns of :func:`branching`."""


def features(space: Space) -> pd.DataFrame:
    """Measure the shape of a story.

    Returns
    -------
    pandas.DataFrame
        A row for each measure of :data:`FEATURES`. Columns in :data:`FEATURE_COLUMNS`. Upper bounds of what can be
        reached count, where something is unknown.
    """
    values = _Shape(space).values()
    data: dict[str, list[object]] = {
        "feature": list(FEATURES),
        "value": [values[name] for name in FEATURES],
        "meaning": list(FEATURES.values()),
    }
    return schema.build(FEATURE_COLUMNS, data)


def patterns(space: Space) -> pd.DataFrame:
    """Say how well a story fits each of the known patterns.

    Returns
    -------
    pandas.DataFrame
        A row for each pattern, the best fit first. Columns in :data:`PATTERN_COLUMNS`.
    """
    values = _Shape(space).values()
    rows = []
    for pattern, marks in PATTERNS.items():
        each = [1.0 - values[mark.removeprefix("not ")] if mark.startswith("not ") else values[mark] for mark in marks]
        because = tuple(f"{mark} {value:.2f}" for mark, value in zip(marks, each, strict=True))
        rows.append((pattern, float(np.mean(each)), because))
    rows.sort(key=lambda row: -row[1])
    return schema.build(
        PATTERN_COLUMNS, {column.name: [row[at] for row in rows] for at, column in enumerate(PATTERN_COLUMNS)}
    )


def branching(space: Space) -> pd.DataFrame:
    """Say of each passage how much branches and comes together there.

    Returns
    -------
    pandas.DataFrame
        A row for each passage that is reached, in the story's order. Columns in :data:`BRANCHING`.
    """
    shape = _Shape(space)
    offers, most = _offers(shape.graph)
    rows = shape.reached
    return schema.build(
        BRANCHING,
        {
            "passage_id": [shape.graph.passages[at] for at in rows],
            "n_ways_in": shape.n_in[rows].tolist(),
            "n_ways_out": shape.n_out[rows].tolist(),
            "n_offers": offers[rows].tolist(),
            "most_offers": most[rows].tolist(),
            "depth": shape.depth[rows].tolist(),
            "is_on_circle": shape.on_circle[rows].tolist(),
        },
    )


def _offers(graph: PlayGraph) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], Longs]:
    """Of each passage: mean and greatest number of different choices in its states."""
    edges = np.flatnonzero(graph.offer >= 0)
    pairs = np.unique(np.column_stack((graph.source[edges], graph.offer[edges])), axis=0)
    of_node = np.bincount(pairs[:, 0], minlength=graph.n)
    states = graph.passage[: graph.n_states]
    n = len(graph.passages)
    most = np.zeros(n, np.int64)
    np.maximum.at(most, states, of_node[: graph.n_states])
    sums, counts = np.bincount(states, of_node[: graph.n_states], n), np.bincount(states, minlength=n)
    return sums / np.maximum(counts, 1), most


class _Shape:
    """The passage graph of a story."""

    def __init__(self, space: Space) -> None:
        self.space, self.graph = space, play_graph(space)
        graph, n = self.graph, len(self.graph.passages)
        edges = np.flatnonzero(graph.indices >= 0)
        arrows = np.unique(
            np.column_stack((graph.passage[graph.source[edges]], graph.passage[graph.indices[edges]])), axis=0
        )
        arrows = arrows[arrows[:, 0] != arrows[:, 1]]
        self.origins, self.targets = arrows[:, 0].astype(np.int32), arrows[:, 1].astype(np.int32)
        self.n_out = np.bincount(self.origins, minlength=n)
        self.n_in = np.bincount(self.targets, minlength=n)
        self.reached = np.unique(graph.passage)
        self.starts: Ints = np.unique(graph.passage[graph.starts]).astype(np.int32)
        matrix = coo_array((np.ones(len(arrows)), (self.origins, self.targets)), shape=(n, n)).tocsr()
        self.indptr, self.indices = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
        self.depth = breadth_first(self.indptr, self.indices, self.starts)[1]
        self.n_components, self.labels = components(self.indptr, self.indices)
        sizes = np.diff(members(self.n_components, self.labels)[0])
        self.on_circle: Flags = sizes[self.labels] > 1

    @cached_property
    def endings(self) -> Longs:
        """Passages where play ends by design."""
        return np.unique(self.graph.passage[self.graph.stop == Stop.ENDING]).astype(np.int64)

    @cached_property
    def next(self) -> dict[int, set[int]]:
        """Of each passage those that it leads to."""
        found: dict[int, set[int]] = {}
        for origin, target in zip(self.origins.tolist(), self.targets.tolist(), strict=True):
            found.setdefault(origin, set()).add(target)
        return found

    def values(self) -> dict[str, float]:
        """Every measure."""
        n = self.reached.size
        others = np.setdiff1d(self.reached, self.starts)
        goes_on = self.reached[self.n_out[self.reached] > 0]
        branches = goes_on[self.n_out[goes_on] > 1]
        third = self.depth[self.reached].max(initial=0) / 3
        late = goes_on[self.depth[goes_on] > third]
        arrows = set(zip(self.origins.tolist(), self.targets.tolist(), strict=True))
        largest = np.bincount(
            self.labels[self.on_circle & np.isin(np.arange(self.labels.size), self.reached)], minlength=1
        ).max()
        needed = bottlenecks(self.graph)
        farthest = max((int(self.depth[at]) for at in self.endings.tolist()), default=0) + 1
        return {
            "branching": _share(branches.size, goes_on.size),
            "merging": min(1.0, _share((self.n_in[others] > 1).sum(), branches.size)),
            "endings": _share(self.endings.size, n),
            "bottlenecks": min(1.0, _share(needed["is_bottleneck"].sum(), farthest)),
            "quick_ends": self._quick_ends(branches.tolist()),
            "early_branching": _share((self.depth[branches] <= third).sum(), branches.size),
            "straight_late": _share((self.n_out[late] == 1).sum(), late.size),
            "two_way": _share(sum((there, here) in arrows for here, there in arrows), len(arrows)),
            "largest_circle": _share(largest, n),
            "growing": self._growing(),
            **self._conditional(others),
        }

    def _quick_ends(self, branches: list[int]) -> float:
        ends = set(self.endings.tolist())
        quick = total = 0
        for passage in branches:
            ways = self.next[passage]
            for way in ways:
                total += 1
                quick += way in ends or bool(self.next.get(way, set()) & (ways - {way}))
        return _share(quick, total)

    def _growing(self) -> float:
        """Passages on circles that are on none of the state graph."""
        graph = self.graph
        n_components, labels = components(graph.indptr, graph.indices)
        again = cyclic(graph.indptr, graph.indices, n_components, labels)[labels]
        same_state = np.zeros(len(graph.passages), np.bool_)
        same_state[graph.passage[again]] = True
        there = self.reached[self.on_circle[self.reached]]
        return _share((~same_state[there]).sum(), there.size)

    def _conditional(self, others: Ints | Longs) -> dict[str, float]:
        graph, rows = self.graph, self.graph.offers["choice"]
        conditions = self.space.story.choices["condition"].tolist()
        is_conditional = np.array([not pd.isna(row) and bool(conditions[int(row)]) for row in rows], np.bool_)
        edges = np.flatnonzero((graph.indices >= 0) & (graph.offer >= 0))
        free = np.zeros(len(graph.passages), np.bool_)
        free[graph.passage[graph.indices[edges[~is_conditional[graph.offer[edges]]]]]] = True
        by_itself = np.flatnonzero((graph.indices >= 0) & (graph.offer < 0))
        free[graph.passage[graph.indices[by_itself]]] = True
        return {
            "conditional": _share(is_conditional.sum(), is_conditional.size),
            "by_state": _share((~free[others]).sum(), others.size),
        }


def _share(part: object, whole: int) -> float:
    return float(part) / whole if whole else 0.0  # type: ignore[arg-type]
