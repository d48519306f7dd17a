"""A workspace's database, written and read by one thread at a time; see also ``workspace`` for the thread.

Concurrency is optimistic, per passage: an edit says what each passage was before. Where the database agrees it is
written; where another process has changed the passage meanwhile, the two are merged by columns, and what clashes
becomes a conflict that holds both. So nobody's update is lost, and nobody waits for a lock for longer than a commit.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store import patches
from gamebook_lab.store.checksums import checksum
from gamebook_lab.store.database import connect, has_tables, make_tables, transaction
from gamebook_lab.store.edit import Document, Edit, Kept, Seed
from gamebook_lab.store.log import Log, edit_record
from gamebook_lab.store.merge import Conflict, merge_row
from gamebook_lab.store.rows import Row, Rows
from gamebook_lab.store.tally import Tally

__all__ = ["Journal", "Replayed"]

_JOINED: Final = ("edit",)
"""Kinds of which consecutive edits of one number become one row."""


_OF_FILE: Final = ("save", "outside")
"""Kinds of edits that say what the document holds."""


class Replayed(NamedTuple):
    """What became of edits that were made again from a log."""

    n: int
    n_unfit: int


class Journal:
    """An open workspace file.

    Parameters
    ----------
    path
        The SQLite file.
    who
        Name of the person, for the journal.
    session
        Name of this sitting: two kernels of one person differ in it.
    log
        Where edits are written a second time, in case that the file is damaged.
    logged
        Newest revision up to which the logs of all have every edit, or backups do.
    vfs
        SQLite's way to the file system, for tests.

    Raises
    ------
    WorkspaceError
        If the file is not a workspace, or of a later version.
    apsw.Error
        If it cannot be opened.
    """

    def __init__(
        self, path: Path, *, who: str, session: str, log: Log | None = None, logged: int = 0, vfs: str | None = None
    ) -> None:
        self.path, self._who, self._session, self._log = path, who, session, log
        self.connection = connect(path, vfs=vfs)
        self._revision = 0
        self._data_version = -1
        self._tally = Tally()
        self._logged, self._is_seed_logged = logged, logged > 0

    def close(self) -> None:
        """Close the file; the last to do so folds the write-ahead log into it."""
        self.connection.close()

    # ---- beginning

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever kept."""
        return not has_tables(self.connection)

    def begin(self, seed: Seed) -> bool:
        """Set a new workspace up, unless another process was quicker.

        Returns
        -------
        bool
            Whether it was set up here, or by another process from the same file.
        """
        with transaction(self.connection):
            if has_tables(self.connection):
                return self._fact("origin") == seed.document.fingerprint.encode()
            make_tables(self.connection)
            self._tally = Tally()
            self.connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", self._first_rows(seed.rows))
            self._set_fact("origin", seed.document.fingerprint.encode())
            self._set_fact("tally", self._tally.written())
            self._set_document(seed.document)
        self._revision = 1
        if self._log is not None:
            self._log.add([_seed_record(seed.rows, seed.document)])
            self._is_seed_logged = True
        return True

    def _first_rows(self, rows: Rows) -> Iterator[tuple[int, Row, int, bytes]]:
        for uid, row in rows.items():
            check = checksum(uid, row, 1)
            self._tally.passages.change(None, check)
            yield uid, row, 1, check

    def end_log(self) -> None:
        """Go on in another file of the log, as after a backup."""
        if self._log is not None:
            self._log.close()

    # ---- writing

    def commit(self, edits: Sequence[Edit]) -> list[Kept]:
        """Keep edits, all in one transaction; when this returns they survive a power cut.

        Raises
        ------
        apsw.Error
            If they cannot be kept (a full disk, say); none was, then.
        """
        lines: list[dict[str, Any]] = []
        with transaction(self.connection):
            if self._log is not None and not self._is_seed_logged:
                lines += self._seed_not_logged()
            self._tally = Tally.of(self._fact("tally")).next()
            kept = [self._keep(edit, self._tally.revision, lines) for edit in edits]
            self._set_fact("tally", self._tally.written())
        if self._log is not None:
            self._log.add([*self._not_logged(lines), *lines])
            self._is_seed_logged = True
        return kept

    def _seed_not_logged(self) -> list[dict[str, Any]]:
        """The beginning, unless there were edits since: who began may have been killed before it was logged."""
        return [] if self._first("SELECT 1 FROM edits") else [_seed_record(self.rows(), self.document)]

    def _not_logged(self, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Others' edits before those of ``lines`` that may be in no log, as whoever made them may have been killed.

        Without them the edits that follow would fit nothing. As others come after them, nothing is added to them any more.
        """
        seqs = [int(line["edit"][0]) for line in lines if "edit" in line]
        if not seqs:
            return []
        start, self._logged = self._logged, max(seqs)
        if min(seqs) <= start + 1:
            return []
        sql = "SELECT seq, number, kind, target, label, who, session, time, parent, patch FROM edits WHERE seq > ? AND seq < ?"
        records = [
            {**edit_record(row[:9], patches.unpack(row[9])), "is_copy": True}
            for row in self.connection.execute(sql, (start, min(seqs)))
        ]
        if any(record["edit"][2] in _OF_FILE for record in records):
            document = self.document
            for record in records:
                if record["edit"][0] == document.seq:
                    record["document"] = document.plain()
        return records

    def _keep(self, edit: Edit, revision: int, lines: list[dict[str, Any]]) -> Kept:
        found: dict[int, Row | None] = {}
        written: dict[int, tuple[Row | None, Row | None]] = {}
        conflicts = []
        for uid, (before, after) in edit.changes.items():
            now = self.row(uid)
            row, columns = merge_row(before, after, now)
            if columns:
                conflicts.append(self._conflict(Conflict(uid, before, after, now, columns), edit, lines))
            if row != now:
                self._write(uid, row, revision)
                written[uid] = (now, row)
            found[uid] = row
        seq = self._note(edit, written, lines)
        if edit.document is not None:
            document = replace(edit.document, seq=seq)
            self._set_document(document)
            lines[-1]["document"] = document.plain()
        if edit.as_read is not None:
            self._set_fact("as_read", edit.as_read())
        return Kept(edit, found, tuple(conflicts))

    def _write(self, uid: int, row: Row | None, revision: int) -> None:
        check = checksum(uid, row, revision)
        old = self._first("SELECT checksum FROM passages WHERE uid = ?", (uid,))
        self._tally.passages.change(None if old is None else old[0], check)
        self.connection.execute(
            "INSERT OR REPLACE INTO passages (uid, row, revision, checksum) VALUES (?, ?, ?, ?)",
            (uid, row, revision, check),
        )

    def _note(self, edit: Edit, written: dict[int, tuple[Row | None, Row | None]], lines: list[dict[str, Any]]) -> int:
        """Write the journal's row, or go on with the last one if that is the same step of typing; give its number."""
        last = self._first("SELECT seq, number, kind, session, patch FROM edits ORDER BY seq DESC LIMIT 1")
        newest = 0 if last is None else int(last[0])
        patch = patches.make(written)
        if not patch and edit.kind not in _OF_FILE:
            return newest
        seq = newest + 1
        is_same = last is not None and edit.kind in _JOINED and last[1:4] == (edit.number, edit.kind, self._session)
        if last is not None and is_same and not self._first("SELECT 1 FROM names WHERE seq = ?", (newest,)):
            joined = _joined(patches.unpack(last[4]), written)
            if joined is not None:
                seq, patch = newest, joined
        data = patches.pack(patch)
        values = (seq, edit.number, edit.kind, edit.target, edit.label, self._who, self._session, edit.time, seq - 1)
        self._insert(values, data, patch)
        lines.append(edit_record(values, patch))
        return seq

    def _insert(self, values: tuple[Any, ...], data: bytes, patch: patches.Patch) -> None:
        seq, check = values[0], checksum(*values, data)
        old = self._first("SELECT checksum FROM edits WHERE seq = ?", (seq,))
        self._tally.edits.change(None if old is None else old[0], check)
        self.connection.execute(
            "INSERT OR REPLACE INTO edits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, data, check)
        )
        self.connection.executemany("INSERT OR IGNORE INTO edited VALUES (?, ?)", ((uid, seq) for uid in patch))

    def replay(self, records: Iterable[dict[str, Any]]) -> Replayed:
        """Make edits again that a log has, after those that are here.

        Parameters
        ----------
        records
            In the order of their revisions, each revision once.

        Returns
        -------
        Replayed
            How many were made, and how many passages of them did not fit what is here.
        """
        n = n_unfit = 0
        with transaction(self.connection):
            self._tally = Tally.of(self._fact("tally")).next()
            for record in records:
                values, patch = tuple(record["edit"]), {int(uid): part for uid, part in record["patch"].items()}
                known = self._first("SELECT patch FROM edits WHERE seq = ?", (values[0],))
                for uid, part in (patches.unpack(known[0]) if known is not None else {}).items():
                    n_unfit += not self._remake(uid, part, patches.back)
                for uid, part in patch.items():
                    n_unfit += not self._remake(uid, part, patches.forward)
                self._insert(values, patches.pack(patch), patch)
                if "document" in record:
                    self._set_document(Document.of(record["document"]))
                n += 1
            self._set_fact("tally", self._tally.written())
        return Replayed(n, n_unfit)

    def has(self, record: dict[str, Any]) -> bool:
        """Whether a log's edit is here just as the log has it."""
        found = self._first("SELECT patch FROM edits WHERE seq = ?", (record["edit"][0],))
        return found is not None and patches.unpack(found[0]) == {
            int(uid): part for uid, part in record["patch"].items()
        }

    def _remake(self, uid: int, part: dict[str, Any], move: Callable[[Row | None, dict[str, Any]], Row | None]) -> bool:
        try:
            row = move(self.row(uid), part)
        except patches.PatchError:
            return False
        self._write(uid, row, self._tally.revision)
        return True

    def put(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put rows of ``names`` or ``conflicts``, checksums included, beside or in place of those that are here."""
        with transaction(self.connection):
            for row in rows:
                marks = ", ".join("?" * len(row))
                self.connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)  # noqa: S608 -- fixed names

    def _conflict(self, conflict: Conflict, edit: Edit, lines: list[dict[str, Any]]) -> Conflict:
        """Keep a conflict; typing that goes on in one that is open already is added to it."""
        open_one = self._first(
            "SELECT id, base, theirs FROM conflicts WHERE is_open AND uid = ? AND session = ? AND ours IS ?"
            " ORDER BY id DESC LIMIT 1",
            (conflict.uid, self._session, conflict.base),
        )
        id_ = None
        if open_one is not None:
            id_ = int(open_one[0])
            conflict = replace(conflict, base=open_one[1])
        values = (
            conflict.uid, conflict.base, conflict.ours, conflict.theirs, ",".join(conflict.columns),
            self._who, self._session, edit.time, 1,
        )  # fmt: skip
        self.connection.execute(
            "INSERT OR REPLACE INTO conflicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (id_, *values, checksum(*values)),
        )
        id_ = id_ if id_ is not None else self.connection.last_insert_rowid()
        texts = [None if row is None else row.decode() for row in values[1:4]]
        lines.insert(0, {"conflict": [id_, values[0], *texts, *values[4:]]})
        return replace(conflict, id=id_, who=self._who, time=edit.time)

    def settle(self, id_: int) -> None:
        """Mark a conflict as settled; what it held stays in the file."""
        with transaction(self.connection):
            row = self._first(f"SELECT {_CONFLICT} FROM conflicts WHERE id = ?", (id_,))  # noqa: S608 -- fixed names
            if row is not None:
                values = (*row[1:-1], 0)
                self.connection.execute(
                    "UPDATE conflicts SET is_open = 0, checksum = ? WHERE id = ?", (checksum(*values), id_)
                )

    def name(self, name: str, seq: int, note: str, time: float) -> None:
        """Give a revision a name; a name that was given before moves."""
        with transaction(self.connection):
            values = (name, seq, note, self._who, time)
            self.connection.execute(
                "INSERT OR REPLACE INTO names VALUES (?, ?, ?, ?, ?, ?)", (*values, checksum(*values))
            )
        if self._log is not None:
            self._log.add([{"name": values}])

    # ---- reading

    def is_changed(self) -> bool:
        """Whether another process has committed since this was last asked. Costs 2 microseconds."""
        found = self._first("PRAGMA data_version")
        version = -1 if found is None else int(found[0])
        is_new, self._data_version = version != self._data_version, version
        return is_new

    def news(self) -> dict[int, Row | None]:
        """Rows that were written since this was last called, by anybody."""
        rows = list(
            self.connection.execute("SELECT uid, row, revision FROM passages WHERE revision > ?", (self._revision,))
        )
        self._revision = max([self._revision, *(int(row[2]) for row in rows)])
        return {uid: row for uid, row, _ in rows}

    def rows(self, *, is_seen: bool = False) -> Rows:
        """The whole story as it is kept now; ``is_seen`` leaves it out of the next :meth:`news`."""
        found = self.connection.execute("SELECT uid, row, revision FROM passages WHERE row IS NOT NULL")
        rows: Rows = {}
        for uid, row, revision in found:
            rows[int(uid)] = row
            if is_seen:
                self._revision = max(self._revision, int(revision))
        return rows

    def row(self, uid: int) -> Row | None:
        """One passage as it is kept now; None if it is not there."""
        found = self._first("SELECT row FROM passages WHERE uid = ?", (uid,))
        return None if found is None else found[0]

    @property
    def document(self) -> Document:
        """What the story's file held when it was last read or written."""
        data = self._fact("document")
        if data is None:
            raise WorkspaceError(f"{self.path} does not say which file it belongs to; restore a backup")
        return Document.of(json.loads(zlib.decompress(data)))

    def conflicts(self) -> list[Conflict]:
        """Conflicts that nobody has settled, oldest first."""
        rows = self.connection.execute(f"SELECT {_CONFLICT} FROM conflicts WHERE is_open ORDER BY id")  # noqa: S608
        return [_conflict_of(row) for row in rows]

    def fact(self, name: str) -> bytes | None:
        """Something small that is kept under a name."""
        return self._fact(name)

    # ---- inside

    def _first(self, sql: str, values: Iterable[Any] = ()) -> tuple[Any, ...] | None:
        return next(iter(self.connection.execute(sql, tuple(values))), None)

    def _fact(self, name: str) -> bytes | None:
        found = self._first("SELECT value FROM facts WHERE name = ?", (name,))
        return None if found is None else found[0]

    def _set_fact(self, name: str, value: bytes) -> None:
        self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", (name, value, checksum(name, value)))

    def _set_document(self, document: Document) -> None:
        self._set_fact("document", zlib.compress(json.dumps(document.plain(), separators=(",", ":")).encode(), 1))


_CONFLICT: Final = "id, uid, base, ours, theirs, columns, who, session, time, is_open"


def _seed_record(rows: Rows, document: Document) -> dict[str, Any]:
    return {"seed": {str(uid): row.decode() for uid, row in rows.items()}, "document": document.plain()}


def _conflict_of(row: tuple[Any, ...]) -> Conflict:
    id_, uid, base, ours, theirs, columns, who, _, time, _ = row
    return Conflict(uid, base, ours, theirs, tuple(columns.split(",")), id_, who, time)


def _joined(last: patches.Patch, written: dict[int, tuple[Row | None, Row | None]]) -> patches.Patch | None:
    """Patch of two edits in a row; None if they don't fit together."""
    try:
        before = {uid: patches.back(row, last[uid]) if uid in last else row for uid, (row, _) in written.items()}
    except patches.PatchError:
        return None
    rest = {uid: part for uid, part in last.items() if uid not in written}
    return rest | patches.make({uid: (before[uid], after) for uid, (_, after) in written.items()})
