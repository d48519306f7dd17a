"""Where play can go round for ever and never come out."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.components import bottom, cyclic, members
from gamebook_lab.story import schema

__all__ = ["LOOPS", "endless_loops"]

LOOPS: Final = (
    schema.Column(
        "passages", "object", "tuple of the names of the passages that it goes through, in the story's order"
    ),
    schema.Column("n_states", "int64", "states that it goes through"),
    schema.Column("probability", "float64", "of being caught in it; least, where something is unknown"),
    schema.Column("shortest", "int64", "steps of a shortest way into it", "steps"),
    schema.Column("state", "int64", "state that this way leads to, for the space's witness"),
)
"""Columns of :func:`endless_loops`."""


def endless_loops(space: Space | PlayGraph) -> pd.DataFrame:
    """Find circles with no way out: whoever comes there plays on for ever.

    Returns
    -------
    pandas.DataFrame
        A row for each, the one that is nearest to the start first. Columns in :data:`LOOPS`.
    """
    graph = play_graph(space)
    n, labels = graph.components
    closed = np.flatnonzero(
        bottom(graph.indptr, graph.indices, n, labels) & cyclic(graph.indptr, graph.indices, n, labels)
    )
    if not closed.size:
        return schema.build(LOOPS, {column.name: [] for column in LOOPS})
    starts, nodes = members(n, labels)
    distances = graph.distances
    caught = graph.flow.caught
    rows = []
    for component in closed.tolist():
        inside = nodes[starts[component] : starts[component + 1]]
        first = int(inside[np.argmin(distances[inside])])
        names = tuple(graph.passages[at] for at in np.unique(graph.passage[inside]).tolist())
        rows.append((names, inside.size, float(caught[inside].sum()), int(distances[first]), first))
    rows.sort(key=lambda row: (row[3], row[4]))
    return schema.build(LOOPS, {column.name: [row[at] for row in rows] for at, column in enumerate(LOOPS)})
