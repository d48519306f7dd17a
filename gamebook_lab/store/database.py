"""A workspace's SQLite file: how it is opened, and what it holds.

WAL with ``synchronous=FULL``: a committed edit survives a power cut (``make soak-store`` cuts the power time and again;
with NORMAL it may not). SQLite before 3.51.3 can corrupt a WAL file that two processes write, so there the rollback journal is used.

Rows carry checksums of their own. Nothing in the file is code, and none of it is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import apsw

from gamebook_lab.errors import WorkspaceError

__all__ = [
    "APPLICATION",
    "FILE_ERRORS",
    "VERSION",
    "Standing",
    "connect",
    "copy_file",
    "copy_open",
    "has_tables",
    "make_tables",
    "standing",
    "standing_of",
    "transaction",
]

APPLICATION: Final = 0x47424C57
VERSION: Final = 1
_BUSY_MILLISECONDS: Final = 10_000
_SAFE_WAL: Final = (3, 51, 3)
FILE_ERRORS: Final = (apsw.Error, OSError)
"""What reading and writing the file may raise."""

_TABLES: Final = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL, checksum BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE passages (uid INTEGER PRIMARY KEY, row BLOB, revision INTEGER NOT NULL, checksum BLOB NOT NULL);
CREATE INDEX passages_by_revision ON passages (revision);
CREATE TABLE edits (
    seq INTEGER PRIMARY KEY, number INTEGER NOT NULL, kind TEXT NOT NULL, target INTEGER, label TEXT NOT NULL,
    who TEXT NOT NULL, session TEXT NOT NULL, time REAL NOT NULL, parent INTEGER NOT NULL, patch BLOB NOT NULL,
    checksum BLOB NOT NULL
);
CREATE INDEX edits_by_number ON edits (number);
CREATE TABLE edited (uid INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (uid, seq)) WITHOUT ROWID;
CREATE TABLE names (
    name TEXT PRIMARY KEY, seq INTEGER NOT NULL, note TEXT NOT NULL, who TEXT NOT NULL, time REAL NOT NULL,
    checksum BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE conflicts (
    id INTEGER PRIMARY KEY, uid INTEGER NOT NULL, base BLOB, ours BLOB, theirs BLOB, columns TEXT NOT NULL,
    who TEXT NOT NULL, session TEXT NOT NULL, time REAL NOT NULL, is_open INTEGER NOT NULL, checksum BLOB NOT NULL
);
"""


def connect(path: Path, *, vfs: str | None = None) -> apsw.Connection:
    """Open a workspace's file, or make an empty one.

    Raises
    ------
    WorkspaceError
        If the file is something else, or of a later version of this program.
    apsw.Error
        If it cannot be opened, or is no database.
    """
    connection = apsw.Connection(str(path), vfs=vfs)
    try:
        connection.set_busy_timeout(_BUSY_MILLISECONDS)
        _check(connection, path)
        if vfs is not None:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # one written in Python has no shared memory
        is_safe = tuple(map(int, apsw.sqlite_lib_version().split("."))) >= _SAFE_WAL
        connection.execute(f"PRAGMA journal_mode={'wal' if is_safe else 'truncate'}")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA fullfsync=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: apsw.Connection, path: Path) -> None:
    """Make sure that it is a workspace that this program can read.

    Raises
    ------
    WorkspaceError
        If not.
    """
    application, version = (_one(connection, f"PRAGMA {name}") for name in ("application_id", "user_version"))
    if application not in (0, APPLICATION):
        raise WorkspaceError(f"{path} is a database of another program; move it away, then open the story again")
    if version > VERSION:
        msg = f"{path} was written by a later version of GameBook Lab (format {version}, this one reads {VERSION})"
        raise WorkspaceError(f"{msg}; update GameBook Lab")


def _one(connection: apsw.Connection, sql: str) -> Any:
    return next(iter(connection.execute(sql)))[0]


def has_tables(connection: apsw.Connection) -> bool:
    """Whether it was set up; a process that died at it leaves an empty file."""
    return bool(_one(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'edits'"))


def make_tables(connection: apsw.Connection) -> None:
    """Set it up, within a transaction."""
    connection.execute(_TABLES)
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute(f"PRAGMA user_version={VERSION}")


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """Write all of a block or nothing; waits for other writers at the beginning, not in the middle."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if not connection.get_autocommit():
            connection.execute("ROLLBACK")
        raise


class Standing(NamedTuple):
    """How far a workspace has come."""

    origin: bytes
    """Fingerprint of the story's file with which it began."""
    newest: int
    """Its newest revision."""

    def has(self, other: Standing) -> bool:
        """Whether it holds all that another one of the same beginning holds, or has come further."""
        return self.origin == other.origin and self.newest >= other.newest


def standing(connection: apsw.Connection) -> Standing:
    """Read how far a workspace has come.

    Raises
    ------
    apsw.Error
        If it cannot be read, or was not set up.
    """
    origin = _one(connection, "SELECT coalesce((SELECT value FROM facts WHERE name = 'origin'), x'')")
    return Standing(bytes(origin), int(_one(connection, "SELECT coalesce(max(seq), 0) FROM edits")))


def standing_of(path: Path) -> Standing | None:
    """How far the workspace in a file has come; None if there is none that can be read."""
    if not path.exists():
        return None
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    except apsw.Error:
        return None
    try:
        connection.set_busy_timeout(_BUSY_MILLISECONDS)
        return standing(connection)
    except apsw.Error:
        return None
    finally:
        connection.close()


def copy_open(source: apsw.Connection, target: apsw.Connection) -> None:
    """Copy a database while others use it; one consistent moment of it."""
    with target.backup("main", source, "main") as copy:
        copy.step()


def copy_file(source: Path, target: Path) -> None:
    """Copy a database's file while others use it.

    Raises
    ------
    apsw.Error
        If it cannot be read or written.
    """
    old = connect(source)
    try:
        new = connect(target)
        try:
            copy_open(old, new)
        finally:
            new.close()
    finally:
        old.close()
