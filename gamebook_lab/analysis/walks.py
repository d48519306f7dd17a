"""Many playthroughs of one story as arrays: what sampling makes, coverage counts and reading logs are matched to.

A *walk* begins at one of the graph's starts and follows edges. It need not come to an end: a reader may have stopped.

Covers: the arrays, and the way from a :class:`~gamebook_lab.engine.playthrough.Playthrough` to them and back.
Does not cover: where walks come from (:mod:`~gamebook_lab.analysis.paths`, reading logs).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.engine.playthrough import Playthrough
from gamebook_lab.engine.space import Space
from gamebook_lab.errors import PlayError
from gamebook_lab.kernels.accelerate import Flags, Ints, Longs
from gamebook_lab.kernels.csr import entries

__all__ = ["Walks", "playthroughs", "walks_of"]


@dataclass(frozen=True, eq=False, repr=False)
class Walks:
    """Walks on one state graph, numbered from 0. Arrays are shared: nobody writes to them."""

    graph: PlayGraph
    start: Ints
    """Of each walk: the node where it begins."""
    offsets: Longs
    """Edges of walk ``i`` are ``edges[offsets[i]:offsets[i + 1]]``; one more than there are walks."""
    edges: Longs
    """Edges in the order in which they are taken: positions in ``graph.indices``, none of which is -1 there."""

    def __repr__(self) -> str:
        return f"<Walks: {len(self):,}, {self.edges.size:,} edges>"

    def __len__(self) -> int:
        return self.start.size

    def take(self, which: Ints | Longs | Flags) -> Walks:
        """Choose some walks, by number or by flag, in this order."""
        at = np.arange(len(self))[which]
        offsets = np.concatenate(([0], np.cumsum(np.diff(self.offsets)[at]))).astype(np.int64)
        return Walks(self.graph, self.start[at], offsets, self.edges[entries(self.offsets, at)[1]])

    @property
    def walk(self) -> Longs:
        """Of each edge taken: the number of its walk."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.offsets))

    @property
    def last(self) -> Ints:
        """Of each walk: the node where it stops."""
        found = self.start.copy()
        moves = np.diff(self.offsets) > 0
        found[moves] = self.graph.indices[self.edges[self.offsets[1:][moves] - 1]]
        return found

    @property
    def n_choices(self) -> Longs:
        """Of each walk: how often the reader chooses. Moves that the story makes by itself don't count."""
        clicks = np.concatenate(([0], np.cumsum(self.graph.clicks[self.edges], dtype=np.int64)))
        found: Longs = clicks[self.offsets[1:]] - clicks[self.offsets[:-1]]
        return found

    @property
    def is_complete(self) -> Flags:
        """Of each walk: whether play stops where it ends."""
        return self.graph.ends[self.last]

    def nodes(self) -> tuple[Longs, Ints]:
        """List the nodes that each walk comes to, its start first: ``offsets`` and ``nodes``."""
        n = len(self)
        offsets = self.offsets + np.arange(n + 1)
        found = np.empty(offsets[-1], np.int32)
        found[offsets[:-1]] = self.start
        is_first = np.zeros(offsets[-1], np.bool_)
        is_first[offsets[:-1]] = True
        found[~is_first] = self.graph.indices[self.edges]
        return offsets, found

    def passages(self, walk: int) -> list[str]:
        """Names of the passages where the reader stands on one walk, in order."""
        edges = self.edges[self.offsets[walk] : self.offsets[walk + 1]]
        nodes = [int(self.start[walk]), *self.graph.indices[edges].tolist()]
        return [self.graph.passages[self.graph.passage[node]] for node in nodes]

    @classmethod
    def of(cls, graph: PlayGraph, walks: Iterable[tuple[int, Iterable[int]]]) -> Walks:
        """Make walks of pairs: the node where one begins, and its edges."""
        start: list[int] = []
        edges: list[int] = []
        offsets = [0]
        for node, taken in walks:
            start.append(node)
            edges.extend(taken)
            offsets.append(len(edges))
        return cls(graph, np.array(start, np.int32), np.array(offsets, np.int64), np.array(edges, np.int64))


def playthroughs(space: Space, walks: Walks) -> Iterator[Playthrough]:
    """Turn walks into playthroughs that ``gb.play`` replays and checks, one at a time."""
    for at in range(len(walks)):
        edges = walks.edges[walks.offsets[at] : walks.offsets[at + 1]]
        yield space.playthrough(int(walks.start[at]), edges.tolist())


def walks_of(space: Space, ways: Iterable[Playthrough]) -> Walks:
    """Find playthroughs on the state graph, the inverse of :func:`playthroughs`.

    Raises
    ------
    PlayError
        If one takes what the story does not offer there; says which and where.
    """
    return Walks.of(play_graph(space), (_followed(space, way, number) for number, way in enumerate(ways)))


def _followed(space: Space, way: Playthrough, number: int) -> tuple[int, list[int]]:
    graph = play_graph(space)
    states = zip(space.begun, space.explorer.initial, strict=True)
    found = next((state for start, state in states if start.answers == way.start), None)
    if found is None:
        raise PlayError(f"playthrough {number}: what is drawn before the first passage does not fit this story")
    node = first = found
    edges: list[int] = []
    for at, step in enumerate(way.steps, 1):
        if node >= space.n_states:
            raise PlayError(f"playthrough {number}, step {at}: play has stopped before")
        edge = space.edge_of_step(node, step)
        if edge is None or graph.indices[edge] < 0:
            raise PlayError(f"playthrough {number}, step {at}: that is not offered in {step.passage!r} there")
        edges.append(edge)
        node = int(graph.indices[edge])
    return first, edges
