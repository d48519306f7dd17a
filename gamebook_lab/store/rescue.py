"""What to do about a workspace that is damaged, or lacks edits that its log has: go on from what is good.

The damaged file is kept aside, never mended in place. The newest good backup takes its place, and the edits that are
newer are made again, from the log and from what is still readable of the damaged file. Without any backup the log alone
will do: it begins with the story as it was.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from filelock import FileLock, Timeout

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store import patches
from gamebook_lab.store.backups import Backup, backups, verified
from gamebook_lab.store.database import APPLICATION, FILE_ERRORS, VERSION, connect, copy_file
from gamebook_lab.store.edit import Document, Seed
from gamebook_lab.store.examine import COLUMNS, examine, is_whole
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.log import edit_record, read_logs
from gamebook_lab.store.places import Place

__all__ = ["make_sound"]

_PATIENCE_SECONDS: Final = 60.0
_LATER_VERSIONS: Final = 100
_ENDS: Final = ("", "-wal", "-shm", "-journal")
_log: Final = logging.getLogger(__name__)


class _Salvage(NamedTuple):
    """What is readable of logs and of a damaged file."""

    edits: dict[int, dict[str, Any]]
    """By revision."""
    names: list[tuple[Any, ...]]
    conflicts: list[tuple[Any, ...]]
    seed: Seed | None


def make_sound(place: Place) -> str | None:
    """Look whether a workspace is sound, and see to it that it is.

    Parameters
    ----------
    place
        Of the workspace.

    Returns
    -------
    str | None
        What was done, for the author; None if all was well.

    Raises
    ------
    WorkspaceError
        If it is of a later version of this program, or damaged beyond anything that could be restored.
    """
    if not place.folder.is_dir():
        return None
    if not place.file.exists() and not backups(place) and not any(place.logs.glob("*.log")):
        return None
    try:
        with FileLock(place.folder / ".lock", timeout=_PATIENCE_SECONDS):
            return _make_sound(place)
    except Timeout as error:
        raise WorkspaceError(f"another kernel has been restoring {place.folder} for a minute; try again") from error
    except PermissionError:
        return None  # nothing can be mended in a folder that cannot be written


def _make_sound(place: Place) -> str | None:
    seen = examine(place.file)
    salvage = _salvage_logs(place)
    if seen.is_sound:
        ahead = {seq: record for seq, record in salvage.edits.items() if seq > seen.revision}
        return _catch_up(place, ahead) if ahead else None
    if seen.damages == ("it holds nothing",) and not salvage.edits and not backups(place):
        return None
    _check_version(place.file)
    aside = _set_aside(place)
    return _restore(place, salvage, aside, seen.damages[0])


def _check_version(path: Path) -> None:
    """Never take a file for damaged that is just newer than this program.

    Told by the file's header: a byte that was damaged there makes an absurd version, or another program's number.

    Raises
    ------
    WorkspaceError
        If it is.
    """
    with contextlib.suppress(OSError):
        with path.open("rb") as file:
            header = file.read(72)
        version, application = (int.from_bytes(header[at : at + 4]) for at in (60, 68))
        if application == APPLICATION and VERSION < version <= VERSION + _LATER_VERSIONS:
            raise WorkspaceError(f"{path} was written by a later version of GameBook Lab; update it to open the story")


def _catch_up(place: Place, ahead: dict[int, dict[str, Any]]) -> str:
    """Make edits again that the database has lost, such as with a damaged write-ahead log."""
    with contextlib.closing(Journal(place.file, who="", session="")) as journal:
        done = journal.replay(ahead[seq] for seq in sorted(ahead))
    said = f"The workspace lacked its last {_edits(done.n)}; they were made again from its log"
    _log.warning("the workspace lacked its last %d edits; %d passages of them did not fit", done.n, done.n_unfit)
    return f"{said}."


def _set_aside(place: Place) -> Path:
    number = 1
    while (folder := place.damaged / str(number)).exists():
        number += 1
    folder.mkdir(parents=True)
    for end in _ENDS:
        path = place.file.with_name(place.file.name + end)
        if path.exists():
            path.rename(folder / path.name)
    return folder


def _restore(place: Place, salvage: _Salvage, aside: Path, damage: str) -> str:
    salvage = _with_file(salvage, aside / place.file.name)
    part = place.file.with_name(".restored.part")
    _remove(part)
    base = _newest_good(place, part)
    if base is None:
        if salvage.seed is None:
            raise WorkspaceError(
                f"the workspace is damaged ({damage}), and neither a backup nor its log could be read; the damaged file"
                f" is in {aside}, and the story's own file is as it was"
            )
        with contextlib.closing(Journal(part, who="", session="")) as journal:
            journal.begin(salvage.seed)
    with contextlib.closing(Journal(part, who="", session="")) as journal:
        newest = 0 if base is None else base.revision
        later = [
            salvage.edits[seq] for seq in sorted(salvage.edits) if seq >= newest and not journal.has(salvage.edits[seq])
        ]
        done = journal.replay(later)
        journal.put("names", salvage.names)
        journal.put("conflicts", salvage.conflicts)
        journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    n_lost = max(salvage.edits, default=newest) - newest - sum(seq > newest for seq in salvage.edits)
    part.replace(place.file)
    _remove(part)
    begun = "its log" if base is None else f"the backup of revision {base.revision}"
    said = f"The workspace was damaged ({damage}). It was restored from {begun}, with {_edits(done.n)} made again"
    if n_lost or done.n_unfit:
        said += f"; {_edits(n_lost + done.n_unfit)} could not be"
    _log.warning(
        "the workspace was damaged; restored from revision %d, with %d edits made again, %d lost, %d passages unfit",
        newest, done.n, n_lost, done.n_unfit,
    )  # fmt: skip
    return f"{said}. The damaged file is in {aside}."


def _newest_good(place: Place, part: Path) -> Backup | None:
    for backup in reversed(backups(place)):
        seen = verified(place, backup)
        if seen.is_sound:
            copy_file(place.backups / backup.name, part)
            return backup
        _log.warning("the backup of revision %d is damaged, and passed over", backup.revision)
    return None


def _remove(path: Path) -> None:
    for end in _ENDS:
        path.with_name(path.name + end).unlink(missing_ok=True)


def _salvage_logs(place: Place) -> _Salvage:
    from gamebook_lab.store.checksums import checksum

    edits: dict[int, dict[str, Any]] = {}
    copies: dict[int, dict[str, Any]] = {}
    names, conflicts, seed = [], [], None
    for record in read_logs(place.logs):
        if "edit" in record:
            (copies if "is_copy" in record else edits)[int(record["edit"][0])] = record  # the last has a step's all
        elif "name" in record:
            values = tuple(record["name"])
            names.append((*values, checksum(*values)))
        elif "conflict" in record:
            id_, uid, *rows = record["conflict"]
            values = (uid, *(None if row is None else row.encode() for row in rows[:3]), *rows[3:])
            conflicts.append((id_, *values, checksum(*values)))
        elif "seed" in record:
            seed = Seed(
                {int(uid): row.encode() for uid, row in record["seed"].items()}, Document.of(record["document"])
            )
    return _Salvage(edits | copies, names, conflicts, seed)


def _with_file(salvage: _Salvage, path: Path) -> _Salvage:
    """Add what the damaged file still holds, row by row, where the row is as it was written."""
    for row in _readable(path, "edits"):
        seq = int(row[0])
        if seq not in salvage.edits:
            with contextlib.suppress(patches.PatchError):
                salvage.edits[seq] = edit_record(row[:9], patches.unpack(row[9]))
    salvage.names.extend(_readable(path, "names"))
    salvage.conflicts.extend(_readable(path, "conflicts"))
    return salvage


def _readable(path: Path, table: str) -> Iterator[tuple[Any, ...]]:
    """Rows that can be read and are whole; from both ends, as a damaged page stops a scan."""
    key = COLUMNS[table].split(",")[0]
    for order in ("ASC", "DESC"):
        with contextlib.suppress(*FILE_ERRORS, WorkspaceError, ValueError, TypeError):
            connection = connect(path)
            try:
                sql = f"SELECT {COLUMNS[table]} FROM {table} ORDER BY {key} {order}"  # noqa: S608 -- fixed names
                for row in connection.execute(sql):
                    if is_whole(table, row):
                        yield row
            finally:
                connection.close()


def _edits(n: int) -> str:
    return f"{n} edit{'' if n == 1 else 's'}"
