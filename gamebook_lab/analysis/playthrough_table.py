"""What single playthroughs are like: how long, how much of the story each sees, where it stops."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.coverage import Ways, as_walks
from gamebook_lab.analysis.lengths import words_on_arriving
from gamebook_lab.analysis.levels import level
from gamebook_lab.analysis.play_graph import STOPS
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.story import schema

__all__ = ["PLAYTHROUGHS", "playthrough_table"]

PLAYTHROUGHS: Final = (
    schema.Column("playthrough", "int64", "its number, from 0 on"),
    schema.Column("n_choices", "int64", "how often the reader chooses", "choices"),
    schema.Column("n_words", "int64", "words read, again and again where a passage is read again", "words"),
    schema.Column("n_words_seen", "int64", "words of the passages that are seen, each once", "words"),
    schema.Column("share_of_words", "float64", "words seen, of all that are written; missing: none are", "0 to 1"),
    schema.Column("n_passages", "int64", "different passages that are seen"),
    schema.Column("share_of_passages", "float64", "of all that are written; missing: there are none", "0 to 1"),
    schema.Column("passage_id", "str", "passage where it stops"),
    schema.Column("stop", "str", "how, as in the table of endings; empty: play could go on"),
)
"""Columns of :func:`playthrough_table`."""


def playthrough_table(space: Space, ways: Ways) -> pd.DataFrame:
    """Measure each of some playthroughs.

    Words are those of the passages' prose as it stands in the text: an upper bound where only some of it is shown.

    Parameters
    ----------
    space
        The state graph.
    ways
        Walks on it, or playthroughs: ``space.paths().simulate(1_000)`` for readers, ``sample`` for all ways alike.

    Returns
    -------
    pandas.DataFrame
        A row for each. Columns in :data:`PLAYTHROUGHS`. Memory is some 50 bytes for each passage of each playthrough.
    """
    walks = as_walks(space, ways)
    graph, n = walks.graph, len(walks)
    offsets, nodes = walks.nodes()
    words = words_on_arriving(graph)
    summed = np.concatenate(([0.0], np.cumsum(words[nodes])))
    what = level(space, "passage")
    n_words = dict(zip(graph.passages, graph.n_words.tolist(), strict=True))
    own = np.array([n_words[name] for name in what.items["passage_id"]], np.float64)
    walk, item = what.met_by(walks)
    seen = np.bincount(walk, own[item], minlength=n)
    n_passages = np.bincount(walk, minlength=n)
    written = own.sum()
    last = walks.last
    return schema.build(
        PLAYTHROUGHS,
        {
            "playthrough": range(n),
            "n_choices": walks.n_choices.tolist(),
            "n_words": (summed[offsets[1:]] - summed[offsets[:-1]]).astype(np.int64).tolist(),
            "n_words_seen": seen.astype(np.int64).tolist(),
            "share_of_words": (seen / written if written else np.full(n, np.nan)).tolist(),
            "n_passages": n_passages.tolist(),
            "share_of_passages": (n_passages / len(what) if len(what) else np.full(n, np.nan)).tolist(),
            "passage_id": [graph.passages[at] for at in graph.passage[last].tolist()],
            "stop": [STOPS[Stop(stop)] if stop else "" for stop in graph.stop[last].tolist()],
        },
    )
