"""How alike playthroughs are: by what they meet, and by the order of what they read."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from gamebook_lab.analysis.coverage import Ways, as_walks
from gamebook_lab.analysis.levels import LevelName, level
from gamebook_lab.engine.space import Space
from gamebook_lab.errors import LimitError
from gamebook_lab.kernels.edit_distance import edit_distances
from gamebook_lab.story import schema

__all__ = ["SIMILARITY", "similarity"]

SIMILARITY: Final = (
    schema.Column("first", "int64", "number of a playthrough, from 0 on"),
    schema.Column("second", "int64", "number of another, greater than the first"),
    schema.Column(
        "jaccard", "float64", "things that both meet, of those that either meets; 1: the same things", "0 to 1"
    ),
    schema.Column("edit_distance", "int64", "passages to put in, take out or replace to make one of the other"),
    schema.Column("likeness", "float64", "1 less the edit distance over the longer one's length", "0 to 1"),
)
"""Columns of :func:`similarity`."""
_MOST: Final = 2_000


def similarity(space: Space, ways: Ways, by: LevelName = "choice") -> pd.DataFrame:
    """Compare playthroughs with each other.

    Parameters
    ----------
    space
        The state graph.
    ways
        At most 2,000 playthroughs: of more, take a sample.
    by
        What is compared by ``jaccard``: passages, choices or endings that they meet.

    Returns
    -------
    pandas.DataFrame
        A row for each pair. Columns in :data:`SIMILARITY`.

    Raises
    ------
    LimitError
        If there are too many.

    Notes
    -----
    Time is the number of pairs times the square of their length for the edit distance: 500 playthroughs of 50 steps take
    about a second.
    """
    walks = as_walks(space, ways)
    n = len(walks)
    if n > _MOST:
        raise LimitError(f"{n:,} playthroughs make too many pairs: take a sample of at most {_MOST:,}")
    what = level(space, by)
    walk, item = what.met_by(walks)
    meets = csr_array((np.ones(walk.size), (walk, item)), shape=(n, max(1, len(what))))
    common = (meets @ meets.T).toarray() if n else np.zeros((0, 0))
    sizes = np.diag(common)
    first, second = (each.astype(np.int64) for each in np.triu_indices(n, 1))
    either = sizes[first] + sizes[second] - common[first, second]
    offsets, nodes = walks.nodes()
    distance = edit_distances(offsets, walks.graph.passage[nodes], first, second)
    lengths = np.diff(offsets)
    longer = np.maximum(lengths[first], lengths[second])
    return schema.build(
        SIMILARITY,
        {
            "first": first.tolist(),
            "second": second.tolist(),
            "jaccard": np.where(either > 0, common[first, second] / np.maximum(either, 1.0), 1.0).tolist(),
            "edit_distance": distance.tolist(),
            "likeness": (1.0 - distance / np.maximum(longer, 1)).tolist(),
        },
    )
