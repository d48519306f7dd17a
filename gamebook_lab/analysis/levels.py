"""What playthroughs can cover, level by level: the things that are counted, and where on the state graph each is met.

A thing is met by coming to a node or by taking an edge. What is met depends on the situation alone (idea 2 of the
design), so it is kept once for each situation and way, however many states there are.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from gamebook_lab.analysis.asked_conditions import AskedConditions, Spot
from gamebook_lab.analysis.meeting import ITEMS, Keyed, Level, PlacedLevel, keyed
from gamebook_lab.analysis.play_graph import STOPS, PlayGraph, play_graph
from gamebook_lab.analysis.variable_pairs import pair_level
from gamebook_lab.engine.situations import Branch
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.engine.table import Way
from gamebook_lab.kernels.accelerate import Ints
from gamebook_lab.story import schema
from gamebook_lab.story.play import Page
from gamebook_lab.story.program import ChoiceKind

__all__ = ["ALL_LEVELS", "LEVELS", "LevelName", "level"]

LevelName: TypeAlias = Literal["passage", "choice", "condition", "text", "pair", "ending"]
ALL_LEVELS: Final[tuple[LevelName, ...]] = ("passage", "choice", "condition", "text", "pair", "ending")
"""Names of all levels, in this order."""
_NOT_TAKEN: Final = frozenset(
    {ChoiceKind.UNDO, ChoiceKind.RESTART, ChoiceKind.LOAD, ChoiceKind.EXTERNAL, ChoiceKind.INCLUDE}
)
"""Kinds of choices that no playthrough takes."""
_BY_ITSELF: Final = frozenset({ChoiceKind.GOTO, ChoiceKind.COMPUTED})


_KNOWN: Final[weakref.WeakKeyDictionary[Space, dict[str, Level]]] = weakref.WeakKeyDictionary()


def level(space: Space, name: LevelName) -> Level:
    """List what playthroughs can cover at one level; worked out once for each space.

    Parameters
    ----------
    space
        The state graph.
    name
        ``passage``: those that readers come to. ``choice``: those that lead on or show more, and moves that the story
        makes by itself. ``condition``: each condition, holding and failing
        (with ``detail="choices"`` those that decide more than words). ``text``: every variant of
        what passages show (needs ``detail="text"``). ``pair``: passages that set a variable, each with those that read what
        was set there. ``ending``: passages and how play stops there.

    Raises
    ------
    ValueError
        If there is no such level.
    """
    if name not in LEVELS:
        raise ValueError(f"level is one of {', '.join(LEVELS)}, not {name!r}")
    known = _KNOWN.setdefault(space, {})
    if name not in known:
        known[name] = LEVELS[name](space)
    return known[name]


# ---- passages


def _passages(space: Space) -> Level:
    graph = play_graph(space)
    number = np.cumsum(graph.is_read) - 1
    row = {name: int(number[at]) for at, name in enumerate(graph.passages) if graph.is_read[at]}

    def seen(names: Iterable[str]) -> list[int]:
        return [row[name] for name in dict.fromkeys(names) if name in row]

    def arriving(at: int) -> list[int]:
        return seen([graph.passages[at]])

    found = _met(
        space,
        of_branch=lambda branch, _: seen(branch.passages),
        of_way=lambda _: [],
        arriving=arriving,
    )
    items: dict[str, Sequence[object]] = {
        "passage_id": list(row),
        "what": [""] * len(row),
        "start": [None] * len(row),
        "stop": [None] * len(row),
    }
    return PlacedLevel(graph, "passage", schema.build(ITEMS, items), *found, n_written=len(row))


# ---- choices


def _choices(space: Space) -> Level:
    """Offers are told by where they stand; what the story does by itself by where it leads."""
    places: dict[Spot, int] = {}
    labels: list[object] = []
    moves: dict[tuple[str, str], list[int]] = {}
    computed: dict[str, list[int]] = {}
    targets: dict[int, str] = {}
    left_out = {*_NOT_TAKEN, ChoiceKind.REVEAL} if space.detail == "choices" else _NOT_TAKEN
    for choice in space.story.choices.to_dict("records"):
        if choice["kind"] in left_out:
            continue
        passage, target = choice["passage_id"], choice["target"]
        row = places.setdefault((passage, choice["start"], choice["stop"]), len(places))
        if row == len(labels):
            labels.append(_named(choice))
        if isinstance(target, str):
            targets.setdefault(row, target)
        if choice["kind"] in _BY_ITSELF:
            known = (
                moves.setdefault((passage, target), []) if isinstance(target, str) else computed.setdefault(passage, [])
            )
            known.append(row)

    def clicked(place: tuple[str, int, int], label: str) -> int:
        row = places.setdefault(place, len(places))
        if row == len(labels):
            labels.append(label)
        return row

    def of_branch(branch: Branch, _is_arrival: bool) -> list[int]:
        shown = [click.offer for click in branch.others if click.offer.kind is ChoiceKind.REVEAL]
        rows = [clicked((offer.place.passage, *offer.place.span), offer.label) for offer in shown]
        return rows + [row for step in pairwise(branch.passages) for row in _by_itself(step, moves, computed)]

    def of_way(way: Way) -> list[int]:
        if way.leading is None or way.outcome is None:
            return []
        offers = [click.offer for click in way.leading.clicks]
        own = [clicked((offer.place.passage, *offer.place.span), offer.label) for offer in offers]
        to, here = way.outcome.to, way.branch.passages[-1:]
        if isinstance(to, str) and here and (not own or targets.get(own[-1]) != to):
            return own + _by_itself((here[0], to), moves, computed)
        return own

    at_nodes, at_edges = _met(space, of_branch=of_branch, of_way=of_way, arriving=lambda _: [])
    note = ""
    if space.detail == "choices" and ChoiceKind.REVEAL in set(space.story.choices["kind"]):
        note = "links that only show more words are counted with detail='text'"
    keys = list(places)
    number = {name: at for at, name in enumerate(play_graph(space).passages)}
    order = sorted(range(len(keys)), key=lambda row: (number[keys[row][0]], *keys[row][1:]))
    items: dict[str, Sequence[object]] = {
        "passage_id": [keys[row][0] for row in order],
        "what": [labels[row] for row in order],
        "start": [keys[row][1] for row in order],
        "stop": [keys[row][2] for row in order],
    }
    renamed = np.empty(len(keys), np.int32)
    renamed[order] = np.arange(len(keys))
    at_nodes, at_edges = (replace(part, items=renamed[part.items]) for part in (at_nodes, at_edges))
    return PlacedLevel(
        play_graph(space), "choice", schema.build(ITEMS, items), at_nodes, at_edges, n_written=len(keys), note=note
    )


def _by_itself(
    step: tuple[str, str], moves: dict[tuple[str, str], list[int]], computed: dict[str, list[int]]
) -> list[int]:
    return moves.get(step) or computed.get(step[0], [])


def _named(choice: Mapping[Hashable, Any]) -> object:
    """What a person calls it: its label, or where it leads."""
    for name in ("label", "target"):
        if isinstance(choice[name], str) and choice[name]:
            return choice[name]
    return str(choice["kind"])


# ---- conditions


def _conditions(space: Space) -> Level:
    """How conditions come out, as the interpreters say when they ask them."""
    graph, asked = play_graph(space), AskedConditions(space)
    at_nodes, at_edges = _met(
        space,
        of_branch=lambda branch, _: asked.rows_of(branch.asked),
        of_way=lambda way: [] if way.outcome is None else asked.rows_of(way.outcome.asked),
        arriving=lambda _: [],
    )
    items: dict[str, Sequence[object]] = {
        "passage_id": [spot[0] for spot, _, _ in asked.rows],
        "what": [f"{text} ({'holds' if holds else 'fails'})" for _, text, holds in asked.rows],
        "start": [spot[1] for spot, _, _ in asked.rows],
        "stop": [spot[2] for spot, _, _ in asked.rows],
    }
    return PlacedLevel(
        graph, "condition", schema.build(ITEMS, items), at_nodes, at_edges, n_written=asked.n_outcomes, note=asked.note
    )


# ---- words shown


def _texts(space: Space) -> Level:
    """Every variant of what a passage shows."""
    known: dict[tuple[str, str], int] = {}

    def of_branch(branch: Branch, _is_arrival: bool) -> list[int]:
        here = branch.passages[-1] if branch.passages else ""
        return [known.setdefault((here, text), len(known)) for text in branch.texts]

    at_nodes, at_edges = _met(space, of_branch=of_branch, of_way=lambda _: [], arriving=lambda _: [])
    items: dict[str, Sequence[object]] = {
        "passage_id": [passage for passage, _ in known],
        "what": [text for _, text in known],
        "start": [None] * len(known),
        "stop": [None] * len(known),
    }
    is_kept = space.detail == "text"
    note = (
        "how many variants there are depends on what can be reached"
        if is_kept
        else "explore with detail='text' to count it"
    )
    return PlacedLevel(
        play_graph(space), "text", schema.build(ITEMS, items), at_nodes, at_edges, n_written=None, note=note
    )


# ---- endings


def _endings(space: Space) -> Level:
    graph = play_graph(space)
    keys: dict[tuple[int, int], int] = {}
    at_key: list[list[int]] = [[] for _ in range(_n_node_keys(space, graph))]
    node_key = _node_keys(space, graph)
    for node in np.flatnonzero(graph.ends & (graph.stop != Stop.UNKNOWN)).tolist():
        row = keys.setdefault((int(graph.passage[node]), int(graph.stop[node])), len(keys))
        at_key[node_key[node]] = [row]
    items: dict[str, Sequence[object]] = {
        "passage_id": [graph.passages[passage] for passage, _ in keys],
        "what": [STOPS[Stop(stop)] for _, stop in keys],
        "start": [None] * len(keys),
        "stop": [None] * len(keys),
    }
    nothing = keyed(_edge_keys(space, graph), [[]] * (len(space.ways) + 1))
    note = "where play stops depends on what can be reached, so that the text alone does not say"
    return PlacedLevel(
        graph, "ending", schema.build(ITEMS, items), keyed(node_key, at_key), nothing, n_written=None, note=note
    )


# ---- where things are met


def _met(
    space: Space,
    *,
    of_branch: Callable[[Branch, bool], list[int]],
    of_way: Callable[[Way], list[int]],
    arriving: Callable[[int], list[int]],
) -> tuple[Keyed, Keyed]:
    """Put what is met where it is met: at nodes what every way of arriving there meets, on edges what theirs does."""
    graph = play_graph(space)
    table = space.explorer.table
    at_nodes: list[list[int]] = []
    is_arrival = [isinstance(table.locations[at], str) for at in table.situation_location]
    for situation, is_new in zip(table.situations, is_arrival, strict=True):
        met = [set(of_branch(branch, is_new)) for branch in situation.branches]
        at_nodes.append(sorted(set.intersection(*met)) if met else [])
    names = {name: at for at, name in enumerate(graph.passages)}
    at_nodes += [arriving(names[each.passage if isinstance(each, Page) else each]) for each in space.places]
    at_nodes += [[] for _ in range(graph.n - graph.n_states)]  # the edge there has met it all
    at_edges = [[*of_branch(way.branch, is_arrival[way.situation]), *of_way(way)] for way in space.ways]
    return keyed(_node_keys(space, graph), at_nodes), keyed(_edge_keys(space, graph), [*at_edges, []])


def _edge_keys(space: Space, graph: PlayGraph) -> Ints:
    """An edge's key is its way; the last one is that of edges to nothing."""
    return np.where(graph.indices >= 0, space.edge_way(), np.int32(len(space.ways))).astype(np.int32)


def _n_node_keys(space: Space, graph: PlayGraph) -> int:
    return len(space.explorer.table.situations) + len(space.places) + graph.n - graph.n_states


def _node_keys(space: Space, graph: PlayGraph) -> Ints:
    """A state's key is its situation, or its location where it was not looked at; a mere stop has one of its own."""
    n_situations, n_places = len(space.explorer.table.situations), len(space.places)
    of_states = np.where(space.situation >= 0, space.situation, n_situations + space.location)
    of_stops = np.arange(graph.n - graph.n_states) + n_situations + n_places
    return np.concatenate((of_states, of_stops)).astype(np.int32)


LEVELS: Final[dict[str, Callable[[Space], Level]]] = {
    "passage": _passages, "choice": _choices, "condition": _conditions, "text": _texts, "pair": pair_level, "ending": _endings,
}  # fmt: skip
"""Each level by its name."""
