"""Reads cells out of a metrics file: the finest length of interval that there is, and the rest from finer ones."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import apsw

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.cell import Cell, merged
from gamebook_lab.telemetry.database import LEVELS, rows_of
from gamebook_lab.telemetry.retention import Retention
from gamebook_lab.telemetry.rows import CELL_COLUMNS, cell_of
from gamebook_lab.telemetry.snapshot import Kind, Labels

__all__ = ["Found", "Span", "cells", "default_resolution", "find", "ticks"]

_TICKS: Final = "probes_total"
"""Counted each second by every recorder, so it tells when anything was recorded at all."""
_SLACK_SECONDS: Final = 10
_NEWER: Final = (
    "SELECT min(max(rolled_{0}, (CAST(started AS INTEGER) - 2) / 10 * 10)) FROM writers WHERE seen >= rolled_{0}"
)
"""From when on a writer has intervals that are not yet part of coarser ones; none if all are. Its first one begins before it does."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, cut into intervals; of one session, if it is given."""

    start: float
    stop: float
    resolution: float
    session: str | None = None

    @property
    def level(self) -> int:
        """Longest interval of the file that these can be made of."""
        return max(level for level in LEVELS if self.resolution % level == 0 or level == 1)


@dataclass(frozen=True, slots=True)
class Found:
    """The series of one metric."""

    name: str
    kind: Kind
    labels: Mapping[int, Labels]
    """By the series' number in the file."""


def find(connection: apsw.Connection, name: str, labels: Mapping[str, str] | None = None) -> Found:
    """Find the series of a metric that have these labels; none of one that we know and that nobody has recorded yet.

    Raises
    ------
    TelemetryError
        If there is no metric of this name.
    """
    rows = rows_of(connection, "SELECT id, kind, labels FROM series WHERE name = ?", (name,))
    if not rows and name in CATALOGUE:
        return Found(name, CATALOGUE[name].kind, {})
    if not rows:
        known = [row[0] for row in rows_of(connection, "SELECT DISTINCT name FROM series ORDER BY name")]
        raise TelemetryError(f"no metric {name!r} was recorded; there are {', '.join(known) or 'none'}")
    held = {row[0]: json.loads(row[2]) for row in rows}
    wanted = dict(labels or {}).items()
    return Found(
        name, rows[0][1], {key: tuple(sorted(row.items())) for key, row in held.items() if wanted <= row.items()}
    )


def default_resolution(since: float, now: float, retention: Retention) -> int:
    """Finest length of interval that is still kept for all the time since then."""
    age = now - since - _SLACK_SECONDS
    return 1 if age <= retention.raw_seconds else 10 if age <= retention.ten_seconds else 60


def cells(connection: apsw.Connection, found: Found, span: Span) -> dict[Labels, dict[float, Cell]]:
    """Cells by labels and by the start of their interval, both sorted; an interval is in if it starts in the time."""
    parts: dict[Labels, dict[float, list[tuple[int, Cell]]]] = {}
    for number, labels in found.labels.items():
        by_time: dict[float, list[tuple[int, Cell]]] = defaultdict(list)
        for time, *row in _rows(connection, number, span):
            by_time[time - time % span.resolution].append((time, cell_of(*row)))
        if by_time:
            parts[labels] = by_time
    return {
        labels: {time: _together(by_time[time]) for time in sorted(by_time)}
        for labels, by_time in sorted(parts.items())
    }


def _together(parts: list[tuple[int, Cell]]) -> Cell:
    if len(parts) == 1:
        return parts[0][1]
    parts.sort(key=lambda part: part[0])
    return merged(cell for _, cell in parts)


def ticks(connection: apsw.Connection, span: Span) -> list[float]:
    """Starts of the intervals in which anything was recorded."""
    rows = rows_of(connection, "SELECT id FROM series WHERE name = ?", (_TICKS,))
    seen = {
        row[0] - row[0] % span.resolution
        for (number,) in rows
        for row in _rows(connection, number, span, columns="c.n")
    }
    return sorted(seen)


def _rows(
    connection: apsw.Connection, number: int, span: Span, *, columns: str = CELL_COLUMNS
) -> list[tuple[Any, ...]]:
    """Rows of one length of interval; those newer than it reaches come from the finer ones."""
    of_session = "" if span.session is None else "AND w.session = ?"
    bound = () if span.session is None else (span.session,)
    found: list[tuple[Any, ...]] = []
    edge, start = "", span.start
    for level in sorted((level for level in LEVELS if level <= span.level), reverse=True):
        query = (
            f"SELECT c.time, {columns} FROM {LEVELS[level]} c JOIN writers w ON w.id = c.writer "  # noqa: S608
            f"WHERE c.series = ? AND c.time >= ? AND c.time < ? {of_session} {edge}"
        )
        found += rows_of(connection, query, (number, start, span.stop, *bound))
        if level == 1:
            break
        # Seconds are sorted by time, so without this all of the hour would be looked through for the last minute of it.
        ((newer,),) = rows_of(connection, _NEWER.format(level))
        if newer is None:
            break
        edge, start = f"AND c.time >= w.rolled_{level}", max(span.start, newer)
    return found
