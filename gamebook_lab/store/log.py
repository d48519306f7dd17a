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
from typing import Any

__all__ = ["Log", "read_logs"]


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

    def add(self, records: Sequence[dict[str, Any]]) -> None:
        """Write records. A log that cannot be written is done without: the database has them."""
        if not records:
            return
        with contextlib.suppress(OSError):
            if self._descriptor is None:
                self._open()
            assert self._descriptor is not None
            os.write(self._descriptor, b"".join(map(_line, records)))

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


def _line(record: dict[str, Any]) -> bytes:
    text = json.dumps(record, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def read_log(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a file; a line that is torn or damaged is left out."""
    try:
        content = path.read_bytes()
    except OSError:
        return
    for line in content.splitlines():
        check, _, text = line.partition(b" ")
        if check == b"%08x" % zlib.crc32(text):
            record = json.loads(text)
            if isinstance(record, dict):
                yield record


def read_logs(folder: Path) -> Iterator[dict[str, Any]]:
    """Records of all files in a folder, each file's in its order."""
    for path in sorted(folder.glob("*.log")):
        yield from read_log(path)


def last_seq(path: Path) -> int:
    """Newest revision that a file tells of; 0 if none."""
    return max((int(record["edit"][0]) for record in read_log(path) if "edit" in record), default=0)
