"""Writes a process's cells to the metrics file: one transaction a second, and rollups and cleaning now and then."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from gamebook_lab.telemetry.cell import Cell
from gamebook_lab.telemetry.database import FILE, open_to_write, transaction
from gamebook_lab.telemetry.retention import Retention, clean
from gamebook_lab.telemetry.rollup import roll_up, roll_up_lost
from gamebook_lab.telemetry.rows import row_of
from gamebook_lab.telemetry.snapshot import Kind, Labels

__all__ = ["SeriesKey", "Writer"]

SeriesKey = tuple[str, Kind, Labels]
"""Name, kind and labels."""

_CLEAN_EVERY: Final = 60
_BUSY_MS: Final = 200
"""Others write for a few milliseconds. Whoever holds the file for longer must not hold up probes and alerts: it is
written a second later."""


class Writer:
    """One process's way into a folder's metrics file. Used by one thread at a time.

    Parameters
    ----------
    folder
        Where the file is, or will be.
    session, process, pid
        Who writes.
    now
        Seconds since the epoch.
    retention
        What is kept for how long.

    Raises
    ------
    TelemetryError
        If the file cannot be written.
    """

    def __init__(
        self, folder: Path, *, session: str, process: str, pid: int, now: float, retention: Retention | None = None
    ) -> None:
        self._retention: Final = retention or Retention()
        self._file: Final = folder / FILE
        self.connection: Final = open_to_write(folder)
        self._identity: Final = self._found()
        self._series: Final[dict[SeriesKey, int]] = {}
        self._cleaned_at = 0.0
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO writers (session, process, pid, started, seen) VALUES (?, ?, ?, ?, ?)",
                (session, process, pid, now, now),
            )
            self.id: Final = self.connection.last_insert_rowid()
            roll_up_lost(self.connection, self.id, now)
        self.connection.set_busy_timeout(_BUSY_MS)

    def write(self, time: int, cells: Iterable[tuple[SeriesKey, Cell]]) -> None:
        """Write what happened in the second that began at ``time``; rolls up and cleans where it is due.

        Raises
        ------
        apsw.Error
            If it cannot be written; nothing of it was then, and it may be tried again.
        """
        with transaction(self.connection):
            rows = [(time, self.id, self._id(key), *row_of(cell)) for key, cell in cells]
            self.connection.executemany("INSERT OR REPLACE INTO raw VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self.connection.execute("UPDATE writers SET seen = ? WHERE id = ?", (time + 1, self.id))
        if (time + 1) % 10 == 0:
            self.tidy(time + 1)

    def tidy(self, now: float) -> None:
        """Roll up what is complete, and once a minute drop what is too old or too much."""
        with transaction(self.connection):
            roll_up(self.connection, self.id, int(now))
        if not 0 <= now - self._cleaned_at < _CLEAN_EVERY:
            self._cleaned_at = now
            with transaction(self.connection):
                roll_up_lost(self.connection, self.id, now)
                clean(self.connection, self._retention, now)
            self.connection.execute("PRAGMA incremental_vacuum(256)")

    def is_in_place(self) -> bool:
        """Whether the file that it writes to is still there, and not another one in its place."""
        return self._found() == self._identity

    def _found(self) -> tuple[int, int] | None:
        with contextlib.suppress(OSError):  # gone, or out of reach: not in place
            found = self._file.stat()
            return found.st_dev, found.st_ino
        return None

    def size_bytes(self) -> int:
        """Size of the file."""
        pages, page = self.connection.pragma("page_count"), self.connection.pragma("page_size")
        return int(pages) * int(page)

    def close(self) -> None:
        """Note that the process ended of its own will, and let go of the file."""
        try:
            self.connection.execute("UPDATE writers SET is_stopped = 1 WHERE id = ?", (self.id,))
        finally:
            self.connection.close()

    def _id(self, key: SeriesKey) -> int:
        found = self._series.get(key)
        if found is None:
            name, kind, labels = key
            text = json.dumps(dict(labels), sort_keys=True)
            self.connection.execute(
                "INSERT INTO series (name, kind, labels) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (name, kind, text)
            )
            row = self.connection.execute("SELECT id FROM series WHERE name = ? AND labels = ?", (name, text)).get
            found = self._series[key] = int(row)
        return found
