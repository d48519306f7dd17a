"""Follows what a log says through the state graph: which states a reader may be in, given the passages seen so far.

The hidden part of a state (variables, pages within a passage) is not logged, so a log leaves a *set* of states. Sets are
numbered as they are met, and each step from one by a passage's name is worked out once (the subset construction), so that
millions of sessions cost little more than one look-up a step.

A log may or may not name a passage that the story moves on through by itself, and does not name clicks that stay in a
passage: such edges are *silent* and are looked through.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.accelerate import Flags
from gamebook_lab.story.play import Page

__all__ = ["Followed", "Follower", "Link", "Move"]

_MOST_SILENT: Final = 64
"""Silent edges in a row that are looked through."""
_LEAST: Final = 1e-12
"""Probability of an edge of which nobody knows how likely it is, or that the reader's model never takes."""


class Link(NamedTuple):
    """One way from a state of the set before to a state of the set after."""

    origin: int
    """Position in the set before."""
    edges: tuple[int, ...]
    """Silent ones first; empty: the reader stays in that state, which shows this passage too."""
    log_probability: float


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a log, from a set of states to another."""

    to: int
    """Number of the set; 0 is the empty one."""
    links: tuple[tuple[Link, ...], ...]
    """For each state of the set after: the ways there."""
    is_certain: bool
    """There is one state after, and one way there."""


@dataclass(frozen=True, eq=False)
class Followed:
    """What is needed of a space to follow logs on it: plain data, to be sent to other processes."""

    graph: PlayGraph
    silent: Flags
    """Of each edge: a log need not name where it leads."""
    choice_ids: tuple[str | None, ...]
    """Of each row of ``graph.offers``."""

    @classmethod
    def of(cls, space: Space) -> Followed:
        """Take it from a space, read by its own reader model."""
        graph = play_graph(space)
        ids = space.story.choices["choice_id"].tolist()
        rows = graph.offers["choice"].astype("Int64")
        return cls(graph, _silent(space, graph), tuple(None if pd.isna(row) else ids[int(row)] for row in rows))


class Follower:
    """Follows logs on one state graph. Remembers every step that it has worked out: use one for all sessions."""

    def __init__(self, followed: Followed) -> None:
        self.graph: Final[PlayGraph] = followed.graph
        self._silent: Final = followed.silent
        self._labels: Final = self.graph.offers["label"].astype(object).tolist()
        self._ids: Final = followed.choice_ids
        self._shown: Final = self._shown_by_node()
        self.sets: list[tuple[int, ...]] = [()]
        self._number: dict[tuple[int, ...], int] = {(): 0}
        self._moves: dict[tuple[int, int, str | None], Move] = {}
        with np.errstate(divide="ignore"):
            self._log = np.log(np.maximum(np.nan_to_num(self.graph.probability), _LEAST))

    def _shown_by_node(self) -> dict[int, set[int]]:
        """Passages that a node shows beside the one where it stands."""
        found: dict[int, set[int]] = {}
        nodes, passages, _ = self.graph.passes
        for node, passage in zip(nodes.tolist(), passages.tolist(), strict=True):
            found.setdefault(node, set()).add(passage)
        return found

    def number(self, nodes: Sequence[int]) -> int:
        """Number of a set of states."""
        key = tuple(sorted(set(nodes)))
        found = self._number.get(key)
        if found is None:
            found = self._number[key] = len(self.sets)
            self.sets.append(key)
        return found

    def start(self, passage: int) -> int:
        """Number of the set of starts that show a passage; 0 for none."""
        return self.number([node for node in self.graph.starts.tolist() if self._shows(node, passage)])

    def anywhere(self, passage: int) -> int:
        """Number of the set of all states that show a passage."""
        at = np.flatnonzero((self.graph.passage == passage) | (self.graph.arrival == passage))
        return self.number(at.tolist())

    def move(self, number: int, passage: int, choice: str | None = None) -> Move:
        """Take one step of a log.

        Parameters
        ----------
        number
            The set of states before.
        passage
            Row of the passage that the log names next.
        choice
            What was chosen, as the log names it: a label or a ``choice_id``. Where nothing of that name leads there, it
            is not heeded.
        """
        key = (number, passage, choice)
        found = self._moves.get(key)
        if found is None:
            found = self._moves[key] = self._move(self.sets[number], passage, choice)
        return found

    def _move(self, nodes: tuple[int, ...], passage: int, choice: str | None) -> Move:
        links: dict[int, list[Link]] = {}
        for origin, node in enumerate(nodes):
            for target, edges in self._ways(node, passage):
                links.setdefault(target, []).append(Link(origin, edges, float(self._log[list(edges)].sum())))
        if choice is not None:
            chosen = {node: [link for link in ways if self._is_chosen(link, choice)] for node, ways in links.items()}
            links = {node: ways for node, ways in chosen.items() if ways} or links
        if not links:  # a passage on the way of the state where the reader is
            links = {node: [Link(at, (), 0.0)] for at, node in enumerate(nodes) if self._shows(node, passage)}
        after = sorted(links)
        ways = tuple(tuple(links[node]) for node in after)
        return Move(self.number(after), ways, len(ways) == 1 and len(ways[0]) == 1)

    def _ways(self, node: int, passage: int) -> list[tuple[int, tuple[int, ...]]]:
        """Edges that lead from a node to states that show a passage, silent ones looked through."""
        graph = self.graph
        found: list[tuple[int, tuple[int, ...]]] = []
        queue: deque[tuple[int, tuple[int, ...]]] = deque([(node, ())])
        seen = {node}
        while queue:
            here, before = queue.popleft()
            for edge in range(int(graph.indptr[here]), int(graph.indptr[here + 1])):
                target = int(graph.indices[edge])
                if target < 0:
                    continue
                if passage in {graph.passage[target], graph.arrival[target]} and not (
                    self._silent[edge] and graph.clicks[edge]
                ):
                    found.append((target, (*before, edge)))
                elif self._silent[edge] and target not in seen and len(before) < _MOST_SILENT:
                    seen.add(target)
                    queue.append((target, (*before, edge)))
        return found

    def _shows(self, node: int, passage: int) -> bool:
        return passage in {self.graph.passage[node], self.graph.arrival[node]} or passage in self._shown.get(node, ())

    def _is_chosen(self, link: Link, choice: str) -> bool:
        offers = [int(self.graph.offer[edge]) for edge in link.edges]
        return any(offer >= 0 and choice in {self._labels[offer], self._ids[offer]} for offer in offers)


def _silent(space: Space, graph: PlayGraph) -> Flags:
    """Edges that a log need not name: the story moves on by itself, or a click stays in the passage."""
    is_page = np.array([isinstance(place, Page) for place in space.places], np.bool_)
    inner = np.zeros(graph.n, np.bool_)
    inner[: graph.n_states] = is_page[space.location]
    leads_inside = inner[np.maximum(graph.indices, 0)] & (graph.indices >= 0)
    same = graph.passage[graph.source] == graph.passage[np.maximum(graph.indices, 0)]
    found: Flags = (graph.clicks == 0) | (leads_inside & same)
    return found
