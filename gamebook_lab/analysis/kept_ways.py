"""Which playthroughs two versions of a story have in common: counted exactly, on both state graphs at once.

Two playthroughs are the same if they take the same choices (found again over edits, see ``renames``), draw the same,
come to the same passages and stop in the same way. Walking both graphs side by side gives a graph of pairs of nodes
whose ways are just the playthroughs in common: each edge matches at most one, so that none is counted twice.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.analysis.renames import Pairing
from gamebook_lab.engine.playthrough import Playthrough
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.table import Way
from gamebook_lab.kernels.accelerate import Flags, Ints, Longs
from gamebook_lab.kernels.components import components, cyclic
from gamebook_lab.kernels.counts import completions, completions_by_length, number

__all__ = ["LONGEST", "Kept", "kept_ways"]

LONGEST: Final = 30
"""Steps up to which playthroughs are counted where play can go round in circles."""
_MOST_PAIRS: Final = 1_000_000
"""Pairs of nodes that are looked at; beyond, nothing is counted."""
_MOST_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """Playthroughs before and after, exactly; None where they could not be counted."""

    n_before: int | None
    n_after: int | None
    n_kept: int | None
    up_to: int | None
    """Only playthroughs of so many steps were counted, since play can go round in circles; None: all were."""
    lost: tuple[Playthrough, ...] = field(repr=False)
    """Examples, for the story before: each parts from what is left at another choice; the shortest first."""
    gained: tuple[Playthrough, ...] = field(repr=False)
    """The same for the story after."""
    why_not: str = ""
    """Why they could not be counted; empty: they were."""

    @property
    def n_lost(self) -> int | None:
        """Playthroughs that there were, and are no more."""
        return None if self.n_before is None or self.n_kept is None else self.n_before - self.n_kept

    @property
    def n_gained(self) -> int | None:
        """Playthroughs that there were not."""
        return None if self.n_after is None or self.n_kept is None else self.n_after - self.n_kept


def kept_ways(old: Space, new: Space, pairing: Pairing, *, longest: int = LONGEST) -> Kept:
    """Count the playthroughs that two versions have in common, that were lost and that are new.

    Parameters
    ----------
    old, new
        State graphs of the two versions.
    pairing
        What belongs together.
    longest
        Steps up to which to count, if play can go round in circles.

    Notes
    -----
    Time and memory are linear in the pairs of nodes: about as many as there are states, where the versions are alike.
    """
    if not (old.is_complete and new.is_complete):
        return Kept(None, None, None, None, (), (), "a limit was reached before all was explored")
    pairs = _Pairs(old, new, pairing)
    lost, gained = pairs.examples(0), pairs.examples(1)
    graphs = [play_graph(old), play_graph(new)]
    if pairs.is_cut:
        return Kept(None, None, None, None, lost, gained, f"more than {_MOST_PAIRS:,} pairs of states")
    counted = [*((graph.indptr, graph.indices, graph.ends, graph.starts) for graph in graphs), pairs.graph]
    is_cyclic = any(cyclic(indptr, indices, *components(indptr, indices)).any() for indptr, indices, *_ in counted)
    up_to = longest if is_cyclic else None
    before, after, kept = (_count(*each, up_to) for each in counted)
    return Kept(before, after, kept, up_to, lost, gained)


def _count(indptr: Longs, indices: Ints, ends: Flags, starts: Ints, longest: int | None) -> int:
    if not indptr.size - 1:
        return 0
    if longest is None:
        offsets, limbs = completions(indptr, indices, ends)
        return sum(number(offsets, limbs, start) for start in starts.tolist())
    return sum(sum(completions_by_length(indptr, indices, ends, start, longest)) for start in starts.tolist())


class _Side:
    """One version: its graph, and for each way on in each situation what it is called in both versions."""

    def __init__(self, space: Space, spots: dict[tuple[str, int, int], Hashable], names: dict[str, str]) -> None:
        self.space, self.graph = space, play_graph(space)
        self._spots, self._names = spots, names
        graph = self.graph
        self.stands = [names.get(graph.passages[at], f"\0{graph.passages[at]}") for at in graph.passage.tolist()]
        self.situation = [*space.situation.tolist(), *([-1] * (graph.n - graph.n_states))]
        self._keys: dict[int, dict[Hashable, int]] = {}

    def keys(self, situation: int) -> dict[Hashable, int]:
        """Ways on of a situation: what each is called, and its place among the edges there."""
        found = self._keys.get(situation)
        if found is None:
            found = self._keys[situation] = {}
            table = self.space.explorer.table
            first = table.first_way[situation] if situation >= 0 else 0
            last = table.first_way[situation + 1] if situation >= 0 else 0
            times: dict[Hashable, int] = {}
            for at in range(first, last):
                key = self._called(table.ways[at])
                times[key] = times.get(key, 0) + 1
                found[key, times[key]] = at - first
        return found

    def _called(self, way: Way) -> Hashable:
        clicks = way.leading.clicks if way.leading is not None else ()
        here = way.branch.passages[-1] if way.branch.passages else ""
        chosen = tuple(
            self._spot(click.offer.place.passage, click.offer.place.span, click.offer.label) for click in clicks
        )
        answers = way.outcome.answers if way.outcome is not None else None
        return self._names.get(here, here), way.branch.answers, chosen, answers

    def _spot(self, passage: str, span: tuple[int, int], label: str) -> Hashable:
        spot = self._spots.get((passage, *span))
        return (
            (self._names.get(passage, passage), label)
            if spot is None
            else (spot, label)
            if spot in self.several
            else spot
        )

    several: frozenset[Hashable] = frozenset()
    """Choices that are offered under several labels: each label counts as one."""


class _Pairs:
    """Both graphs side by side."""

    def __init__(self, old: Space, new: Space, pairing: Pairing) -> None:
        after = {spot: spot for spot in _spots(new)}
        before: dict[tuple[str, int, int], Hashable] = {
            spot: pairing.choices.get(spot, ("gone", *spot)) for spot in _spots(old)
        }
        self.sides = (
            _Side(old, before, dict(pairing.passages)),
            _Side(new, dict(after), {name: name for name in pairing.passages.values()}),
        )
        several = frozenset(_several(old, before) | _several(new, dict(after)))
        for side in self.sides:
            side.several = several
        self.is_cut = False
        self.pairs: list[tuple[int, int]] = []
        self._number: dict[tuple[int, int], int] = {}
        self._parent: list[tuple[int, int, int]] = []
        self._edges: list[list[int]] = []
        self._parted: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
        """For each side: pairs and edges from there that the other side has not; -1: it stops there."""
        self._matches: dict[tuple[int, int], tuple[list[tuple[int, int]], tuple[list[int], list[int]]]] = {}
        self._walk()

    def _walk(self) -> None:
        for one, other in self._starts():
            self._add(one, other, (-1, -1, -1))
        self.n_starts = len(self.pairs)
        graphs = [side.graph for side in self.sides]
        indptr = [graph.indptr.tolist() for graph in graphs]
        indices = [graph.indices.tolist() for graph in graphs]
        at = 0
        while at < len(self.pairs):
            if len(self.pairs) > _MOST_PAIRS:
                self.is_cut = True
                return
            one, other = self.pairs[at]
            matched, unmatched = self._match(self.sides[0].situation[one], self.sides[1].situation[other])
            found: list[int] = []
            for left, right in matched:
                first, second = indptr[0][one] + left, indptr[1][other] + right
                to, there = indices[0][first], indices[1][second]
                if to >= 0 and there >= 0 and self._is_same(to, there):
                    found.append(self._add(to, there, (at, first, second)))
                else:
                    self._part(0, at, first)
                    self._part(1, at, second)
            for side, node in enumerate((one, other)):
                for offset in unmatched[side]:
                    self._part(side, at, indptr[side][node] + offset)
                if graphs[side].ends[node] and not self._is_end(one, other):
                    self._parted[side].append((at, -1))
            self._edges.append(found)
            at += 1

    def _starts(self) -> Iterator[tuple[int, int]]:
        answers = [
            {start.answers: state for start, state in zip(side.space.begun, side.space.explorer.initial, strict=True)}
            for side in self.sides
        ]
        taken: set[int] = set()
        for drawn, state in answers[0].items():
            other = answers[1].get(drawn)
            if other is not None and state not in taken and self._is_same(state, other):
                taken.add(state)
                yield state, other

    def _is_same(self, one: int, other: int) -> bool:
        return self.sides[0].stands[one] == self.sides[1].stands[other]

    def _is_end(self, one: int, other: int) -> bool:
        stop, now = self.sides[0].graph.stop[one], self.sides[1].graph.stop[other]
        return bool(stop == now and stop > 0)

    def _add(self, one: int, other: int, parent: tuple[int, int, int]) -> int:
        known = self._number.get((one, other))
        if known is None:
            known = self._number[one, other] = len(self.pairs)
            self.pairs.append((one, other))
            self._parent.append(parent)
        return known

    def _part(self, side: int, pair: int, edge: int) -> None:
        if self.sides[side].graph.indices[edge] >= 0:
            self._parted[side].append((pair, edge))

    def _match(self, one: int, other: int) -> tuple[list[tuple[int, int]], tuple[list[int], list[int]]]:
        known = self._matches.get((one, other))
        if known is None:
            left, right = self.sides[0].keys(one), self.sides[1].keys(other)
            known = self._matches[one, other] = (
                [(at, right[key]) for key, at in left.items() if key in right],
                (
                    [at for key, at in left.items() if key not in right],
                    [at for key, at in right.items() if key not in left],
                ),
            )
        return known

    @cached_property
    def graph(self) -> tuple[Longs, Ints, Flags, Ints]:
        """Pairs as a graph: ``indptr``, ``indices``, where play ends on both sides, and starts."""
        indptr = np.concatenate(([0], np.cumsum([len(each) for each in self._edges], dtype=np.int64)))
        indices = np.fromiter((to for each in self._edges for to in each), np.int32, int(indptr[-1]))
        ends = np.fromiter((self._is_end(*pair) for pair in self.pairs), np.bool_, len(self.pairs))
        return indptr, indices, ends, np.arange(self.n_starts, dtype=np.int32)

    # ---- examples

    def examples(self, side: int) -> tuple[Playthrough, ...]:
        """Playthroughs that one side has and the other has not, each parting at another choice."""
        graph, space = self.sides[side].graph, self.sides[side].space
        rest = graph.rest
        found: dict[object, Playthrough] = {}
        for pair, edge in self._parted[side]:
            node = self.pairs[pair][side]
            after = node if edge < 0 else int(graph.indices[edge])
            parts_at = (int(graph.passage[node]), -1 if edge < 0 else int(graph.offer[edge]))
            if parts_at in found or rest[after] == graph.n:
                continue
            way = [*self._way(side, pair), *([] if edge < 0 else [edge]), *_shortest(graph, rest, after)]
            first = pair
            while self._parent[first][0] >= 0:
                first = self._parent[first][0]
            found[parts_at] = space.playthrough(self.pairs[first][side], way)
            if len(found) == _MOST_EXAMPLES:
                break
        return tuple(sorted(found.values(), key=len))

    def _way(self, side: int, pair: int) -> list[int]:
        edges = []
        while self._parent[pair][0] >= 0:
            edges.append(self._parent[pair][1 + side])
            pair = self._parent[pair][0]
        return edges[::-1]


def _spots(space: Space) -> set[tuple[str, int, int]]:
    choices = space.story.choices
    return set(zip(choices["passage_id"].tolist(), choices["start"].tolist(), choices["stop"].tolist(), strict=True))


def _several(space: Space, called: dict[tuple[str, int, int], Hashable]) -> set[Hashable]:
    """Choices that are offered under several labels."""
    labels: dict[tuple[str, int, int], set[object]] = {}
    for row in space.offers.to_dict("records"):
        labels.setdefault((row["passage_id"], row["start"], row["stop"]), set()).add(row["label"])
    return {called[spot] for spot, found in labels.items() if len(found) > 1 and spot in called}


def _shortest(graph: PlayGraph, rest: Ints, node: int) -> list[int]:
    """Edges of a shortest way from a node to where play stops."""
    edges = []
    while rest[node] > 0:
        first, last = int(graph.indptr[node]), int(graph.indptr[node + 1])
        edge = next(
            each for each in range(first, last) if graph.indices[each] >= 0 and rest[graph.indices[each]] < rest[node]
        )
        edges.append(edge)
        node = int(graph.indices[edge])
    return edges
