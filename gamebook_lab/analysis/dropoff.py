"""Where readers stop: funnels, drop-off by passage, and how long they stay (Kaplan and Meier 1958)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.matching import Matched
from gamebook_lab.analysis.significance import share_interval
from gamebook_lab.errors import UnknownPassageError
from gamebook_lab.kernels.accelerate import Ints
from gamebook_lab.story import schema

__all__ = ["DROP_OFF", "FUNNEL", "SURVIVAL", "drop_off", "funnel", "survival"]

FUNNEL: Final = (
    schema.Column("stage", "int64", "0-based"),
    schema.Column("passage_id", "str", "passage"),
    schema.Column("n_sessions", "int64", "sessions that came there after all stages before"),
    schema.Column("share", "float64", "of those at the stage before"),
    schema.Column("low", "float64", "least share, by the 95 % interval"),
    schema.Column("high", "float64", "greatest share, by the 95 % interval"),
)
"""Columns of :func:`funnel`."""
DROP_OFF: Final = (
    schema.Column("passage_id", "str", "passage"),
    schema.Column("n_sessions", "int64", "sessions that came there, and could have gone on"),
    schema.Column("n_left", "int64", "sessions whose last step it is, though the story went on"),
    schema.Column("share", "float64", "of those who came there"),
    schema.Column("low", "float64", "least share, by the 95 % interval"),
    schema.Column("high", "float64", "greatest share, by the 95 % interval"),
)
"""Columns of :func:`drop_off`."""
SURVIVAL: Final = (
    schema.Column("step", "int64", "steps read"),
    schema.Column("n_at_risk", "int64", "sessions that read that far and could go on"),
    schema.Column("n_left", "int64", "sessions that stopped there though the story went on"),
    schema.Column("n_finished", "int64", "sessions that came to an end there"),
    schema.Column("survival", "float64", "share of readers who would still read, had no story ended"),
    schema.Column("low", "float64", "least share, by the 95 % interval (Greenwood, log-log)"),
    schema.Column("high", "float64", "greatest share, by the 95 % interval"),
)
"""Columns of :func:`survival`."""


def funnel(matched: Matched, passages: Sequence[str]) -> pd.DataFrame:
    """Count the sessions that come to some passages one after the other, whatever lies between.

    Raises
    ------
    UnknownPassageError
        If the story has no such passage.
    """
    known = set(matched.walks.graph.passages)
    for name in passages:
        if name not in known:
            raise UnknownPassageError(f"this story has no passage {name!r}; story.passages lists them")
    table = matched.sessions.table
    after = pd.Series(-1, index=pd.Index(table["session_id"].unique()))
    rows: list[tuple[int, str, int]] = []
    for stage, name in enumerate(passages):
        here = table[(table["passage_id"] == name) & table["session_id"].isin(after.index)]
        here = here[here["step"].to_numpy() > after.reindex(here["session_id"]).to_numpy()]
        after = here.groupby("session_id", sort=False)["step"].min()
        rows.append((stage, name, len(after)))
    n = np.array([row[2] for row in rows], np.int64)
    before = np.concatenate(([len(matched)], n[:-1])) if n.size else n
    low, high = share_interval(n, before)
    share = [hits / total if total else float("nan") for hits, total in zip(n.tolist(), before.tolist(), strict=True)]
    data: dict[str, Iterable[object]] = {
        "stage": [row[0] for row in rows],
        "passage_id": list(passages),
        "n_sessions": n,
        "share": share,
        "low": low,
        "high": high,
    }
    return schema.build(FUNNEL, {name: list(values) for name, values in data.items()})


def drop_off(matched: Matched) -> pd.DataFrame:
    """Find where readers leave though the story goes on; the passage with most of them first."""
    graph = matched.walks.graph
    last = _last(matched)
    names = np.array(graph.passages, dtype=object)
    there = matched.node >= 0
    goes_on = there & ~graph.ends[matched.node]
    table = matched.sessions.table
    visits = table[goes_on].drop_duplicates(["session_id", "passage_id"])["passage_id"].value_counts()
    left = pd.Series(names[graph.passage[last[last >= 0]]][~graph.ends[last[last >= 0]]]).value_counts()
    found = pd.DataFrame({"n_sessions": visits}).join(left.rename("n_left")).fillna({"n_left": 0})
    found = found.sort_values(["n_left", "n_sessions"], ascending=False, kind="stable")
    hits, total = found["n_left"].to_numpy(np.int64), found["n_sessions"].to_numpy(np.int64)
    low, high = share_interval(hits, total)
    data = {
        "passage_id": found.index,
        "n_sessions": total,
        "n_left": hits,
        "share": hits / np.maximum(total, 1),
        "low": low,
        "high": high,
    }
    return schema.build(DROP_OFF, {name: list(values) for name, values in data.items()})


def survival(matched: Matched) -> pd.DataFrame:
    """Find how far readers read. Who comes to an end has not given up, and counts as no longer observed."""
    graph = matched.walks.graph
    last = _last(matched)
    n_steps = matched.table["n_steps"].to_numpy(np.int64)
    finished = graph.ends[last] & (last >= 0)
    longest = int(n_steps.max()) if n_steps.size else 0
    left = np.bincount(n_steps[~finished], minlength=longest + 1)[1:]
    ended = np.bincount(n_steps[finished], minlength=longest + 1)[1:]
    at_risk = np.cumsum((left + ended)[::-1])[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumprod(1.0 - left / at_risk)
        variance = np.cumsum(left / (at_risk * np.maximum(at_risk - left, 1)))
        width = 1.959963984540054 * np.sqrt(variance) / np.abs(np.log(share))
        low, high = share ** np.exp(width), share ** np.exp(-width)
    unsure = (share <= 0.0) | (share >= 1.0)
    low, high = np.where(unsure, share, low), np.where(unsure, share, high)
    data = {
        "step": np.arange(1, longest + 1),
        "n_at_risk": at_risk,
        "n_left": left,
        "n_finished": ended,
        "survival": share,
        "low": low,
        "high": high,
    }
    return schema.build(SURVIVAL, {name: list(values) for name, values in data.items()})


def _last(matched: Matched) -> Ints:
    """Of each session: the node of its last step; -1 where that cannot have happened."""
    ends = np.cumsum(matched.table["n_steps"].to_numpy(np.int64)) - 1
    found: Ints = matched.node[ends]
    return found
