"""How many paths there are to each ending, and of each length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.play_graph import STOPS
from gamebook_lab.engine.stops import Stop
from gamebook_lab.story import schema

if TYPE_CHECKING:
    from gamebook_lab.analysis.paths import Paths

__all__ = ["BY_CHOICES", "BY_ENDING", "by_choices", "by_ending"]

BY_ENDING: Final = (
    schema.Column("passage_id", "str", "passage where play stops"),
    schema.Column("stop", "str", "as in the table of endings"),
    schema.Column("n_playthroughs", "object", "exact number of paths that stop there"),
)
"""Columns of :meth:`Paths.by_ending <gamebook_lab.analysis.paths.Paths.by_ending>`, most paths first."""

BY_CHOICES: Final = (
    schema.Column("n_choices", "int64", "how often the reader chooses", "choices"),
    schema.Column("n_playthroughs", "object", "exact number of such paths"),
)
"""Columns of :meth:`Paths.by_choices <gamebook_lab.analysis.paths.Paths.by_choices>`."""


def by_ending(paths: Paths[Any]) -> pd.DataFrame:
    """Count the paths to each passage and kind of stop; of a slice by going through it."""
    graph = paths.graph
    found: dict[tuple[int, int], int] = {}
    if paths.view == range(paths.numbering.count):
        node, counts = paths.numbering.cut.node, paths.numbering.by_end()
    else:
        ends = [np.bincount(walks.last, minlength=graph.n) for walks in paths.batches()]
        node, counts = np.arange(graph.n, dtype=np.int32), np.sum(ends, axis=0).tolist() if ends else [0] * graph.n
    for at, n in enumerate(counts):
        if n:
            key = int(graph.passage[node[at]]), int(graph.stop[node[at]])
            found[key] = found.get(key, 0) + n
    rows = sorted(found.items(), key=lambda row: -row[1])
    data: dict[str, list[object]] = {
        "passage_id": [graph.passages[passage] for (passage, _), _ in rows],
        "stop": [STOPS[Stop(stop)] for (_, stop), _ in rows],
        "n_playthroughs": [n for _, n in rows],
    }
    return schema.build(BY_ENDING, data)


def by_choices(paths: Paths[Any]) -> pd.DataFrame:
    """Count the paths of each number of choices that there is; of a slice by going through it."""
    if paths.view == range(paths.numbering.count):
        counts = dict(enumerate(paths.numbering.by_clicks()))
    else:
        counts = {}
        for walks in paths.batches():
            for n_choices, n in enumerate(np.bincount(walks.n_choices).tolist()):
                counts[n_choices] = counts.get(n_choices, 0) + n
    kept = sorted((n_choices, n) for n_choices, n in counts.items() if n)
    data: dict[str, list[object]] = {"n_choices": [each for each, _ in kept], "n_playthroughs": [n for _, n in kept]}
    return schema.build(BY_CHOICES, data)
