"""A story's passages on a plane, and the arrows between them, with what some playthroughs cover."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.coverage import Ways, as_walks, covered
from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.accelerate import Flags, Floats, Longs
from gamebook_lab.story import schema

__all__ = ["MAP_ARROWS", "MAP_PASSAGES", "coverage_map"]

MAP_PASSAGES: Final = (
    schema.Column("passage_id", "str", "name of the passage"),
    schema.Column("x", "float64", "from left to right; the author's place, or steps from the start"),
    schema.Column("y", "float64", "from top to bottom"),
    schema.Column("verdict", "str", "reachable, unreachable or unknown"),
    schema.Column("n_playthroughs", "int64", "playthroughs that come there"),
    schema.Column("share", "float64", "of all playthroughs; missing: there are none", "0 to 1"),
)
"""Columns of the first table of :func:`coverage_map`."""
MAP_ARROWS: Final = (
    schema.Column("origin", "str", "passage"),
    schema.Column("target", "str", "passage that some reader can come to from there"),
    schema.Column("n_times", "int64", "how often the playthroughs go this way, all together"),
)
"""Columns of the second table of :func:`coverage_map`."""


def coverage_map(space: Space, ways: Ways) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay out what some playthroughs cover.

    Returns
    -------
    tuple of pandas.DataFrame
        Passages that are meant to be read, and arrows where some reader can go. Columns in :data:`MAP_PASSAGES` and
        :data:`MAP_ARROWS`. Where the author has placed all passages, their places are kept.
    """
    graph, walks = play_graph(space), as_walks(space, ways)
    table = covered(space, walks, ["passage"])
    names = table["passage_id"].tolist()
    edges = np.flatnonzero(graph.indices >= 0)
    n = len(graph.passages)
    arrow = graph.passage[graph.source].astype(np.int64) * n + graph.passage[graph.indices]
    arrows = np.unique(arrow[edges])
    arrows = arrows[arrows // n != arrows % n]
    n_times = np.bincount(np.searchsorted(arrows, arrow[walks.edges]).clip(max=arrows.size), minlength=arrows.size + 1)
    n_times = np.where(np.isin(arrows, arrow[walks.edges]), n_times[: arrows.size], 0)
    x, y = _places(space, graph, names)
    total = len(walks)
    passages = schema.build(
        MAP_PASSAGES,
        {
            "passage_id": names, "x": x.tolist(), "y": y.tolist(), "verdict": table["verdict"].tolist(),
            "n_playthroughs": table["n_playthroughs"].tolist(),
            "share": (table["n_playthroughs"] / total if total else np.full(len(names), np.nan)).tolist(),
        },
    )  # fmt: skip
    return passages, schema.build(
        MAP_ARROWS,
        {
            "origin": [graph.passages[at] for at in (arrows // n).tolist()],
            "target": [graph.passages[at] for at in (arrows % n).tolist()],
            "n_times": n_times.tolist(),
        },
    )


def _places(space: Space, graph: PlayGraph, names: list[str]) -> tuple[Floats, Floats]:
    table = space.story.table.drop_duplicates("passage_id").set_index("passage_id")
    own = table.loc[names, ["x", "y"]].to_numpy(np.float64)
    if len(own) and not np.isnan(own).any() and len(np.unique(own, axis=0)) == len(own):
        return own[:, 0], own[:, 1]
    return _layered(graph, names)


def _layered(graph: PlayGraph, names: list[str]) -> tuple[Floats, Floats]:
    """By steps from the start, those that nobody reaches last; in each column in the middle of where its readers come from."""
    from gamebook_lab.kernels.reach import breadth_first

    _, distance, parents, _ = breadth_first(graph.indptr, graph.indices, graph.starts)
    n = len(graph.passages)
    depth: Longs = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(depth, graph.passage, distance.astype(np.int64))
    is_seen: Flags = depth < np.iinfo(np.int64).max
    depth[~is_seen] = depth[is_seen].max(initial=-1) + 1
    came = np.arange(n)
    first = np.flatnonzero((parents >= 0) & (distance == depth[graph.passage]))
    came[graph.passage[first][::-1]] = graph.passage[parents[first]][::-1]
    height = np.zeros(n)
    number = {name: at for at, name in enumerate(graph.passages)}
    rows = np.array([number[name] for name in names], np.int64)
    for column in np.unique(depth[rows]).tolist():
        there = rows[depth[rows] == column]
        order = there[np.lexsort((there, height[came[there]]))]
        height[order] = np.arange(order.size) - (order.size - 1) / 2
    return depth[rows].astype(np.float64), height[rows]
