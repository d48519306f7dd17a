"""Things that playthroughs meet on a state graph, at nodes and on edges: which ones do, how near they are, and the way there.

What is met at a place depends on its key alone (its situation, the way that is taken), so it is kept once for each key,
however many states there are.

Covers: :class:`Level`, what every level of coverage can be asked, and the kind that is met in one place. Does not cover:
what takes several places (:mod:`~gamebook_lab.analysis.variable_pairs`), and what there is to be met
(:mod:`~gamebook_lab.analysis.levels`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final, NamedTuple, Protocol

import numpy as np
import pandas as pd

from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.kernels.accelerate import Flags, Ints, Longs
from gamebook_lab.kernels.csr import entries, sources
from gamebook_lab.kernels.reach import breadth_first
from gamebook_lab.kernels.tally import any_of
from gamebook_lab.story import schema

__all__ = ["ITEMS", "Keyed", "Level", "Nearest", "PlacedLevel", "counted", "distinct", "keyed"]

ITEMS: Final = (
    schema.Column("passage_id", "str", "passage that has it"),
    schema.Column(
        "what", "object", "what it is there: a choice's label, a condition and its outcome, words shown, how play stops"
    ),
    schema.Column(
        "start", "Int64", "where it begins in the passage's text; missing: the passage as a whole", "characters"
    ),
    schema.Column("stop", "Int64", "where it ends in that text", "characters"),
)
"""Columns of the things of a level."""
_AT_ONCE: Final = 1 << 20
"""Edges of walks that are looked at in one go."""
_FAR: Final = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False)
class Keyed:
    """Things met at places; places of one key meet the same."""

    key: Ints
    """Of each place."""
    offsets: Longs
    """Things of key ``k`` are ``items[offsets[k]:offsets[k + 1]]``."""
    items: Ints

    @property
    def n_keys(self) -> int:
        """Number of keys."""
        return self.offsets.size - 1

    @property
    def of_item(self) -> Ints:
        """Of each entry of ``items``: its key."""
        return sources(self.offsets)

    def spread(self, keys: Ints | Longs) -> tuple[Longs, Ints]:
        """List what places of these keys meet: positions in ``keys``, and things."""
        position, at = entries(self.offsets, keys)
        return position, self.items[at]


def keyed(key: Ints, met: Sequence[Sequence[int]]) -> Keyed:
    """Put things met by key; a key may name some twice, in any order."""
    rows = [sorted(set(each)) for each in met]
    offsets = np.concatenate(([0], np.cumsum([len(each) for each in rows], dtype=np.int64)))
    items = np.fromiter((item for each in rows for item in each), np.int32, int(offsets[-1]))
    return Keyed(key, offsets, items)


class Nearest(NamedTuple):
    """Of each thing: the nearest place that meets it."""

    is_found: Flags
    is_sure: Flags
    """It can be met whatever is unknown."""
    steps: Longs
    """Edges of a shortest way; more than any way has where there is none."""
    node: Longs
    """Where the way comes to; -1 for none."""


class Level(Protocol):
    """Everything of one kind that playthroughs on one graph may cover."""

    @property
    def graph(self) -> PlayGraph:
        """The graph."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def items(self) -> pd.DataFrame:
        """A row for each thing; columns in :data:`ITEMS`."""

    @property
    def n_written(self) -> int | None:
        """Things that the text has; None where that cannot be told from the text."""

    @property
    def note(self) -> str:
        """What the figures leave out."""

    @property
    def at_nodes(self) -> Keyed:
        """What may be met by coming to each node: for sure, if :attr:`is_placed`."""

    @property
    def at_edges(self) -> Keyed:
        """The same of taking each edge. Edges to nothing meet nothing: nobody goes on from there."""

    @property
    def is_placed(self) -> bool:
        """Whether who comes to a place meets what is there, however they came."""

    @property
    def nearest(self) -> Nearest:
        """Where each thing is met first."""

    def __len__(self) -> int:
        """Count the things."""

    def met_at(self, walks: Walks) -> tuple[Longs, Longs, Longs]:
        """List where walks meet things.

        Returns
        -------
        tuple
            Position in ``walks.edges`` of the step that comes to it (-1: none, it is met where the walk begins), the walk,
            and the thing. A walk may meet one again.
        """

    def met_by(self, walks: Walks) -> tuple[Longs, Longs]:
        """List the pairs of a walk and a thing that it meets, each once, sorted."""

    def way(self, item: int) -> tuple[int, list[int]]:
        """Find a shortest way that meets a thing that can be met: the node where it begins, and its edges."""


@dataclass(frozen=True, eq=False)
class PlacedLevel:
    """Things that are met by whoever comes to a node or takes an edge: see :class:`Level`."""

    graph: PlayGraph
    name: str
    items: pd.DataFrame
    at_nodes: Keyed
    at_edges: Keyed
    n_written: int | None
    note: str = ""
    is_placed: ClassVar[bool] = True

    def __len__(self) -> int:
        return len(self.items)

    def met_at(self, walks: Walks) -> tuple[Longs, Longs, Longs]:
        """List where walks meet things."""
        of_node, nodes, step = _arrivals(walks)
        taken, over = self.at_edges.spread(self.at_edges.key[walks.edges])
        come, there = self.at_nodes.spread(self.at_nodes.key[nodes])
        return (
            np.concatenate((taken, step[come])),
            np.concatenate((walks.walk[taken], of_node[come])),
            np.concatenate((over, there)).astype(np.int64),
        )

    def met_by(self, walks: Walks) -> tuple[Longs, Longs]:
        """List what each walk meets."""
        of_node, nodes, _ = _arrivals(walks)
        found = []
        for at, of_place, places in ((self.at_edges, walks.walk, walks.edges), (self.at_nodes, of_node, nodes)):
            walk, key = distinct(of_place, at.key[places], at.n_keys)  # places of one key meet the same
            position, items = at.spread(key)
            found.append((walk[position], items.astype(np.int64)))
        walk, item = (np.concatenate(each) for each in zip(*found, strict=True))
        return distinct(walk, item, len(self))

    @property
    def nearest(self) -> Nearest:
        """Where each thing is met first."""
        return self._nearest[0]

    def way(self, item: int) -> tuple[int, list[int]]:
        """Find a shortest way that meets a thing."""
        found, over, parents, edges = self._nearest
        node = int(found.node[item])
        way = []
        if over[item] >= 0:
            way, node = [int(over[item])], int(self.graph.source[over[item]])
        while parents[node] >= 0:
            way.append(int(edges[node]))
            node = int(parents[node])
        return node, way[::-1]

    @cached_property
    def _nearest(self) -> tuple[Nearest, Longs, Ints, Longs]:
        """Also the edge that meets each thing, -1 where coming to the node is enough; and how nodes are come to."""
        graph, n = self.graph, len(self)
        _, distances, parents, edges = breadth_first(graph.indptr, graph.indices, graph.starts)
        is_sure = np.zeros(n, np.bool_)
        best = np.full(n, _FAR)
        node, over = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
        at_nodes: Longs = distances.astype(np.int64)
        at_edges: Longs = np.where(distances < 0, -1, distances + 1).astype(np.int64)[graph.source]
        is_sure_edge = graph.is_sure[graph.source] & ~graph.is_free
        for at, steps, sure in ((self.at_nodes, at_nodes, graph.is_sure), (self.at_edges, at_edges, is_sure_edge)):
            first = _first(at, steps)
            key, item = at.of_item, at.items
            is_met = first[key] >= 0
            key, item = key[is_met], item[is_met]
            is_sure |= any_of(item, any_of(at.key, sure, at.n_keys)[key], n)
            place = first[key]
            order = np.lexsort((place, steps[place]))[::-1]  # the nearest is written last
            near, where = np.full(n, _FAR), np.full(n, -1, np.int64)
            near[item[order]], where[item[order]] = steps[place[order]], place[order]
            closer = near < best
            best[closer] = near[closer]
            node[closer] = where[closer] if at is self.at_nodes else graph.indices[where[closer]]
            over[closer] = -1 if at is self.at_nodes else where[closer]
        return Nearest(node >= 0, is_sure, best, node), over, parents, edges


def counted(what: Level, walks: Walks) -> Longs:
    """Count the walks that meet each thing; memory does not grow with their number."""
    found = np.zeros(len(what), np.int64)
    first = 0
    while first < len(walks):
        last = int(np.searchsorted(walks.offsets, walks.offsets[first] + _AT_ONCE, "right")) - 1
        last = min(max(last, first + 1), first + _AT_ONCE, len(walks))
        _, items = what.met_by(walks.take(np.arange(first, last)))
        found += np.bincount(items, minlength=len(what))
        first = last
    return found


def distinct(first: Longs, second: Ints | Longs, n: int) -> tuple[Longs, Longs]:
    """List pairs of numbers once each, sorted; the second is less than ``n``."""
    both = np.unique(first.astype(np.int64) * max(1, n) + second)
    return both // max(1, n), both % max(1, n)


def _arrivals(walks: Walks) -> tuple[Longs, Ints, Longs]:
    """Of each node that walks come to: the walk, the node, and the position of the step that comes there, -1 for none."""
    offsets, nodes = walks.nodes()
    walk = np.repeat(np.arange(len(walks)), np.diff(offsets))
    step = np.arange(nodes.size) - walk - 1  # each walk so far has one node more than steps
    step[offsets[:-1]] = -1
    return walk, nodes, step


def _first(at: Keyed, steps: Longs) -> Longs:
    """Of each key: the place that is fewest steps away, the first of several; -1 for none."""
    places = np.flatnonzero(steps >= 0)
    order = places[np.lexsort((places, steps[places]))[::-1]]
    found = np.full(at.n_keys, -1, np.int64)
    found[at.key[order]] = order
    return found
