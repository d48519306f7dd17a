"""Where a variable is set, and where what was set there is read: every pair that can happen, and which ones playthroughs see.

In the testing of programs these are *definition-use pairs*: a fault in what is set shows only where it is read. A pair
counts if nothing sets the variable anew in between. Reads are those that decide something: with ``detail="choices"``
what is offered and where it leads, with ``detail="text"`` what is shown too.

Does not cover: what a passage sets and reads again by itself, and values that only flow into others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.coverage import Ways, as_walks
from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.engine.situations import Outcome
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.accelerate import Words
from gamebook_lab.kernels.reach import reverse_postorder
from gamebook_lab.kernels.reaching import reaching
from gamebook_lab.story import schema

__all__ = ["VARIABLE_PAIRS", "variable_pairs"]

VARIABLE_PAIRS: Final = (
    schema.Column("variable", "str", "as the author writes it"),
    schema.Column("set_in", "str", "passage where it is set last; empty: before the first passage"),
    schema.Column("read_in", "str", "passage where that is read"),
    schema.Column("is_covered", "bool", "a playthrough does both"),
    schema.Column("n_playthroughs", "int64", "playthroughs that do"),
)
"""Columns of :func:`variable_pairs`."""


def variable_pairs(space: Space, ways: Ways) -> pd.DataFrame:
    """List the pairs of a passage that sets a variable and one that reads what was set, and which playthroughs see them.

    Parameters
    ----------
    space
        The state graph.
    ways
        Walks on it, or playthroughs.

    Returns
    -------
    pandas.DataFrame
        A row for each pair that can happen. Columns in :data:`VARIABLE_PAIRS`.

    Notes
    -----
    A few walks of the graph for every 64 pairs of a variable and a passage that sets it; and a step of Python for each
    edge of the playthroughs: a second for some 500,000.
    """
    facts = _Facts(space)
    walks = as_walks(space, ways)
    times: dict[tuple[int, str], int] = {}
    for number in range(len(walks)):
        for pair in set(facts.seen(walks, number)):
            times[pair] = times.get(pair, 0) + 1
    pairs = sorted(facts.possible(), key=lambda pair: (*facts.definitions[pair[0]], pair[1]))
    return schema.build(
        VARIABLE_PAIRS,
        {
            "variable": [facts.definitions[at][0] for at, _ in pairs],
            "set_in": [facts.definitions[at][1] for at, _ in pairs],
            "read_in": [passage for _, passage in pairs],
            "is_covered": [pair in times for pair in pairs],
            "n_playthroughs": [times.get(pair, 0) for pair in pairs],
        },
    )


class _Facts:
    """Definitions by number, and what every way makes and every situation reads."""

    def __init__(self, space: Space) -> None:
        self.space, self.graph = space, play_graph(space)
        self._number: dict[tuple[str, str], int] = {}
        self.made = [
            self._makes(way.outcome, way.branch.passages[-1] if way.branch.passages else "") for way in space.ways
        ]
        self.begun: dict[int, dict[str, int]] = {}
        for start, state in zip(space.begun, space.explorer.initial, strict=True):
            self.begun.setdefault(state, self._makes(start, ""))
        self.definitions = list(self._number)
        self.reads = self._asked()
        self.situation = [*space.situation.tolist(), *([-1] * (self.graph.n - self.graph.n_states))]
        self.way = space.edge_way()

    def _makes(self, outcome: Outcome | None, passage: str) -> dict[str, int]:
        writes = () if outcome is None else outcome.writes
        return {name: self._number.setdefault((name, passage), len(self._number)) for name, _ in writes}

    def _asked(self) -> list[tuple[str, ...]]:
        """Variables that each situation read, off the decision trees."""
        table = self.space.explorer.table
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

    def seen(self, walks: Walks, number: int) -> Iterator[tuple[int, str]]:
        """Pairs that one walk does."""
        graph = self.graph
        node = int(walks.start[number])
        last = dict(self.begun.get(node, {}))
        yield from self._read(node, last)
        for edge in walks.edges[walks.offsets[number] : walks.offsets[number + 1]].tolist():
            last.update(self.made[self.way[edge]])
            node = int(graph.indices[edge])
            yield from self._read(node, last)

    def _read(self, node: int, last: dict[str, int]) -> Iterator[tuple[int, str]]:
        situation = self.situation[node]
        for name in self.reads[situation] if situation >= 0 else ():
            if name in last:
                yield last[name], self.graph.passages[self.graph.arrival[node]]

    def possible(self) -> set[tuple[int, str]]:
        """Pairs that some playthrough does."""
        graph, space = self.graph, self.space
        order = reverse_postorder(graph.indptr, graph.indices, graph.starts)
        readers = [at for at in range(graph.n_states) if self.situation[at] >= 0 and self.reads[self.situation[at]]]
        found: set[tuple[int, str]] = set()
        for first in range(0, len(self.definitions), 64):
            words = self._words(graph, space, order, first)
            here = self.definitions[first : first + 64]
            masks: dict[str, int] = {}
            for at, (name, _) in enumerate(here):
                masks[name] = masks.get(name, 0) | 1 << at
            known: set[tuple[int, int, int]] = set()
            for node in readers:
                key = (self.situation[node], int(graph.arrival[node]), int(words[node]))
                if key in known:
                    continue
                known.add(key)
                for name in self.reads[key[0]]:
                    bits = key[2] & masks.get(name, 0)
                    while bits:
                        found.add((first + (bits & -bits).bit_length() - 1, graph.passages[key[1]]))
                        bits &= bits - 1
        return found

    def _words(
        self, graph: PlayGraph, space: Space, order: np.ndarray[tuple[int], np.dtype[np.int32]], first: int
    ) -> Words:
        masks: dict[str, int] = {}
        for at, (name, _) in enumerate(self.definitions[first : first + 64]):
            masks[name] = masks.get(name, 0) | 1 << at
        whole = (1 << 64) - 1
        kept = np.array([whole & ~sum(masks.get(name, 0) for name in made) for made in self.made] or [whole], np.uint64)
        made = np.array([_bits(each, first) for each in self.made] or [0], np.uint64)
        begun = np.zeros(graph.n, np.uint64)
        for state, each in self.begun.items():
            begun[state] = _bits(each, first)
        return reaching(graph.indptr, graph.indices, order, begun, space.edge_way(), kept, made)


def _bits(made: dict[str, int], first: int) -> int:
    return sum(1 << (at - first) for at in made.values() if first <= at < first + 64)
