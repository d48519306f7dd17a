"""How readers flow through a story, step by step: thousands of routes summed up, the rare ones together."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pandas as pd

from gamebook_lab.analysis.matching import Matched
from gamebook_lab.analysis.routes import route_of
from gamebook_lab.errors import UnknownPassageError
from gamebook_lab.story import schema

__all__ = ["FLOW", "flow"]

FLOW: Final = (
    schema.Column("step", "int64", "0-based, of the passage that readers come from"),
    schema.Column("origin", "object", "passage; missing: one of the rare ones"),
    schema.Column("target", "object", "passage they go to; missing: one of the rare ones"),
    schema.Column("goes_on", "bool", "False: they stop at the origin, and target is the same"),
    schema.Column("is_end", "bool", "they stop because play does, not because they give up"),
    schema.Column("n_sessions", "int64", "sessions that go so"),
)
"""Columns of :func:`flow`."""


def flow(matched: Matched, *, steps: int = 8, most: int = 8, start: str | None = None) -> pd.DataFrame:
    """Sum up where readers go.

    Parameters
    ----------
    matched
        Sessions on a story's state graph; of those that cannot have happened, what comes before is counted.
    steps
        How far to look.
    most
        Passages that are named at each step, the most read ones; all others count together.
    start
        Passage from where on to look, at each reader's first visit; where reading begins by default.

    Returns
    -------
    pandas.DataFrame
        Columns in :data:`FLOW`. Sessions that go further than ``steps`` are cut there.

    Raises
    ------
    UnknownPassageError
        If the story has no passage ``start``.
    """
    if start is not None and start not in matched.walks.graph.passages:
        raise UnknownPassageError(f"this story has no passage {start!r}; story.passages lists them")
    routes: Counter[tuple[tuple[str, ...], bool, bool]] = Counter()
    complete = matched.walks.is_complete.tolist()
    for at in range(len(matched)):
        route = route_of(matched, at)
        if start is not None:
            route = route[route.index(start) :] if start in route else ()
        if route:
            routes[route[: steps + 1], complete[at], len(route) <= steps + 1] += 1
    named = [
        {name for name, _ in counts.most_common(most)} for counts in (_at(routes, step) for step in range(steps + 1))
    ]
    found: Counter[tuple[int, str | None, str | None, bool, bool]] = Counter()
    for (route, ends, is_whole), n in routes.items():
        shown = [name if name in named[step] else None for step, name in enumerate(route)]
        for step in range(len(route) - 1):
            found[step, shown[step], shown[step + 1], True, False] += n
        if is_whole:
            found[len(route) - 1, shown[-1], shown[-1], False, ends] += n
    rows = sorted(found.items(), key=lambda item: (item[0][0], -item[1], str(item[0])))
    return schema.build(FLOW, {column.name: [(*key, n)[at] for key, n in rows] for at, column in enumerate(FLOW)})


def _at(routes: Counter[tuple[tuple[str, ...], bool, bool]], step: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (route, _, _), n in routes.items():
        if step < len(route):
            counts[route[step]] += n
    return counts
