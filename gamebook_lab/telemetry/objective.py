"""Objectives: what was promised, how often it was kept, and how much may still go wrong."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
        Such as ``"1h"`` or ``"30d"``; it ends at ``until``, now by default.
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
    found: list[_Judged] = []
    with opened(folder) as connection:
        for goal in wanted.objectives.values():
            step = default_resolution(start, now, wanted.retention)
            held = _Held(connection, Span(start, stop, step, session))
            found.append(_counted(goal, held) if goal.over else _shares(goal, held))
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


def _shares(goal: Goal, held: _Held) -> _Judged:
    found = held.cells(goal.metric, goal.labels)
    whole = merged(cell for _, cell in found)
    n_below = whole.n_below(goal.threshold)
    n_bad = whole.n - n_below if goal.is_below else n_below
    newest = merged(cell for at, cell in found if at >= max(held.span.stop - 61, found[-1][0] - 60))
    return _Judged(_stat(goal, newest), whole.n, n_bad)


def _stat(goal: Goal, cell: Cell) -> float:
    if not cell.n:
        return math.nan
    if goal.stat == "last" and not math.isnan(cell.last):
        return cell.last
    return cell.quantile(int(goal.stat[1:]) / 100) if goal.stat.startswith("p") else cell.mean
