"""One story being worked on, shared by all the widgets that show it.

Widget callbacks may arrive on more than one thread (ipykernel runs them on subshells), so
every change goes through one lock. Callbacks are called outside of it, in the order of the
changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from gamebook_lab.analysis.answers import Why
from gamebook_lab.errors import GamebookError
from gamebook_lab.story.history import History, changed_keys
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.checker import DEBOUNCE_SECONDS, Checked, Checker
from gamebook_lab.widgets.explorer import PAUSE_SECONDS, Explored, Explorer
from gamebook_lab.widgets.notices import Notice, notice_of
from gamebook_lab.widgets.verdict_rows import combined

ChangeKind = Literal["edit", "undo", "redo", "select", "save", "load"]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a session's story or selection."""

    old: Story
    new: Story
    changed: frozenset[int]
    """Keys of passages that were added, removed, or differ in any column."""
    origin: object
    """Whoever made the change (a widget can ignore its own); None for others."""
    label: str
    """What it was, for the Undo button, such as ``Rename passage``; empty for a selection."""
    selected: int | None
    """Key of the selected passage after the change."""
    span: tuple[int, int] | None = None
    """Characters of the selected passage's text to show, as when a problem was clicked."""
    kind: ChangeKind = "edit"
    """What was done; ``save`` changes no passage, ``load`` is a whole new story."""


class StorySession:
    """Holds the current story, its history, the selection, the file; tells watchers.

    Parameters
    ----------
    story
        What to work on.
    debounce
        Seconds of quiet before problems are computed anew.
    pause
        Seconds of quiet after that before the story is explored anew.
    """

    def __init__(self, story: Story, *, debounce: float = DEBOUNCE_SECONDS, pause: float = PAUSE_SECONDS) -> None:
        self._lock = threading.RLock()
        self._changes: Broadcast[Change] = Broadcast()
        self._notices: Broadcast[Notice] = Broadcast()
        self._checker = Checker(Story.problems, debounce=debounce)
        self._explorer = Explorer(pause=pause)
        self._begin(story)

    def _begin(self, story: Story) -> None:
        self._history = History(story)
        self._selected: int | None = story.start_key
        self._explorer.forget()
        self._checker.want(story)

    # ---- what is

    @property
    def story(self) -> Story:
        """The story as it is now. Immutable: keep it as long as you like."""
        return self._history.story

    @property
    def selected(self) -> int | None:
        """Key of the selected passage."""
        return self._selected

    @property
    def path(self) -> Path | None:
        """File or folder of the story; None if it was never saved."""
        source = self.story.source
        return source.path if source is not None else None

    @property
    def is_dirty(self) -> bool:
        """Whether there are edits since the story was opened or last saved; undoing them all leaves none."""
        return not self._history.is_saved

    @property
    def undo_label(self) -> str | None:
        """What :meth:`undo` would take back; None: nothing."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """What :meth:`redo` would make again; None: nothing."""
        return self._history.redo_label

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
            history = self._history.do(label, edit(old), merge=merge)
            if history is not self._history and history.story is not old:
                self._move(history, kind="edit", label=label, origin=origin, select=select)
            new = self.story
        self._changes.deliver()
        return new

    def undo(self, *, origin: object = None) -> None:
        """Take the last edit back; nothing happens if there is none."""
        with self._lock:
            if (label := self.undo_label) is not None:
                self._move(self._history.undo(), kind="undo", label=label, origin=origin)
        self._changes.deliver()

    def redo(self, *, origin: object = None) -> None:
        """Make the edit again that was taken back last; nothing happens if there is none."""
        with self._lock:
            if (label := self.redo_label) is not None:
                self._move(self._history.redo(), kind="redo", label=label, origin=origin)
        self._changes.deliver()

    def load(self, story: Story, *, origin: object = None) -> None:
        """Work on another story from now on, as after reading the file again; the history begins anew."""
        with self._lock:
            old, selected = self.story, self._selected
            name = None if selected is None else old.name(selected)
            self._begin(story)
            if name is not None and name in story.keys_by_name:  # keys are counted anew in each reading
                self._selected = story.key(name)
            self._post(old, changed_keys(old, story), kind="load", label="Open story", origin=origin)
        self._changes.deliver()

    def _move(
        self,
        history: History,
        *,
        kind: ChangeKind,
        label: str,
        origin: object,
        select: Callable[[Story], int | None] | None = None,
    ) -> None:
        old, self._history = self.story, history
        new = self.story
        changed = changed_keys(old, new)
        if select is not None:
            self._selected = select(new)
        elif kind != "edit" and len(changed) == 1:  # show what was taken back
            self._selected = next(iter(changed))
        if self._selected is not None and self._selected not in new.table.index:
            self._selected = None
        self._checker.want(new)
        self._post(old, changed, kind=kind, label=label, origin=origin)

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
            if found != self._selected or span is not None:
                self._selected = found
                self._post(self.story, frozenset(), kind="select", label="", origin=origin, span=span)
        self._changes.deliver()

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
            If the file's format cannot be told or cannot be written.
        """
        from gamebook_lab.formats import save_story

        with self._lock:  # an edit that came between would be taken for saved
            old = self.story
            saved = save_story(old, Path(path) if path is not None else None, overwrite=overwrite)
            self._history = self._history.saved(saved)
            self._checker.want(self.story)  # lines in the file have moved, and what was wrong in it may be gone
            self._post(old, frozenset(), kind="save", label="Save", origin=origin)
        self._changes.deliver()
        assert saved.source is not None
        assert saved.source.path is not None
        return saved.source.path

    # ---- being told

    def watch(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Have ``callback`` called after every change; returns a function that ends it."""
        return self._changes.watch(callback)

    def watch_checks(self, callback: Callable[[Checked], None]) -> Callable[[], None]:
        """Have ``callback`` told when a check of the story begins, is done, or failed; returns a function that ends it.

        Checks run on a background thread, only while somebody watches. A result that a newer
        story has overtaken is not reported.
        """
        return self._checker.watch(callback)

    def watch_problems(self, callback: Callable[[pd.DataFrame], None]) -> Callable[[], None]:
        """Have ``callback`` given the newest problems table, now if known and after every check and exploration."""

        def tell(what: Checked | Explored) -> None:
            if what.status == "done" and (problems := self.problems) is not None:
                callback(problems)

        ends = [self._checker.watch(tell), self.watch_verdicts(tell)]

        def stop() -> None:
            for end in ends:
                end()

        return stop

    def watch_verdicts(self, callback: Callable[[Explored], None]) -> Callable[[], None]:
        """Have ``callback`` told what exploring the story shows; returns a function that ends it.

        Exploring begins after the checks, on a process of its own, only while somebody watches. Verdicts that a newer
        story has overtaken are not reported.
        """

        def follow(checked: Checked) -> None:
            if checked.status == "checking":
                self._explorer.hold()
            else:
                self._explorer.want(checked.story)

        ends = [self._explorer.watch(callback), self._checker.watch(follow)]

        def stop() -> None:
            for end in reversed(ends):
                end()

        return stop

    def why(self, passage: str, answer: Callable[[Why | None], None]) -> bool:
        """Ask for the reason of the newest verdict on a passage; ``answer`` is called with it, on another thread.

        Returns
        -------
        bool
            False if there is no verdict yet.
        """
        return self._explorer.why(passage, answer)

    def watch_notices(self, callback: Callable[[Notice], None]) -> Callable[[], None]:
        """Have ``callback`` called with what :meth:`report` is told, to show it; returns a function that ends it."""
        return self._notices.watch(callback)

    def report(self, what: GamebookError | OSError | Notice) -> bool:
        """Tell the author what could not be done; returns whether anything shows it."""
        self._notices.queue(what if isinstance(what, Notice) else notice_of(what))
        self._notices.deliver()
        return len(self._notices) > 0

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
        last = self._checker.last
        return combined(last.table, self._explorer.last) if last is not None and last.table is not None else None

    @property
    def n_watchers(self) -> int:
        """Watchers of changes, problems and notices, to show that none is left behind."""
        return len(self._changes) + len(self._checker) + len(self._explorer) + len(self._notices)

    def _post(
        self,
        old: Story,
        changed: frozenset[int],
        *,
        kind: ChangeKind,
        label: str,
        origin: object,
        span: tuple[int, int] | None = None,
    ) -> None:
        self._changes.queue(Change(old, self.story, changed, origin, label, self._selected, span, kind))
