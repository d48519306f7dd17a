"""What was recorded, as tables; of the run under way or of any file.

Costs grow with the number of intervals and series. A display that is refreshed
asks for what is new (``since=`` the newest time it has) instead of all of it again.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import apsw
import pandas as pd

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.cell import Cell
from gamebook_lab.telemetry.database import open_to_read, rows_of
from gamebook_lab.telemetry.home import folder_of
from gamebook_lab.telemetry.moments import When, epoch_of, seconds_of, times
from gamebook_lab.telemetry.retention import Retention
from gamebook_lab.telemetry.snapshot import Labels
from gamebook_lab.telemetry.stored import Span, cells, default_resolution, find, ticks

__all__ = ["When", "opened", "read", "runs", "series"]

_LIVE_SECONDS: Final = 10
_SPREAD: Final = ("n", "min", "max", "mean", "p50", "p95", "p99")
_COLUMNS: Final = {"histogram": _SPREAD, "gauge": ("value", *_SPREAD), "counter": ("value", "rate")}


def read(
    name: str,
    *,
    since: When = "1h",
    until: When | None = None,
    labels: Mapping[str, str] | None = None,
    resolution: str | float | None = None,
    session: str | None = None,
    folder: str | Path | None = None,
) -> pd.DataFrame:
    """Read one metric.

    Parameters
    ----------
    name
        As in :data:`gamebook_lab.telemetry.catalogue.CATALOGUE`.
    since, until
        First moment, and the moment before which it ends; until now by default.
    labels
        Only series that have these labels; others are kept apart by their columns.
    resolution
        Length of an interval: seconds, or ``"10s"``, ``"5min"``. By default the finest that there is for the whole time:
        1 s within the last hour, 10 s within the last day, 1 min before. Coarser ones are merged from what is kept;
        of a finer one there are only those intervals that are still kept at it.
    session
        Only what one session recorded; all that wrote to the file by default. See :func:`runs`.
    folder
        Of the run; by default the one that :func:`start` writes to.

    Returns
    -------
    pandas.DataFrame
        A row for each interval and set of labels, sorted by labels and time, with columns ``time`` (start of the interval,
        ``datetime64[us, UTC]``), one for each label (text), and by kind

        - histogram: ``n``, ``min``, ``max``, ``mean``, ``p50``, ``p95``, ``p99`` (each within 1 % of the true one, merged
          or not); no row where nothing was observed;
        - gauge: the same, of the levels seen once a second, and ``value``, the last of them;
        - counter: ``value``, by how much it grew in the interval, and ``rate``, that a second. Intervals in which it was
          recorded and did not grow have a row of zeros; where nothing was recorded there is none.

        Empty, with the same columns, if nothing was recorded in that time.

    Raises
    ------
    TelemetryError
        If there is no metric of this name, neither in the catalogue nor in the file; the message says which were recorded.
    """
    length = seconds_of(resolution) if resolution is not None else None
    if length is not None and length < 1:
        raise ValueError(f"an interval lasts 1 second or longer, not {resolution!r}")
    now = time.time()
    start = epoch_of(since, now)
    stop = now + 1 if until is None else epoch_of(until, now)
    with opened(folder, must_exist=True) as connection:
        assert connection is not None
        found = find(connection, name, labels)
        step = length if length is not None else default_resolution(start, now, Retention())
        # the interval that a moment lies in counts as a whole
        span = Span(start - start % step, stop, step, session)
        held = cells(connection, found, span)
        grid = ticks(connection, span) if found.kind == "counter" else []
    names = sorted({label for labels in found.labels.values() for label, _ in labels})
    if not found.labels and name in CATALOGUE:
        names = sorted(CATALOGUE[name].labels)
    if found.kind == "counter":
        rows = _counted(held, grid, step)
    else:
        rows = (
            (at, labels, _spread(cell, found.kind)) for labels, by_time in held.items() for at, cell in by_time.items()
        )
    return _table(rows, names, _COLUMNS[found.kind])


def series(*, session: str | None = None, folder: str | Path | None = None) -> pd.DataFrame:
    """List what was recorded.

    Returns
    -------
    pandas.DataFrame
        A row for each metric and set of labels: ``name``, ``kind`` (counter, gauge, histogram), ``labels`` (a dict),
        ``unit``, ``meaning``, ``first``, ``last`` (``datetime64[us, UTC]``), sorted by name. Empty if there is no file.
    """
    columns = ["name", "kind", "labels", "unit", "meaning", "first", "last"]
    with opened(folder) as connection:
        if connection is None:
            return pd.DataFrame(columns=columns)
        rows = rows_of(connection, "SELECT id, name, kind, labels FROM series ORDER BY name, labels")
        spans = _spans(connection, session)
    kept = [row for row in rows if row[0] in spans]
    infos = [CATALOGUE.get(row[1]) for row in kept]
    return pd.DataFrame(
        {
            "name": pd.Series([row[1] for row in kept], dtype="str"),
            "kind": pd.Series([row[2] for row in kept], dtype="str"),
            "labels": pd.Series([json.loads(row[3]) for row in kept], dtype="object"),
            "unit": pd.Series([info.unit if info else "" for info in infos], dtype="str"),
            "meaning": pd.Series([info.meaning if info else "" for info in infos], dtype="str"),
            "first": times([spans[row[0]][0] for row in kept]),
            "last": times([spans[row[0]][1] for row in kept]),
        }
    )


def runs(*, folder: str | Path | None = None) -> pd.DataFrame:
    """List the sessions that wrote to the file: one for each process that called :func:`start`.

    Returns
    -------
    pandas.DataFrame
        ``session``, ``process`` (such as kernel), ``pid``, ``started``, ``last``, ``ended`` (``live``, ``stopped`` or
        ``lost``, which is a kernel that was killed), newest first. Empty if there is no file.
    """
    with opened(folder) as connection:
        query = "SELECT session, process, pid, started, seen, is_stopped FROM writers ORDER BY started DESC, id DESC"
        rows = rows_of(connection, query) if connection is not None else []
    now = time.time()
    ended = [
        "stopped" if row[5] == 1 else "lost" if row[5] else "live" if now - row[4] < _LIVE_SECONDS else "lost"
        for row in rows
    ]
    return pd.DataFrame(
        {
            "session": pd.Series([row[0] for row in rows], dtype="str"),
            "process": pd.Series([row[1] for row in rows], dtype="str"),
            "pid": pd.Series([row[2] for row in rows], dtype="int64"),
            "started": times([row[3] for row in rows]),
            "last": times([row[4] for row in rows]),
            "ended": pd.Series(ended, dtype="str"),
        }
    )


@contextlib.contextmanager
def opened(folder: str | Path | None, *, must_exist: bool = False) -> Iterator[apsw.Connection | None]:
    """Open the metrics file of a folder to read one moment of it; None if there is none.

    Raises
    ------
    TelemetryError
        If there is none and it ``must_exist``, or it cannot be read.
    """
    where = folder_of(folder)
    connection = open_to_read(where)
    if connection is None:
        if must_exist:
            raise TelemetryError(f"nothing was recorded in {where} yet: telemetry.start() begins to")
        yield None
        return
    try:
        connection.execute("BEGIN")  # what a rollup moves meanwhile is neither missed nor seen twice
        yield connection
    finally:
        connection.close()


def _spread(cell: Cell, kind: str) -> tuple[float, ...]:
    seen = (cell.n, cell.min, cell.max, cell.mean, *(cell.quantile(share) for share in (0.5, 0.95, 0.99)))
    return seen if kind == "histogram" else (cell.last, *seen)


def _counted(
    held: Mapping[Labels, Mapping[float, Cell]], grid: list[float], step: float
) -> Iterator[tuple[float, Labels, tuple[float, ...]]]:
    for labels, by_time in held.items():
        for at in sorted({*grid, *by_time}):
            grown = by_time[at].sum if at in by_time else 0.0
            yield at, labels, (grown, grown / step)


def _table(
    rows: Iterable[tuple[float, Labels, tuple[float, ...]]], names: list[str], columns: tuple[str, ...]
) -> pd.DataFrame:
    listed = list(rows)
    made: dict[str, Any] = {"time": times([at for at, _, _ in listed])}
    texts = [dict(labels) for _, labels, _ in listed]
    for name in names:
        made[name] = pd.Series([text.get(name, "") for text in texts], dtype="str")
    for place, column in enumerate(columns):
        kind = "int64" if column == "n" else "float64"
        made[column] = pd.Series([values[place] for _, _, values in listed], dtype=kind)
    return pd.DataFrame(made)


def _spans(connection: apsw.Connection, session: str | None) -> dict[int, tuple[float, float]]:
    """First and last moment of each series."""
    spans: dict[int, tuple[float, float]] = {}
    where, bound = ("", ()) if session is None else ("WHERE w.session = ?", (session,))
    for table in ("raw", "ten", "minute"):
        query = (
            f"SELECT c.series, min(c.time), max(c.time) FROM {table} c JOIN writers w ON w.id = c.writer {where} "  # noqa: S608
            "GROUP BY c.series"
        )
        for series_id, first, last in rows_of(connection, query, bound):
            low, high = spans.get(series_id, (first, last))
            spans[series_id] = (min(low, first), max(high, last))
    return spans
