"""The routes that readers took: which, how diverse they are, and where they part and come together.

Diversity is told by Hill numbers (Hill 1973): how many equally frequent routes would be as diverse. Of order 0 every route counts alike,
of order 1 by its frequency, of order 2 the frequent ones most. Covers what was taken; see also
:mod:`~gamebook_lab.analysis.route_clusters` for which routes are alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gamebook_lab.analysis.matching import Matched
from gamebook_lab.kernels.accelerate import Floats, Longs
from gamebook_lab.story import schema

__all__ = [
    "DIVERSITY",
    "JUNCTIONS",
    "ROUTES",
    "distinct_routes",
    "hill_number",
    "junctions",
    "route_diversity",
    "route_of",
]

ROUTES: Final = (
    schema.Column("route", "object", "passages in order, what the reader took back left out"),
    schema.Column("n_sessions", "int64", "sessions that went just so"),
    schema.Column("share", "float64", "of all sessions", "0 to 1"),
    schema.Column("n_steps", "int64", "passages on it"),
    schema.Column("is_complete", "bool", "play stops where it ends"),
)
"""Columns of :func:`distinct_routes`."""
DIVERSITY: Final = (
    schema.Column("group", "object", "group of readers; missing: all"),
    schema.Column("n_sessions", "int64", "sessions"),
    schema.Column("n_routes", "int64", "different routes: Hill number of order 0"),
    schema.Column("entropy_bits", "float64", "Shannon entropy of routes", "bits"),
    schema.Column("hill_1", "float64", "equally frequent routes that would have this entropy"),
    schema.Column("hill_2", "float64", "equally frequent ones among which two readers would be alike as often"),
    schema.Column(
        "estimated_routes", "float64", "routes that there are, at least, those nobody took yet among them (Chao 1984)"
    ),
    schema.Column(
        "coverage", "float64", "probability that the next reader takes a known one (Good and Turing)", "0 to 1"
    ),
)
"""Columns of :func:`route_diversity`."""
JUNCTIONS: Final = (
    schema.Column("passage_id", "str", "passage"),
    schema.Column("n_sessions", "int64", "sessions that came there"),
    schema.Column("share", "float64", "of all sessions", "0 to 1"),
    schema.Column("n_from", "int64", "passages from which readers came"),
    schema.Column("n_to", "int64", "passages to which they went on"),
    schema.Column("from_bits", "float64", "entropy of where they came from", "bits"),
    schema.Column("to_bits", "float64", "entropy of where they went", "bits"),
    schema.Column("kind", "str", "divergence, convergence, both or neither"),
)
"""Columns of :func:`junctions`."""


def hill_number(counts: npt.ArrayLike, order: float) -> float:
    """Count the equally frequent kinds that would be as diverse; nan for nothing.

    Examples
    --------
    >>> hill_number([1, 1, 1, 1], 1), hill_number([3, 0, 1], 0)
    (4.0, 2.0)
    """
    given = np.asarray(counts, np.float64)
    share = given[given > 0] / given.sum() if given.sum() > 0 else given[:0]
    if share.size == 0:
        return float("nan")
    if abs(order - 1.0) < 1e-9:
        return round(float(np.exp(-(share * np.log(share)).sum())), 9)
    return round(float((share**order).sum() ** (1.0 / (1.0 - order))), 9)


def route_of(matched: Matched, session: int) -> tuple[str, ...]:
    """List the passages that one session came to, in order; staying in one counts once."""
    names = matched.walks.passages(session)
    return tuple(name for at, name in enumerate(names) if at == 0 or name != names[at - 1])


def distinct_routes(matched: Matched) -> pd.DataFrame:
    """List the routes that were taken, the most frequent first. Columns in :data:`ROUTES`.

    Sessions that cannot have happened are left out.
    """
    sessions, codes, routes = _coded(matched)
    counts = np.bincount(codes, minlength=len(routes))
    complete = np.zeros(len(routes), np.bool_)
    complete[codes] = matched.walks.is_complete[sessions]
    order = np.argsort(-counts, kind="stable")
    return schema.build(ROUTES, {
        "route": [routes[at] for at in order], "n_sessions": counts[order].tolist(),
        "share": (counts[order] / max(1, sessions.size)).tolist(), "n_steps": [len(routes[at]) for at in order],
        "is_complete": complete[order].tolist(),
    })  # fmt: skip


def route_diversity(matched: Matched, group: Mapping[str, Hashable] | pd.Series | None = None) -> pd.DataFrame:
    """Measure how diverse routes are, of all readers and of each group of them.

    Parameters
    ----------
    matched
        Sessions on a story's state graph; those that cannot have happened are left out.
    group
        Group of each session, by ``session_id``.

    Returns
    -------
    pandas.DataFrame
        All readers first. Columns in :data:`DIVERSITY`. Groups of different sizes are compared by ``hill_1`` and ``hill_2``
        only where ``coverage`` is alike: a larger group has more routes by itself.
    """
    sessions, codes, routes = _coded(matched)
    rows = [_measured(None, codes, len(routes))]
    if group is not None:
        of = matched.table["session_id"].iloc[sessions].map(dict(group.items())).reset_index(drop=True)
        rows += [_measured(name, codes[(of == name).to_numpy(bool)], len(routes)) for name in of.dropna().unique()]
    return schema.build(DIVERSITY, {column.name: [row[at] for row in rows] for at, column in enumerate(DIVERSITY)})


def junctions(matched: Matched) -> pd.DataFrame:
    """Find where readers part and where they come together, by the entropy of where they go and come from.

    Returns
    -------
    pandas.DataFrame
        A row for each passage that was read, the one where most is decided (most sessions times bits) first. Columns in
        :data:`JUNCTIONS`.
    """
    sessions, codes, routes = _coded(matched)
    n_taken = np.bincount(codes, minlength=len(routes))
    going: dict[str, dict[str, int]] = {}
    coming: dict[str, dict[str, int]] = {}
    came: dict[str, int] = {}
    for route, n in zip(routes, n_taken.tolist(), strict=True):
        for one, other in pairwise(route):
            going.setdefault(one, {})[other] = going.get(one, {}).get(other, 0) + n
            coming.setdefault(other, {})[one] = coming.get(other, {}).get(one, 0) + n
        for name in set(route):
            came[name] = came.get(name, 0) + n
    rows = []
    for name in sorted(came, key=matched.walks.graph.passages.index):
        to, origin = going.get(name, {}), coming.get(name, {})
        kind = {(True, True): "both", (True, False): "divergence", (False, True): "convergence"}.get(
            (len(to) > 1, len(origin) > 1), "neither"
        )
        rows.append((
            name, came[name], came[name] / max(1, sessions.size), len(origin), len(to), _bits(list(origin.values())), _bits(list(to.values())), kind,
        ))  # fmt: skip
    rows.sort(key=lambda row: -row[1] * row[6])
    return schema.build(JUNCTIONS, {column.name: [row[at] for row in rows] for at, column in enumerate(JUNCTIONS)})


def _coded(matched: Matched) -> tuple[Longs, Longs, list[tuple[str, ...]]]:
    """Sessions that fit, the number of each one's route, and the routes in order of first appearance."""
    sessions = np.flatnonzero(matched.table["step"].isna().to_numpy()).astype(np.int64)
    number: dict[tuple[str, ...], int] = {}
    codes = [number.setdefault(route_of(matched, at), len(number)) for at in sessions.tolist()]
    return sessions, np.array(codes, np.int64), list(number)


def _measured(name: Hashable | None, codes: Longs, n: int) -> tuple[object, ...]:
    counts = np.bincount(codes, minlength=n)
    once, twice, total = int((counts == 1).sum()), int((counts == 2).sum()), int(counts.sum())
    seen = int((counts > 0).sum())
    # the bias-corrected form: it needs no route that was taken twice
    unseen = (total - 1) / total * once * (once - 1) / (2 * (twice + 1)) if total else 0.0
    coverage = 1.0 - once / total if total else float("nan")
    return name, total, seen, _bits(counts), hill_number(counts, 1), hill_number(counts, 2), seen + unseen, coverage


def _bits(counts: npt.ArrayLike) -> float:
    given: Floats = np.asarray(counts, np.float64)
    share = given[given > 0] / given.sum() if given.sum() > 0 else given[:0]
    return abs(float((share * np.log2(share)).sum()))
