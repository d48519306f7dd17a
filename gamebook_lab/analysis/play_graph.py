"""The state graph as every analysis reads it: plain arrays, with a node for each way in which play may stop.

Nodes are the states of a :class:`~gamebook_lab.engine.space.Space`, and behind them one for each passage and kind of stop
that is met without a state of its own. A link to a passage that does not exist leads nowhere: who clicks it stays, and
chooses again. So its edge is -1, and the other edges of its node share its probability.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gamebook_lab.analysis.reader_model import ReaderModel, way_probability
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Longs
from gamebook_lab.kernels.components import components, cyclic
from gamebook_lab.kernels.csr import predecessors, sources
from gamebook_lab.kernels.probabilities import Flow, expected_visits, share_out
from gamebook_lab.kernels.reach import can_reach, distances, reached
from gamebook_lab.story.play import Page
from gamebook_lab.story.story import Story

__all__ = ["STOPS", "PlayGraph", "play_graph", "states_by_situation"]

STOPS: Final = {
    Stop.ENDING: "ending",
    Stop.DEAD_END: "dead end",
    Stop.STUCK: "stuck",
    Stop.MISSING: "missing passage",
    Stop.ENDLESS: "endless",
    Stop.UNKNOWN: "unknown",
}
"""How tables name each kind of stop."""


@dataclass(frozen=True, eq=False)
class PlayGraph:
    """A story's states and the ways between them. Arrays are shared: nobody writes to them."""

    indptr: Longs
    indices: Ints
    starts: Ints
    """Nodes where reading may begin."""
    start_probability: Floats
    """Of each; nan where nobody knows."""
    probability: Floats
    """Of each edge, at its node, for a reader of the model that was asked for; nan where nobody knows. 0 of edges to
    nothing."""
    probability_alike: Floats
    """The same for a reader who takes all offers alike: choices are compared by it, whoever reads."""
    by_chance: Flags
    """Of each edge: whether something is drawn on the way."""
    clicks: Ints
    """Of each edge: 1 if the reader chooses it, 0 if the story moves on by itself."""
    offer: Ints
    """Of each edge: row of ``offers``; -1 for none."""
    standing: npt.NDArray[np.int8]
    """Of each edge: 2 if its offer always stands there, 1 if by chance, 0 if nobody knows whether it does."""
    stop: Ints
    """Of each node: how play stops there, by :class:`~gamebook_lab.engine.stops.Stop`; 0 where it goes on."""
    arrival: Ints
    """Of each node: the row in ``passages`` where the reader arrives first."""
    passage: Ints
    """Of each node: the row in ``passages`` where the reader stands there, at last."""
    passes: tuple[Ints, Ints, Flags]
    """Further passages that the story shows on arriving, moving on by itself: nodes, passages, and whether it is sure."""
    pass_share: Floats
    """Of each of :attr:`passes`: how likely it is shown, as far as is known; 0: nobody knows whether it is."""
    passages: tuple[str, ...]
    """Names, those that are never reached among them."""
    n_words: Longs
    """Of each passage."""
    is_read: Flags
    """Of each passage: whether readers come to it; code that only runs around passages is not read."""
    offers: pd.DataFrame
    n_states: int
    """Nodes that are states of the space; the others stand for stops."""
    is_complete: bool
    """What is not here, cannot be reached."""

    @property
    def n(self) -> int:
        """Number of nodes."""
        return self.indptr.size - 1

    @cached_property
    def source(self) -> Ints:
        """Of each edge: the node that it starts from."""
        return sources(self.indptr)

    @cached_property
    def is_free(self) -> Flags:
        """Of each edge: whether nobody knows how likely it is."""
        return np.isnan(self.probability)

    @cached_property
    def is_sure(self) -> Flags:
        """Of each node: whether a reader can come there, whatever is unknown."""
        return self.reached_over(~self.is_free, ~np.isnan(self.start_probability))

    @cached_property
    def is_certain(self) -> Flags:
        """Of each node: whether a reader can come there without anything drawn by chance."""
        starts: Flags = np.isnan(self.start_probability) | (self.start_probability == 1.0)
        return self.reached_over(~self.by_chance, starts)

    @cached_property
    def is_locked(self) -> Flags:
        """Of each node: whether no ending by design can be reached from there any more, and nothing is left unexplored."""
        goals = np.flatnonzero((self.stop == Stop.ENDING) | (self.stop == Stop.UNKNOWN)).astype(np.int32)
        return ~can_reach(self.indptr, self.indices, goals)

    @cached_property
    def distances(self) -> Ints:
        """Of each node: edges of a shortest way there; -1 where none leads."""
        return distances(self.indptr, self.indices, self.starts)

    @cached_property
    def rest(self) -> Ints:
        """Of each node: edges of a shortest way to where play stops; :attr:`n` where there is none."""
        found = distances(*predecessors(self.indptr, self.indices), np.flatnonzero(self.ends).astype(np.int32))
        return np.where(found < 0, np.int32(self.n), found)

    @cached_property
    def known_probability(self) -> Floats:
        """Of each edge: its probability, 0 where nobody knows."""
        return np.nan_to_num(self.probability) if self.is_free.any() else self.probability

    def reached_over(self, edges: Flags, starts: Flags) -> Flags:
        """Find the nodes reached over some of the edges, from some of the starts."""
        return reached(self.indptr, np.where(edges, self.indices, np.int32(-1)), self.starts[starts])

    @cached_property
    def components(self) -> tuple[int, Ints]:
        """How many strongly connected components there are, and each node's: ends of the story first."""
        return components(self.indptr, self.indices)

    @cached_property
    def has_circles(self) -> bool:
        """Whether play can go round in circles."""
        return bool(cyclic(self.indptr, self.indices, *self.components).any())

    @cached_property
    def flow(self) -> Flow:
        """How often readers come to each node along what is known; the rest is lost on the way."""
        source = np.zeros(self.n)
        np.add.at(source, self.starts, np.nan_to_num(self.start_probability))
        return expected_visits(self.indptr, self.indices, self.known_probability, source)

    @cached_property
    def ends(self) -> Flags:
        """Of each node: whether play stops there."""
        return self.stop > 0


_KNOWN: Final[weakref.WeakKeyDictionary[Space, PlayGraph]] = weakref.WeakKeyDictionary()


def play_graph(space: Space | PlayGraph, reader: ReaderModel | None = None) -> PlayGraph:
    """Read a space as plain arrays; once for each space.

    Parameters
    ----------
    space
        The space; or its graph, which is given back.
    reader
        How readers choose; None: as they do already, which is taking all offers alike unless ``space.with_reader`` said
        otherwise.

    Raises
    ------
    UnknownChoiceError
        If the model has a weight for a choice that the story does not have.
    TypeError
        If a reader is given, and the graph in place of the space.
    """
    if isinstance(space, PlayGraph):
        if reader is not None:
            raise TypeError("a reader model needs the space: its graph knows no choices")
        return space
    known = _KNOWN.get(space)
    if known is None:
        known = _KNOWN[space] = _read(space)
    return known if reader is None else _read_by(space, known, reader)


def graph_read_by(space: Space, other: Space, reader: ReaderModel) -> None:
    """Have ``other``, which is the same space, read by this model from now on: nothing else is worked out again."""
    _KNOWN[other] = play_graph(space, reader)


def _read_by(space: Space, graph: PlayGraph, reader: ReaderModel) -> PlayGraph:
    if reader.is_uniform:
        reader.offer_weights(space)  # checks that its choices exist
        probability = graph.probability_alike
    else:
        of_edge = np.append(way_probability(space, reader), np.nan)[space.edge_way()]
        probability = _shared(graph.indptr, graph.indices, of_edge)
    return replace(graph, probability=probability)


def _read(space: Space) -> PlayGraph:
    table = space.story.passages
    names: dict[str, int] = {}
    for name in table["passage_id"]:
        names.setdefault(name, len(names))
    n_words = np.zeros(len(names), np.int64)
    for name, words in zip(reversed(table["passage_id"].tolist()), reversed(table["n_words"].tolist()), strict=True):
        n_words[names[name]] = words

    is_read = np.array(table.drop_duplicates("passage_id")["kind"] == "story", np.bool_)
    way_of, indices = space.edge_way(), space.target
    stop = [space.stop.astype(np.int32)]
    stands = np.array([names[each.passage if isinstance(each, Page) else each] for each in space.places], np.int32)
    arrival = stands[space.location]
    arrived = set(arrival.tolist())
    for name in _only_included(space.story):
        is_read[names[name]] = names[name] in arrived and is_read[names[name]]
    shown = space.explorer.table.situations
    at_last = np.array(
        [
            names.get(each.branches[0].passages[-1], -1) if each.branches and each.branches[0].passages else -1
            for each in shown
        ]
        + [-1],
        np.int32,
    )[space.situation]
    is_single = np.array([len(each.branches) == 1 for each in shown] + [False], bool)[space.situation]
    passage = np.where(is_single & (at_last >= 0), at_last, arrival).astype(np.int32)

    # a node for each passage and kind of stop that edges lead to straight away
    stopping = np.flatnonzero(indices < -1)
    extra: dict[tuple[int, int], int] = {}
    if stopping.size:
        indices = indices.copy()
    for edge in stopping.tolist():
        branch = space.ways[way_of[edge]].branch
        where = names[branch.passages[-1]] if branch.passages else int(passage[space.edge_source()[edge]])
        key = (where, -1 - int(indices[edge]))
        indices[edge] = space.n_states + extra.setdefault(key, len(extra))
    stop.append(np.array([kind for _, kind in extra], np.int32))
    where_stopped = np.array([where for where, _ in extra], np.int32)
    indptr = space.indptr
    if extra:
        indptr = np.append(indptr, np.full(len(extra), space.n_edges, np.int64))

    ways = space.ways
    chancy = np.array(
        [each.branch.weight != 1 or (each.outcome is not None and each.outcome.weight != 1) for each in ways], bool
    )
    clicked = np.array([each.leading is not None and bool(each.leading.clicks) for each in ways], np.int32)
    passes, pass_share = _passes(space, names)
    alike = _shared(indptr, indices, space.edge_probability())
    return PlayGraph(
        indptr=indptr,
        indices=indices,
        starts=space.initial,
        start_probability=space.initial_probability,
        probability=alike,
        probability_alike=alike,
        by_chance=chancy[way_of],
        clicks=clicked[way_of],
        offer=space.edge_offer(),
        standing=_standing(space)[way_of],
        stop=np.concatenate(stop),
        arrival=np.concatenate((arrival, where_stopped)),
        passage=np.concatenate((passage, where_stopped)),
        passes=passes,
        pass_share=pass_share,
        passages=tuple(names),
        n_words=n_words,
        is_read=is_read,
        offers=space.offers,
        n_states=space.n_states,
        is_complete=space.is_complete,
    )


def _only_included(story: Story) -> set[str]:
    """Passages that are shown inside others, and that no choice leads to."""
    choices = story.choices[["kind", "target"]].dropna()
    is_include = (choices["kind"] == "include").to_numpy()
    targets = choices["target"].to_numpy()
    found: set[str] = set(targets[is_include]) - set(targets[~is_include])
    return found & story.keys_by_name.keys()


def _shared(indptr: Longs, indices: Ints, probability: Floats) -> Floats:
    """Let the other edges of a node share what edges to nothing would take."""
    found = probability.copy()
    share_out(indptr, indices, found)
    return found


def states_by_situation(space: Space) -> list[Ints]:
    """List the states of each situation, ascending."""
    order = np.argsort(space.situation, kind="stable").astype(np.int32)
    bounds = np.searchsorted(space.situation[order], np.arange(len(space.explorer.table.situations) + 1))
    return [order[first:last] for first, last in pairwise(bounds.tolist())]


def _standing(space: Space) -> npt.NDArray[np.int8]:
    """Of each way: in how many of its situation's branches what leads to it stands. 2: all, 1: known ones, 0: unknown ones."""
    found = np.full(len(space.ways), 2, np.int8)
    offers = space.way_offer.tolist()
    first = space.explorer.table.first_way
    for number, situation in enumerate(space.explorer.table.situations):
        if len(situation.branches) == 1:
            continue
        ways = range(first[number], first[number + 1])
        branches: dict[int, dict[int, bool]] = {}
        for way in ways:
            branch = space.ways[way].branch
            branches.setdefault(offers[way], {})[id(branch)] = branch.is_known
        for way in ways:
            there = branches[offers[way]]
            found[way] = 2 if len(there) == len(situation.branches) else int(any(there.values()))
    return found


def _passes(space: Space, names: dict[str, int]) -> tuple[tuple[Ints, Ints, Flags], Floats]:
    """Passages that each situation moves on through by itself, for every state in it; and how likely each is shown."""
    found: list[tuple[int, int, bool, float]] = []
    for number, situation in enumerate(space.explorer.table.situations):
        ways = [(set(branch.passages), branch) for branch in situation.branches]
        if any(len(way) > 1 for way, _ in ways) or len(ways) > 1:
            for name in sorted(set.union(*(way for way, _ in ways)) & names.keys()):
                shows = [branch for way, branch in ways if name in way]
                share = sum((branch.weight for branch in shows if branch.is_known), Fraction(0))
                found.append((number, names[name], len(shows) == len(ways), float(share)))
    by_situation = states_by_situation(space) if found else []
    states = [by_situation[number] for number, _, _, _ in found]
    sizes = [each.size for each in states]
    passages, sure, share_of = ([each[at] for each in found] for at in (1, 2, 3))
    return (
        (
            np.concatenate([np.empty(0, np.int32), *states]),
            np.repeat(np.array(passages, np.int32), sizes),
            np.repeat(np.array(sure, np.bool_), sizes),
        ),
        np.repeat(np.array(share_of, np.float64), sizes),
    )
