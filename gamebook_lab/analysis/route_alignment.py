"""Routes laid side by side, so that the same passages stand in one column: where readers go together, part and meet again.

One route is the ruler; each other is aligned to it. What a route reads that the ruler does not stands between its columns. That is a
star alignment: exact for two routes, good to look at for many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.matching import Matched
from gamebook_lab.analysis.routes import route_of
from gamebook_lab.errors import LimitError
from gamebook_lab.kernels.accelerate import Ints
from gamebook_lab.kernels.alignment import alignment
from gamebook_lab.story import schema

__all__ = ["ALIGNMENT", "align_routes"]

ALIGNMENT: Final = (
    schema.Column("row", "int64", "0-based, in the order asked for; 0 is the ruler"),
    schema.Column("session_id", "str", "one sitting of one reader"),
    schema.Column("column", "int64", "0-based; a route has no row where it reads nothing there"),
    schema.Column("passage_id", "str", "passage read"),
    schema.Column("is_common", "bool", "the ruler reads the same passage there"),
)
"""Columns of :func:`align_routes`."""
_MOST: Final = 40
_MOST_STEPS: Final = 5_000


def align_routes(matched: Matched, sessions: Sequence[str] | None = None) -> pd.DataFrame:
    """Align routes.

    Parameters
    ----------
    matched
        Sessions on a story's state graph.
    sessions
        Which, by ``session_id``; the first is the ruler. The first 40 that fit the story by default: the representatives of
        :func:`~gamebook_lab.analysis.route_clusters.route_clusters` are a good choice.

    Returns
    -------
    pandas.DataFrame
        A row for each passage read. Columns in :data:`ALIGNMENT`.

    Raises
    ------
    ValueError
        If there is no such session.
    LimitError
        If a route has more than 5,000 passages.
    """
    table = matched.table
    number = {name: at for at, name in enumerate(table["session_id"].tolist())}
    names = table.loc[table["step"].isna(), "session_id"].tolist()[:_MOST] if sessions is None else list(sessions)
    for name in names:
        if name not in number:
            raise ValueError(f"there is no session {name!r}; matched.table lists them")
    routes = [route_of(matched, number[name]) for name in names]
    longest = max(map(len, routes), default=0)
    if longest > _MOST_STEPS:
        raise LimitError(
            f"a route of {longest:,} passages is too long to be aligned: leave out those above {_MOST_STEPS:,}"
        )
    code = {name: at for at, name in enumerate(matched.walks.graph.passages)}
    coded = [np.array([code[name] for name in route], np.int32) for route in routes]
    places = [_places(coded[0], each) for each in coded]
    width = np.ones(len(routes[0]) * 2 + 1 if routes else 0, np.int64)
    width[::2] = 0  # even slots lie between the ruler's columns and are as wide as the widest of what stands there
    for slots in places:
        width = np.maximum(width, np.bincount(slots, minlength=width.size))
    begins = np.concatenate(([0], np.cumsum(width)))
    rows: list[tuple[int, str, int, str, bool]] = []
    for row, (name, route, slots) in enumerate(zip(names, routes, places, strict=True)):
        before = -1
        nth = 0
        for passage, slot in zip(route, slots.tolist(), strict=True):
            nth = nth + 1 if slot == before else 0
            before = slot
            rows.append((row, name, int(begins[slot]) + nth, passage, slot % 2 == 1))
    return schema.build(ALIGNMENT, {column.name: [row[at] for row in rows] for at, column in enumerate(ALIGNMENT)})


def _places(ruler: Ints, route: Ints) -> Ints:
    """Of each step: ``2 i + 1`` on the ruler's column ``i``, ``2 i`` just before it."""
    found = alignment(ruler, route)
    seen = np.maximum.accumulate(found)
    return np.where(found >= 0, 2 * found + 1, 2 * (seen + 1)).astype(np.int32)
