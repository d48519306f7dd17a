"""One story being worked on, shared by all the widgets that show it.

Widget callbacks may arrive on more than one thread (ipykernel runs them on subshells), so
every change goes through one lock. Callbacks are called outside of it, in the order of the
changes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal
from weakref import finalize

import pandas as pd

from gamebook_lab.analysis.answers import Why
from gamebook_lab.errors import ConflictError, EditError, GamebookError, WorkspaceError
from gamebook_lab.store.edit import new_number
from gamebook_lab.store.merge import Choice, Conflict, MergeResult
from gamebook_lab.store.rows import Rows, name_of
from gamebook_lab.store.workspace import Event, News, State, Workspace, await_closing
from gamebook_lab.story.history import History, changed_keys
from gamebook_lab.story.story import Story
from gamebook_lab.telemetry import metrics
from gamebook_lab.widgets.autosave import Autosave
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.change import Change, ChangeKind
from gamebook_lab.widgets.checker import DEBOUNCE_SECONDS, Checked
from gamebook_lab.widgets.explorer import PAUSE_SECONDS, Explored
from gamebook_lab.widgets.findings import Findings
from gamebook_lab.widgets.keeping import Keeping, open_keeping
from gamebook_lab.widgets.notice_board import NoticeBoard
from gamebook_lab.widgets.notices import Notice, notice_of

__all__ = ["Change", "StorySession"]

MEETING_SECONDS: Final = 0.5
"""How long a save waits for another kernel to say that it was its save that has changed the file."""


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
    keeping
        Where every edit is kept; nowhere without. See :meth:`open`.
    """

    def __init__(
        self,
        story: Story,
        *,
        debounce: float = DEBOUNCE_SECONDS,
        pause: float = PAUSE_SECONDS,
        keeping: Keeping | None = None,
    ) -> None:
        self._lock = threading.RLock()
        self._saving = threading.Lock()
        self._changes: Broadcast[Change] = Broadcast()
        self._board = NoticeBoard()
        self._findings = Findings(debounce=debounce, pause=pause)
        self._checker, self._explorer = self._findings.checker, self._findings.explorer
        self._kept: Broadcast[State] = Broadcast()
        self._autosave = Autosave()
        self._is_writing = False
        self._begin(story, keeping or Keeping.nowhere(story))

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

    def _begin(self, story: Story, keeping: Keeping) -> None:
        self._keeping = keeping
        self._follow(keeping)
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
        return self._keeping.is_dirty

    @property
    def undo_label(self) -> str | None:
        """What :meth:`undo` would take back; None: nothing."""
        return self._history.undo_label or self._keeping.undo_label

    @property
    def redo_label(self) -> str | None:
        """What :meth:`redo` would make again; None: nothing."""
        return self._history.redo_label or self._keeping.redo_label

    def rows(self) -> Rows:
        """The whole story as its workspace would hold it, by uid."""
        with self._lock:
            return self._keeping.rows_of(self.story)

    def uid(self, passage: str | int) -> int | None:
        """Number of a passage in the workspace, by name or key; None if it has none yet."""
        return self._keeping.binding.uid(self.story.key(passage))

    @property
    def autosave(self) -> bool:
        """Whether the file is written by itself, a few seconds after the last edit; ``GAMEBOOK_AUTOSAVE=off`` says no."""
        return self._autosave.is_on

    @autosave.setter
    def autosave(self, is_on: bool) -> None:
        self._autosave.is_on = is_on

    @property
    def workspace(self) -> Workspace | None:
        """Where every edit is kept; None for a story that has no file yet."""
        return self._keeping.workspace

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
            history = self._history.do(label, edited, merge=merge, changed=changed)
            if history is not self._history and history.story is not old:
                self._move(history, kind="edit", label=label, origin=origin, select=select, changed=changed)
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
        self._step(origin, is_back=True)

    def redo(self, *, origin: object = None) -> None:
        """Make the edit again that was taken back last; nothing happens if there is none.

        Raises
        ------
        EditError, WorkspaceError
            As :meth:`undo`.
        """
        self._step(origin, is_back=False)

    def _step(self, origin: object, *, is_back: bool) -> None:
        fetched = None
        if (self._history.last if is_back else self._history.next) is None:
            fetched = self._keeping.fetch(is_back=is_back)  # waits for the workspace, which may wait for the lock
        with self._lock:
            step = self._history.last if is_back else self._history.next
            label = self.undo_label if is_back else self.redo_label
            if label is None or (step is None and fetched is None):
                return
            try:
                if step is not None:
                    history = self._history.undo() if is_back else self._history.redo()
                else:
                    assert fetched is not None
                    history = (self._keeping.undo if is_back else self._keeping.redo)(self._history, fetched)
            except EditError:
                if step is not None:
                    self._history = self._history.without_last() if is_back else self._history.without_next()
                raise
            number = step.number if step is not None else fetched.step.number if fetched is not None else None
            self._move(history, kind="undo" if is_back else "redo", label=label, origin=origin, target=number)
        self._changes.deliver()

    def load(self, story: Story, *, origin: object = None) -> None:
        """Work on another story from now on, as after reading the file again.

        What was read from the same file again is an edit, and can be undone; of another story the history begins anew.
        """
        with self._lock:
            old, selected = self.story, self._selected
            name = None if selected is None else old.name(selected)
            if self.workspace is not None and story.source is not None and story.source.path == self.path:
                self._begin(story, self._keeping.reread(self._history, story)[0])
            else:
                self._begin(story, Keeping.nowhere(story))
            if name is not None and name in story.keys_by_name:  # keys are counted anew in each reading
                self._selected = story.key(name)
            self._post(old, changed_keys(old, story), kind="load", label="Open story", origin=origin)
        self._changes.deliver()

    def _move(
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
        old, self._history = self.story, history
        new = self.story
        changed = changed_keys(old, new) if changed is None else changed
        number = history.last.number if kind == "edit" and history.last is not None else new_number()
        self._keeping.note(old, new, changed, kind=kind, label=label, number=number, target=target)
        self._autosave.edited()
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
        self._catch_up()
        if path is not None:
            await_closing(Path(path))
        try:
            written = self._save(path, overwrite=overwrite, origin=origin)
        except ConflictError:
            if not self._was_another_kernel():
                raise
            written = self._save(path, overwrite=overwrite, origin=origin)
        metrics.counter("saves_total", how="asked").add()
        self._changes.deliver()
        return written

    def _save(self, path: Path | str | None, *, overwrite: bool, origin: object) -> Path:
        from gamebook_lab.formats import save_story

        with metrics.timer("save_seconds").time(), self._saving, self._lock:  # an edit between would be taken for saved
            old = self.story
            saved = save_story(old, Path(path) if path is not None else None, overwrite=overwrite)
            assert saved.source is not None
            assert saved.source.path is not None
            if saved.source.path != self.path:
                self._follow(self._keeping.moved(saved))
            self._history = self._history.saved(saved)
            self._keeping.saved(old, saved, new_number())
            self._autosave.written()
            self._checker.want(self.story)  # lines in the file have moved, and what was wrong in it may be gone
            self._post(old, frozenset(), kind="save", label="Save", origin=origin)
        return saved.source.path

    def _catch_up(self) -> None:
        """Hear of what other kernels have written to the file, so that it is not taken for somebody else's change."""
        workspace = self.workspace
        if workspace is not None and workspace.exists_or_waits:
            with suppress(WorkspaceError):
                workspace.run(lambda _: None)

    def _was_another_kernel(self) -> bool:
        """Whether what the file holds was written by another kernel, which says so a moment after it has written."""
        from gamebook_lab.formats import is_unchanged

        workspace = self.workspace
        if workspace is None or not workspace.exists_or_waits:
            return False
        deadline = time.monotonic() + MEETING_SECONDS
        while True:
            self._catch_up()
            if is_unchanged(self.story):  # as that kernel has told the workspace
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(MEETING_SECONDS / 20)

    def _save_quietly(self) -> None:
        """Write the story to its file while the author goes on; on a thread of its own."""
        try:
            try:
                self._save_behind()
            except ConflictError:
                if not self._was_another_kernel():
                    raise
                self._save_behind()
            metrics.counter("saves_total", how="autosave").add()
        except (GamebookError, OSError) as error:
            self._autosave.failed()
            self.announce(notice_of(error))
        finally:
            self._is_writing = False
        self._changes.deliver()

    def _save_behind(self) -> None:
        from gamebook_lab.formats import save_story

        with metrics.timer("save_seconds").time(), self._saving:
            old = self.story
            saved = save_story(old)
            with self._lock:
                now = self.story
                if now is old:
                    self._history = self._history.saved(saved)
                    self._autosave.written()
                else:
                    self._history = self._history.followed(now.with_source(saved.source))
                self._keeping.saved(old, saved, new_number(), now=now if now is not old else None)
                self._checker.want(self.story)
                self._post(now, frozenset(), kind="save", label="Save", origin=None)

    # ---- the workspace

    def _follow(self, keeping: Keeping) -> None:
        """Keep from now on there."""
        is_new = keeping.workspace is not None and keeping.workspace is not getattr(self, "_closes", None)
        self._keeping = keeping
        keeping.follow(self._hear)
        if is_new and keeping.workspace is not None:
            self._closes = keeping.workspace
            finalize(self, keeping.workspace.close, wait=False).atexit = False  # a workspace sees to that itself

    def _hear(self, event: Event) -> None:
        """What the workspace has kept, of this kernel or another; called on its thread."""
        if isinstance(event, News):
            self._take_in(event)
        elif isinstance(event, State):
            self._kept.queue(event)
            self._kept.deliver()
            if event.notice is not None:
                self.announce(Notice(event.notice, "info"))
        elif self._autosave.is_due and self.is_dirty and self.path is not None and not self._is_writing:
            self._is_writing = True
            threading.Thread(target=self._save_quietly, name="gamebook-autosave", daemon=True).start()

    def _take_in(self, news: News) -> None:
        with self._lock:
            old = self.story
            new = self._keeping.adopted(news, old)
            if news.document is not None:
                new = self._keeping.written_elsewhere(news.document, new)
            if new is not old:
                self._history = self._history.followed(new)
                changed = changed_keys(old, new)
                self._keeping.compare(new, changed)
                if self._selected not in new.table.index:
                    self._selected = None
                self._checker.want(new)
                self._post(old, changed, kind="elsewhere", label="", origin=None)
        self._changes.deliver()
        for conflict in [conflict for kept in news.kept for conflict in kept.conflicts]:
            self.report(
                Notice(f"{conflict.name!r} was changed by another kernel too; Revisions shows both texts", "info")
            )

    def outside(self) -> MergeResult | None:
        """Compare the story with its file: what a merge of both would come to; None if the file was not changed outside.

        Raises
        ------
        FormatError, LimitError
            If the file can no longer be read.
        """
        from gamebook_lab.formats import is_unchanged, read_again

        self._catch_up()
        if self.path is None or is_unchanged(self.story):
            return None
        read = read_again(self.story)
        with self._lock:
            return self._keeping.outside(self.story, read)[0]

    def merge(self, choices: Mapping[int, Choice] | None = None, *, origin: object = None) -> None:
        """Put together this story and its file, which was changed outside; the file is not written by it.

        Parameters
        ----------
        choices
            How each conflict of :meth:`outside` is settled, by uid: ``ours``, ``theirs`` or ``both``.
        origin
            Whoever asks for it.

        Raises
        ------
        ConflictError
            If a conflict is not settled, such as one that has come since.
        FormatError, LimitError
            If the file can no longer be read.
        """
        from gamebook_lab.formats import read_again

        if self.path is None or self.workspace is None:
            return
        read = read_again(self.story)
        with self._lock:
            old, selected = self.story, self._selected
            uid = None if selected is None else self._keeping.binding.uid(selected)
            try:
                keeping, story = self._keeping.reread(self._history, read, choices=choices or {})
            except KeyError as error:
                raise ConflictError("both sides changed a passage; say for each which text is to stay") from error
            self._begin(story, keeping)
            found = None if uid is None else keeping.binding.key(uid)
            if found is not None and found in story.table.index:
                self._selected = found
            self._autosave.edited()
            self._post(old, changed_keys(old, story), kind="load", label="Merge with the file", origin=origin)
        self._changes.deliver()

    def settle(self, conflict: Conflict, choice: Choice, *, origin: object = None) -> None:
        """End a conflict with another kernel: leave theirs, put ours there, or ours below theirs.

        That is an edit like others, and can be undone; what the conflict held stays in the workspace.

        Raises
        ------
        WorkspaceError
            If the workspace cannot be written.
        """
        workspace = self.workspace
        if workspace is None or conflict.id is None:
            return
        now = self._keeping.rows_of(self.story, [conflict.uid]).get(conflict.uid)
        row = replace(conflict, theirs=now).settled(choice)
        if row != now:
            self.apply(
                lambda story: self._keeping.binding.adopted(story, {conflict.uid: row}),
                label="Settle conflict", origin=origin,
            )  # fmt: skip
        workspace.settle(conflict.id)

    def restore(
        self, revision: int | str, passages: Sequence[str | int] | None = None, *, origin: object = None
    ) -> Story:
        """Bring an earlier revision back, whole or in some passages; that is an edit like others, and can be undone.

        Parameters
        ----------
        revision
            Number or name of the revision, or name of a backup; 0 is the story as it was first opened.
        passages
            Names as they were then, or uids as the tables of revisions have them; the whole story without.
        origin
            Whoever asks for it.

        Raises
        ------
        WorkspaceError
            If there is no such revision, or it had no such passage.
        """
        workspace = self.workspace
        if workspace is None:
            raise WorkspaceError("this story has no file yet, so nothing was kept of it; save it first")
        rows = workspace.rows_of(revision)
        chosen: set[int] | None = None
        if passages is not None:
            uids = {name_of(row): uid for uid, row in rows.items()}
            chosen = {uids.get(each, -1) if isinstance(each, str) else each for each in passages}
            if unknown := [each for each in passages if isinstance(each, str) and each not in uids]:
                raise WorkspaceError(f"revision {revision} has no passage {unknown[0]!r}; diff(...) lists what it has")

        def put_back(story: Story) -> Story:
            now = self._keeping.rows_of(story)
            wanted = set(rows) | set(now) if chosen is None else chosen
            differing = {uid: rows.get(uid) for uid in wanted if rows.get(uid) != now.get(uid)}
            return self._keeping.binding.adopted(story, differing)

        return self.apply(
            put_back, label=f"Restore {'revision ' if isinstance(revision, int) else ''}{revision}", origin=origin
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

    # ---- being told

    def watch_kept(self, callback: Callable[[State], None]) -> Callable[[], None]:
        """Have ``callback`` told when edits are kept, or cannot be; returns a function that ends it."""
        return self._kept.watch(callback)

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
        return self._findings.watch_problems(callback)

    def watch_verdicts(self, callback: Callable[[Explored], None]) -> Callable[[], None]:
        """Have ``callback`` told what exploring the story shows; returns a function that ends it.

        Exploring begins after the checks, on a process of its own, only while somebody watches. Verdicts that a newer
        story has overtaken are not reported.
        """
        return self._findings.watch_verdicts(callback)

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
        return self._board.watch(callback)

    def report(self, what: GamebookError | OSError | Notice) -> bool:
        """Tell the author what could not be done; returns whether anything shows it."""
        return self._board.report(what)

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

    @property
    def n_watchers(self) -> int:
        """Watchers of changes, problems and notices, to show that none is left behind."""
        return len(self._changes) + len(self._findings) + len(self._board) + len(self._kept)

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
        if kind not in {"save", "select"}:
            metrics.counter("edits_total", kind=kind).add()
        self._changes.queue(Change(old, self.story, changed, origin, label, self._selected, span, kind))
