"""One story being worked on, shared by all the widgets that show it.

Widget callbacks may arrive on more than one thread (ipykernel runs them on subshells), so
every change goes through one lock. Callbacks are called outside of it, in the order of the
changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from gamebook_lab.story.story import Story
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.changed import changed_keys
from gamebook_lab.widgets.checker import DEBOUNCE_SECONDS, Checked, Checker

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


@dataclass(frozen=True, slots=True)
class Step:
    """A story, and what made it from the one before."""

    label: str
    story: Story
    merge: Hashable = None


class StorySession:
    """Holds the current story, its history, the selection, the file; tells watchers.

    Parameters
    ----------
    story
        What to work on.
    debounce
        Seconds of quiet before problems are computed anew.
    """

    def __init__(self, story: Story, *, debounce: float = DEBOUNCE_SECONDS) -> None:
        self._lock = threading.RLock()
        self._saving = threading.Lock()
        self._changes: Broadcast[Change] = Broadcast()
        self._checker = Checker(Story.problems, debounce=debounce)
        self._begin(story)

    def _begin(self, story: Story) -> None:
        self._past: list[Step] = []
        self._future: list[Step] = []
        self._now = Step("", story)
        self._saved = story
        self._unsaved: frozenset[int] = frozenset()
        self._selected: int | None = story.start_key
        self._checker.want(story)

    # ---- what is

    @property
    def story(self) -> Story:
        """The story as it is now. Immutable: keep it as long as you like."""
        return self._now.story

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
        """Whether the story differs from what was last opened or saved."""
        with self._lock:
            now, saved = self.story, self._saved
            return bool(
                self._unsaved
                or (now.metadata is not saved.metadata and now.metadata != saved.metadata)
                or not now.table.index.equals(saved.table.index)
            )

    @property
    def undo_label(self) -> str | None:
        """What :meth:`undo` would take back; None: nothing."""
        with self._lock:
            return self._now.label if self._past else None

    @property
    def redo_label(self) -> str | None:
        """What :meth:`redo` would make again; None: nothing."""
        with self._lock:
            return self._future[-1].label if self._future else None

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
            An edit with the same ``merge`` as the one just before (not None) becomes one step of undo with it, as the
            keystrokes of a sentence do.
        select
            Finds in the new story the passage to select, as after adding one.

        Raises
        ------
        EditError
            If the edit cannot be made; nothing has changed then.
        """
        with self._lock:
            step = Step(label, self._with_source(edit(self.story)), merge)
            if step.story is not self.story:
                if not (self._past and merge is not None and merge == self._now.merge):
                    self._past.append(self._now)
                self._future.clear()
                self._move(step, kind="edit", label=label, origin=origin, select=select)
            new = step.story
        self._changes.deliver()
        return new

    def undo(self, *, origin: object = None) -> None:
        """Take the last edit back; nothing happens if there is none."""
        with self._lock:
            if self._past:
                label = self._now.label
                self._future.append(self._now)
                self._move(self._past.pop(), kind="undo", label=label, origin=origin)
        self._changes.deliver()

    def redo(self, *, origin: object = None) -> None:
        """Make the edit again that was taken back last; nothing happens if there is none."""
        with self._lock:
            if self._future:
                self._past.append(self._now)
                step = self._future.pop()
                self._move(step, kind="redo", label=step.label, origin=origin)
        self._changes.deliver()

    def load(self, story: Story, *, origin: object = None) -> None:
        """Work on another story from now on, as after reading the file again; the history begins anew."""
        with self._lock:
            old, selected = self.story, self._selected
            self._begin(story)
            if selected is not None and selected in story.table.index:
                self._selected = selected
            self._post(old, changed_keys(old.table, story.table), kind="load", label="Open story", origin=origin)
        self._changes.deliver()

    def _with_source(self, story: Story) -> Story:
        """Give a story the newest knowledge of its file: an older one would look like a conflict when saving."""
        return story if story.source is self.story.source else replace(story, source=self.story.source)

    def _move(
        self,
        step: Step,
        *,
        kind: ChangeKind,
        label: str,
        origin: object,
        select: Callable[[Story], int | None] | None = None,
    ) -> None:
        old = self.story
        self._now = replace(step, story=self._with_source(step.story))
        new = self.story
        changed = changed_keys(old.table, new.table)
        self._unsaved = _still_unsaved(self._unsaved | changed, self._saved, new)
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

        with self._saving:
            wanted = self.story
            saved = save_story(wanted, Path(path) if path is not None else None, overwrite=overwrite)
            with self._lock:
                old = self.story
                self._now = replace(self._now, story=replace(old, source=saved.source))
                self._saved = wanted
                self._unsaved = _still_unsaved(changed_keys(wanted.table, old.table), wanted, old)
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
        """Have ``callback`` given the newest problems table, now if known and after every check."""

        def tell(checked: Checked) -> None:
            if checked.status == "done" and checked.table is not None:
                callback(checked.table)

        return self._checker.watch(tell)

    @property
    def problems(self) -> pd.DataFrame | None:
        """Newest problems table that was computed; None before the first."""
        last = self._checker.last
        return last.table if last is not None else None

    @property
    def n_watchers(self) -> int:
        """Watchers of changes and of problems, to show that none is left behind."""
        return len(self._changes) + len(self._checker)

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


def _still_unsaved(keys: frozenset[int], saved: Story, now: Story) -> frozenset[int]:
    """Keys among these whose passages differ between the saved story and this one."""
    wanted = list(keys)
    return changed_keys(
        saved.table.loc[saved.table.index.isin(wanted)],
        now.table.loc[now.table.index.isin(wanted)],
    )
