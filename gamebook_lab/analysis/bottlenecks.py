"""What every reader must pass, and the choices after which there is no way back to some ending."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.engine.space import OFFERS, Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Flags, Ints, Longs, Words
from gamebook_lab.kernels.ahead import ahead, behind
from gamebook_lab.kernels.offers import menus
from gamebook_lab.kernels.reach import reverse_postorder
from gamebook_lab.kernels.tally import bits, common, united
from gamebook_lab.story import schema

__all__ = ["BOTTLENECKS", "POINTS_OF_NO_RETURN", "bottlenecks", "points_of_no_return"]

BOTTLENECKS: Final = (
    schema.Column("passage_id", "str", "name of a passage that is reached"),
    schema.Column("n_needing", "int64", "other passages that are reached only by way of it"),
    schema.Column("n_endings_needing", "int64", "passages with an ending that are reached only by way of it"),
    schema.Column("is_bottleneck", "bool", "no ending is reached but by way of it"),
    schema.Column("comes_after", "object", "the last passage that must be passed before it; missing: none"),
)
"""Columns of :func:`bottlenecks`."""
POINTS_OF_NO_RETURN: Final = (
    *OFFERS,
    schema.Column("n_lost", "int64", "passages with an ending that can be reached before, and never after taking it"),
    schema.Column("lost", "object", "tuple of their names: those that are lost wherever it is taken"),
    schema.Column("n_lost_somewhere", "int64", "the same, but counting those that are lost in some states only"),
)
"""Columns of :func:`points_of_no_return`."""
OFFER_NAMES: Final = tuple(column.name for column in OFFERS)


def bottlenecks(space: Space | PlayGraph) -> pd.DataFrame:
    """Find, for each passage that is reached, what cannot be reached but by way of it.

    Returns
    -------
    pandas.DataFrame
        A row for each passage that is reached, in the story's order. Columns in :data:`BOTTLENECKS`. Every row is
        proved on the state graph; where the story moves on by itself by chance, a passage on the way may be missed.

    Notes
    -----
    The answer holds for what was explored: a limit may hide other ways. Takes a few walks of the graph for every 64
    passages, and an eighth of a byte for each pair of passages.
    """
    graph = play_graph(space)
    n = len(graph.passages)
    nodes, passages = _seen(graph)
    needed = np.zeros((n, n), np.bool_)  # a row's passages must be passed before it
    order = reverse_postorder(graph.indptr, graph.indices, graph.starts)
    for first in range(0, n, 64):
        own = _own(graph, first)
        passed = behind(graph.indptr, graph.indices, graph.starts, order, own)
        # what is shown on the same arrival comes before a passage only if it is where the reader arrives
        arrival = bits(graph.arrival, first)
        later = own[nodes] & ~np.where(passages == graph.arrival[nodes], np.uint64(0), arrival[nodes])
        words = common(passages, passed[nodes] & ~later, n)
        needed[:, first : first + 64] = named(words, first, n)
    is_seen = np.zeros(n, np.bool_)
    is_seen[passages] = True
    needed[~is_seen] = False
    np.fill_diagonal(needed, val=False)
    has_ending = np.zeros(n, np.bool_)
    has_ending[graph.passage[graph.stop == Stop.ENDING]] = True
    n_before = needed.sum(axis=1)
    rows = np.flatnonzero(is_seen)
    is_ending_itself = has_ending.sum() == 1
    n_endings = needed[has_ending].sum(axis=0)
    return schema.build(
        BOTTLENECKS,
        {
            "passage_id": [graph.passages[row] for row in rows],
            "n_needing": needed.sum(axis=0)[rows].tolist(),
            "n_endings_needing": n_endings[rows].tolist(),
            "is_bottleneck": [
                bool(has_ending.any())
                and (n_endings[row] == has_ending.sum() or (is_ending_itself and bool(has_ending[row])))
                for row in rows
            ],
            "comes_after": [_last(graph, needed[row], n_before) for row in rows],
        },
    )


def points_of_no_return(space: Space | PlayGraph) -> pd.DataFrame:
    """Find what each choice gives up: endings that can still be reached where it is offered, and never once it is taken.

    Returns
    -------
    pandas.DataFrame
        A row for each offer, as in the space's ``offers``. Columns in :data:`POINTS_OF_NO_RETURN`. Upper bounds of
        what can be reached, where something is unknown.
    """
    graph = play_graph(space)
    n = len(graph.offers)
    endings, ending = numbered_endings(graph)
    edges = np.flatnonzero((graph.offer >= 0) & (graph.indices >= 0))
    menu, n_pairs = menus(graph.indptr, np.where(graph.indices >= 0, graph.offer, np.int32(-1)), n)
    first_edge = np.empty(n_pairs, np.int64)
    first_edge[menu[edges[::-1]]] = edges[::-1]  # the first edge of each pair is written last
    origin, offer = graph.source[first_edge], graph.offer[first_edge]
    _, component = graph.components
    always = np.zeros((n, endings.size), np.bool_)
    sometimes = np.zeros((n, endings.size), np.bool_)
    is_met = np.zeros(n, np.bool_)
    is_met[offer] = True
    for first in range(0, endings.size, 64):
        words = ahead(graph.indptr, graph.indices, component, bits(ending, first))
        after = united(menu[edges], words[graph.indices[edges]], n_pairs)
        lost = words[origin] & ~after
        always[:, first : first + 64] = named(common(offer, lost, n), first, endings.size)
        sometimes[:, first : first + 64] = named(united(offer, lost, n), first, endings.size)
    always &= is_met[:, None]
    data = {name: graph.offers[name].tolist() for name in OFFER_NAMES}
    data["n_lost"] = always.sum(axis=1).tolist()
    data["lost"] = [tuple(graph.passages[endings[at]] for at in np.flatnonzero(row)) for row in always]
    data["n_lost_somewhere"] = sometimes.sum(axis=1).tolist()
    return schema.build(POINTS_OF_NO_RETURN, data)


def named(words: Words, first: int, n: int) -> Flags:
    """Spread bits out: a row for each word, and a column for each of ``n`` things from ``first`` on, up to 64."""
    shifts = np.arange(min(64, n - first), dtype=np.uint64)
    found: Flags = (words[:, None] >> shifts & np.uint64(1)).astype(np.bool_)
    return found


def _seen(graph: PlayGraph) -> tuple[Ints, Ints]:
    """Pairs of a node and a passage seen there."""
    nodes = np.concatenate((np.arange(graph.n, dtype=np.int32), graph.passes[0]))
    passages = np.concatenate((graph.passage, graph.passes[1]))
    return nodes, passages


def _own(graph: PlayGraph, first: int) -> Words:
    """Bits of the passages that are seen at each node for sure."""
    own = bits(graph.passage, first) | bits(graph.arrival, first)
    nodes, passages, sure = graph.passes
    np.bitwise_or.at(own, nodes[sure], bits(passages[sure], first))
    return own


def _last(graph: PlayGraph, before: Flags, n_before: Longs) -> str | None:
    """Of the passages before, the one that has most before itself."""
    there = np.flatnonzero(before)
    return graph.passages[int(there[np.argmax(n_before[there])])] if there.size else None


def numbered_endings(graph: PlayGraph) -> tuple[Longs, Ints]:
    """Passages with an ending by design; and for each node the place of its own there, -1 where play does not end so."""
    is_ending = graph.stop == Stop.ENDING
    endings = np.unique(graph.passage[is_ending]).astype(np.int64)
    place = np.full(len(graph.passages), -1, np.int32)
    place[endings] = np.arange(endings.size)
    return endings, np.where(is_ending, place[graph.passage], np.int32(-1)).astype(np.int32)
