"""How much of a story some playthroughs cover, level by level, and what they miss.

A share is of what is *reachable* and of what is *written*: what nobody can reach is the story's affair, not the
playthroughs'. What is reachable is known from the state graph; where it is not exact, ``n_unsure`` says how much of it
rests on something unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.levels import ALL_LEVELS, LevelName, level
from gamebook_lab.analysis.meeting import ITEMS, Level, counted
from gamebook_lab.analysis.walks import Walks, walks_of
from gamebook_lab.engine.playthrough import Playthrough
from gamebook_lab.engine.space import Space
from gamebook_lab.story import schema

__all__ = ["COVERAGE", "COVERED", "Ways", "as_walks", "coverage", "covered", "way_to_item"]

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
    schema.Column("item", "int64", "its number at this level, from 0 on"),
    *ITEMS,
    schema.Column("verdict", "str", "reachable, unreachable or unknown"),
    schema.Column("is_covered", "bool", "a playthrough meets it"),
    schema.Column("n_playthroughs", "int64", "playthroughs that meet it"),
    schema.Column("shortest", "Int64", "steps of a shortest way that meets it; missing: none found", "steps"),
    schema.Column(
        "way", "object", "tuple of what is clicked on that way; missing: none found, or it was not asked for"
    ),
)
"""Columns of :func:`covered`."""


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
        found = what.nearest
        n_covered, n_reachable = int((counted(what, walks) > 0).sum()), int(found.is_found.sum())
        rows.append(
            (
                name, what.n_written, n_reachable, int((found.is_found & ~found.is_sure).sum()), n_covered,
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
    walks = as_walks(space, ways)
    tables = []
    for name in levels:
        what = level(space, name)
        n_met, found = counted(what, walks), what.nearest
        is_covered = n_met > 0
        verdict = np.where(
            found.is_sure, "reachable", np.where(found.is_found | (not space.is_complete), "unknown", "unreachable")
        )
        wanted = np.flatnonzero(found.is_found & ~is_covered).tolist() if with_ways else []
        clicks: list[object] = [None] * len(what)
        for item in wanted:
            clicks[item] = tuple(space.playthrough(*what.way(item)).labels)
        data = {
            "level": [name] * len(what),
            "item": list(range(len(what))),
            **{column.name: what.items[column.name].tolist() for column in ITEMS},
            "verdict": verdict.tolist(),
            "is_covered": is_covered.tolist(),
            "n_playthroughs": n_met.tolist(),
            "shortest": [int(n) if is_met else None for n, is_met in zip(found.steps, found.is_found, strict=True)],
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
    if pd.isna(row["shortest"]):
        raise ValueError(f"no way leads to {row['what'] or row['passage_id']!r}: it is {row['verdict']}")
    return space.playthrough(*level(space, row["level"]).way(int(row["item"])))


def as_walks(space: Space, ways: Ways) -> Walks:
    """Take playthroughs as walks, whichever way they come."""
    if isinstance(ways, Walks):
        return ways
    return walks_of(space, ways)


def _note(space: Space, what: Level) -> str:
    if space.is_complete:
        return what.note
    left_out = f"explored up to the limit of {space.limit}: more may be reachable"
    return f"{left_out}; {what.note}" if what.note else left_out
