"""A few playthroughs that cover everything that can be covered, and how few they could be at best.

Greedy: again and again the way that promises most that is new, circles swept on the way; then playthroughs that the
others make needless are dropped. A lower bound comes from a flow that covers everything (see ``suite_bounds``); on a
story without circles that is not too large the flow itself is the best suite, and is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.coverage import coverage
from gamebook_lab.analysis.joined_level import joined
from gamebook_lab.analysis.levels import ALL_LEVELS, LevelName, level
from gamebook_lab.analysis.meeting import Keyed, Level
from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.analysis.walks import Walks, playthroughs
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.accelerate import Flags, Floats, Longs
from gamebook_lab.kernels.components import components, members
from gamebook_lab.kernels.covering import promises, within

if TYPE_CHECKING:
    from gamebook_lab.engine.playthrough import Playthrough

__all__ = ["LONGEST", "Suite", "find_suite"]

LONGEST: Final = 200
"""Steps after which a playthrough looks for no more that is new, and goes to its end."""
_LUCK: Final = 1e-4
"""What a draw on the way costs: of two ways that bring as much, the one without luck is taken."""


@dataclass(frozen=True, eq=False)
class Suite:
    """Playthroughs that together cover what can be covered."""

    space: Space = field(repr=False)
    levels: tuple[LevelName, ...]
    walks: Walks = field(repr=False)
    n_items: int
    """Things that a reader can meet at these levels, as far as was explored."""
    n_covered: int
    lower_bound: int
    """No suite that covers as much has fewer playthroughs."""

    def __len__(self) -> int:
        return len(self.walks)

    def __iter__(self) -> Iterator[Playthrough]:
        return playthroughs(self.space, self.walks)

    def __repr__(self) -> str:
        best = "no fewer would do" if self.is_optimal else f"at least {self.lower_bound:,} are needed"
        what = " and ".join(self.levels)
        number = f"{len(self):,} playthrough{'s' if len(self) != 1 else ''}"
        return f"<Suite of {number} ({best}): {self.n_covered:,} of {self.n_items:,} at level {what}>"

    @property
    def is_optimal(self) -> bool:
        """Whether it is proved that fewer playthroughs don't do."""
        return len(self) == self.lower_bound

    def coverage(self) -> pd.DataFrame:
        """Measure it at every level: see :func:`~gamebook_lab.analysis.coverage.coverage`."""
        return coverage(self.space, self.walks)

    @cached_property
    def plan(self) -> pd.DataFrame:
        """What to do, step by step: see :func:`~gamebook_lab.analysis.suite_plan.plan`."""
        from gamebook_lab.analysis.suite_plan import plan

        return plan(self)

    def to_markdown(self) -> str:
        """Write it as a test plan for people, a list of steps for each playthrough."""
        from gamebook_lab.analysis.suite_plan import to_markdown

        return to_markdown(self)

    def to_html(self) -> str:
        """Write it as a test plan for people: one page with boxes to tick, that loads nothing."""
        from gamebook_lab.analysis.suite_plan import to_html

        return to_html(self)

    def to_csv(self) -> str:
        """Write it as a test plan for spreadsheets: columns of :attr:`plan`."""
        return self.plan.to_csv(index=False, lineterminator="\n")

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write it to a file: ``.json`` for ``gamebook test`` to replay; ``.md``, ``.html``, ``.csv`` for people.

        Raises
        ------
        ConflictError
            If there is such a file already, and it is not to be replaced.
        ValueError
            If the suffix is another.
        """
        from gamebook_lab.analysis.suite_files import save

        return save(self, Path(path), overwrite=overwrite)


def find_suite(
    space: Space,
    levels: LevelName | Sequence[LevelName] = "choice",
    *,
    longest: int = LONGEST,
    improve_seconds: float = 30.0,
) -> Suite:
    """Find few playthroughs that cover everything that can be covered.

    Parameters
    ----------
    space
        The state graph.
    levels
        What to cover: ``choice`` (the default), another level of coverage, or several of them.
    longest
        Steps after which a playthrough goes to its end without looking for more.
    improve_seconds
        Time to look for the fewest there can be, and for a proof, at most; 0: don't.

    Returns
    -------
    Suite
        Complete playthroughs, but for those caught where no end can be reached.

    Raises
    ------
    ValueError
        If there is no such level.

    Notes
    -----
    Each playthrough takes time linear in the size of the state graph. The same story gives the same suite, unless
    time runs out.
    """
    from gamebook_lab.analysis.suite_bounds import fewest

    names: tuple[LevelName, ...] = (levels,) if isinstance(levels, str) else tuple(levels)
    if not names:
        raise ValueError(f"a suite covers at least one level: {', '.join(ALL_LEVELS)}")
    graph = play_graph(space)
    what = joined([level(space, name) for name in names])
    covering = _Covering(graph, what)
    walks = list(covering.walks(longest))
    if not what.is_placed:
        walks += covering.to_what_is_missed(Walks.of(graph, walks), longest)
    greedy = _needed(what, Walks.of(graph, walks))
    n_items, n_covered = int(what.nearest.is_found.sum()), _n_covered(what, greedy)
    best, bound = fewest(graph, what, greedy, seconds=improve_seconds)
    if len(best) >= len(greedy) or _n_covered(what, best) < n_covered:
        best = greedy
    return Suite(space, names, best, n_items, n_covered, min(bound, len(best)))


def _n_covered(what: Level, walks: Walks) -> int:
    return int(np.unique(what.met_by(walks)[1]).size)


def _needed(what: Level, walks: Walks) -> Walks:
    """Drop playthroughs whose things others cover, those that bring least first."""
    walk, item = what.met_by(walks)
    times = np.bincount(item, minlength=len(what))
    offsets = np.searchsorted(walk, np.arange(len(walks) + 1))
    keep = np.ones(len(walks), np.bool_)
    for at in np.argsort(np.diff(offsets), kind="stable").tolist():
        own = item[offsets[at] : offsets[at + 1]]
        if (times[own] > 1).all():
            keep[at] = False
            times[own] -= 1
    return walks.take(keep)


class _Covering:
    """Takes walks through a graph, each where most is new."""

    def __init__(self, graph: PlayGraph, what: Level) -> None:
        self.graph, self.what = graph, what
        indptr, indices = graph.indptr, graph.indices
        self.n_components, self.labels = components(indptr, indices)
        self.first, self.inside = members(self.n_components, self.labels)
        self.rest = graph.rest
        self._need(what.nearest.is_found)
        self.luck = np.where(graph.by_chance, _LUCK, 0.0)
        self.seen, self.parents, self.mark = np.zeros(graph.n, np.int32), np.zeros(graph.n, np.int64), 0

    def _need(self, items: Flags) -> None:
        self.needed = items.copy()
        self.worth = [_Worth(self.what.at_nodes, self.needed), _Worth(self.what.at_edges, self.needed)]

    def walks(self, longest: int) -> Iterator[tuple[int, list[int]]]:
        """Take walks until nothing new can be met."""
        graph = self.graph
        while self.needed.any():
            value, leave = self._promises()
            start = int(graph.starts[np.argmax(value[self.labels[graph.starts]])])
            before = int(self.needed.sum())
            edges = self._walk(start, [], leave, longest)
            if int(self.needed.sum()) == before:
                return
            yield start, edges

    def to_what_is_missed(self, walks: Walks, longest: int) -> list[tuple[int, list[int]]]:
        """Take further walks, each by a shortest way to what all so far came near and yet did not meet, the farthest first."""
        what, found = self.what, self.what.nearest
        missed = found.is_found.copy()
        missed[what.met_by(walks)[1]] = False
        more: list[tuple[int, list[int]]] = []
        while missed.any():
            item = int(np.argmax(np.where(missed, found.steps, -1)))
            self._need(missed)
            start, way = what.way(item)
            more.append((start, self._walk(start, way, self._promises()[1], longest)))
            missed[what.met_by(Walks.of(self.graph, more[-1:]))[1]] = False
        return more

    def _promises(self) -> tuple[Floats, Longs]:
        graph, what, (nodes, edges) = self.graph, self.what, self.worth
        found: tuple[Floats, Longs] = promises(
            graph.indptr, graph.indices, self.labels, self.first, self.inside,
            nodes.worth[what.at_nodes.key], edges.worth[what.at_edges.key] - self.luck, self.rest,
        )  # fmt: skip
        return found

    def _walk(self, start: int, given: Sequence[int], leave: Longs, longest: int) -> list[int]:
        """Go on from a start, at first by what is given, and note what is met."""
        graph, n_before = self.graph, int(self.needed.sum())
        edges: list[int] = []
        self._come(start)
        node = self._take(np.array(given, np.int64), edges) if given else start
        while True:
            component = int(self.labels[node])
            is_circle = self.first[component + 1] - self.first[component] > 1 or self._has_loop(node)
            while is_circle and (len(edges) < longest or int(self.needed.sum()) == n_before):
                way = self._within(node, -1)
                if not way.size:
                    break
                node = self._take(way, edges)
            out = int(leave[component])
            if out < 0:
                return edges
            node = self._take(self._within(node, int(graph.source[out])), edges) if is_circle else node
            node = self._take(np.array([out]), edges)

    def _has_loop(self, node: int) -> bool:
        graph = self.graph
        return bool((graph.indices[graph.indptr[node] : graph.indptr[node + 1]] == node).any())

    def _within(self, node: int, goal: int) -> Longs:
        self.mark += 1
        graph = self.graph
        return within(
            graph.indptr, graph.indices, self.labels, node, goal,
            self.worth[0].worth, self.what.at_nodes.key, self.worth[1].worth, self.what.at_edges.key,
            self.seen, self.parents, self.mark,
        )  # fmt: skip

    def _take(self, way: Longs, edges: list[int]) -> int:
        node = -1
        for edge in way.tolist():
            edges.append(edge)
            self._strike(self.what.at_edges, int(self.what.at_edges.key[edge]))
            node = int(self.graph.indices[edge])
            self._come(node)
        return node

    def _come(self, node: int) -> None:
        self._strike(self.what.at_nodes, int(self.what.at_nodes.key[node]))

    def _strike(self, at: Keyed, key: int) -> None:
        for item in at.items[at.offsets[key] : at.offsets[key + 1]].tolist():
            if self.needed[item]:
                self.needed[item] = False
                for each in self.worth:
                    each.strike(item)


class _Worth:
    """Of each key, how much of what is met there is still needed."""

    def __init__(self, at: Keyed, needed: Flags) -> None:
        self.worth = np.bincount(at.of_item, needed[at.items], at.n_keys).astype(np.float64)
        order = np.argsort(at.items, kind="stable")
        self._keys = at.of_item[order]
        self._offsets = np.searchsorted(at.items[order], np.arange(needed.size + 1))

    def strike(self, item: int) -> None:
        """Need a thing no more."""
        self.worth[self._keys[self._offsets[item] : self._offsets[item + 1]]] -= 1.0
