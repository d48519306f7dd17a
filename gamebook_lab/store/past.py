"""What a workspace's journal says of the past: revisions, steps to undo, the story and each passage as they were.

A revision is a row of the journal. The story at a revision is the present one with the later edits taken back, newest
first: linear in those edits, whatever the size of the story.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import pandas as pd

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store import patches
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.rows import Row, Rows, without_rank
from gamebook_lab.story.schema import Column, build

__all__ = [
    "REVISIONS",
    "Stacks",
    "Step",
    "damaged",
    "moment",
    "newest_revision",
    "revision_of",
    "revisions",
    "rows_around",
    "rows_at",
    "stacks",
    "step_patches",
]

REVISIONS: Final = (
    Column("revision", "int64", "number, counted up from 1"),
    Column("parent", "int64", "revision that it was made of; 0: the story as first opened"),
    Column("time", "datetime64[us, UTC]", "when it was kept, by the computer's clock"),
    Column("who", "str", "who made it"),
    Column("session", "str", "in which sitting: two kernels of one person differ"),
    Column("kind", "str", "edit, undo, redo, save or outside (read from the file)"),
    Column("label", "str", "what was done"),
    Column("n_passages", "int64", "passages that it changed"),
    Column("name", "object", "name that somebody gave it; missing: none"),
    Column("note", "object", "note beside the name; missing: none"),
)
"""Columns of the table of revisions."""


class Step(NamedTuple):
    """An edit that can be undone or made again."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Stacks:
    """What is to undo and to redo, the next one last."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()


def stacks(journal: Journal) -> Stacks:
    """Read what is to undo and to redo, of all that ever was. Linear in the edits, without reading what they did."""
    done: dict[int, str] = {}
    undone: dict[int, str] = {}
    labels: dict[int, str] = {}
    rows = journal.connection.execute("SELECT number, kind, target, label FROM edits ORDER BY seq")
    for number, kind, target, label in rows:
        if kind in ("undo", "redo"):
            source, other = (done, undone) if kind == "undo" else (undone, done)
            source.pop(target, None)
            other[target] = labels.get(target, str(label))
        elif kind != "save":
            labels[number] = str(label)
            done.pop(number, None)
            done[number] = str(label)
            undone.clear()
    return Stacks(
        tuple(Step(number, label) for number, label in done.items()),
        tuple(Step(number, label) for number, label in undone.items()),
    )


def step_patches(journal: Journal, number: int) -> list[patches.Patch]:
    """What a step did, oldest row first.

    Raises
    ------
    PatchError
        If its record is damaged.
    """
    rows = journal.connection.execute(
        "SELECT patch FROM edits WHERE number = ? AND kind NOT IN ('undo', 'redo') ORDER BY seq", (number,)
    )
    return [patches.unpack(row[0]) for row in rows]


def rows_at(journal: Journal, revision: int) -> Rows:
    """Story as it was after a revision; 0 is the story as first opened.

    Parameters
    ----------
    journal, revision
        Which story.

    Raises
    ------
    WorkspaceError
        If there is no such revision, or the journal is damaged between it and now.
    """
    newest = newest_revision(journal)
    if not 0 <= revision <= newest:
        raise WorkspaceError(f"there is no revision {revision}; revisions go from 0 to {newest}")
    rows = journal.rows()
    later = journal.connection.execute("SELECT seq, patch FROM edits WHERE seq > ? ORDER BY seq DESC", (revision,))
    for seq, data in later:
        try:
            for uid, part in patches.unpack(data).items():
                _set(rows, uid, patches.back(rows.get(uid), part))
        except patches.PatchError as error:
            raise damaged(seq, error) from error
    return rows


def _set(rows: Rows, uid: int, row: Row | None) -> None:
    if row is None:
        rows.pop(uid, None)
    else:
        rows[uid] = row


def revision_of(journal: Journal, rows: Rows, *, since: int) -> int | None:
    """Newest revision that says just this, but for the order of passages; None if none after ``since`` does.

    Linear in the edits that are taken back to find it.
    """
    now = journal.rows()
    apart = {uid for uid in {**now, **rows} if without_rank(now.get(uid)) != without_rank(rows.get(uid))}
    if not apart:
        return newest_revision(journal)
    later = journal.connection.execute("SELECT seq, patch FROM edits WHERE seq > ? ORDER BY seq DESC", (since,))
    for seq, data in later:
        try:
            for uid, part in patches.unpack(data).items():
                _set(now, uid, patches.back(now.get(uid), part))
                is_apart = without_rank(now.get(uid)) != without_rank(rows.get(uid))
                apart = apart | {uid} if is_apart else apart - {uid}
        except patches.PatchError:
            return None
        if not apart:
            return int(seq) - 1
    return None


def rows_around(journal: Journal, revision: int) -> tuple[Rows, Rows]:
    """Passages that a revision changed, before and after it.

    Linear in those passages and their later edits, whatever the size of the story.

    Raises
    ------
    WorkspaceError
        If there is no such revision, or its record is damaged.
    """
    found = _all(journal, "SELECT patch FROM edits WHERE seq = ?", (revision,))
    if not found:
        raise WorkspaceError(f"there is no revision {revision}; revisions go from 1 to {newest_revision(journal)}")
    try:
        parts = patches.unpack(found[0][0])
        before: Rows = {}
        after: Rows = {}
        for uid, part in parts.items():
            row = _row_at(journal, uid, revision)
            _set(after, uid, row)
            _set(before, uid, patches.back(row, part))
    except patches.PatchError as error:
        raise damaged(revision, error) from error
    return before, after


def damaged(revision: int, error: patches.PatchError) -> WorkspaceError:
    """Say that the record of a revision cannot be used."""
    return WorkspaceError(f"the record of revision {revision} does not fit ({error}); see 'gamebook verify'")


def _row_at(journal: Journal, uid: int, revision: int) -> Row | None:
    row = journal.row(uid)
    later = _all(
        journal,
        "SELECT patch FROM edits WHERE seq IN (SELECT seq FROM edited WHERE uid = ? AND seq > ?) ORDER BY seq DESC",
        (uid, revision),
    )
    for (data,) in later:
        part = patches.unpack(data).get(uid)
        if part is not None:
            row = patches.back(row, part)
    return row


def newest_revision(journal: Journal) -> int:
    """Number of the newest revision; 0 if nothing was edited yet."""
    return int(next(iter(journal.connection.execute("SELECT coalesce(max(seq), 0) FROM edits")))[0])


def revisions(journal: Journal, *, newest: int | None = None) -> pd.DataFrame:
    """List revisions, newest first; columns :data:`REVISIONS`.

    Parameters
    ----------
    journal
        Of which workspace.
    newest
        At most so many; all without.
    """
    named = {int(seq): (name, note) for name, seq, note in _all(journal, "SELECT name, seq, note FROM names")}
    rows = _all(
        journal,
        "SELECT seq, parent, time, who, session, kind, label,"
        " (SELECT count(*) FROM edited WHERE edited.seq = edits.seq) FROM edits ORDER BY seq DESC LIMIT ?",
        (-1 if newest is None else newest,),
    )
    data = [(*row[:2], moment(row[2]), *row[3:], *named.get(row[0], (None, None))) for row in rows]
    return build(REVISIONS, {column.name: [row[index] for row in data] for index, column in enumerate(REVISIONS)})


def _all(journal: Journal, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    return list(journal.connection.execute(sql, values))


def moment(seconds: float) -> datetime:
    """Moment of a clock that may have been anywhere."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
