"""Where a variable is set, and where what was set there is read: every pair that can happen, as a level of coverage.

In the testing of programs these are *definition-use pairs*: a fault in what is set shows only where it is read. A pair
counts if nothing sets the variable anew in between. A passage reads what it asks for, or a click in it does: with
``detail="choices"`` what the choices and moves in the story depend on, directly or by way of other variables; with
``detail="text"`` also what is shown. What passages remember of themselves (visits, turns) is nobody's variable.

Which pairs can happen is found on the state graph, so that it is exact wherever that is. Written are all pairs of a
passage that may set a variable and one that may read it, whatever leads from one to the other.

Does not cover: what a passage sets and reads again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import ClassVar, Final, NamedTuple

import numpy as np
import pandas as pd

from gamebook_lab.analysis.meeting import ITEMS, Keyed, Nearest, distinct
from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.engine.deciding import is_machinery
from gamebook_lab.engine.situations import Branch
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.accelerate import Flags, Ints, Longs, Words
from gamebook_lab.kernels.csr import entries, sources
from gamebook_lab.kernels.reaching import AT_ONCE, holding, meetings, way_holding
from gamebook_lab.story import schema
from gamebook_lab.story.play import Page, Summary

__all__ = ["MOST_PAIRS", "PairLevel", "pair_level"]

MOST_PAIRS: Final = 1_000_000
"""Pairs that are listed; where there are more, the level says so."""
_FAR: Final = int(np.iinfo(np.int64).max)
_BEFORE: Final = ""
"""Stands for a passage where something is set before the first one."""


class _Lists(NamedTuple):
    """Lists of numbers, one for each key: those of key ``k`` are ``of[first[k]:first[k + 1]]``."""

    first: Longs
    of: Ints

    @classmethod
    def made(cls, lists: Iterable[Sequence[int]]) -> _Lists:
        """Put lists after each other."""
        kept = [list(each) for each in lists]
        first = np.concatenate(([0], np.cumsum([len(each) for each in kept], dtype=np.int64)))
        return cls(first, np.array([number for each in kept for number in each], np.int32))

    @property
    def key(self) -> Ints:
        """Of each number: whose it is."""
        return sources(self.first)


class _Facts(NamedTuple):
    """Who sets and reads what, in numbers. A definition is a variable set in a passage."""

    variables: tuple[str, ...]
    variable: Ints
    """Of each definition."""
    set_in: tuple[str, ...]
    """Of each definition: its passage."""
    begun: _Lists
    """Of each node: definitions made before play begins there."""
    way: Ints
    """Of each edge."""
    made: _Lists
    """Of each way: definitions that it makes."""
    situation: Ints
    """Of each node; one more than there are where nothing is read."""
    uses: _Lists
    """Of each situation: variables that it reads."""
    places: Ints
    """Of each entry of ``uses``: the passage where it reads it."""
    n_written: int


class PairLevel:
    """Pairs of a passage that sets a variable and one that reads it: see :class:`~gamebook_lab.analysis.meeting.Level`."""

    name: ClassVar[str] = "pair"
    is_placed: ClassVar[bool] = False

    def __init__(self, graph: PlayGraph, facts: _Facts) -> None:
        self.graph = graph
        self._facts = facts
        self._n_places = len(graph.passages)
        self.is_cut = False
        self._number, steps, node, is_sure = self._found()
        # in the story's order of the passages that read
        self._order = np.argsort(self._number % self._n_places, kind="stable")
        self._row = np.empty(self._order.size, np.int64)
        self._row[self._order] = np.arange(self._order.size)
        self.nearest = Nearest(
            np.ones(steps.size, np.bool_), is_sure[self._order], steps[self._order], node[self._order]
        )

    def __len__(self) -> int:
        return int(self._number.size)

    @property
    def n_written(self) -> int:
        """Pairs of a passage that may set a variable and one that may read it."""
        return max(self._facts.n_written, len(self))

    @property
    def note(self) -> str:
        """What the figures leave out."""
        cut = f"the first {len(self):,} pairs that can happen; there are more; " if self.is_cut else ""
        return f"{cut}written is every passage that sets a variable with every one that reads it"

    @cached_property
    def items(self) -> pd.DataFrame:
        """A row for each pair that can happen."""
        facts, number = self._facts, self._number[self._order]
        set_in = [facts.set_in[at] for at in (number // self._n_places).tolist()]
        variable = facts.variable[number // self._n_places].tolist()
        items: dict[str, Sequence[object]] = {
            "passage_id": [self.graph.passages[at] for at in (number % self._n_places).tolist()],
            "what": [
                f"{facts.variables[of]}, set {f'in {where}' if where else 'before the first passage'}"
                for of, where in zip(variable, set_in, strict=True)
            ],
            "start": [None] * len(self),
            "stop": [None] * len(self),
        }
        return schema.build(ITEMS, items)

    @cached_property
    def at_nodes(self) -> Keyed:
        """Pairs that some way of coming to each node meets there."""
        facts, graph = self._facts, self.graph
        key: Longs = facts.situation.astype(np.int64)
        for _, masks, found, _, _ in self._blocks(graph.indices, graph.starts):
            used = np.zeros(facts.uses.first.size, np.uint64)
            np.bitwise_or.at(used, facts.uses.key, masks)
            word, at = np.unique(found & used[facts.situation], return_inverse=True)
            key = np.unique(key * word.size + at, return_inverse=True)[1].astype(np.int64)
        _, first = np.unique(key, return_index=True)
        pairs = [self._pairs_at(first, *block[:3]) for block in self._blocks(graph.indices, graph.starts)]
        node, number = (np.concatenate([np.empty(0, np.int64), *each]) for each in zip(*pairs, strict=True)) if pairs else (
            np.empty(0, np.int64), np.empty(0, np.int64),
        )  # fmt: skip
        position = np.searchsorted(self._number, number)
        is_listed = np.append(self._number, -1)[position] == number
        node, item = distinct(node[is_listed], self._row[position[is_listed]], len(self))
        return Keyed(key.astype(np.int32), np.searchsorted(node, np.arange(first.size + 1)), item.astype(np.int32))

    @cached_property
    def at_edges(self) -> Keyed:
        """Nothing: what is read is read on arriving."""
        return Keyed(np.zeros(self.graph.indices.size, np.int32), np.zeros(2, np.int64), np.empty(0, np.int32))

    def met_at(self, walks: Walks) -> tuple[Longs, Longs, Longs]:
        """List where walks meet pairs."""
        facts = self._facts
        given = (
            walks.start, walks.offsets, walks.edges, self.graph.indices, *facts.begun, facts.way, *facts.made,
            facts.variable, len(facts.variables), facts.situation, *facts.uses, facts.places, self._n_places, self._number,
        )  # fmt: skip
        n = meetings(*given, np.empty(0, np.int64))
        found = np.empty(3 * n, np.int64)
        meetings(*given, found)
        step, walk, row = found.reshape(n, 3).T
        return step, walk, self._row[row]

    def met_by(self, walks: Walks) -> tuple[Longs, Longs]:
        """List what each walk meets."""
        _, walk, item = self.met_at(walks)
        return distinct(walk, item, len(self))

    def way(self, item: int) -> tuple[int, list[int]]:
        """Find a shortest way that meets a pair."""
        facts, graph = self._facts, self.graph
        definition = int(self._number[self._order[item]]) // self._n_places
        makes, unmakes = (np.zeros(facts.made.first.size - 1, np.bool_) for _ in range(2))
        makes[facts.made.key[facts.made.of == definition]] = True
        unmakes[facts.made.key[facts.variable[facts.made.of] == facts.variable[definition]]] = True
        begun = np.zeros(graph.n, np.bool_)
        begun[facts.begun.key[facts.begun.of == definition]] = True
        start, edges = way_holding(
            graph.indptr, graph.indices, graph.starts, begun[graph.starts], facts.way, makes, unmakes,
            int(self.nearest.node[item]),
        )  # fmt: skip
        return int(start), edges.tolist()

    def _found(self) -> tuple[Longs, Longs, Longs, Flags]:
        """Numbers of the pairs that can happen, ascending; steps to each, where it is met, and whether that is sure."""
        graph = self.graph
        sure_edges = np.where(graph.is_free, np.int32(-1), graph.indices)
        sure_starts = graph.starts[~np.isnan(graph.start_probability)]
        all_sure = sure_starts.size == graph.starts.size and not graph.is_free.any()
        sure = self._blocks(sure_edges, sure_starts)
        found: list[tuple[Longs, Longs, Longs, Flags]] = []
        n_found = 0
        for first, _, _, steps, where in self._blocks(graph.indices, graph.starts):
            bit, place = np.nonzero(where >= 0)
            is_sure = np.ones(bit.size, np.bool_) if all_sure else next(sure)[4][bit, place] >= 0
            number = (first + bit) * self._n_places + place
            found.append((number, steps[bit, place].astype(np.int64), where[bit, place].astype(np.int64), is_sure))
            n_found += number.size
            if n_found > MOST_PAIRS:
                self.is_cut = True
                break
        empty = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))
        numbers, all_steps, nodes, flags = (
            np.concatenate(each)[:MOST_PAIRS] for each in zip(empty, *found, strict=True)
        )
        return numbers, all_steps, nodes, flags

    def _blocks(self, indices: Ints, starts: Ints) -> Iterator[tuple[int, Words, Words, Ints, Ints]]:
        """Look at some definitions at a time: the first; which of them serve each use; what kernels.reaching says of them."""
        graph, facts = self.graph, self._facts
        one = np.uint64(1)
        for first in range(0, facts.variable.size, AT_ONCE):
            last = min(first + AT_ONCE, facts.variable.size)
            bit = np.zeros(facts.variable.size, np.uint64)
            bit[first:last] = one << np.arange(last - first, dtype=np.uint64)
            of_variable = np.zeros(len(facts.variables), np.uint64)
            np.bitwise_or.at(of_variable, facts.variable, bit)
            kept = np.full(facts.made.first.size - 1, ~np.uint64(0))
            made = np.zeros(kept.size, np.uint64)
            np.bitwise_and.at(kept, facts.made.key, ~of_variable[facts.variable[facts.made.of]])
            np.bitwise_or.at(made, facts.made.key, bit[facts.made.of])
            begun = np.zeros(graph.n, np.uint64)
            np.bitwise_or.at(begun, facts.begun.key, bit[facts.begun.of])
            is_start = np.zeros(graph.n, np.bool_)
            is_start[starts] = True
            begun = np.where(is_start, begun | one << np.uint64(AT_ONCE), np.uint64(0))
            masks = of_variable[facts.uses.of]
            yield (
                first, masks,
                *holding(
                    graph.indptr, indices, begun, facts.way, kept, made,
                    facts.situation, facts.uses.first, masks, facts.places, self._n_places,
                ),
            )  # fmt: skip

    def _pairs_at(self, nodes: Longs, first: int, masks: Words, found: Words) -> tuple[Longs, Longs]:
        """What is met at some nodes: positions in ``nodes``, and numbers of pairs."""
        facts = self._facts
        at, use = entries(facts.uses.first, facts.situation[nodes])
        words = found[nodes[at]] & masks[use]
        positions, numbers = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for bit in range(min(AT_ONCE, facts.variable.size - first)):
            there = np.flatnonzero(words >> np.uint64(bit) & np.uint64(1))
            positions.append(at[there])
            numbers.append((first + bit) * self._n_places + facts.places[use[there]].astype(np.int64))
        return np.concatenate(positions), np.concatenate(numbers)


# ---- who sets and reads what


def pair_level(space: Space) -> PairLevel:
    """Find all pairs of a space.

    Notes
    -----
    A few walks of the graph for every 63 definitions, and as many again where something is unknown.
    """
    return PairLevel(play_graph(space), _facts(space))


def _facts(space: Space) -> _Facts:
    graph, table = play_graph(space), space.explorer.table
    row = {name: at for at, name in enumerate(graph.passages)}
    asked = _asked(space)
    begun: dict[int, list[tuple[str, str]]] = {}
    for start, state in zip(space.begun, space.explorer.initial, strict=True):
        begun.setdefault(state, []).extend((name, _BEFORE) for name, _ in start.writes)
    made = [_made(space, way.branch, () if way.outcome is None else way.outcome.writes) for way in space.ways]
    uses: list[list[tuple[str, str]]] = []
    for number, situation in enumerate(table.situations):
        place = table.locations[table.situation_location[number]]
        at = place.passage if isinstance(place, Page) else place
        uses.append([(name, _reads(space, at, situation.branches, name)) for name in asked[number]])
    definitions = dict.fromkeys(each for made_there in (*begun.values(), *made) for each in made_there)
    variables = sorted({name for name, _ in definitions if not is_machinery(name)})
    number_of = {name: at for at, name in enumerate(variables)}
    ordered = sorted(
        (each for each in definitions if each[0] in number_of),
        key=lambda each: (number_of[each[0]], row.get(each[1], -1)),
    )
    definition = {each: at for at, each in enumerate(ordered)}
    known = [[use for use in there if use[0] in number_of] for there in uses]
    way = space.edge_way()
    n_situations = len(uses)
    of_states = np.where(space.situation >= 0, space.situation, n_situations)
    situation_of = np.concatenate((of_states, np.full(graph.n - graph.n_states, n_situations))).astype(np.int32)
    return _Facts(
        tuple(variables),
        np.array([number_of[name] for name, _ in ordered], np.int32),
        tuple(where for _, where in ordered),
        _numbered((begun.get(node, []) for node in range(graph.n)), definition),
        way,
        _numbered([*made, []], definition),
        situation_of,
        _Lists.made([[number_of[name] for name, _ in there] for there in [*known, []]]),
        np.array([row[where] for there in known for _, where in there], np.int32),
        _n_written(space),
    )


def _numbered(lists: Iterable[Sequence[tuple[str, str]]], definition: dict[tuple[str, str], int]) -> _Lists:
    return _Lists.made([definition[each] for each in there if each in definition] for there in lists)


def _made(space: Space, branch: Branch, writes: Sequence[tuple[str, object]]) -> list[tuple[str, str]]:
    """Where the story moved on by itself, the last passage that may have set it did."""
    found = []
    for name, _ in writes:
        setting = (each for each in reversed(branch.passages) if name in _summary(space, each).writes)
        found.append((name, next(setting, branch.passages[-1] if branch.passages else _BEFORE)))
    return found


def _reads(space: Space, at: str, branches: Sequence[Branch], name: str) -> str:
    """Where the story moved on by itself, the first passage that may have read it did."""
    if name in _read(space, _summary(space, at)):
        return at
    passages = (each for branch in branches for each in branch.passages)
    return next((each for each in passages if name in _read(space, _summary(space, each))), at)


def _summary(space: Space, passage: str) -> Summary:
    return space.relevance.summaries.get(passage, Summary())


def _read(space: Space, summary: Summary) -> frozenset[str]:
    """What a passage may ask for."""
    flowing = {source for source, target in summary.flows if space.relevance.matters(target)}
    return summary.decides | flowing | (summary.shows if space.detail == "text" else frozenset())


def _n_written(space: Space) -> int:
    """Count the pairs of a passage that may set a variable that matters, or of what runs before all, and one that reads it."""
    setting: dict[str, int] = {}
    reading: dict[str, int] = {}
    graph = play_graph(space)
    summaries = [_summary(space, name) for name, is_read in zip(graph.passages, graph.is_read, strict=True) if is_read]
    for summary in (*summaries, space.explorer.plan.player.summary(None)):
        for name in summary.writes:
            setting[name] = setting.get(name, 0) + 1
    for summary in summaries:
        for name in _read(space, summary):
            reading[name] = reading.get(name, 0) + 1
    return sum(n * setting.get(name, 0) for name, n in reading.items() if not is_machinery(name))


def _asked(space: Space) -> list[tuple[str, ...]]:
    """Variables that each situation read, off the decision trees."""
    table = space.explorer.table
    found: list[tuple[str, ...]] = [()] * len(table.situations)
    work: list[tuple[int, tuple[str, ...]]] = [(root, ()) for root in table.root]
    while work:
        node, asked = work.pop()
        if node < 0:
            found[-1 - node] = asked
        elif node:
            first = table.node_child[node]
            name = table.fields.names[table.node_field[node] - 1]
            work += [(table.child[at], (*asked, name)) for at in range(first, first + table.node_size[node])]
    return found
