"""The state graph of a story, as arrays with labels back to its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gamebook_lab.engine.playthrough import Pick, Playthrough, Step
from gamebook_lab.engine.recording import Unclear
from gamebook_lab.engine.situations import Outcome
from gamebook_lab.engine.stops import Stop
from gamebook_lab.engine.table import Way
from gamebook_lab.kernels import explore
from gamebook_lab.kernels.accelerate import Floats, Ints, Longs
from gamebook_lab.story import schema
from gamebook_lab.story.frozen import Value
from gamebook_lab.story.play import Detail, Page

if TYPE_CHECKING:
    from gamebook_lab.engine.explorer import Explorer
    from gamebook_lab.engine.relevance import Relevance
    from gamebook_lab.story.story import Story

__all__ = ["OFFERS", "Space"]

OFFERS: Final = (
    schema.Column("passage_id", "str", "name of the passage whose text offers it"),
    schema.Column("start", "int64", "where it begins in that text", "characters"),
    schema.Column("stop", "int64", "where it ends in that text", "characters"),
    schema.Column("label", "object", "as shown; empty where that is not modelled"),
    schema.Column("kind", "str", "as in choices"),
    schema.Column("choice", "Int64", "row of story.choices; missing: none stands just there"),
)
"""Columns of :attr:`Space.offers`."""


@dataclass(frozen=True, eq=False)
class Space:
    """Every state that a reader can come to, as far as it was explored.

    States are numbered in the order in which they were found, breadth first: the first way to each is a shortest one.
    An *edge* is one outcome of one offer (or of the story moving on by itself) in one state.
    """

    story: Story
    relevance: Relevance
    explorer: Explorer = field(repr=False)
    n_states: int
    initial: Ints
    """States where reading may begin."""
    initial_probability: Floats
    """Of each; nan where nobody knows."""
    target: Ints
    """For each edge the state that it leads to: -1 a passage that does not exist, ``-1 - stop`` where play stops on
    arriving without a state of its own (see :class:`~gamebook_lab.engine.stops.Stop`)."""
    indptr: Longs
    """Edges of state ``i`` are those from ``indptr[i]`` up to ``indptr[i + 1]``."""

    def __repr__(self) -> str:
        kind = "exact" if self.is_exact else "not exact"
        return f"<Space of {self.story.metadata.title or 'untitled'!r}: {self.n_states:,} states, {self.n_edges:,} edges, {kind}>"

    # ---- how sure

    @property
    def detail(self) -> Detail:
        """What was kept."""
        return self.relevance.detail

    @property
    def limit(self) -> str | None:
        """Name of the limit that was reached; None: everything was explored."""
        return self.explorer.limit

    @property
    def n_explored(self) -> int:
        """States that were looked at; those from here on only are known to be reachable."""
        return self.explorer.n_done

    @property
    def is_complete(self) -> bool:
        """Nothing reachable was left out: what is not here, cannot be reached."""
        return self.limit is None and not self.explorer.is_cut

    @property
    def is_exact(self) -> bool:
        """Neither was anything left out, nor did anything unknown decide: what is here can be reached, too."""
        return self.is_complete and not any(each.decides for each in self.unclear)

    @property
    def unclear(self) -> tuple[Unclear, ...]:
        """Constructs met that are not modelled, and decisions on what nobody knows; each once, as first met."""
        return tuple(self.explorer.unclear)

    # ---- states

    @property
    def n_edges(self) -> int:
        """How many edges there are."""
        return len(self.target)

    @property
    def situation(self) -> Ints:
        """For each state its situation; -1 where it was not looked at."""
        found: Ints = self.explorer.states.situation[: self.n_states]
        return found

    @cached_property
    def location(self) -> Ints:
        """For each state its location: see :attr:`places`."""
        layout = self.explorer.layout
        words = self.explorer.states.words[: self.n_states, layout.word[0]]
        found: Ints = ((words >> layout.shift[0]) & layout.mask[0]).astype(np.int32)
        return found

    @property
    def places(self) -> list[str | Page]:
        """Each location: the name of a passage (arriving there), or a page that a click left in front of the reader."""
        return self.explorer.table.locations

    @cached_property
    def stop(self) -> npt.NDArray[np.int8]:
        """For each state how play stops there, as :class:`~gamebook_lab.engine.stops.Stop` numbers it; 0: it goes on."""
        stops = np.array([*self.explorer.table.situation_stop, Stop.UNKNOWN], np.int8)
        return stops[self.situation]

    @property
    def values_by_field(self) -> Mapping[str, tuple[Value, ...]]:
        """The values that each variable has had, by number: 0 is unknown or forgotten, 1 unset."""
        fields = self.explorer.fields
        return {name: tuple(fields.interned[at].known) for name, at in fields.numbers.items()}

    def numbers(self, variable: str) -> Longs:
        """For each state the number of a variable's value, as in :attr:`values_by_field`."""
        at, layout = self.explorer.fields.numbers[variable], self.explorer.layout
        words = self.explorer.states.words[: self.n_states, layout.word[at]]
        found: Longs = ((words >> layout.shift[at]) & layout.mask[at]).astype(np.int64)
        return found

    def values(self, state: int) -> dict[str, Value]:
        """What is known of the variables in a state: those that still matter there."""
        fields, layout = self.explorer.fields, self.explorer.layout
        row = self.explorer.states.words[state].tolist()
        found = {}
        for name, at in fields.numbers.items():
            number = (row[layout.word[at]] >> int(layout.shift[at])) & int(layout.mask[at])
            if number:
                found[name] = fields.interned[at].known[number]
        return found

    # ---- edges

    @property
    def ways(self) -> list[Way]:
        """What may happen in each situation, by row: see :meth:`edge_way`."""
        return self.explorer.table.ways

    def edge_way(self) -> Ints:
        """For each edge the row of :attr:`ways`."""
        first_way = np.array(self.explorer.table.first_way, np.int32)
        return explore.edge_ways(self.indptr, self.situation, first_way)

    def edge_source(self) -> Ints:
        """For each edge the state that it leads from."""
        return np.repeat(np.arange(self.n_states, dtype=np.int32), np.diff(self.indptr))

    @cached_property
    def _offers(self) -> tuple[pd.DataFrame, Ints]:
        rows: dict[tuple[str, int, int, str, str], int] = {}
        of_way = np.full(len(self.ways), -1, np.int32)
        for at, way in enumerate(self.ways):
            if way.leading is not None and way.leading.clicks:
                offer = way.leading.clicks[-1].offer
                key = (offer.place.passage, *offer.place.span, offer.label, str(offer.kind))
                of_way[at] = rows.setdefault(key, len(rows))
        choices = self.story.choices
        spans = zip(choices["passage_id"].tolist(), choices["start"].tolist(), choices["stop"].tolist(), strict=True)
        row_of = {span: at for at, span in reversed(list(enumerate(spans)))}
        names = [column.name for column in OFFERS[:-1]]
        data: dict[str, list[object]] = {name: [key[at] for key in rows] for at, name in enumerate(names)}
        data["choice"] = [row_of.get(key[:3]) for key in rows]
        return schema.build(OFFERS, data), of_way

    @property
    def offers(self) -> pd.DataFrame:
        """Everything that leads on and was offered somewhere. Columns in :data:`OFFERS`."""
        return self._offers[0]

    def edge_offer(self) -> Ints:
        """For each edge the row of :attr:`offers`; -1 where the story moves on, or stops, by itself."""
        found: Ints = self.way_offer[self.edge_way()]
        return found

    @property
    def way_offer(self) -> Ints:
        """For each of :attr:`ways` the row of :attr:`offers`; -1 where the story moves on, or stops, by itself."""
        return self._offers[1]

    @cached_property
    def way_chances(self) -> list[Fraction | None]:
        """Exact probability of all that is drawn on each way, in its situation; None: nobody knows."""
        return [_chance(way) for way in self.ways]

    @cached_property
    def way_weights(self) -> list[Fraction | None]:
        """Exact probability of each way in its situation, for a reader who takes all offers alike; None: unknown."""
        return [
            chance / len(way.branch.ways) if chance is not None and way.outcome is not None else chance
            for way, chance in zip(self.ways, self.way_chances, strict=True)
        ]

    def edge_probability(self) -> Floats:
        """For each edge its probability, for a reader who takes all offers alike; nan where nobody knows."""
        weights = [np.nan if weight is None else float(weight) for weight in self.way_weights]
        return np.array([*weights, np.nan], np.float64)[self.edge_way()]

    # ---- ways to states

    @property
    def begun(self) -> list[Outcome]:
        """How reading may begin, for each entry of ``explorer.initial``."""
        return [start for start in self.explorer.starts if start.to in self.explorer.plan.names]

    @cached_property
    def parent_edge(self) -> Longs:
        """For each state the edge by which it was found first; -1 where reading begins."""
        found: Longs = explore.first_edges(self.target, len(self.initial), self.n_states)
        return found

    @cached_property
    def parent(self) -> Ints:
        """For each state the one from which it was found first; -1 where reading begins."""
        source = np.append(self.edge_source(), np.int32(-1))
        found: Ints = source[self.parent_edge]
        return found

    def path(self, state: int) -> list[int]:
        """Edges of a shortest way to a state."""
        edges = []
        while self.parent[state] >= 0:
            edges.append(int(self.parent_edge[state]))
            state = int(self.parent[state])
        return edges[::-1]

    def witness(self, state: int, *, edge: int | None = None) -> Playthrough:
        """Find a shortest playthrough to a state, and over one of its edges if asked for."""
        first = state
        while self.parent[first] >= 0:
            first = int(self.parent[first])
        return self.playthrough(first, [*self.path(state), *([] if edge is None else [edge])])

    def playthrough(self, initial: int, edges: Iterable[int]) -> Playthrough:
        """Write down a way as what the reader does.

        Parameters
        ----------
        initial
            State where reading begins, one of :attr:`initial`.
        edges
            What is taken from there on, each from where the one before leads.
        """
        start = self.begun[self.explorer.initial.index(initial)].answers
        steps = (self._step_of_way(int(self._way_of_edge[each])) for each in edges)
        return Playthrough(self.detail, start, tuple(steps))

    def edge_of_step(self, state: int, step: Step) -> int | None:
        """Find the edge by which a step of a playthrough leads on from a state; None if it cannot be taken there."""
        first, last = int(self.indptr[state]), int(self.indptr[state + 1])
        return next(
            (edge for edge in range(first, last) if self._step_of_way(int(self._way_of_edge[edge])) == step), None
        )

    @cached_property
    def _way_of_edge(self) -> Ints:
        return self.edge_way()

    @cached_property
    def _steps(self) -> dict[int, Step]:
        return {}

    def _step_of_way(self, way: int) -> Step:
        found = self._steps.get(way)
        if found is None:
            found = self._steps[way] = _step(self.ways[way])
        return found


def _chance(way: Way) -> Fraction | None:
    if not way.branch.is_known or (way.outcome is not None and not way.outcome.is_known):
        return None
    return way.branch.weight if way.outcome is None else way.branch.weight * way.outcome.weight


def _step(way: Way) -> Step:
    clicks = way.leading.clicks if way.leading is not None else ()
    return Step(
        way.branch.passages[-1] if way.branch.passages else "",
        way.branch.answers,
        tuple(Pick(click.nth, click.offer.place, click.offer.label) for click in clicks),
        way.outcome.answers if way.outcome is not None else (),
    )
