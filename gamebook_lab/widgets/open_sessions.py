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

from gamebook_lab.formats import is_unchanged, read_again, read_archive, read_story
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.session import StorySession

Shown: TypeAlias = StorySession | Story | Path | str
"""What a widget can be asked to show."""

_lock: Final = threading.Lock()
_opening: Final = threading.Lock()
_sessions: Final[WeakSet[StorySession]] = WeakSet()


def session_of_file(path: Path, which: str | int | None = None) -> StorySession:
    """Join the session of a story file or folder, or begin one by reading it.

    Parameters
    ----------
    path
        File or folder.
    which
        Title of the story of an archive, or its place in there. Without, one that is being worked on already is meant.

    A session without unsaved edits reads its file again if that has changed meanwhile; one with
    unsaved edits stays as it is, and saving will tell of the conflict. A session is forgotten when no
    widget and nobody else holds it any more; its edits are in the workspace, and there when it is opened again.

    Raises
    ------
    SeveralStoriesError
        If the file holds several stories, and nothing says which is meant.
    FormatError, LimitError
        If the file could not be understood.
    """
    session = _find(path, which)
    if session is None:
        with _opening:  # reading takes a while, and only one may begin
            session = _find(path, which)
            if session is None:
                session = StorySession.continued(_read(path, which))
                with _lock:
                    _sessions.add(session)
    elif not session.is_dirty and not is_unchanged(session.story):
        session.load(read_again(session.story))
    return session


def _read(path: Path, which: str | int | None) -> Story:
    return read_archive(path)[which] if isinstance(which, int) else read_story(path, title=which)


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


def _find(path: Path, which: str | int | None) -> StorySession | None:
    with _lock:
        return _find_locked(path, which)


def _find_locked(path: Path, which: str | int | None) -> StorySession | None:
    wanted = path.resolve()
    return next((session for session in _sessions if session.path == wanted and _is(session.story, which)), None)


def _is(story: Story, which: str | int | None) -> bool:
    if isinstance(which, int):
        return getattr(story.source, "index", 0) == which
    return which is None or story.metadata.title == which
