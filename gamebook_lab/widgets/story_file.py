"""A session's file: written when asked or by itself, never over what was changed outside; compared and merged then."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Final, TypeVar

from gamebook_lab.errors import ConflictError, FormatError, GamebookError, WorkspaceError
from gamebook_lab.store.edit import new_number
from gamebook_lab.store.merge import Choice, MergeResult
from gamebook_lab.store.workspace import await_closing
from gamebook_lab.story.history import changed_keys
from gamebook_lab.story.story import Story
from gamebook_lab.telemetry import metrics
from gamebook_lab.widgets.file_watch import FileWatch
from gamebook_lab.widgets.notice_board import NoticeBoard
from gamebook_lab.widgets.notices import Notice, unsaved
from gamebook_lab.widgets.quiet import QUIET
from gamebook_lab.widgets.work import Work

__all__ = ["StoryFile"]

_log = logging.getLogger(__name__)

T = TypeVar("T")
MEETING_SECONDS: Final = 0.5
"""How long a save waits for another kernel to say that it was its save that has changed the file."""
WATCHING_SECONDS: Final = 5.0
"""The same where nobody waits for the answer."""


class StoryFile:
    """The file of the story that a session works on.

    Parameters
    ----------
    work
        What is written.
    board
        Told what could not be written by itself.
    """

    def __init__(self, work: Work, board: NoticeBoard) -> None:
        self._work, self._board = work, board
        self._saving = threading.Lock()
        self._is_writing = False
        self._watch = FileWatch()
        self._is_at_odds = False
        """The author was told that the file is another one, and not yet that it no longer is."""
        self._is_looking = False

    def save(self, path: Path | str | None, *, overwrite: bool, origin: object) -> Path:
        """As :meth:`StorySession.save`."""
        self._catch_up()
        if path is not None:
            _check_folder(Path(path))
            await_closing(Path(path))
        written = self._meeting(lambda: self._save(path, overwrite=overwrite, origin=origin))
        metrics.counter("saves_total", how="asked").add()
        self._work.changes.deliver()
        return written

    def _save(self, path: Path | str | None, *, overwrite: bool, origin: object) -> Path:
        """Write the story while the author goes on; what is edited meanwhile is not in the file, and stays unsaved.

        But another file's workspace begins with all that was kept: while that is copied, nobody edits.
        """
        from gamebook_lab.formats import save_story

        work = self._work
        held = work.lock if path is not None else nullcontext()
        with metrics.timer("save_seconds").time(), self._saving, held:
            with work.lock:
                began, old = work.autosave.clock(), work.story
            with QUIET.giving_way():
                saved = save_story(old, Path(path) if path is not None else None, overwrite=overwrite)
            with work.lock:
                return self._go_on(old, saved, began, origin)

    def _go_on(self, old: Story, saved: Story, began: float, origin: object) -> Path:
        """Go on with the story that was written, and what became of it meanwhile; under the lock."""
        work, now = self._work, self._work.story
        assert saved.source is not None
        assert saved.source.path is not None
        if saved.source.path != work.path:
            work.follow(work.keeping.moved(saved))
        if now is old:
            work.history = work.history.saved(saved)
            work.autosave.written()
        else:
            work.history = work.history.followed(now.with_source(saved.source))
            work.autosave.written(edited_since=began)
        work.keeping.saved(old, saved, new_number(), now=now if now is not old else None)
        # Lines in the file have moved, and what was wrong in it may be gone.
        work.findings.checker.want(work.story)
        work.post(now, frozenset(), kind="save", label="Save", origin=origin)
        return saved.source.path

    def _meeting(self, save: Callable[[], T]) -> T:
        """Save, and once more if it was just another kernel's save that has changed the file."""
        try:
            return save()
        except ConflictError:
            if not self._was_another_kernel():
                self._is_at_odds = True
                raise
            return save()

    def _catch_up(self) -> None:
        """Hear of what other kernels have written to the file, so that it is not taken for somebody else's change."""
        workspace = self._work.workspace
        if workspace is not None and workspace.exists_or_waits:
            with suppress(WorkspaceError):
                workspace.run(lambda _: None)

    def _was_another_kernel(self, patience: float = MEETING_SECONDS) -> bool:
        """Whether what the file holds was written by another kernel, which says so a moment after it has written."""
        from gamebook_lab.formats import is_unchanged

        workspace = self._work.workspace
        if workspace is None or not workspace.exists_or_waits:
            return False
        deadline = time.monotonic() + patience
        while True:
            self._catch_up()
            if is_unchanged(self._work.story):  # as that kernel has told the workspace
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(patience / 20)

    def save_if_due(self) -> None:
        """Begin to write it on a thread of its own, if the author has paused after an edit."""
        work = self._work
        if work.autosave.is_due and work.keeping.is_dirty and work.path is not None and not self._is_writing:
            self._is_writing = True
            threading.Thread(target=self._save_quietly, name="gamebook-autosave", daemon=True).start()

    def _save_quietly(self) -> None:
        """Write the story to its file while the author goes on; on a thread of its own."""
        try:
            self._meeting(lambda: self._save(None, overwrite=False, origin=None))
            metrics.counter("saves_total", how="autosave").add()
        except (GamebookError, OSError) as error:
            self._work.autosave.failed()
            self._board.announce(unsaved(error))
        finally:
            self._is_writing = False
        self._work.changes.deliver()

    def look_if_due(self) -> None:
        """Begin to look, on a thread of its own, whether another program has changed the file, if it was written since."""
        path = self._work.path
        if path is None or self._is_looking or self._saving.locked() or not self._watch.is_due(path):
            return
        self._is_looking = True
        threading.Thread(target=self._look, name="gamebook-look", daemon=True).start()

    def _look(self) -> None:
        """Tell the author if it was no kernel of ours, and when that is over; nothing here changes by that."""
        from gamebook_lab.formats import is_unchanged

        try:
            with self._saving:  # what a save has written is known as the story's own by its end
                is_ours = is_unchanged(self._work.story)
            if is_ours or self._was_another_kernel(WATCHING_SECONDS):
                if self._is_at_odds:
                    self._is_at_odds = False
                    self._board.announce(Notice("The file is as it is known here.", "settled"))
            else:
                self._is_at_odds = True
                self._board.announce(Notice("Another program has changed the file. Here all is as it was.", "conflict"))
        except (GamebookError, OSError) as error:  # whoever saves is told
            _log.debug("the file cannot be looked at: %s", error)
            self._watch.again()
        finally:
            self._is_looking = False

    def outside(self) -> MergeResult | None:
        """As :meth:`StorySession.outside`."""
        from gamebook_lab.formats import is_unchanged, read_again

        self._catch_up()
        if self._work.path is None or is_unchanged(self._work.story):
            return None
        read = read_again(self._work.story)
        with self._work.lock:
            return self._work.keeping.outside(self._work.story, read)[0]

    def merge(self, choices: Mapping[int, Choice], *, origin: object) -> None:
        """As :meth:`StorySession.merge`."""
        from gamebook_lab.formats import read_again

        if self._work.path is None or self._work.workspace is None:
            return
        read = read_again(self._work.story)
        with self._work.lock:
            old, selected = self._work.story, self._work.selected
            uid = None if selected is None else self._work.keeping.binding.uid(selected)
            try:
                keeping, story = self._work.keeping.reread(self._work.history, read, choices=choices)
            except KeyError as error:
                raise ConflictError("both sides changed a passage; say for each which text is to stay") from error
            self._work.begin(story, keeping)
            found = None if uid is None else keeping.binding.key(uid)
            if found is not None and found in story.table.index:
                self._work.selected = found
            self._work.autosave.edited()
            self._work.post(old, changed_keys(old, story), kind="load", label="Merge with the file", origin=origin)
        self._work.changes.deliver()


def _check_folder(path: Path) -> None:
    """Refuse to save where there is no folder: it was most likely mistyped, and would be made with all those above it."""
    folder = path.parent
    if not folder.is_dir():
        raise FormatError(f"There is no folder {folder}. Make it first, or save into another one. Nothing was written.")
