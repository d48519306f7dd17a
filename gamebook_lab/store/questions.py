"""What can be asked of a workspace: its story, its past, its conflicts and backups; and the little that is written with them.

Covers no thread and no file: all of it goes through :meth:`Questions.run`, which :class:`~gamebook_lab.store.workspace.Workspace` has.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

import pandas as pd

from gamebook_lab.errors import NothingKeptError, WorkspaceError
from gamebook_lab.store import passage_past, past
from gamebook_lab.store.backups import backups_table, rows_of
from gamebook_lab.store.diff import diff_rows
from gamebook_lab.store.events import Contents
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.merge import Conflict
from gamebook_lab.store.patches import Patch
from gamebook_lab.store.places import Place
from gamebook_lab.store.rows import Rows

__all__ = ["Questions"]

T = TypeVar("T")


class Questions(ABC):
    """What is kept of one story."""

    @property
    @abstractmethod
    def place(self) -> Place:
        """Where it is, or would be made."""

    @property
    def exists(self) -> bool:
        """Whether anything was ever kept."""
        return self.place.file.exists()

    @abstractmethod
    def run(self, what: Callable[[Journal], T], *, timeout: float = 60.0) -> T:
        """Do something with the journal on the workspace's thread, after all edits so far are kept.

        Raises
        ------
        WorkspaceError
            If nothing was kept yet, or the workspace cannot be read.
        """

    def contents(self) -> Contents | None:
        """All that a session begins with; None if nothing was ever kept."""
        if not self.exists:
            return None

        def read(journal: Journal) -> Contents:
            document = journal.document
            as_read = journal.fact("as_read") if document.read else None
            return Contents(journal.rows(is_seen=True), document, past.stacks(journal), as_read)

        try:
            return self.run(read)
        except NothingKeptError:  # another process has just begun
            return None

    def revisions(self, *, newest: int | None = None) -> pd.DataFrame:
        """List all revisions, newest first; columns :data:`~gamebook_lab.store.past.REVISIONS`."""
        return self.run(lambda journal: past.revisions(journal, newest=newest))

    def rows_at(self, revision: int) -> Rows:
        """Story as it was after a revision; 0 is the story as first opened.

        Raises
        ------
        WorkspaceError
            If there is no such revision.
        """
        return self.run(lambda journal: past.rows_at(journal, revision))

    def revision_of(self, rows: Rows, *, since: int) -> int | None:
        """Newest revision that says just this, but for the order of passages; None if none after ``since`` does."""
        return self.run(lambda journal: past.revision_of(journal, rows, since=since))

    def diff(self, old: int, new: int | None = None) -> pd.DataFrame:
        """What changed between two revisions, by passage; columns :data:`~gamebook_lab.store.diff.DIFF`.

        Parameters
        ----------
        old, new
            Revisions; ``new`` is the story as it is now without.

        Raises
        ------
        WorkspaceError
            If there is no such revision.
        """

        def read(journal: Journal) -> tuple[Rows, Rows]:
            return past.rows_at(journal, old), journal.rows() if new is None else past.rows_at(journal, new)

        return diff_rows(*self.run(read))

    def change(self, revision: int) -> pd.DataFrame:
        """What one revision changed, by passage; columns :data:`~gamebook_lab.store.diff.DIFF`.

        Raises
        ------
        WorkspaceError
            If there is no such revision.
        """
        return diff_rows(*self.run(lambda journal: past.rows_around(journal, revision)))

    def passage_history(self, uid: int) -> pd.DataFrame:
        """List what was done to one passage, newest first; columns :data:`~gamebook_lab.store.passage_past.PASSAGE_HISTORY`."""
        return passage_past.history_table(self.versions(uid))

    def versions(self, uid: int) -> list[passage_past.Version]:
        """Every edit of one passage with its text before and after, newest first."""
        return self.run(lambda journal: passage_past.versions(journal, uid))

    def step(self, number: int) -> list[Patch]:
        """What a step of undo did."""
        return self.run(lambda journal: past.step_patches(journal, number))

    def name(self, name: str, revision: int | None = None, note: str = "") -> int:
        """Give a revision a name, so that it is found again; gives its number.

        Parameters
        ----------
        name
            One that was given before moves to this revision.
        revision
            The newest without.
        note
            Anything worth knowing beside it.

        Raises
        ------
        WorkspaceError
            If there is no such revision, or no name.
        """
        if not name.strip():
            raise WorkspaceError("a revision's name needs a letter at least")

        def write(journal: Journal) -> int:
            newest = past.newest_revision(journal)
            chosen = newest if revision is None else revision
            if not 0 <= chosen <= newest:
                raise WorkspaceError(f"there is no revision {chosen}; revisions go from 0 to {newest}")
            journal.name(name.strip(), chosen, note, time.time())
            return chosen

        return self.run(write)

    def conflicts(self) -> list[Conflict]:
        """Conflicts that nobody has settled, oldest first."""
        return self.run(Journal.conflicts)

    def settle(self, id_: int) -> None:
        """Mark a conflict as settled; both texts stay in the workspace's file."""
        self.run(lambda journal: journal.settle(id_))

    def backups(self) -> pd.DataFrame:
        """List the backups that count, newest first; columns :data:`~gamebook_lab.store.backups.BACKUPS`."""
        return backups_table(self.place)

    def rows_of(self, what: int | str) -> Rows:
        """Story of a revision, by its number or name, or of a backup by its name.

        Raises
        ------
        WorkspaceError
            If there is none of that name.
        """
        if isinstance(what, int):
            return self.rows_at(what)
        if what.endswith(".sqlite"):
            return rows_of(self.place, what)
        table = self.revisions()
        found = table.loc[table["name"] == what, "revision"]
        if not len(found):
            known = ", ".join(repr(name) for name in table["name"].dropna()) or "none"
            raise WorkspaceError(f"there is no revision named {what!r}; named are {known}")
        return self.rows_at(int(found.iloc[0]))
