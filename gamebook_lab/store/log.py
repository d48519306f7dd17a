"""Edits written a second time, line by line, in case that the database is damaged.

The database is what makes an edit safe; the log costs one short write for each commit, and is put onto the disk with
the next backup. With the newest good backup it gives back what a damaged database no longer can.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from gamebook_lab.store.patches import Patch

__all__ = ["Log", "edit_record", "read_logs"]

_MOST_WAITING: Final = 64 * 1024**2
"""Bytes that are held for a log that cannot be written now."""


class Log:
    """The log of one process in a workspace's folder.

    Parameters
    ----------
    folder
        Made if need be.
    session
        Name of this sitting; each has files of its own.
    """

    def __init__(self, folder: Path, session: str) -> None:
        self._folder, self._session = folder, session
        self._descriptor: int | None = None
        self._count = 0
        self._waiting = b""

    def add(self, records: Sequence[dict[str, Any]]) -> None:
        """Write records. What cannot be written now is done without until the next ones: the database has it."""
        if not records:
            return
        data = self._waiting + b"".join(map(_line, records))
        n_written = 0
        with contextlib.suppress(OSError):
            n_written = os.write(self._opened(), data)
        self._waiting = b"" if n_written == len(data) or len(data) > _MOST_WAITING else b"\n" + data

    def _opened(self) -> int:
        if self._descriptor is not None and os.fstat(self._descriptor).st_nlink == 0:
            self.close()  # another kernel has removed it, as two backups had it
        if self._descriptor is None:
            self._open()
        assert self._descriptor is not None
        return self._descriptor

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._count += 1
        path = self._folder / f"{self._session}-{self._count}.log"
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)

    def close(self) -> None:
        """End the file; what is added later begins another one."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.fsync(self._descriptor)
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None


def edit_record(values: Sequence[Any], patch: Patch) -> dict[str, Any]:
    """Record of an edit, from the journal's columns up to its parent."""
    return {"edit": list(values), "patch": {str(uid): part for uid, part in patch.items()}}


def _line(record: dict[str, Any]) -> bytes:
    text = json.dumps(record, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def read_log(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a file."""
    for text in _whole_lines(path):
        record = json.loads(text)
        if isinstance(record, dict):
            yield record


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Lines without their checksum; one that is torn or damaged is left out."""
    try:
        content = path.read_bytes()
    except OSError:
        return
    for line in content.splitlines():
        check, _, text = line.partition(b" ")
        if check == b"%08x" % zlib.crc32(text):
            yield text


def read_logs(folder: Path) -> Iterator[dict[str, Any]]:
    """Records of all files in a folder, each file's in its order, and each sitting's files in theirs."""
    for path in sorted(folder.glob("*.log"), key=_place):
        yield from read_log(path)


def _place(path: Path) -> tuple[str, int]:
    session, _, number = path.stem.rpartition("-")
    return session, int(number) if number.isdecimal() else 0


def last_seq(path: Path) -> int:
    """Newest revision that a file tells of; 0 if none. Reads no more of a record than that."""
    start = b'{"edit":['
    edits = (text[len(start) :] for text in _whole_lines(path) if text.startswith(start))
    return max((int(text.partition(b",")[0]) for text in edits), default=0)
