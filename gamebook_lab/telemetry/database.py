"""The metrics file: SQLite in WAL mode, so that processes write to it together and a kill -9 leaves it whole.

Raw seconds are kept in order of time (a second's rows lie on one page), coarser intervals by series (a month of one is
read in one go). Through ``apsw``, which brings a SQLite of its own: versions before 3.51.3 can damage a file that two
connections write.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import apsw

from gamebook_lab.errors import TelemetryError

__all__ = ["FILE", "LEVELS", "Level", "open_to_read", "open_to_write", "rows_of", "transaction"]

FILE: Final = "metrics.sqlite"
LEVELS: Final[dict[int, str]] = {1: "raw", 10: "ten", 60: "minute"}
"""Table by the length of its intervals in seconds."""
Level = int

_VERSION: Final = 1
_BUSY_MS: Final = 2_000
_CELL: Final = "n INTEGER NOT NULL, sum REAL NOT NULL, min REAL, max REAL, last REAL, sketch BLOB"
_SCHEMA: Final = f"""
CREATE TABLE writers (
  id INTEGER PRIMARY KEY, session TEXT NOT NULL, process TEXT NOT NULL, pid INTEGER NOT NULL,
  started REAL NOT NULL, seen REAL NOT NULL, is_stopped INTEGER NOT NULL DEFAULT 0,
  rolled_10 INTEGER NOT NULL DEFAULT 0, rolled_60 INTEGER NOT NULL DEFAULT 0);
CREATE TABLE series (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, labels TEXT NOT NULL, UNIQUE (name, labels));
CREATE TABLE raw (
  time INTEGER NOT NULL, writer INTEGER NOT NULL, series INTEGER NOT NULL, {_CELL},
  PRIMARY KEY (time, writer, series)) WITHOUT ROWID;
CREATE TABLE ten (
  series INTEGER NOT NULL, time INTEGER NOT NULL, writer INTEGER NOT NULL, {_CELL},
  PRIMARY KEY (series, time, writer)) WITHOUT ROWID;
CREATE TABLE minute (
  series INTEGER NOT NULL, time INTEGER NOT NULL, writer INTEGER NOT NULL, {_CELL},
  PRIMARY KEY (series, time, writer)) WITHOUT ROWID;
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY, writer INTEGER NOT NULL, changed REAL NOT NULL, ended REAL, record TEXT NOT NULL);
CREATE TABLE silences (id INTEGER PRIMARY KEY, until REAL NOT NULL, record TEXT NOT NULL);
PRAGMA user_version = {_VERSION};
"""


def open_to_write(folder: Path) -> apsw.Connection:
    """Open a folder's file, and make it if there is none. A file that is no metrics file any more is put aside.

    Raises
    ------
    TelemetryError
        If the folder cannot be written to, or the file is of a newer version of GameBook Lab.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return _prepared(folder / FILE)
        except (apsw.NotADBError, apsw.CorruptError):
            aside = folder / f"{FILE}.damaged"
            (folder / FILE).replace(aside)
            for suffix in ("-wal", "-shm"):
                (folder / f"{FILE}{suffix}").unlink(missing_ok=True)
            return _prepared(folder / FILE)
    except (OSError, apsw.Error) as error:
        raise TelemetryError(f"metrics cannot be written to {folder}: {error}") from error


def _prepared(file: Path) -> apsw.Connection:
    connection = apsw.Connection(str(file))
    try:
        connection.set_busy_timeout(_BUSY_MS)
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # counts only before the first table is made
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may take the last seconds, never the file
        connection.execute("PRAGMA journal_size_limit = 4194304")
        with transaction(connection):
            version = connection.pragma("user_version")
            if version == 0:
                connection.execute(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    if version not in {0, _VERSION}:
        connection.close()
        raise TelemetryError(f"{file} is of version {version}; this GameBook Lab knows version {_VERSION}")
    return connection


def open_to_read(folder: Path) -> apsw.Connection | None:
    """Open a folder's file to read it, also in a folder that cannot be written to; None if there is none.

    Raises
    ------
    TelemetryError
        If it cannot be read.
    """
    file = folder / FILE
    if not file.exists():
        return None
    name = f"file:{quote(str(file))}"
    error: Exception | None = None
    for options in ("mode=ro", "mode=ro&immutable=1"):  # the second needs no -shm file beside it
        try:
            connection = apsw.Connection(f"{name}?{options}", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
            connection.set_busy_timeout(_BUSY_MS)
            version = connection.pragma("user_version")
        except apsw.Error as problem:
            error = problem
            continue
        if version == _VERSION:
            return connection
        connection.close()
        error = TelemetryError(f"it is of version {version}, and this GameBook Lab knows version {_VERSION}")
        break
    raise TelemetryError(f"{file} cannot be read: {error}")


def rows_of(connection: apsw.Connection, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query; their types are the schema's."""
    return connection.execute(query, values).fetchall()


@contextlib.contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """Do all or nothing; waits for its turn at the beginning, where waiting is safe."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
