"""Which shards of a job are finished, and what their files must hold.

One JSON record a line, each with a checksum: a record is added in one short write, so a job of 100,000 shards
does not rewrite its manifest 100,000 times. Of two records on a shard the later one counts. A line
that was torn or damaged is dropped, and its shard is computed again. A shard's file is on the disk before
its record is, and a record is believed only if the file has its size and its hash.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from gamebook_lab.errors import ManifestError
from gamebook_lab.parallel.attempt import Cause
from gamebook_lab.parallel.durable import sweep, sync_folder, write_whole

__all__ = ["Manifest", "ShardRecord", "Status"]

Status = Literal["done", "set aside", "split"]

_VERSION: Final = 1
_NAME: Final = "manifest.jsonl"
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ShardRecord:
    """How a shard ended."""

    key: str
    label: str
    """What the shard is, for people."""
    status: Status
    attempts: int = 0
    seconds: float = 0.0
    size_bytes: int = 0
    n_rows: int = 0
    sha256: str | None = None
    """Of the file, if it is done."""
    cause: Cause | None = None
    """Of its being set aside or split."""
    parts: tuple[str, ...] = ()
    """Keys of the shards that it was split into, in order."""

    @classmethod
    def of(cls, plain: dict[str, Any]) -> ShardRecord:
        """Record from what :func:`dataclasses.asdict` and JSON have made of it."""
        cause = plain.pop("cause")
        parts = tuple(plain.pop("parts"))
        record = cls(**plain, parts=parts, cause=None if cause is None else Cause(*cause))
        if not all(map(_KEY.fullmatch, (record.key, *parts))) or record.status not in {"done", "set aside", "split"}:
            raise ValueError("no record of a shard")  # keys become file names
        return record


class Manifest:
    """A job's folder. Only whoever holds the job's lock opens one.

    Parameters
    ----------
    folder
        Made if need be.
    header
        What the job is; JSON.
    suffix
        Of the shards' files.

    Raises
    ------
    ManifestError
        If the folder is another job's.
    """

    def __init__(self, folder: Path, header: dict[str, str], suffix: str) -> None:
        self.folder, self._header, self._suffix = folder, header, suffix
        self._path = folder / _NAME
        self.records: dict[str, ShardRecord] = {}
        """Newest record of each shard."""
        self._shards = folder / "shards"
        self._shards.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        sweep(self._shards)
        if self._read() or not self._path.exists():
            self._rewrite()
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def path(self, key: str) -> Path:
        """File of a shard."""
        return self._shards / f"{key}.{self._suffix}"

    def add(self, record: ShardRecord, content: bytes | None = None) -> None:
        """Keep how a shard ended, its file first."""
        if content is not None:
            write_whole(self.path(record.key), content)
        line = _line({"shard": asdict(record)})
        if os.write(self._file, line) != len(line):
            raise OSError(f"{self._path} could not be written to its end")
        os.fsync(self._file)
        self.records[record.key] = record

    def good(self, key: str) -> ShardRecord | None:
        """Record of a shard that is done and whose file is what it was, or that was split; else None."""
        record = self.records.get(key)
        if record is None or record.status == "set aside":
            return None
        if record.status == "split":
            return record
        if read_shard(self.path(key), record) is None:
            _log.warning("the file of shard %s (%s) is damaged or gone, so it is computed again", record.label, key)
            return None
        return record

    def _read(self) -> bool:
        """Read the records; tells whether some lines are of no use any more."""
        if not self._path.exists():
            return False
        n_lines = n_damaged = 0
        has_header = False
        for plain in _lines(self._path.read_bytes()):
            n_lines += 1
            try:
                if plain is not None and "job" in plain:
                    self._check(plain["job"])
                    has_header = True
                    continue
                record = ShardRecord.of(plain["shard"] if plain else {})
            except (KeyError, TypeError, ValueError) as error:
                if isinstance(error, ManifestError):
                    raise
                n_damaged += 1
                continue
            self.records[record.key] = record
        if n_damaged:
            _log.warning(
                "%s: %d of %d lines are damaged; their shards are computed again", self._path, n_damaged, n_lines
            )
        return not has_header or n_lines - has_header > len(self.records)

    def _check(self, header: dict[str, str]) -> None:
        if header != self._header:
            raise ManifestError(f"{self.folder} holds another job ({header.get('name')!r}); choose another folder")

    def _rewrite(self) -> None:
        lines = [_line({"job": self._header}), *(_line({"shard": asdict(record)}) for record in self.records.values())]
        write_whole(self._path, b"".join(lines))
        sync_folder(self.folder.parent)


def read_shard(path: Path, record: ShardRecord) -> bytes | None:
    """Content of a shard's file; None if it is not what its record says."""
    try:
        if path.stat().st_size != record.size_bytes:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == record.sha256 else None


def _line(plain: dict[str, Any]) -> bytes:
    text = json.dumps(plain, separators=(",", ":"))
    return f"{zlib.crc32(text.encode()):08x} {text}\n".encode()


def _lines(content: bytes) -> Iterator[dict[str, Any] | None]:
    """Each line's record; None for a damaged one."""
    for line in content.splitlines():
        check, _, text = line.partition(b" ")
        if check != b"%08x" % zlib.crc32(text):
            yield None
            continue
        plain = json.loads(text)
        yield plain if isinstance(plain, dict) else None
