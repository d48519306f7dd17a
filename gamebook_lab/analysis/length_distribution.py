"""How many playthroughs there are of each length, and how likely a reader is to play one: exactly, circles and all."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.counts import completions_by_length
from gamebook_lab.story import schema

__all__ = ["LENGTH_DISTRIBUTION", "length_distribution"]

LENGTH_DISTRIBUTION: Final = (
    schema.Column("n_steps", "int64", "length: choices, and moves that the story makes by itself", "steps"),
    schema.Column("n_playthroughs", "object", "exact number of playthroughs of just this length"),
    schema.Column("probability", "float64", "of a reader's playthrough having it; least, where something is unknown"),
    schema.Column("cumulative", "float64", "probability of at most this length"),
)
"""Columns of :func:`length_distribution`."""


def length_distribution(space: Space | PlayGraph, longest: int | None = None) -> pd.DataFrame:
    """Count playthroughs by length.

    Parameters
    ----------
    space
        The state graph. Its probabilities are those of its reader.
    longest
        Greatest length to look at; without, until no playthrough is left, or 99.9 % of readers have stopped, or 500.

    Returns
    -------
    pandas.DataFrame
        A row for each length from 0 on. Columns in :data:`LENGTH_DISTRIBUTION`.

    Notes
    -----
    Each length takes time linear in the size of the graph (and in the digits of the numbers).
    """
    graph = play_graph(space)
    chances = _chances(graph, 500 if longest is None else longest, until=0.999 if longest is None else None)
    found = [0] * len(chances)
    for start in graph.starts.tolist():
        counts = completions_by_length(graph.indptr, graph.indices, graph.ends, start, len(chances) - 1)
        found = [one + other for one, other in zip(found, counts, strict=True)]
    return schema.build(
        LENGTH_DISTRIBUTION,
        {
            "n_steps": range(len(chances)),
            "n_playthroughs": found,
            "probability": chances,
            "cumulative": np.cumsum(chances).tolist(),
        },
    )


def _chances(graph: PlayGraph, longest: int, *, until: float | None) -> list[float]:
    """Probability of stopping after 0, 1, ... steps."""
    moves = graph.indices >= 0
    weights = np.nan_to_num(graph.probability)[moves]
    step = csr_array((weights, (graph.indices[moves], graph.source[moves])), shape=(graph.n, graph.n))
    mass = np.zeros(graph.n)
    np.add.at(mass, graph.starts, np.nan_to_num(graph.start_probability))
    found = [float(mass[graph.ends].sum())]
    while len(found) <= longest:
        mass = step @ np.where(graph.ends, 0.0, mass)
        if not mass.any() or (until is not None and sum(found) >= until):
            break
        found.append(float(mass[graph.ends].sum()))
    return found
