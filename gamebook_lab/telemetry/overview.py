"""One table of everything that a dashboard shows: what the machine does, and what the person at the screen feels.

A row for each interval, a column for each line of a chart. The live dashboard, the figures, the reports and the CSV
export are all made of this table.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import apsw
import pandas as pd

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.cell import Cell, merged
from gamebook_lab.telemetry.moments import When, epoch_of, seconds_of, times
from gamebook_lab.telemetry.reading import opened
from gamebook_lab.telemetry.stored import Span, cells, find, ticks

__all__ = ["OVERVIEW_COLUMNS", "overview", "step_of"]

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS: Final = {
    5 * _MINUTE: 1, 15 * _MINUTE: 2, _HOUR: 10, 6 * _HOUR: _MINUTE, _DAY: 5 * _MINUTE, 7 * _DAY: 15 * _MINUTE, 30 * _DAY: _HOUR,
}  # fmt: skip
"""Seconds of an interval, by the longest time that it suits."""

OVERVIEW_COLUMNS: Final = {
    "cpu_host": "Part of all processors that all programs use, percent.",
    "cpu_kernel": "Part of all processors that the notebook's Python uses, percent.",
    "cpu_workers": "Part of all processors that the pool's workers use, percent.",
    "memory_host": "Part of the memory there is (the control group's, else the machine's) in use, percent.",
    "memory_kernel": "Part of it that the notebook's Python holds, percent.",
    "memory_workers": "Memory of the pool's workers as a part of the pool's limit, percent.",
    "response_p50": "Time from a click or key to the painted answer, median, milliseconds.",
    "response_p95": "The same; 95 of 100 are quicker.",
    "response_p99": "The same; 99 of 100 are quicker.",
    "round_trip": "Time from the browser to the notebook's Python and back, median, milliseconds.",
    "fps": "Frames that the browser painted a second, mean.",
    "fps_lowest": "The same in the worst second.",
    "errors_per_minute": "Errors of all kinds a minute.",
    "uptime": "Part of the one-second probes that the notebook's Python answered, percent.",
    "workers": "Worker processes, mean.",
    "tasks_running": "Tasks that workers have, mean.",
    "tasks_waiting": "Tasks that wait for a worker, mean.",
}
"""What each column means, in the order of the table."""


def overview(
    *,
    since: When = "5min",
    until: When | None = None,
    resolution: str | float | None = None,
    session: str | None = None,
    folder: str | Path | None = None,
    columns: Sequence[str] = tuple(OVERVIEW_COLUMNS),
) -> pd.DataFrame:
    """Read everything that a dashboard shows.

    Parameters
    ----------
    columns
        Those that are wanted; what only others need is not read.
    since, until, resolution, session, folder
        As in :func:`gamebook_lab.telemetry.read`; but by default the resolution is one that gives some hundred rows.

    Returns
    -------
    pandas.DataFrame
        A row for each interval in which anything was recorded, by ``time`` (its start, ``datetime64[us, UTC]``), sorted;
        columns as in :data:`OVERVIEW_COLUMNS`, NaN where nothing was measured.
    """
    now = time.time()
    start, stop = epoch_of(since, now), now + 1 if until is None else epoch_of(until, now)
    step = step_of(stop - start) if resolution is None else seconds_of(resolution)
    with opened(folder) as connection:
        held = _Held(connection, Span(start - start % step, stop, step, session))
        made = {column: _RECIPES[column](held) for column in columns}
    moments = sorted({at for values in made.values() for at in values})
    index = pd.DatetimeIndex(times(moments), name="time")
    found = {column: [values.get(at, math.nan) for at in moments] for column, values in made.items()}
    return pd.DataFrame(found, index=index, dtype="float64")


def step_of(seconds: float) -> int:
    """Seconds of an interval that make some hundred rows of a time, 720 at most in 30 days."""
    return next((step for longest, step in _STEPS.items() if seconds <= longest + 1), 3 * _HOUR)


_Values = dict[float, float]
"""By the start of their interval, seconds since the epoch."""


class _Held:
    """Reads each metric once; all label sets that are wanted of it are merged, percentiles too."""

    def __init__(self, connection: apsw.Connection | None, span: Span) -> None:
        self._connection, self._span = connection, span
        self._known: dict[tuple[str, str, str], dict[float, Cell]] = {}

    def cells(self, name: str, label: str = "", value: str = "") -> Mapping[float, Cell]:
        """Cells of a metric by time; none if it was never recorded, as by a notebook without a pool."""
        key = name, label, value
        if key not in self._known:
            self._known[key] = self._read(name, {label: value} if label else None)
        return self._known[key]

    def _read(self, name: str, labels: dict[str, str] | None) -> dict[float, Cell]:
        if self._connection is None:
            return {}
        try:
            found = find(self._connection, name, labels)
        except TelemetryError:
            return {}
        parts: dict[float, list[Cell]] = {}
        for by_time in cells(self._connection, found, self._span).values():
            for at, cell in by_time.items():
                parts.setdefault(at, []).append(cell)
        return {at: held[0] if len(held) == 1 else merged(held) for at, held in parts.items()}

    def per_minute(self, name: str) -> _Values:
        """How often a minute a counter counted; nought where it did not while others did."""
        if self._connection is None:
            return {}
        grid = ticks(self._connection, self._span)
        found = self.cells(name)
        return dict.fromkeys(grid, 0.0) | {at: cell.sum / self._span.resolution * 60 for at, cell in found.items()}


def _mean(found: Mapping[float, Cell], times_: float = 1.0) -> _Values:
    return {at: cell.mean * times_ for at, cell in found.items()}


def _quantile(found: Mapping[float, Cell], share: float) -> _Values:
    return {at: cell.quantile(share) * 1000 for at, cell in found.items()}


def _of_memory(held: _Held) -> _Values:
    """Percent of the memory there is, whose size follows from what is taken of it."""
    taken, share = _mean(held.cells("host_memory_bytes")), _mean(held.cells("host_memory_share"))
    kernel = _mean(held.cells("process_memory_bytes", "process", "kernel"))
    return {at: value / taken[at] * share[at] * 100 for at, value in kernel.items() if taken.get(at) and at in share}


def _answered(held: _Held) -> _Values:
    """Percent of the probes that were answered."""
    ok = held.cells("probes_total", "result", "ok")
    return {
        at: (ok[at].sum if at in ok else 0.0) / cell.sum * 100
        for at, cell in held.cells("probes_total").items()
        if cell.sum
    }


_OF_CORES: Final = 100 / (os.cpu_count() or 1)
_RECIPES: Final[dict[str, Callable[[_Held], _Values]]] = {
    "cpu_host": lambda held: _mean(held.cells("host_cpu_share"), 100),
    "cpu_kernel": lambda held: _mean(held.cells("process_cpu_cores", "process", "kernel"), _OF_CORES),
    "cpu_workers": lambda held: _mean(held.cells("pool_cpu_cores"), _OF_CORES),
    "memory_host": lambda held: _mean(held.cells("host_memory_share"), 100),
    "memory_kernel": _of_memory,
    "memory_workers": lambda held: _mean(held.cells("pool_memory_share"), 100),
    "response_p50": lambda held: _quantile(held.cells("response_seconds"), 0.5),
    "response_p95": lambda held: _quantile(held.cells("response_seconds"), 0.95),
    "response_p99": lambda held: _quantile(held.cells("response_seconds"), 0.99),
    "round_trip": lambda held: _quantile(held.cells("round_trip_seconds"), 0.5),
    "fps": lambda held: _mean(held.cells("frames_per_second")),
    "fps_lowest": lambda held: {at: cell.min for at, cell in held.cells("frames_per_second").items()},
    "errors_per_minute": lambda held: held.per_minute("errors_total"),
    "uptime": _answered,
    "workers": lambda held: _mean(held.cells("pool_workers")),
    "tasks_running": lambda held: _mean(held.cells("pool_running")),
    "tasks_waiting": lambda held: _mean(held.cells("pool_queue_length")),
}
