"""What real readers came to, against what a reader of the model would: passages, choices and endings.

Every share has an interval (Wilson), every comparison a p-value and, as many are made at once, the false discovery rate at which
it counts as found. Sessions are taken as independent of each other; steps within one are not, so passages and endings count
sessions, and choices count occasions.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import binom  # type: ignore[import-untyped]  # ships no types

from gamebook_lab.analysis.endings import ending_groups
from gamebook_lab.analysis.matching import Matched
from gamebook_lab.analysis.play_graph import STOPS, PlayGraph
from gamebook_lab.analysis.significance import adjusted, share_interval
from gamebook_lab.analysis.visits import visit_probabilities
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Floats, Longs
from gamebook_lab.kernels.tally import summed
from gamebook_lab.story import schema

__all__ = ["CHOICE_SHARES", "ENDING_SHARES", "READERSHIP", "choice_shares", "ending_shares", "passage_readership"]

_COMPARED: Final = (
    schema.Column("share", "float64", "of those who could"),
    schema.Column("low", "float64", "least share, by the 95 % interval"),
    schema.Column("high", "float64", "greatest share, by the 95 % interval"),
    schema.Column("expected", "float64", "share by the reader model; missing where it is not known"),
    schema.Column("p_value", "float64", "probability under the model of a share at least as unlikely"),
    schema.Column("q_value", "float64", "false discovery rate at which the difference counts as found"),
    schema.Column("verdict", "str", "more, less or as expected; never read or never taken; unknown"),
)
READERSHIP: Final = (
    schema.Column("passage_id", "str", "passage"),
    schema.Column("is_reachable", "bool", "a reader can come there"),
    schema.Column("n_sessions", "int64", "sessions that came there"),
    schema.Column("n_visits", "int64", "visits, all sessions together"),
    *_COMPARED,
)
"""Columns of :func:`passage_readership`."""
CHOICE_SHARES: Final = (
    schema.Column("passage_id", "str", "passage whose text offers it"),
    schema.Column("label", "object", "as shown"),
    schema.Column("choice_id", "object", "as in choices; missing: none stands just there"),
    schema.Column("n_offered", "int64", "occasions on which it was offered and the reader went on"),
    schema.Column("n_taken", "int64", "how often it was taken"),
    *_COMPARED,
)
"""Columns of :func:`choice_shares`."""
ENDING_SHARES: Final = (
    schema.Column("passage_id", "str", "passage where play stops"),
    schema.Column("stop", "str", "as in the table of endings"),
    schema.Column("n_sessions", "int64", "sessions that ended there"),
    *_COMPARED,
)
"""Columns of :func:`ending_shares`."""
_LEVEL: Final = 0.05
_MOST_EXACT: Final = 2_000
"""Occasions up to which the test of unequal chances is exact; beyond, it takes all chances for equal: a little too careful."""


def passage_readership(matched: Matched, *, level: float = _LEVEL) -> pd.DataFrame:
    """Tell for each passage how many readers came there, and whether that is more or less than the model says.

    The model's reader plays to the end: only sessions that came to one are compared with it.

    Returns
    -------
    pandas.DataFrame
        A row for each passage that readers can be at, in story order. Columns in :data:`READERSHIP`.
    """
    graph = matched.walks.graph
    table, names = matched.sessions.table, list(graph.passages)
    there = matched.node >= 0
    passage = graph.passage[matched.node]
    named = pd.Index(names).get_indexer(pd.Index(table["passage_id"]))
    passage = np.where(named >= 0, named, passage)[there]
    session = pd.factorize(table["session_id"])[0].astype(np.int64)[there]
    n_visits = np.bincount(passage, minlength=len(names))
    pairs = np.unique(passage * np.int64(len(matched.table)) + session)
    finished = matched.walks.is_complete & (matched.table["step"].isna().to_numpy())
    ended = finished[pairs % len(matched.table)]
    n_sessions = np.bincount(pairs // max(1, len(matched.table)), minlength=len(names))
    n_ended = np.bincount((pairs // max(1, len(matched.table)))[ended], minlength=len(names))
    expected, _ = visit_probabilities(graph)
    reachable = np.zeros(len(names), np.bool_)
    reachable[np.concatenate((graph.passage, graph.arrival, graph.passes[1]))] = True
    data: dict[str, npt.NDArray[np.generic] | list[str]] = {
        "passage_id": names, "is_reachable": reachable, "n_sessions": n_sessions, "n_visits": n_visits,
    }  # fmt: skip
    total = np.full(len(names), int(finished.sum()))
    data |= _compared(
        n_ended,
        total,
        expected,
        _binomial(n_ended, total, expected),
        level,
        np.where(n_sessions == 0, "never read", ""),
    )
    found = schema.build(READERSHIP, {name: list(values) for name, values in data.items()})
    return found[graph.is_read].reset_index(drop=True)


def choice_shares(matched: Matched, *, level: float = _LEVEL) -> pd.DataFrame:
    """Tell for each choice how often readers took it where they could, and whether that is as the model says.

    Returns
    -------
    pandas.DataFrame
        A row for each offer that was shown to a reader who went on, in the order of ``space.offers``. Columns in
        :data:`CHOICE_SHARES`.
    """
    graph, space = matched.walks.graph, matched.space
    clicked = graph.clicks[matched.edges] > 0
    nodes, taken = graph.source[matched.edges][clicked], graph.offer[matched.edges][clicked]
    occasions, offers, chances = _occasions(graph, nodes)
    n = len(graph.offers)
    n_offered = np.bincount(offers, weights=occasions, minlength=n).astype(np.int64)
    n_taken = np.bincount(taken[taken >= 0], minlength=n)
    expected = summed(offers.astype(np.int32), occasions * chances, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(n_offered > 0, expected / n_offered, np.nan)
    p = _unequal(n, offers, occasions, chances, n_taken)
    ids = space.story.choices["choice_id"].tolist()
    rows = graph.offers["choice"].astype("Int64")
    data: dict[str, object] = {
        "passage_id": graph.offers["passage_id"].tolist(), "label": graph.offers["label"].tolist(),
        "choice_id": [None if pd.isna(row) else ids[int(row)] for row in rows], "n_offered": n_offered.tolist(), "n_taken": n_taken.tolist(),
    }  # fmt: skip
    data |= {
        name: list(values)
        for name, values in _compared(
            n_taken, n_offered, share, p, level, np.where(n_taken == 0, "never taken", "")
        ).items()
    }
    found = schema.build(CHOICE_SHARES, {name: list(values) for name, values in data.items()})  # type: ignore[call-overload]
    return found[n_offered > 0].reset_index(drop=True)


def ending_shares(matched: Matched, *, level: float = _LEVEL) -> pd.DataFrame:
    """Tell where readers ended who came to an end, and whether that is as the model says.

    Returns
    -------
    pandas.DataFrame
        A row for each place where play stops. Columns in :data:`ENDING_SHARES`.
    """
    graph = matched.walks.graph
    keys, group = ending_groups(graph)
    finished = matched.walks.is_complete & (matched.table["step"].isna().to_numpy())
    ends = group[matched.walks.last[finished]]
    n_sessions = np.bincount(ends, minlength=len(keys))
    total = np.full(len(keys), int(finished.sum()))
    is_known = not (graph.is_free.any() or np.isnan(graph.start_probability).any())
    expected = summed(group, graph.flow.visits, len(keys)) if is_known else np.full(len(keys), np.nan)
    data: dict[str, list[object]] = {
        "passage_id": [graph.passages[passage] for passage, _ in keys], "stop": [STOPS[Stop(stop)] for _, stop in keys],
        "n_sessions": list(n_sessions),
    }  # fmt: skip
    compared = _compared(
        n_sessions,
        total,
        expected,
        _binomial(n_sessions, total, expected),
        level,
        np.where(n_sessions == 0, "never read", ""),
    )
    return schema.build(ENDING_SHARES, data | {name: list(values) for name, values in compared.items()})


def _occasions(graph: PlayGraph, nodes: npt.NDArray[np.int32]) -> tuple[Floats, Longs, Floats]:
    """For each pair of a state and an offer there: how often readers went on from it, the offer, and its chance."""
    places, often = np.unique(nodes, return_counts=True)
    keys: dict[tuple[int, int], float] = {}
    times: dict[tuple[int, int], int] = {}
    for node, n in zip(places.tolist(), often.tolist(), strict=True):
        clicks = [
            edge
            for edge in range(int(graph.indptr[node]), int(graph.indptr[node + 1]))
            if graph.clicks[edge] and graph.indices[edge] >= 0
        ]
        total = float(sum(graph.probability[edge] for edge in clicks))
        for edge in clicks:
            key = (node, int(graph.offer[edge]))
            if key[1] >= 0:
                keys[key] = keys.get(key, 0.0) + (float(graph.probability[edge]) / total if total > 0 else np.nan)
                times[key] = n
    offers = np.array([offer for _, offer in keys], np.int64)
    return np.array([times[key] for key in keys], np.float64), offers, np.array(list(keys.values()), np.float64)


def _compared(  # noqa: PLR0917 -- columns of one table
    hits: Longs, total: Longs, expected: Floats, p: Floats, level: float, never: npt.NDArray[np.str_]
) -> dict[str, npt.NDArray[np.generic]]:
    low, high = share_interval(hits, total)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0, hits / np.where(total > 0, total, 1), np.nan)
    q = adjusted(p)
    is_found = q <= level
    verdict = np.where(
        np.isnan(p), "unknown", np.where(is_found, np.where(share > expected, "more", "less"), "as expected")
    )
    verdict = np.where(never != "", never, verdict)
    return {
        "share": share,
        "low": low,
        "high": high,
        "expected": expected,
        "p_value": p,
        "q_value": q,
        "verdict": verdict,
    }


def _binomial(hits: Longs, total: Longs, expected: Floats) -> Floats:
    """Two-sided exact test: twice the smaller tail. Missing where nothing can be compared, or nothing could differ."""
    chance = np.clip(expected, 0.0, 1.0)
    tails = np.minimum(binom.cdf(hits, total, chance), binom.sf(hits - 1, total, chance))
    is_open = (total > 0) & ~np.isnan(expected)
    found: Floats = np.where(is_open, np.minimum(1.0, 2.0 * tails), np.nan)
    return found


def _unequal(n: int, offers: Longs, occasions: Floats, chances: Floats, taken: Longs) -> Floats:
    """The same for occasions of unequal chances (Poisson binomial); as if of equal chance for very many, which is a little too careful."""
    found = np.full(n, np.nan)
    order = np.argsort(offers, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(offers[order])) + 1) if offers.size else []:
        offer, chance, times = int(offers[rows[0]]), chances[rows], occasions[rows].astype(np.int64)
        if np.isnan(chance).any():
            continue
        if np.ptp(chance) < 1e-12 or times.sum() > _MOST_EXACT:
            mean = float((chance * times).sum() / times.sum())
            found[offer] = _binomial(taken[offer : offer + 1], np.array([times.sum()]), np.array([mean]))[0]
        else:
            found[offer] = _poisson_binomial(int(taken[offer]), chance, times)
    return found


def _poisson_binomial(hits: int, chance: Floats, times: Longs) -> float:
    """Exact, by folding in one group of equal chances after another."""
    mass = np.ones(1)
    for p, n in zip(chance.tolist(), times.tolist(), strict=True):
        mass = np.convolve(mass, binom.pmf(np.arange(n + 1), n, p))
    return float(min(1.0, 2.0 * min(mass[: hits + 1].sum(), mass[hits:].sum())))
