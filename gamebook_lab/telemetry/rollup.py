"""Coarser intervals from finer ones. Always computed from what is in the file, so a kill at any moment loses none of it."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

import apsw

from gamebook_lab.telemetry.cell import merged
from gamebook_lab.telemetry.database import LEVELS, rows_of
from gamebook_lab.telemetry.rows import CELL_COLUMNS, cell_of, row_of

__all__ = ["roll_up", "roll_up_lost"]

LOST_SECONDS: Final = 30
"""A writer that has written nothing for so long is taken for gone; should it come back, it goes on where it was."""


def roll_up(connection: apsw.Connection, writer: int, until: int) -> None:
    """Make a writer's complete intervals before ``until`` out of its seconds. Inside a transaction."""
    _step(connection, writer, until, 1, 10)
    _step(connection, writer, until, 10, 60)


def roll_up_lost(connection: apsw.Connection, own: int, now: float) -> None:
    """Do it for writers that have ended, whose last intervals will never be complete."""
    found = rows_of(
        connection,
        "SELECT id, seen FROM writers WHERE id <> ? AND seen < ? AND rolled_60 < seen",
        (own, now - LOST_SECONDS),
    )
    for writer, seen in found:
        roll_up(connection, writer, (int(seen) // 60 + 1) * 60)


def _step(connection: apsw.Connection, writer: int, until: int, fine: int, coarse: int) -> None:
    source, target, edge = LEVELS[fine], LEVELS[coarse], f"rolled_{coarse}"
    ((start,),) = rows_of(connection, f"SELECT {edge} FROM writers WHERE id = ?", (writer,))  # noqa: S608  # names of our own
    stop = until - until % coarse
    if stop <= start:
        return
    rows = _rows(connection, source, writer, start, stop)
    made: list[tuple[Any, ...]] = []
    for (series, time), group in groupby(rows, key=lambda row: (row[0], row[1] - row[1] % coarse)):
        made.append((series, time, writer, *row_of(merged(cell_of(*row[2:]) for row in group))))
    connection.executemany(f"INSERT OR REPLACE INTO {target} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", made)  # noqa: S608
    connection.execute(f"UPDATE writers SET {edge} = ? WHERE id = ?", (stop, writer))  # noqa: S608


def _rows(connection: apsw.Connection, table: str, writer: int, start: int, stop: int) -> list[tuple[Any, ...]]:
    """Rows of a writer, by series and time. One look per series where the table is sorted by them."""
    columns = f"SELECT series, time, {CELL_COLUMNS} FROM {table}"  # noqa: S608
    if table == "raw":
        where = "WHERE time >= ? AND time < ? AND writer = ? ORDER BY series, time"
        return rows_of(connection, f"{columns} {where}", (start, stop, writer))
    where = "WHERE series = ? AND time >= ? AND time < ? AND writer = ? ORDER BY time"
    return [
        row
        for (series,) in rows_of(connection, "SELECT id FROM series")
        for row in rows_of(connection, f"{columns} {where}", (series, start, stop, writer))
    ]
