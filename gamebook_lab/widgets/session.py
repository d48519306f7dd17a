"""One story being worked on, shared by all the widgets that show it.

Widget callbacks may arrive on more than one thread (ipykernel runs them on subshells), so
every change goes through one lock. Callbacks are called outside of it, in the order of the
changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path

import pandas as pd

from gamebook_lab.store.workspace import Event, News, State, Workspace
from gamebook_lab.story.history import changed_keys
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.change import Change
from gamebook_lab.widgets.checker import Checked
from gamebook_lab.widgets.explorer import PAUSE_SECONDS, Explored
from gamebook_lab.widgets.findings import Findings
from gamebook_lab.widgets.keeping import Keeping, open_keeping
from gamebook_lab.widgets.notice_board import NoticeBoard
from gamebook_lab.widgets.notices import Notice
from gamebook_lab.widgets.story_file import StoryFile
from gamebook_lab.widgets.versions import Versions
from gamebook_lab.widgets.watched import Watched
from gamebook_lab.widgets.work import Work

__all__ = ["Change", "StorySession"]


class StorySession(Watched, Versions):
    """Holds the current story, its history, the selection, the file; tells watchers.

    Parameters
    ----------
    story
        What to work on.
    debounce
        Seconds of quiet before problems are computed anew; 0.1 to 0.3 by how long that takes, if not given.
    pause
        Seconds of quiet after that before the story is explored anew.
    keeping
        Where every edit is kept; nowhere without. See :meth:`open`.
    """

    def __init__(
        self,
        story: Story,
        *,
        debounce: float | None = None,
        pause: float = PAUSE_SECONDS,
        keeping: Keeping | None = None,
    ) -> None:
        self._findings = Findings(debounce=debounce, pause=pause)
        self._checker, self._explorer = self._findings.checker, self._findings.explorer
        self._board = NoticeBoard()
        self._kept: Broadcast[State] = Broadcast()
        self._work = Work(self._findings, self._hear)
        self._lock, self._changes = self._work.lock, self._work.changes
        self._file = StoryFile(self._work, self._board)
        self._work.begin(story, keeping or Keeping.nowhere(story))

    @classmethod
    def open(cls, path: Path | str) -> StorySession:
        """Work on a story's file or folder, with every edit kept in the workspace beside it.

        Work that the file does not have is there again, and so is what can be undone.

        Raises
        ------
        FormatError, LimitError
            If the file could not be understood.
        WorkspaceError
            If there is a workspace that cannot be used.
        """
        from gamebook_lab.formats import read_story

        return cls.continued(read_story(path))

    @classmethod
    def continued(cls, story: Story) -> StorySession:
        """Go on with the work on a story that was just read from its file, as :meth:`open`.

        Raises
        ------
        WorkspaceError
            If there is a workspace that cannot be used.
        """
        keeping, story, said = open_keeping(story)
        session = cls(story, keeping=keeping)
        for notice in said:
            session.announce(notice)
        return session

    # ---- what is

    @property
    def story(self) -> Story:
        """The story as it is now. Immutable: keep it as long as you like."""
        return self._work.story

    @property
    def selected(self) -> int | None:
        """Key of the selected passage."""
        return self._work.selected

    @property
    def path(self) -> Path | None:
        """File or folder of the story; None if it was never saved."""
        return self._work.path

    @property
    def is_dirty(self) -> bool:
        """Whether there are edits since the story was opened or last saved; undoing them all leaves none."""
        return self._work.keeping.is_dirty

    @property
    def undo_label(self) -> str | None:
        """What :meth:`undo` would take back; None: nothing."""
        return self._work.undo_label

    @property
    def redo_label(self) -> str | None:
        """What :meth:`redo` would make again; None: nothing."""
        return self._work.redo_label

    @property
    def autosave(self) -> bool:
        """Whether the file is written by itself, a few seconds after the last edit; ``GAMEBOOK_AUTOSAVE=off`` says no."""
        return self._work.autosave.is_on

    @autosave.setter
    def autosave(self, is_on: bool) -> None:
        self._work.autosave.is_on = is_on

    @property
    def workspace(self) -> Workspace | None:
        """Where every edit is kept; None for a story that has no file yet."""
        return self._work.workspace

    @property
    def checked(self) -> Checked | None:
        """Where the newest check stands; None before the first."""
        return self._checker.last

    @property
    def explored(self) -> Explored | None:
        """What the newest exploration has found so far; None before the first."""
        return self._explorer.last

    @property
    def problems(self) -> pd.DataFrame | None:
        """Newest problems that are known, of checks and exploration; None before the first check."""
        return self._findings.problems

    def together(self, checked: pd.DataFrame, explored: Explored | None) -> pd.DataFrame:
        """Put what checks and exploration found together, worst first; made once for all who ask for the same."""
        return self._findings.together(checked, explored)

    # ---- changing the story

    def apply(
        self,
        edit: Callable[[Story], Story],
        *,
        label: str,
        origin: object = None,
        merge: Hashable = None,
        select: Callable[[Story], int | None] | None = None,
    ) -> Story:
        """Make an edit, remember it for undo, tell everyone.

        Parameters
        ----------
        edit
            Makes the new story of the current one. Runs under the session's lock: no other edit can come between.
        label
            What it was, for the Undo button.
        origin
            Whoever makes it.
        merge
            Mark of typing, for :meth:`History.do`: keystrokes that share it become one step of undo per word.
        select
            Finds in the new story the passage to select, as after adding one.

        Raises
        ------
        EditError
            If the edit cannot be made; nothing has changed then.
        """
        with self._lock:
            old = self.story
            edited = edit(old)
            changed = changed_keys(old, edited)
            history = self._work.history.do(label, edited, merge=merge, changed=changed)
            if history is not self._work.history and history.story is not old:
                self._work.move(history, kind="edit", label=label, origin=origin, select=select, changed=changed)
            new = self.story
        self._changes.deliver()
        return new

    def undo(self, *, origin: object = None) -> None:
        """Take the last edit back, of whatever sitting; nothing happens if there is none.

        Raises
        ------
        EditError
            If what it changed was changed by another kernel since; the edit is passed over.
        WorkspaceError
            If it was made in an earlier sitting, and the workspace cannot be read.
        """
        self._work.step(origin, is_back=True)

    def redo(self, *, origin: object = None) -> None:
        """Make the edit again that was taken back last; nothing happens if there is none.

        Raises
        ------
        EditError, WorkspaceError
            As :meth:`undo`.
        """
        self._work.step(origin, is_back=False)

    def load(self, story: Story, *, origin: object = None) -> None:
        """Work on another story from now on, as after reading the file again.

        What was read from the same file again is an edit, and can be undone; of another story the history begins anew.
        """
        with self._lock:
            old, selected = self.story, self._work.selected
            name = None if selected is None else old.name(selected)
            if self.workspace is not None and story.source is not None and story.source.path == self.path:
                self._work.begin(story, self._work.keeping.reread(self._work.history, story)[0])
            else:
                self._work.begin(story, Keeping.nowhere(story))
            if name is not None and name in story.keys_by_name:  # keys are counted anew in each reading
                self._work.selected = story.key(name)
            self._work.post(old, changed_keys(old, story), kind="load", label="Open story", origin=origin)
        self._changes.deliver()

    # ---- selection

    def select(self, key: int | None, *, span: tuple[int, int] | None = None, origin: object = None) -> None:
        """Select a passage everywhere, and show a stretch of its text.

        Raises
        ------
        UnknownPassageError
            If there is no passage of this key.
        """
        with self._lock:
            found = None if key is None else self.story.key(key)
            if found != self._work.selected or span is not None:
                self._work.selected = found
                self._work.post(self.story, frozenset(), kind="select", label="", origin=origin, span=span)
        self._changes.deliver()

    def lasting_id(self, key: int) -> str | None:
        """What tells a passage in every sitting, however it is called; None as long as nothing was kept."""
        with self._lock:
            return self._work.keeping.lasting_id(key)

    def key_of(self, lasting_id: str) -> int | None:
        """Key of the passage that has this :meth:`lasting_id`; None if it is not there."""
        with self._lock:
            key = self._work.keeping.key_of(lasting_id)
            return key if key is not None and key in self.story.table.index else None

    # ---- the file

    def save(self, path: Path | str | None = None, *, overwrite: bool = False, origin: object = None) -> Path:
        """Write the story to its file, or to another one, which becomes its file.

        Returns
        -------
        Path
            Where it was written.

        Raises
        ------
        ConflictError
            If the file changed on disk since it was read or saved, and ``overwrite`` is not given.
        FormatError
            If the file's format cannot be told or cannot be written, or there is no such folder.
        """
        return self._file.save(path, overwrite=overwrite, origin=origin)

    # ---- the workspace

    def _hear(self, event: Event) -> None:
        """What the workspace has kept, of this kernel or another; called on its thread."""
        if isinstance(event, News):
            self._take_in(event)
        elif isinstance(event, State):
            self._kept.queue(event)
            self._kept.deliver()
            if event.notice is not None:
                self.announce(Notice(event.notice, "info"))
        else:
            self._file.save_if_due()
            self._file.look_if_due()

    def _take_in(self, news: News) -> None:
        self._work.take_in(news)
        for conflict in [conflict for kept in news.kept for conflict in kept.conflicts]:
            self.report(
                Notice(f"{conflict.name!r} was changed by another kernel too; Revisions shows both texts", "info")
            )

    def announce(self, notice: Notice) -> None:
        """Tell the author something that nobody asked for; kept until somebody shows it."""
        self._board.announce(notice)

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until all edits are kept; False if they are not in this time."""
        workspace = self.workspace
        return workspace is None or workspace.flush(timeout)

    @property
    def kept(self) -> State:
        """How many edits wait to be kept, and what is in the way."""
        return State() if self.workspace is None else self.workspace.state
