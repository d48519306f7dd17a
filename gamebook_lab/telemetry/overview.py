"""One table of everything that a dashboard shows: what the machine does, and what the person at the screen feels.

A row for each interval, a column for each line of a chart. The live dashboard, the figures, the reports and the CSV
export are all made of this table.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

from gamebook_lab.errors import GamebookError
from gamebook_lab.telemetry.reading import When, read

__all__ = ["OVERVIEW_COLUMNS", "overview"]

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
) -> pd.DataFrame:
    """Read everything that a dashboard shows.

    Parameters
    ----------
    since, until, resolution, session, folder
        As in :func:`gamebook_lab.telemetry.read`.

    Returns
    -------
    pandas.DataFrame
        A row for each interval in which anything was recorded, by ``time`` (its start, ``datetime64[us, UTC]``), sorted;
        columns as in :data:`OVERVIEW_COLUMNS`, NaN where nothing was measured.
    """

    def wanted(name: str, **labels: str) -> pd.DataFrame:
        try:
            found = read(
                name, since=since, until=until, labels=labels or None, resolution=resolution, session=session, folder=folder
            )  # fmt: skip
        except GamebookError:  # never recorded so far, as by a notebook without a pool
            return pd.DataFrame({"time": pd.DatetimeIndex([], tz="UTC")})
        return found

    made = _columns(wanted)
    table = pd.concat(made, axis=1) if any(len(each) for each in made.values()) else pd.DataFrame(index=_NO_TIME)
    table.index.name = "time"
    return table.reindex(columns=list(OVERVIEW_COLUMNS)).astype("float64").sort_index()


_NO_TIME: Final = pd.DatetimeIndex([], dtype="datetime64[us, UTC]")
_Wanted = Callable[..., pd.DataFrame]


def _columns(wanted: _Wanted) -> dict[str, pd.Series[float]]:
    percent_of_cores = 100 / (os.cpu_count() or 1)
    host_bytes, host_share = _mean(wanted("host_memory_bytes")), _mean(wanted("host_memory_share"))
    responses, frames = wanted("response_seconds"), wanted("frames_per_second")
    errors, probes = wanted("errors_total"), wanted("probes_total")
    return {
        "cpu_host": _mean(wanted("host_cpu_share")) * 100,
        "cpu_kernel": _mean(wanted("process_cpu_cores", process="kernel")) * percent_of_cores,
        "cpu_workers": _mean(wanted("pool_cpu_cores")) * percent_of_cores,
        "memory_host": host_share * 100,
        "memory_kernel": _mean(wanted("process_memory_bytes", process="kernel")) / host_bytes * host_share * 100,
        "memory_workers": _mean(wanted("pool_memory_share")) * 100,
        "response_p50": _by_time(responses, "p50") * 1000,
        "response_p95": _by_time(responses, "p95") * 1000,
        "response_p99": _by_time(responses, "p99") * 1000,
        "fps": _mean(frames),
        "fps_lowest": _by_time(frames, "min"),
        "errors_per_minute": _sum(errors, "rate") * 60,
        "uptime": _kept(probes),
        "workers": _mean(wanted("pool_workers")),
        "tasks_running": _mean(wanted("pool_running")),
        "tasks_waiting": _mean(wanted("pool_queue_length")),
    }


def _by_time(table: pd.DataFrame, column: str) -> pd.Series[float]:
    """One column by time."""
    if column not in table:
        return pd.Series(index=_NO_TIME, dtype="float64")
    return table.set_index("time")[column]


def _mean(table: pd.DataFrame) -> pd.Series[float]:
    return _by_time(table, "mean")


def _sum(table: pd.DataFrame, column: str) -> pd.Series[float]:
    """Sum of all series of a metric, by time."""
    return _by_time(table, column).groupby(level=0).sum()


def _kept(probes: pd.DataFrame) -> pd.Series[float]:
    """Percent of the probes that were answered."""
    if "result" not in probes:
        return pd.Series(index=_NO_TIME, dtype="float64")
    return _sum(probes[probes["result"] == "ok"], "value") / _sum(probes, "value") * 100
