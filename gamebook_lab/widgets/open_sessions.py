"""Which files are being worked on in this process, so that all Studios of one file share one session.

A notebook cell that opens a story is run again sooner or later: by its author, or because the
page was loaded anew. It must come back to the work as it stands, with its unsaved edits and
its undo, and not start a second, competing copy from the file.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final, TypeAlias
from weakref import WeakSet

from gamebook_lab.formats import is_unchanged, read_story
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.session import StorySession

Shown: TypeAlias = StorySession | Story | Path | str
"""What a widget can be asked to show."""

_lock: Final = threading.Lock()
_opening: Final = threading.Lock()
_sessions: Final[WeakSet[StorySession]] = WeakSet()


def session_of_file(path: Path) -> StorySession:
    """Join the session of a story file or folder, or begin one by reading it.

    A session without unsaved edits reads its file again if that has changed meanwhile; one with
    unsaved edits stays as it is, and saving will tell of the conflict. A session is forgotten when no
    widget and nobody else holds it any more; its edits are in the workspace, and there when it is opened again.

    Raises
    ------
    FormatError, LimitError
        If the file could not be understood.
    """
    session = _find(path)
    if session is None:
        with _opening:  # reading takes a while, and only one may begin
            session = _find(path)
            if session is None:
                session = StorySession.open(path)
                with _lock:
                    _sessions.add(session)
    elif not session.is_dirty and not is_unchanged(session.story):
        session.load(read_story(path))
    return session


def session_of(story: Shown) -> StorySession:
    """Give the session of whatever a widget is asked to show.

    Parameters
    ----------
    story
        A session, to share one with other widgets; a story, to begin one; or the path of a file or folder to open.

    Raises
    ------
    FormatError, LimitError
        If the file could not be understood.
    """
    if isinstance(story, StorySession):
        return story
    return StorySession(story) if isinstance(story, Story) else session_of_file(Path(story))


def _find(path: Path) -> StorySession | None:
    with _lock:
        return _find_locked(path)


def _find_locked(path: Path) -> StorySession | None:
    wanted = path.resolve()
    return next((session for session in _sessions if session.path == wanted), None)
