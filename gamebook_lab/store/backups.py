"""Copies of a workspace that are known to be good, fewer the older they are.

A copy counts only after a drill: it was copied while the workspace was in use, looked through row by row, restored to another
file as a real restore would, and that file holds the same. The manifest lists what counts; a file that it does not list
is no backup.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd
from filelock import FileLock, Timeout

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.parallel.durable import sync_folder, write_whole
from gamebook_lab.store.database import connect, copy_file
from gamebook_lab.store.examine import Examined, examine
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.log import last_seq
from gamebook_lab.store.places import Place
from gamebook_lab.store.rows import Rows
from gamebook_lab.story.schema import Column, build
from gamebook_lab.telemetry import metrics

__all__ = ["BACKUPS", "Backup", "backups", "backups_table", "make_backup", "rows_of", "thinned", "verified"]

BACKUPS: Final = (
    Column("name", "str", "name of the backup's file"),
    Column("time", "datetime64[us, UTC]", "when it was made, by the computer's clock"),
    Column("revision", "int64", "newest revision in it"),
    Column("n_passages", "int64", "passages in it"),
    Column("size_bytes", "int64", "size of its file", "bytes"),
)
"""Columns of the table of backups."""

_MANIFEST: Final = "manifest.json"
_PATIENCE_SECONDS: Final = 60.0
_NEWEST: Final = 3
"""So many are kept whatever their age, or what the clock says."""
_HOUR: Final = 3_600.0
_STEPS: Final = ((24 * _HOUR, _HOUR), (14 * 24 * _HOUR, 24 * _HOUR), (366 * 24 * _HOUR, 7 * 24 * _HOUR))
"""Up to this age one is kept for each such span: hours for a day, days for two weeks, weeks for a year."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup that counts."""

    name: str
    time: float
    """Seconds since the epoch."""
    revision: int
    n_passages: int
    size_bytes: int
    sha256: str
    digest: str
    """Of what it holds, as :class:`~gamebook_lab.store.examine.Examined` has it."""


def backups(place: Place) -> list[Backup]:
    """List a workspace's backups, oldest first, as the manifest has them."""
    try:
        plain = json.loads((place.backups / _MANIFEST).read_bytes())
        return [Backup(**each) for each in plain["backups"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError):
        return _found(place)


def _found(place: Place) -> list[Backup]:
    """What the files themselves tell, where the manifest is damaged."""
    found = []
    for path in sorted(place.backups.glob("*.sqlite")):
        seen = examine(path)
        if seen.is_sound:
            found.append(_backup(path, seen, path.stat().st_mtime))
    return sorted(found, key=lambda backup: backup.revision)


def _backup(path: Path, seen: Examined, when: float) -> Backup:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Backup(path.name, when, seen.revision, seen.n_passages, path.stat().st_size, digest, seen.digest)


def backups_table(place: Place) -> pd.DataFrame:
    """List a workspace's backups, newest first; columns :data:`BACKUPS`."""
    rows = [
        (each.name, datetime.fromtimestamp(each.time, UTC), each.revision, each.n_passages, each.size_bytes)
        for each in reversed(backups(place))
    ]
    return build(BACKUPS, {column.name: [row[index] for row in rows] for index, column in enumerate(BACKUPS)})


def make_backup(place: Place, *, now: float | None = None) -> Backup:
    """Copy a workspace while it is in use, and let the copy count once the drill has passed.

    Parameters
    ----------
    place
        Of the workspace.
    now
        Seconds since the epoch; the clock's without.

    Returns
    -------
    Backup
        The new one, or the newest one, if nothing has changed since.

    Raises
    ------
    WorkspaceError
        If the copy is damaged, or does not come out of the drill as it went in; it does not count, then.
    OSError, apsw.Error
        If it cannot be written.
    """
    when = time.time() if now is None else now
    place.backups.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(place.folder / ".lock", timeout=_PATIENCE_SECONDS):
            return _make_backup(place, when)
    except Timeout as error:
        raise WorkspaceError(f"another process has held {place.folder} for a minute; try again") from error


def _make_backup(place: Place, when: float) -> Backup:
    part, drill = place.backups / ".backup.part", place.backups / ".drill.part"
    try:
        with metrics.timer("backup_seconds").time():
            _copy(place.file, part)
            seen = examine(part, is_deep=True)
            _pass(seen, "the copy")
            known = backups(place)
            if known and known[-1].digest == seen.digest and (place.backups / known[-1].name).exists():
                return known[-1]
            _copy(part, drill)
            again = examine(drill)
            _pass(again, "the copy restored from the copy")
            if again.digest != seen.digest:
                raise WorkspaceError("a backup was given up: what was restored from it is not what went in")
            made = _count(place, part, seen, when, known)
    finally:
        for left in (part, drill):
            for path in (left, *(left.with_name(left.name + end) for end in ("-wal", "-shm", "-journal"))):
                path.unlink(missing_ok=True)
    metrics.counter("backups_total").add()
    return made


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    copy_file(source, target)
    connection = connect(target)  # the copy is one file, on the disk
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()


def _pass(seen: Examined, what: str) -> None:
    if not seen.is_sound:
        raise WorkspaceError(f"a backup was given up: {what} is damaged ({seen.damages[0]})")


def _count(place: Place, part: Path, seen: Examined, when: float, known: list[Backup]) -> Backup:
    stamp = datetime.fromtimestamp(max(when, 0.0), UTC).strftime("%Y%m%d-%H%M%S")
    target = place.backups / f"{stamp}-{seen.revision}.sqlite"
    number = 1
    while target.exists():
        number += 1
        target = place.backups / f"{stamp}-{seen.revision}-{number}.sqlite"
    part.replace(target)
    sync_folder(place.backups)
    made = _backup(target, seen, when)
    kept = thinned([*known, made], when)
    _write_manifest(place, kept)
    names = {backup.name for backup in kept}
    for backup in known:
        if backup.name not in names:
            (place.backups / backup.name).unlink(missing_ok=True)
    _forget_logs(place, kept)
    return made


def _write_manifest(place: Place, kept: Sequence[Backup]) -> None:
    plain = {"format": 1, "backups": [asdict(backup) for backup in kept]}
    write_whole(place.backups / _MANIFEST, json.dumps(plain, indent=1).encode())


def _forget_logs(place: Place, kept: Sequence[Backup]) -> None:
    """Remove the logs of what two backups have; the newest backup may turn out to be damaged.

    To the revision of a backup itself more may have been typed since.
    """
    if len(kept) < 2:
        return
    for path in place.logs.glob("*.log"):
        newest = last_seq(path)
        if newest and newest < kept[-2].revision:
            path.unlink(missing_ok=True)


def logged_revision(place: Place) -> int:
    """Newest revision up to which logs have every edit to its end, or two backups do; 0 if there is none."""
    known = backups(place)
    in_logs = max(map(last_seq, place.logs.glob("*.log")), default=0)
    return max(in_logs, known[-2].revision if len(known) > 1 else 0, 1) - 1


def thinned(known: Sequence[Backup], now: float) -> list[Backup]:
    """Choose which backups to keep: the newest three, then one for each hour, day and week of their age.

    A clock that jumped makes none go that is among the newest three.
    """
    kept, spans = [], set()
    for number, backup in enumerate(reversed(known)):
        age = max(now - backup.time, 0.0)
        span = next(((length, int(backup.time // length)) for oldest, length in _STEPS if age <= oldest), None)
        if number < _NEWEST or (span is not None and span not in spans):
            kept.append(backup)
        if span is not None:
            spans.add(span)
    return kept[::-1]


def rows_of(place: Place, name: str) -> Rows:
    """Story that a backup holds.

    Raises
    ------
    WorkspaceError
        If there is no such backup, or it is damaged.
    """
    found = next((backup for backup in backups(place) if backup.name == name), None)
    if found is None:
        known = ", ".join(backup.name for backup in backups(place)) or "none"
        raise WorkspaceError(f"there is no backup {name!r}; there are {known}")
    seen = verified(place, found)
    if not seen.is_sound:
        raise WorkspaceError(f"the backup {name!r} is damaged: {seen.damages[0]}; choose another one")
    with TemporaryDirectory(dir=place.backups) as folder:
        copy = Path(folder) / "copy.sqlite"
        shutil.copyfile(place.backups / name, copy)
        with closing(Journal(copy, who="", session="")) as journal:
            return journal.rows()


def verified(place: Place, backup: Backup) -> Examined:
    """Look whether a backup's file is what the manifest says, and sound."""
    path = place.backups / backup.name
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != backup.sha256:
            return Examined(path, ("its bytes are not those that were written",))
    except OSError as error:
        return Examined(path, (f"it cannot be read: {error.strerror}",))
    copy = place.backups / f".{backup.name}.look"
    try:  # opening a database may write to it
        shutil.copyfile(path, copy)
        seen = examine(copy, is_deep=True)
    finally:
        for left in copy.parent.glob(f"{copy.name}*"):
            left.unlink(missing_ok=True)
    if seen.is_sound and seen.digest != backup.digest:
        return Examined(path, ("it does not hold what the manifest says",))
    return Examined(path, seen.damages, seen.revision, seen.n_passages, seen.digest)
