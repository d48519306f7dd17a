"""When a workspace is backed up by itself: after ten minutes of work, and on closing; on a thread of its own, but for the last."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store.backups import make_backup
from gamebook_lab.store.database import FILE_ERRORS
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.places import Place
from gamebook_lab.store.trouble import cause_of, in_words
from gamebook_lab.telemetry import metrics

__all__ = ["BACKUP_SECONDS", "BackingUp"]

BACKUP_SECONDS: Final = 600.0
"""Between two backups, if something changed."""

_log: Final = logging.getLogger(__name__)


class BackingUp:
    """Backs up what was kept. Used by one thread, the workspace's.

    Parameters
    ----------
    place
        Gives where the workspace is now.
    say
        Told, in words for the author, that a backup could not be made.
    """

    def __init__(self, place: Callable[[], Place], say: Callable[[str], None]) -> None:
        self._place, self._say = place, say
        self._n_unsecured = 0
        self._secured_at = time.monotonic()
        self._thread: threading.Thread | None = None

    def count(self, n: int) -> None:
        """So many edits more were kept."""
        self._n_unsecured += n

    def look(self, journal: Journal | None) -> None:
        """Begin a backup if one is due."""
        if self._thread is not None and not self._thread.is_alive():
            self._thread = None
            if journal is not None:
                journal.end_log()  # what the backup has needs no log
        is_due = self._n_unsecured and time.monotonic() - self._secured_at >= BACKUP_SECONDS
        if journal is not None and is_due and self._thread is None:
            self._n_unsecured, self._secured_at = 0, time.monotonic()
            self._thread = threading.Thread(target=self._secure, name="gamebook-backup", daemon=True)
            self._thread.start()

    def end(self, journal: Journal | None, *, is_there: bool) -> None:
        """Wait for one that is being made, and make the last."""
        if self._thread is not None:
            self._thread.join()
        if journal is not None:
            journal.end_log()
            if self._n_unsecured and is_there:
                self._secure()

    def _secure(self) -> None:
        try:
            make_backup(self._place())
        except (*FILE_ERRORS, WorkspaceError) as error:
            _log.warning("no backup could be made", extra={"cause": cause_of(error)})
            metrics.counter("backup_failures_total").add()
            self._say(f"No backup could be made ({in_words(error)}); edits are kept as before")
