"""Objectives: what was promised, how often it was kept, and how much may still go wrong."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw
import pandas as pd

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.cell import Cell, merged
from gamebook_lab.telemetry.goals import Goal
from gamebook_lab.telemetry.home import folder_of
from gamebook_lab.telemetry.moments import When, epoch_of, seconds_of
from gamebook_lab.telemetry.reading import opened
from gamebook_lab.telemetry.settings import Settings
from gamebook_lab.telemetry.stored import Span, cells, default_resolution, find

__all__ = ["objectives"]

_COARSE: Final = {60: 3600.0, 10: 600.0}
"""Length of the intervals that are read, by the window from which on; both in seconds."""
_NEWEST_SECONDS: Final = 61


def objectives(
    window: str = "1h",
    *,
    until: When | None = None,
    session: str | None = None,
    settings: Settings | None = None,
    folder: str | Path | None = None,
) -> pd.DataFrame:
    """Judge the objectives of the settings over a window of time.

    Parameters
    ----------
    window
        Such as ``"1h"`` or ``"30d"``; it ends at ``until``, now by default, and begins with a whole interval of 10 s (from
        ten minutes on) or one minute (from an hour on), whose sums are kept already.
    session, folder
        As in :func:`read`.
    settings
        Whose objectives they are; by default those of the folder.

    Returns
    -------
    pandas.DataFrame
        A row for each objective, in the order of the settings; by default ``memory``, ``cpu``, ``response``, ``fps``,
        ``uptime``, ``errors``. Columns:

        - ``objective``, ``target`` (for people, such as ``below 80 %``), ``unit``;
        - ``current``: the newest value (of the last minute; for uptime and errors, of the window), NaN if there is none;
        - ``threshold``: what it is held against;
        - ``compliance``: share (0 to 1) of the observations that kept to the threshold; within 1 % of the threshold one is
          not told from the other;
        - ``goal``: share that should have;
        - ``budget_left``: share of the failures that the goal allows that are left: 1 all, 0 none, below 0 overdrawn;
        - ``n``: observations behind it: seconds, responses, probes or actions;
        - ``state``: ``"met"``, ``"missed"`` or ``"no data"``, which says nothing and counts as neither.
    """
    wanted = settings if settings is not None else Settings.read(folder_of(folder))
    now = time.time()
    stop = now + 1 if until is None else epoch_of(until, now)
    start = stop - seconds_of(window)
    coarse = next((step for step, least in _COARSE.items() if stop - start >= least), 1)
    step = max(coarse, default_resolution(start, now, wanted.retention))
    with opened(folder) as connection:
        held = _Held(connection, Span(start - start % step, stop, step, session))
        newest = _Held(connection, Span(stop - _NEWEST_SECONDS, stop, 1, session))
        found = [
            _counted(goal, held) if goal.over else _shares(goal, held, newest) for goal in wanted.objectives.values()
        ]
    goals = list(wanted.objectives.values())
    return pd.DataFrame(
        {
            "objective": pd.Series(list(wanted.objectives), dtype="str"),
            "target": pd.Series([goal.target for goal in goals], dtype="str"),
            "unit": pd.Series([goal.unit for goal in goals], dtype="str"),
            "current": pd.Series([one.current for one in found], dtype="float64"),
            "threshold": pd.Series([goal.threshold for goal in goals], dtype="float64"),
            "compliance": pd.Series([one.compliance for one in found], dtype="float64"),
            "goal": pd.Series([goal.share for goal in goals], dtype="float64"),
            "budget_left": pd.Series(
                [one.budget_left(goal) for one, goal in zip(found, goals, strict=True)], dtype="float64"
            ),
            "n": pd.Series([one.n for one in found], dtype="int64"),
            "state": pd.Series([one.state(goal) for one, goal in zip(found, goals, strict=True)], dtype="str"),
        }
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was observed of one objective."""

    current: float
    n: int
    n_bad: int

    @property
    def compliance(self) -> float:
        return 1 - self.n_bad / self.n if self.n else math.nan

    def budget_left(self, goal: Goal) -> float:
        return 1 - (self.n_bad / self.n) / (1 - goal.share) if self.n else math.nan

    def state(self, goal: Goal) -> str:
        if not self.n:
            return "no data"
        return "met" if self.compliance >= goal.share else "missed"


@dataclass(frozen=True, slots=True)
class _Held:
    """The part of a file that is judged."""

    connection: apsw.Connection | None
    span: Span

    def cells(self, name: str, labels: Mapping[str, str]) -> list[tuple[float, Cell]]:
        """All cells of a metric, in order of time."""
        if self.connection is None:
            return []
        try:
            series = find(self.connection, name, labels)
        except TelemetryError:  # never recorded
            return []
        held = cells(self.connection, series, self.span)
        return sorted(
            ((at, cell) for by_time in held.values() for at, cell in by_time.items()), key=lambda pair: pair[0]
        )


def _counted(goal: Goal, held: _Held) -> _Judged:
    n = round(math.fsum(cell.sum for _, cell in held.cells(goal.over, {})))
    n_of = round(math.fsum(cell.sum for _, cell in held.cells(goal.metric, goal.labels)))
    # An error in the background is of no action, and counts all the same.
    n = max(n, n_of)
    return _Judged(n_of / n if n else math.nan, n, n_of if goal.is_below else n - n_of)


def _shares(goal: Goal, held: _Held, newest: _Held) -> _Judged:
    whole = merged(cell for _, cell in held.cells(goal.metric, goal.labels))
    n_below = whole.n_below(goal.threshold)
    n_bad = whole.n - n_below if goal.is_below else n_below
    current = merged(cell for _, cell in newest.cells(goal.metric, goal.labels))
    return _Judged(_stat(goal, current), whole.n, n_bad)


def _stat(goal: Goal, cell: Cell) -> float:
    if not cell.n:
        return math.nan
    if goal.stat == "last" and not math.isnan(cell.last):
        return cell.last
    return cell.quantile(int(goal.stat[1:]) / 100) if goal.stat.startswith("p") else cell.mean
