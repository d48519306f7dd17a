"""How much of a story some playthroughs cover, level by level, and what they miss.

A share is of what is *reachable* and of what is *written*: what nobody can reach is the story's affair, not the
playthroughs'. What is reachable is known from the state graph; where it is not exact, ``n_unsure`` says how much of it
rests on something unknown.

Does not cover: what is set in one passage and read in another (:mod:`~gamebook_lab.analysis.variable_pairs`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.levels import ALL_LEVELS, ITEMS, Keyed, Level, LevelName, level
from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.analysis.walks import Walks, walks_of
from gamebook_lab.engine.playthrough import Playthrough
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.accelerate import Flags, Ints, Longs
from gamebook_lab.kernels.reach import breadth_first
from gamebook_lab.kernels.tally import any_of
from gamebook_lab.story import schema

__all__ = ["COVERAGE", "COVERED", "Ways", "as_walks", "coverage", "covered", "met_by", "way_to_item"]

Ways = Walks | Iterable[Playthrough]
"""Playthroughs, one way or the other."""

COVERAGE: Final = (
    schema.Column("level", "str", "passage, choice, ending ..."),
    schema.Column("n_written", "Int64", "things that the text has; missing where that cannot be told from the text"),
    schema.Column("n_reachable", "int64", "things that a reader can meet, as far as was explored"),
    schema.Column("n_unsure", "int64", "things among these that are met only over something unknown"),
    schema.Column("n_covered", "int64", "things that the playthroughs meet"),
    schema.Column("of_reachable", "float64", "share covered of what is reachable; missing where nothing is", "0 to 1"),
    schema.Column("of_written", "float64", "share covered of what is written; missing where that is unknown", "0 to 1"),
    schema.Column("n_playthroughs", "int64", "playthroughs that were looked at"),
    schema.Column("note", "str", "what the figures leave out; empty: nothing"),
)
"""Columns of :func:`coverage`."""
COVERED: Final = (
    schema.Column("level", "str", "passage, choice, ending ..."),
    *ITEMS,
    schema.Column("verdict", "str", "reachable, unreachable or unknown"),
    schema.Column("is_covered", "bool", "a playthrough meets it"),
    schema.Column("n_playthroughs", "int64", "playthroughs that meet it"),
    schema.Column("shortest", "Int64", "steps of a shortest way that meets it; missing: none found", "steps"),
    schema.Column("state", "Int64", "state of that way, for the space's witness; missing: none found"),
    schema.Column("edge", "Int64", "edge to take there, for the witness; missing: coming there is enough"),
    schema.Column(
        "way", "object", "tuple of what is clicked on that way; missing: none found, or it was not asked for"
    ),
)
"""Columns of :func:`covered`."""
_AT_ONCE: Final = 1 << 20
"""Edges of walks that are looked at in one go."""


def coverage(space: Space, ways: Ways, levels: Iterable[LevelName] = ALL_LEVELS) -> pd.DataFrame:
    """Measure how much of a story some playthroughs cover.

    Parameters
    ----------
    space
        The state graph.
    ways
        Walks on it, or playthroughs.
    levels
        What to count.

    Returns
    -------
    pandas.DataFrame
        A row for each level. Columns in :data:`COVERAGE`.

    Raises
    ------
    ValueError
        If there is no such level.
    PlayError
        If a playthrough takes what the story does not offer.

    Notes
    -----
    Time is that of sorting the edges of all walks; memory does not grow with their number.
    """
    walks = as_walks(space, ways)
    rows = []
    for name in levels:
        what = level(space, name)
        n_met, _ = _count(what, walks)
        is_found, is_sure, *_ = _reach(play_graph(space), what)
        n_covered, n_reachable = int((n_met > 0).sum()), int(is_found.sum())
        rows.append(
            (
                name, what.n_written, n_reachable, int((is_found & ~is_sure).sum()), n_covered,
                n_covered / n_reachable if n_reachable else np.nan,
                n_covered / what.n_written if what.n_written else np.nan,
                len(walks), _note(space, what),
            )
        )  # fmt: skip
    return schema.build(COVERAGE, {column.name: [row[at] for row in rows] for at, column in enumerate(COVERAGE)})


def covered(
    space: Space, ways: Ways, levels: Iterable[LevelName] = ALL_LEVELS, *, with_ways: bool = False
) -> pd.DataFrame:
    """List each thing that playthroughs may cover: whether they do, and a shortest way to it.

    Parameters
    ----------
    space, ways, levels
        As for :func:`coverage`.
    with_ways
        Write down, for what is missed, what is clicked on the way: a little time for each.

    Returns
    -------
    pandas.DataFrame
        A row for each thing of each level, in the story's order. Columns in :data:`COVERED`.
        :func:`way_to_item` makes a playthrough of a row.
    """
    walks, graph = as_walks(space, ways), play_graph(space)
    tables = []
    for name in levels:
        what = level(space, name)
        n_met, _ = _count(what, walks)
        is_found, is_sure, distance, state, edge = _reach(graph, what)
        is_covered = n_met > 0
        verdict = np.where(is_sure, "reachable", np.where(is_found | (not space.is_complete), "unknown", "unreachable"))
        wanted = np.flatnonzero(is_found & ~is_covered).tolist() if with_ways else []
        clicks: list[object] = [None] * len(what)
        for at in wanted:
            clicks[at] = _clicks(space, int(state[at]), int(edge[at]))
        data = {
            "level": [name] * len(what),
            **{column.name: what.items[column.name].tolist() for column in ITEMS},
            "verdict": verdict.tolist(),
            "is_covered": is_covered.tolist(),
            "n_playthroughs": n_met.tolist(),
            "shortest": [int(each) if found else None for each, found in zip(distance, is_found, strict=True)],
            "state": [int(each) if found else None for each, found in zip(state, is_found, strict=True)],
            "edge": [int(each) if each >= 0 else None for each in edge],
            "way": clicks,
        }
        tables.append(schema.build(COVERED, data))
    return pd.concat(tables, ignore_index=True) if tables else schema.empty(COVERED)


def way_to_item(space: Space, row: pd.Series) -> Playthrough:
    """Make a shortest playthrough that meets what a row of :func:`covered` is about.

    Raises
    ------
    ValueError
        If no way was found.
    """
    if pd.isna(row["state"]):
        raise ValueError(f"no way leads to {row['what'] or row['passage_id']!r}: it is {row['verdict']}")
    return _witness(space, int(row["state"]), -1 if pd.isna(row["edge"]) else int(row["edge"]))


def as_walks(space: Space, ways: Ways) -> Walks:
    """Take playthroughs as walks, whichever way they come."""
    if isinstance(ways, Walks):
        return ways
    return walks_of(space, ways)


def met_by(what: Level, walks: Walks) -> tuple[Longs, Longs]:
    """List the pairs of a walk and a thing that it meets, each once, sorted."""
    found = [_met_by_edges(what.at_edges, walks), _met_by_nodes(what.at_nodes, walks)]
    return _distinct(
        np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found]), len(what)
    )


def _note(space: Space, what: Level) -> str:
    if space.is_complete:
        return what.note
    left_out = f"explored up to the limit of {space.limit}: more may be reachable"
    return f"{left_out}; {what.note}" if what.note else left_out


# ---- what is met


def _count(what: Level, walks: Walks) -> tuple[Longs, int]:
    """Number of walks that meet each thing."""
    found = np.zeros(len(what), np.int64)
    first = 0
    while first < len(walks):
        last = int(np.searchsorted(walks.offsets, walks.offsets[first] + _AT_ONCE, "right")) - 1
        last = min(max(last, first + 1), first + _AT_ONCE, len(walks))
        _, items = met_by(what, walks.take(np.arange(first, last)))
        found += np.bincount(items, minlength=len(what))
        first = last
    return found, len(walks)


def _met_by_edges(at: Keyed, walks: Walks) -> tuple[Longs, Longs]:
    walk, key = _distinct(walks.walk, at.key[walks.edges], at.n_keys)
    position, items = at.spread(key)
    return walk[position], items.astype(np.int64)


def _met_by_nodes(at: Keyed, walks: Walks) -> tuple[Longs, Longs]:
    offsets, nodes = walks.nodes()
    walk, key = _distinct(np.repeat(np.arange(len(walks)), np.diff(offsets)), at.key[nodes], at.n_keys)
    position, items = at.spread(key)
    return walk[position], items.astype(np.int64)


def _distinct(first: Longs, second: Ints | Longs, n: int) -> tuple[Longs, Longs]:
    both = np.unique(first.astype(np.int64) * max(1, n) + second)
    return both // max(1, n), both % max(1, n)


# ---- what can be met


def _reach(graph: PlayGraph, what: Level) -> tuple[Flags, Flags, Longs, Longs, Longs]:
    """Of each thing: whether it can be met, whether for sure, in how many steps, from which state and over which edge."""
    _, distances, _, _ = breadth_first(graph.indptr, graph.indices, graph.starts)
    n = len(what)
    is_sure = np.zeros(n, np.bool_)
    best = np.full(n, np.iinfo(np.int64).max)
    state, edge = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    is_sure_edge = graph.is_sure[graph.source] & ~graph.is_free
    over_edges = np.where(distances < 0, -1, distances + 1).astype(np.int64)[graph.source]
    origins: Longs = graph.source.astype(np.int64)
    at_nodes = distances.astype(np.int64)
    inner = np.arange(graph.n)
    for at, steps, sure, owner, is_edge in (
        (what.at_nodes, at_nodes, graph.is_sure, inner, False),
        (what.at_edges, over_edges, is_sure_edge, origins, True),
    ):
        nearest = _nearest(at, steps)
        key, item = at.of_item, at.items
        is_met = nearest[key] >= 0
        key, item = key[is_met], item[is_met]
        sure_keys = any_of(at.key, sure, at.n_keys)
        is_sure |= any_of(item, sure_keys[key], n)
        place = nearest[key]
        order = np.lexsort((place, steps[place]))[::-1]  # the nearest is written last
        near, where = np.full(n, np.iinfo(np.int64).max), np.full(n, -1, np.int64)
        near[item[order]], where[item[order]] = steps[place[order]], place[order]
        closer = near < best
        best[closer] = near[closer]
        state[closer] = owner[where[closer]]
        edge[closer] = where[closer] if is_edge else -1
    # coming to a mere stop is taking the edge there, which no witness of a state shows
    is_stop = (edge < 0) & (state >= graph.n_states)
    if is_stop.any():
        _, _, parents, edges = breadth_first(graph.indptr, graph.indices, graph.starts)
        edge[is_stop] = edges[state[is_stop]]
        state[is_stop] = parents[state[is_stop]]
    return state >= 0, is_sure, best, state, edge


def _nearest(at: Keyed, steps: Longs) -> Longs:
    """Of each key: the place that is fewest steps away, the first of several; -1 for none."""
    places = np.flatnonzero(steps >= 0)
    order = places[np.lexsort((places, steps[places]))[::-1]]
    found = np.full(at.n_keys, -1, np.int64)
    found[at.key[order]] = order
    return found


def _witness(space: Space, state: int, edge: int) -> Playthrough:
    return space.witness(state, edge=None if edge < 0 else edge)


def _clicks(space: Space, state: int, edge: int) -> tuple[str, ...]:
    return tuple(_witness(space, state, edge).labels)
