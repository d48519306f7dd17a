"""What is kept for how long, and how large the metrics file may become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import apsw

from gamebook_lab.telemetry.database import rows_of
from gamebook_lab.telemetry.options import option

__all__ = ["Retention", "clean"]

_DAY: Final = 86_400


@dataclass(frozen=True)
class Retention:
    """How long each length of interval is kept, and the most bytes of all."""

    raw_seconds: float = option(3_600.0, "For how long single seconds are kept ...")
    ten_seconds: float = option(float(_DAY), "... intervals of 10 s ...")
    minute_seconds: float = option(90.0 * _DAY, "... and intervals of a minute.")
    max_bytes: int = option(256 * 2**20, "Size of the metrics file from which the oldest days are dropped early.")

    def __post_init__(self) -> None:
        if not 60 <= self.raw_seconds <= self.ten_seconds <= self.minute_seconds:
            raise ValueError("raw_seconds is 60 or more, ten_seconds no less than it, minute_seconds no less than that")
        if self.max_bytes < 2**20:
            raise ValueError("max_bytes is 1,048,576 or more")


def clean(connection: apsw.Connection, retention: Retention, now: float) -> None:
    """Drop what is too old; while the file is too large, drop the oldest day of it as well. Inside a transaction."""
    # Only what its writer has rolled up: what was not is in no other table.
    connection.execute(
        "DELETE FROM raw WHERE time < ? AND time < (SELECT rolled_10 FROM writers WHERE id = raw.writer)",
        (now - retention.raw_seconds,),
    )
    series = [row[0] for row in rows_of(connection, "SELECT id FROM series")]
    _drop(connection, "ten", series, now - retention.ten_seconds, "rolled_60")
    _drop(connection, "minute", series, now - retention.minute_seconds, "9e15")
    connection.execute("DELETE FROM alerts WHERE ended IS NOT NULL AND ended < ?", (now - retention.minute_seconds,))
    connection.execute("DELETE FROM silences WHERE until < ?", (now - _DAY,))
    connection.execute("DELETE FROM writers WHERE seen < ?", (now - retention.minute_seconds,))
    # the oldest first, and always a little at a time: it is looked at every minute
    for table, piece in (("minute", _DAY), ("ten", 3_600), ("raw", 600)):
        if _used_bytes(connection) > retention.max_bytes:
            ((oldest,),) = rows_of(connection, f"SELECT min(time) FROM {table}")  # noqa: S608  # names of our own
            if oldest is not None and oldest + piece < now:
                _drop(connection, table, series, oldest + piece, "9e15")


def _drop(connection: apsw.Connection, table: str, series: list[int], before: float, edge: str) -> None:
    rolled = edge if edge[0].isdigit() else f"(SELECT {edge} FROM writers WHERE id = {table}.writer)"  # noqa: S608
    connection.executemany(
        f"DELETE FROM {table} WHERE series = ? AND time < ? AND time < {rolled}",  # noqa: S608  # names of our own
        [(one, before) for one in series],
    )


def _used_bytes(connection: apsw.Connection) -> int:
    pages = int(connection.pragma("page_count")) - int(connection.pragma("freelist_count"))
    return pages * int(connection.pragma("page_size"))
