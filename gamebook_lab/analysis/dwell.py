"""How long readers stay in each passage, and how fast they read."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import binom  # type: ignore[import-untyped]  # ships no types

from gamebook_lab.formats.logs.schema import Sessions
from gamebook_lab.kernels.accelerate import Floats
from gamebook_lab.story import schema
from gamebook_lab.story.story import Story

__all__ = ["DWELL", "dwell_times"]

DWELL: Final = (
    schema.Column("passage_id", "str", "passage, as the log names it"),
    schema.Column("n", "int64", "visits with a known duration"),
    schema.Column("median_seconds", "float64", "half of the visits are shorter", "seconds"),
    schema.Column(
        "low_seconds",
        "float64",
        "least median, by the 95 % interval of order statistics; missing below 6 visits",
        "seconds",
    ),
    schema.Column("high_seconds", "float64", "greatest median, likewise", "seconds"),
    schema.Column("q25_seconds", "float64", "a quarter of the visits are shorter", "seconds"),
    schema.Column("q75_seconds", "float64", "a quarter of the visits are longer", "seconds"),
    schema.Column("n_words", "Int64", "words of the passage's prose; missing: the story has no such passage", "words"),
    schema.Column("words_per_minute", "float64", "by the median; missing: no words"),
)
"""Columns of :func:`dwell_times`."""
_FEWEST: Final = 6
"""Visits from which a 95 % interval of the median exists."""


def dwell_times(sessions: Sessions, story: Story | None = None) -> pd.DataFrame:
    """Sum up the durations of visits. Medians, as one reader who went to lunch must not count for a hundred.

    Returns
    -------
    pandas.DataFrame
        A row for each passage with a known duration, in order of first appearance. Columns in :data:`DWELL`.
    """
    table = sessions.table.dropna(subset=["dwell_seconds"])
    words: dict[str, int] = {}
    if story is not None:
        passages = story.passages.drop_duplicates("passage_id")
        words = dict(zip(passages["passage_id"], passages["n_words"].tolist(), strict=True))
    rows: list[tuple[object, ...]] = []
    for name, said in table.groupby("passage_id", sort=False)["dwell_seconds"]:
        seconds = np.sort(said.to_numpy(np.float64))
        q25, median, q75 = np.quantile(seconds, [0.25, 0.5, 0.75]).tolist()
        n_words = words.get(str(name))
        speed = n_words / median * 60.0 if n_words and median > 0 else float("nan")
        rows.append((name, seconds.size, median, *_interval(seconds), q25, q75, n_words, speed))
    return schema.build(DWELL, {column.name: [row[at] for row in rows] for at, column in enumerate(DWELL)})


def _interval(ordered: Floats) -> tuple[float, float]:
    """Bound a median by the values of two ranks, whatever the distribution (Conover 1999)."""
    n = ordered.size
    if n < _FEWEST:
        return float("nan"), float("nan")
    rank = int(binom.ppf(0.025, n, 0.5))
    return float(ordered[max(0, rank - 1)]), float(ordered[min(n - 1, n - rank)])
