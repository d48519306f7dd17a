"""The paths of a story's links alone: what its map shows, whatever conditions and variables say.

Much smaller than the state graph, and there at once; but a condition may close a path that is here, and what code decides
is not here. For what can really be played: :meth:`~gamebook_lab.analysis.explored.Explored.paths`.

Covers: links and gotos whose target is written down, those of included passages among them. Does not cover: computed
targets, returning, undo, restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Unpack

import numpy as np

from gamebook_lab.analysis.path_filters import Asks, Filters, numbering_of
from gamebook_lab.analysis.paths import Paths
from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.engine.space import OFFERS
from gamebook_lab.engine.stops import Stop
from gamebook_lab.errors import PlayError
from gamebook_lab.kernels.csr import from_edges, sources
from gamebook_lab.story import schema
from gamebook_lab.story.checks.facts import Facts
from gamebook_lab.story.program import WAYS_ON, ChoiceKind

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story

__all__ = ["LinkPath", "link_graph", "link_paths"]

_WRITTEN: Final = frozenset({ChoiceKind.LINK, ChoiceKind.GOTO})


class LinkPath(NamedTuple):
    """A path over links."""

    passages: tuple[str, ...]
    """Names, the first one's first."""
    choice_ids: tuple[str, ...]
    """Between them: one fewer. As in ``story.choices``."""


def link_paths(story: Story, **filters: Unpack[Asks]) -> Paths[LinkPath]:
    """Make the sequence of all paths over links, from the start to where no link leads on.

    Parameters
    ----------
    story
        A story. Without a start it has no paths.
    **filters
        As :class:`~gamebook_lab.analysis.path_filters.Filters`; every link counts as a choice, and nothing is met twice
        if no passage is.

    Returns
    -------
    Paths
        Its elements are :class:`LinkPath`. ``is_exact`` is False if a condition, or what is not understood, may open or
        close a path.

    Raises
    ------
    CircleError
        If links lead round in circles, and neither ``max_choices`` nor ``simple`` is given.
    """
    graph, choices, is_all = link_graph(story)
    numbering = numbering_of(graph, Filters(**filters))

    def opened(start: int, edges: list[int]) -> LinkPath:
        nodes = [start, *(int(graph.indices[edge]) for edge in edges)]
        return LinkPath(
            tuple(graph.passages[graph.passage[node]] for node in nodes), tuple(choices[edge] for edge in edges)
        )

    def found(way: LinkPath) -> tuple[int, list[int]]:
        names = {name: node for node, name in enumerate(graph.passages)}
        if not way.passages or way.passages[0] not in names or len(way.passages) != len(way.choice_ids) + 1:
            raise PlayError(f"not a path of this story: {way}")
        node = first = names[way.passages[0]]
        edges = []
        for step, (choice, name) in enumerate(zip(way.choice_ids, way.passages[1:], strict=True), 1):
            here = range(int(graph.indptr[node]), int(graph.indptr[node + 1]))
            edge = next(
                (edge for edge in here if choices[edge] == choice and graph.indices[edge] == names.get(name)), None
            )
            if edge is None:
                raise PlayError(f"step {step}: no choice {choice!r} leads from {graph.passages[node]!r} to {name!r}")
            edges.append(edge)
            node = names[name]
        return first, edges

    title = story.metadata.title or "untitled"
    return Paths(graph, numbering, opened, found, title, is_all, range(numbering.count))


def link_graph(story: Story) -> tuple[PlayGraph, list[str], bool]:
    """Read a story's links as a graph, a node for each passage that is read.

    Returns
    -------
    tuple
        The graph; the ``choice_id`` of each edge; whether all is there and nothing is conditional.
    """
    facts = Facts(story)
    rows = list({row.name: row for row in reversed(facts.rows) if row.kind == "story"}.values())[::-1]
    names = {row.name: node for node, row in enumerate(rows)}
    origins: list[int] = []
    targets: list[int] = []
    ids: list[str] = []
    is_open = np.zeros(len(rows), np.bool_)
    is_all = True
    for node, row in enumerate(rows):
        for shown in facts.shown_in(row):
            for order, choice in enumerate(shown.program.choices):
                if choice.kind in _WRITTEN and choice.target is not None:
                    origins.append(node)
                    targets.append(names.get(choice.target, -1))
                    ids.append(f"{shown.key}:{order}")
                    is_all = is_all and not choice.conditions
                elif choice.kind in WAYS_ON:
                    is_open[node] = True
            is_open[node] |= shown.program.may_move
    indptr, indices, numbers = from_edges(len(rows), np.array(origins, np.int32), np.array(targets, np.int32))
    choice_ids = [ids[number] for number in numbers.tolist()]
    start = None if story.start_key is None else names.get(story.name(story.start_key))
    starts = np.array([] if start is None else [start], np.int32)
    leads = np.bincount(sources(indptr)[indices >= 0], minlength=len(rows))
    has_links = np.diff(indptr) > 0
    stop = np.where(leads > 0, 0, np.where(has_links, int(Stop.MISSING), int(Stop.ENDING)))
    stop[(leads == 0) & is_open] = Stop.UNKNOWN
    probability = np.where(indices < 0, 0.0, 1.0 / np.maximum(leads, 1)[sources(indptr)])
    graph = PlayGraph(
        indptr=indptr,
        indices=indices,
        starts=starts,
        start_probability=np.ones(starts.size),
        probability=probability,
        probability_alike=probability,
        by_chance=np.zeros(indices.size, np.bool_),
        clicks=np.ones(indices.size, np.int32),
        offer=np.arange(indices.size, dtype=np.int32),
        standing=np.full(indices.size, 2, np.int8),
        stop=stop.astype(np.int32),
        arrival=np.arange(len(rows), dtype=np.int32),
        passage=np.arange(len(rows), dtype=np.int32),
        passes=(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.bool_)),
        pass_share=np.empty(0),
        passages=tuple(names),
        n_words=_n_words(story, names),
        is_read=np.ones(len(rows), np.bool_),
        offers=_offers(story, choice_ids),
        n_states=len(rows),
        is_complete=not is_open.any(),
    )
    return graph, choice_ids, is_all and not is_open.any()


def _n_words(story: Story, names: dict[str, int]) -> Any:
    table = story.passages
    words = dict(zip(reversed(table["passage_id"].tolist()), reversed(table["n_words"].tolist()), strict=True))
    return np.array([words[name] for name in names], np.int64)


def _offers(story: Story, choice_ids: list[str]) -> Any:
    """A row for each edge, as a space's offers."""
    choices = story.choices
    row_of = {each: row for row, each in enumerate(choices["choice_id"].tolist())}
    rows = [row_of[each] for each in choice_ids]
    data = {column.name: choices[column.name].iloc[rows].tolist() for column in OFFERS[:-1]}
    data["label"] = [label if isinstance(label, str) else "" for label in data["label"]]
    return schema.build(OFFERS, {**data, "choice": rows})
