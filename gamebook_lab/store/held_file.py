"""A workspace's file as one process holds it: begun with the first edit, moved elsewhere or written anew if need be.

The folder may be read-only, the file may be deleted or replaced under our hands (``git clean``, a restored copy). What is
open is still whole then, so nothing is lost: it is copied to where it can be kept, and the author is told. All of it is
done by one thread, the workspace's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

import apsw

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store.backups import logged_revision
from gamebook_lab.store.database import copy_open, standing, standing_of
from gamebook_lab.store.edit import Edit, Kept, Seed
from gamebook_lab.store.events import News
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.log import Log
from gamebook_lab.store.places import Place, elsewhere
from gamebook_lab.store.trouble import cause_of, in_words

__all__ = ["HeldFile"]

_log: Final = logging.getLogger(__name__)


class HeldFile:
    """The file of a story's workspace.

    Parameters
    ----------
    document, index
        The story.
    place
        Where its workspace is, or would be made.
    who, session
        Under which edits are kept.
    say
        Told, in words for the author, what was done to keep them.
    vfs
        SQLite's way to the file system, for tests.
    """

    def __init__(
        self,
        document: Path,
        index: int,
        place: Place,
        *,
        who: str,
        session: str,
        say: Callable[[str], None],
        vfs: str | None = None,
    ) -> None:
        self.document, self.index, self.place = document, index, place
        self.who, self.session = who, session
        self._say, self._vfs = say, vfs
        self.journal: Journal | None = None
        """Open, if anything was kept."""
        self.seed: Callable[[], Seed] | None = None
        """Gives what a new one begins with."""
        self.origin: bytes | None = None
        """Fingerprint of the story's file with which it began."""
        self._inode: tuple[int, int] | None = None
        self._document_seen: bytes | None = None
        self._is_replaced = False

    def commit(self, batch: tuple[Edit, ...]) -> list[Kept]:
        """Keep edits, elsewhere if they cannot be kept beside the story; the first ones begin the file.

        Raises
        ------
        WorkspaceError, OSError, apsw.Error
            If they cannot be kept now; none was, then.
        """
        journal = self.ready(begins=True)
        assert journal is not None
        try:
            return journal.commit(batch)
        except (apsw.ReadOnlyError, apsw.CantOpenError) as error:
            if not self.place.is_beside:
                raise
            self._move_elsewhere(in_words(error), cause_of(error))
            self._copy(journal)
            self.journal = None
            journal.close()
        return self.commit(batch)

    def news(self) -> News | None:
        """What other processes have kept since it was last asked; None if nothing."""
        journal = self.ready()
        if journal is None or not journal.is_changed():
            return None
        is_whole, self._is_replaced = self._is_replaced, False
        rows = dict(journal.rows(is_seen=True)) if is_whole else journal.news()
        data = journal.fact("document")
        is_new, self._document_seen = data != self._document_seen, data
        return News((), rows, journal.document if is_new else None, is_whole)

    def ready(self, *, begins: bool = False) -> Journal | None:
        """Give the open journal; None where nothing was kept yet, unless a new one is to begin here.

        Raises
        ------
        WorkspaceError, OSError, apsw.Error
            If it cannot be opened.
        """
        if self.journal is not None and not self.is_there:
            self._revive(self.journal)
        if self.journal is not None:
            return self.journal
        if not self.place.file.exists():
            if not begins:
                return None
            self._make_place()
        journal = self._connect(self.place)
        if journal.is_empty and not begins:
            journal.close()
            return None
        if not self._is_ours(journal):
            journal.close()
            if not self.place.is_beside:
                raise WorkspaceError(f"the story was another one when {self.place.folder} began; open it anew")
            self._move_elsewhere("another kernel opened the story when its file was another one; open it anew", "other")
            return self.ready(begins=begins)
        self.origin = journal.fact("origin")
        self.journal = journal
        return journal

    def _is_ours(self, journal: Journal) -> bool:
        """Set a new workspace up; tells whether it began with the file that this process has read."""
        if self.seed is None or (self.origin is not None and not journal.is_empty):
            return True
        return journal.begin(self.seed())

    def _connect(self, place: Place) -> Journal:
        log = Log(place.logs, self.session)
        logged = logged_revision(place)
        journal = Journal(place.file, who=self.who, session=self.session, log=log, logged=logged, vfs=self._vfs)
        status = place.file.stat()
        self._inode = (status.st_dev, status.st_ino)
        return journal

    def _make_place(self) -> None:
        if not self.place.is_beside:
            self._move_elsewhere("its folder cannot be written", "unwritable")
            return
        try:
            self.place.make()
        except OSError as error:
            self._move_elsewhere(in_words(error), cause_of(error))

    def _move_elsewhere(self, reason: str, cause: str) -> None:
        self.place = elsewhere(self.document, self.index)
        self.place.make()
        _log.warning("edits are kept elsewhere: beside the story they cannot be", extra={"cause": cause})
        self._say(f"Edits cannot be kept beside the story ({reason}); they are kept in {self.place.folder}")

    @property
    def is_there(self) -> bool:
        """Whether the file that is open is still the one that is found under its name."""
        try:
            status = self.place.file.stat()
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self._inode

    def _revive(self, old: Journal) -> None:
        """The file vanished, or another took its place: go on with that, or write it anew from the one still held."""
        if self.place.file.exists():
            self._is_replaced = True
            _log.warning("the workspace's file was replaced by another one")
            self._say("The workspace's file was replaced by another one; the story is shown as that one has it")
        else:
            self._copy(old)
            _log.warning("the workspace's file had vanished, and was written anew")
            self._say(f"The workspace had vanished; it was written anew, with all its history, in {self.place.folder}")
        self.journal = None
        old.close()

    def _copy(self, old: Journal) -> None:
        """Write the workspace anew: where it was if that can be, else in the user's state folder."""
        try:
            self.place.make()
        except OSError as error:
            self._move_elsewhere(in_words(error), cause_of(error))
        there = standing_of(self.place.file)
        if there is not None and there.has(standing(old.connection)):  # another kernel was here before, and has gone on
            self._is_replaced = True
            return
        if there is not None:
            self.place.set_aside()
            self.place.make()
        new = self._connect(self.place)
        try:
            copy_open(old.connection, new.connection)
        finally:
            new.close()
