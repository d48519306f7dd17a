"""Opens a story before anybody asks for it, while the page that will show it is still being loaded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from gamebook_lab.errors import GamebookError
from gamebook_lab.widgets import studio  # noqa: F401 -- imports what the page will need
from gamebook_lab.widgets.open_sessions import session_of_file
from gamebook_lab.widgets.quiet import QUIET
from gamebook_lab.widgets.session import StorySession

_log = logging.getLogger(__name__)


class Ahead:
    """A session that is held until somebody else shows it: the Studio then finds it read, parsed and checked.

    Parameters
    ----------
    path
        Story file or folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._session: StorySession | None = None
        self._stop: Callable[[], None] | None = None

    def open(self) -> None:
        """Begin the session. What is wrong with the file is told by whoever shows it, who will meet the same."""
        try:
            with QUIET.giving_way():
                session = session_of_file(self._path)
                session.story.choices  # noqa: B018 -- what the map is drawn from; known from now on
        except (GamebookError, OSError) as error:
            _log.info("the story was not opened ahead: %s", error)
            return
        with self._lock:
            self._session, self._stop = session, session.watch_checks(lambda _: None)

    def release(self) -> bool:
        """Hold it no longer if somebody else does; whether that is so."""
        with self._lock:
            if self._session is None or self._stop is None or self._session.n_watchers < 2:
                return False
            self._stop()
            self._session = self._stop = None
        return True
