"""The work on one story: its history, the selection, where it is kept; every way in which the story changes.

What is changed is changed under one lock, and told of outside of it, in the order of the changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from weakref import WeakMethod, finalize

from gamebook_lab.errors import EditError
from gamebook_lab.store.edit import new_number
from gamebook_lab.store.workspace import Event, News, Workspace
from gamebook_lab.story.history import History, changed_keys
from gamebook_lab.story.story import Story
from gamebook_lab.telemetry import metrics
from gamebook_lab.widgets.autosave import Autosave
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.change import Change, ChangeKind
from gamebook_lab.widgets.findings import Findings
from gamebook_lab.widgets.keeping import Keeping

__all__ = ["Work"]


class Work:
    """What the parts of a session share; :meth:`begin` comes before all else.

    Parameters
    ----------
    findings
        Told of each new story.
    listener
        Method that hears what the workspace tells; held weakly.
    """

    history: History
    keeping: Keeping
    selected: int | None
    """Key of the selected passage."""

    def __init__(self, findings: Findings, listener: Callable[[Event], None]) -> None:
        self.lock = threading.RLock()
        self.changes: Broadcast[Change] = Broadcast()
        self.findings = findings
        self.autosave = Autosave()
        self._listener = WeakMethod(listener)
        self._closes: Workspace | None = None
        self._selections: dict[int, tuple[int | None, int | None]] = {}
        """What was selected before and after each step that selects something else, such as a new passage, by its number."""

    def begin(self, story: Story, keeping: Keeping) -> None:
        """Work on this story from now on."""
        self.history = History(story)
        self.selected = story.start_key
        self._selections.clear()  # keys are counted anew in each reading
        self.follow(keeping)
        self.findings.explorer.forget()
        self.findings.checker.want(story)

    def follow(self, keeping: Keeping) -> None:
        """Keep from now on there."""
        self.keeping, workspace = keeping, keeping.workspace
        listener = self._listener()
        assert listener is not None
        keeping.follow(listener)
        if workspace is not None and workspace is not self._closes:
            self._closes = workspace
            finalize(self, workspace.close, wait=False).atexit = False  # a workspace sees to that itself

    @property
    def story(self) -> Story:
        """The story as it is now."""
        return self.history.story

    @property
    def path(self) -> Path | None:
        """File or folder of the story; None if it was never saved."""
        source = self.story.source
        return source.path if source is not None else None

    @property
    def workspace(self) -> Workspace | None:
        """Where every edit is kept; None for a story that has no file yet."""
        return self.keeping.workspace

    @property
    def undo_label(self) -> str | None:
        """What an undo would take back; None: nothing."""
        return self.history.undo_label or self.keeping.undo_label

    @property
    def redo_label(self) -> str | None:
        """What a redo would make again; None: nothing."""
        return self.history.redo_label or self.keeping.redo_label

    def move(
        self,
        history: History,
        *,
        kind: Literal["edit", "undo", "redo"],
        label: str,
        origin: object,
        select: Callable[[Story], int | None] | None = None,
        target: int | None = None,
        changed: frozenset[int] | None = None,
    ) -> None:
        """Go to the story of another history, under the lock: have it kept and checked, and tell of it."""
        old, self.history = self.story, history
        new = self.story
        changed = changed_keys(old, new) if changed is None else changed
        number = history.last.number if kind == "edit" and history.last is not None else new_number()
        self.keeping.note(old, new, changed, kind=kind, label=label, number=number, target=target)
        self.autosave.edited()
        if select is not None:
            self._selections[number] = self.selected, select(new)
            self.selected = self._selections[number][1]
        elif target in self._selections:
            self.selected = self._selections[target][kind == "redo"]
        elif kind != "edit" and len(changed) == 1:  # show what was taken back
            self.selected = next(iter(changed))
        if self.selected is not None and self.selected not in new.table.index:
            self.selected = new.start_key if kind == "undo" else None
        self.findings.checker.want(new)
        self.post(old, changed, kind=kind, label=label, origin=origin)

    def step(self, origin: object, *, is_back: bool) -> None:
        """Undo, or make again, what was done last."""
        fetched = None
        if (self.history.last if is_back else self.history.next) is None:
            fetched = self.keeping.fetch(is_back=is_back)  # waits for the workspace, which may wait for the lock
        with self.lock:
            step = self.history.last if is_back else self.history.next
            label = self.undo_label if is_back else self.redo_label
            if label is None or (step is None and fetched is None):
                return
            try:
                if step is not None:
                    history = self.history.undo() if is_back else self.history.redo()
                else:
                    assert fetched is not None
                    history = (self.keeping.undo if is_back else self.keeping.redo)(self.history, fetched)
            except EditError:
                if step is not None:
                    self.history = self.history.without_last() if is_back else self.history.without_next()
                raise
            number = step.number if step is not None else fetched.step.number if fetched is not None else None
            self.move(history, kind="undo" if is_back else "redo", label=label, origin=origin, target=number)
        self.changes.deliver()

    def take_in(self, news: News) -> None:
        """Go on with what the workspace holds now, of this kernel or another."""
        with self.lock:
            old = self.story
            new = self.keeping.adopted(news, old)
            if news.document is not None:
                new = self.keeping.written_elsewhere(news.document, new)
            if new is not old:
                self.history = self.history.followed(new)
                changed = changed_keys(old, new)
                self.keeping.compare(new, changed)
                if self.selected not in new.table.index:
                    self.selected = None
                self.findings.checker.want(new)
                self.post(old, changed, kind="elsewhere", label="", origin=None)
        self.changes.deliver()

    def post(
        self,
        old: Story,
        changed: frozenset[int],
        *,
        kind: ChangeKind,
        label: str,
        origin: object,
        span: tuple[int, int] | None = None,
    ) -> None:
        """Queue word of a change; whoever has let go of the lock delivers it."""
        if kind not in {"save", "select"}:
            metrics.counter("edits_total", kind=kind).add()
        self.changes.queue(Change(old, self.story, changed, origin, label, self.selected, span, kind))
