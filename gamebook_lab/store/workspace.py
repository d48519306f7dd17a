"""The workspace of one story in one process: keeps edits on a thread of its own, and hears of other processes' edits.

Edits are queued in the order in which they were made, and committed together with whatever else waits (group commit), so
that typing waits for no disk. Only what is committed is called kept. What cannot be kept now (a full disk, say) stays
in the queue and is tried again, and whoever listens is told.
"""

from __future__ import annotations

import atexit
import contextlib
import getpass
import logging
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, Self, TypeVar
from weakref import WeakMethod, WeakSet

from gamebook_lab.errors import NothingKeptError, WorkspaceError
from gamebook_lab.store.backing_up import BackingUp
from gamebook_lab.store.backups import Backup, make_backup
from gamebook_lab.store.database import FILE_ERRORS, copy_file
from gamebook_lab.store.edit import Edit, Seed
from gamebook_lab.store.events import Contents, Event, News, State, Tick
from gamebook_lab.store.held_file import HeldFile
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.places import Place, elsewhere, place_of
from gamebook_lab.store.questions import Questions
from gamebook_lab.store.rescue import make_sound
from gamebook_lab.store.trouble import cause_of, in_words
from gamebook_lab.telemetry import metrics

__all__ = ["Contents", "Event", "News", "State", "Tick", "Workspace", "await_closing"]

POLL_SECONDS: Final = 0.25
"""Between two looks at what other processes have kept; a look costs 2 microseconds."""
RETRY_SECONDS: Final = 1.0
"""Between two attempts to keep what could not be kept."""

T = TypeVar("T")
_log: Final = logging.getLogger(__name__)
_open: Final[WeakSet[Workspace]] = WeakSet()


def author() -> str:
    """Name under which this person's edits are kept: ``GAMEBOOK_AUTHOR``, else the login."""
    try:
        return os.environ.get("GAMEBOOK_AUTHOR") or os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "somebody"


class Workspace(Questions):
    """Everything that is kept of one story beside its file.

    Nothing is written before the first edit. The folder is hidden, beside the file (``.lighthouse.twee.gamebook/``), or inside the
    folder that the story is (``.gamebook/``); where that cannot be written, in the user's state folder.

    Parameters
    ----------
    document
        File or folder of the story.
    index
        Which story of an archive that holds several.
    place
        Where the workspace is; found without.
    poll_seconds
        Between two looks at what other processes have kept.
    vfs
        SQLite's way to the file system, for tests.
    """

    def __init__(
        self,
        document: Path,
        index: int = 0,
        *,
        place: Place | None = None,
        poll_seconds: float = POLL_SECONDS,
        vfs: str | None = None,
    ) -> None:
        self.document, self.index = document.resolve(), index
        self.who, self.session = author(), secrets.token_hex(4)
        self._file = HeldFile(
            self.document,
            index,
            place or place_of(self.document, index),
            who=self.who,
            session=self.session,
            say=self._say,
            vfs=vfs,
        )
        self._poll_seconds = poll_seconds
        self._wake = threading.Condition()
        self._queue: deque[Edit] = deque()
        self._calls: deque[tuple[Callable[[Journal], Any], Future[Any]]] = deque()
        self._listener: WeakMethod[Callable[[Event], None]] | None = None
        self._state = State()
        self._cause: str | None = None
        self._is_closing = False
        self._is_over = False
        """Nobody answers any more."""
        self._thread: threading.Thread | None = None
        self.said: list[str] = []
        """What was done on opening, for the author to know."""
        self._backing_up = BackingUp(lambda: self.place, self._say_in_passing)

    @classmethod
    def open(cls, document: Path | str, index: int = 0) -> Self:
        """Find the workspace of a story's file or folder, look whether it is sound, and begin to work with it.

        Raises
        ------
        WorkspaceError
            If it is of a later version of this program, or no workspace at all.
        """
        workspace = cls(Path(document), index)
        await_closing(workspace.document, index)
        if (said := make_sound(workspace.place)) is not None:
            workspace.said.append(said)
        workspace.start()
        return workspace

    def start(self) -> None:
        """Begin the thread."""
        self._thread = threading.Thread(target=self._work, name="gamebook-workspace", daemon=True)
        self._thread.start()
        _open.add(self)

    # ---- keeping

    def listen(self, listener: Callable[[Event], None], seed: Callable[[], Seed]) -> None:
        """Have a method called with what happens, on the workspace's thread; it is held weakly.

        Parameters
        ----------
        listener
            A bound method.
        seed
            Gives what a new workspace begins with; called once, before the first edit is kept.
        """
        with self._wake:
            self._listener, self._file.seed = WeakMethod(listener), seed

    def keep(self, edit: Edit) -> None:
        """Queue an edit; :class:`News` tells when it is kept. Returns at once."""
        with self._wake:
            if self._is_closing:
                raise WorkspaceError("the workspace was closed")
            self._queue.append(edit)
            self._state = State(len(self._queue), self._state.trouble)
            self._wake.notify_all()

    @property
    def state(self) -> State:
        """How many edits wait, and why."""
        return self._state

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until all edits so far are kept; False if they are not in this time."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._queue, timeout)

    def leave(self) -> None:
        """Close it without waiting; nobody is told of what comes of it."""
        with self._wake:
            self._listener = None
        self.close(wait=False)

    def close(self, *, wait: bool = True, timeout: float = 30.0) -> None:
        """Keep what waits, and end the thread.

        Parameters
        ----------
        wait
            Whether to return only then.
        timeout
            Seconds to wait at most. What cannot be kept by then is lost with the process; the log tells.
        """
        with self._wake:
            self._is_closing = True
            self._wake.notify_all()
        if wait and self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    @property
    def is_closing(self) -> bool:
        """Whether it takes no more edits."""
        return self._is_closing

    # ---- reading

    @property
    def place(self) -> Place:
        """Where it is, or would be made."""
        return self._file.place

    @property
    def _journal(self) -> Journal | None:
        return self._file.journal

    @property
    def exists_or_waits(self) -> bool:
        """Whether anything was ever kept, or waits to be."""
        return bool(self._queue) or self.exists

    def run(self, what: Callable[[Journal], T], *, timeout: float = 60.0) -> T:
        """Do something with the journal on the workspace's thread, after all edits so far are kept.

        Raises
        ------
        WorkspaceError
            If nothing was kept yet, or the workspace cannot be read.
        """
        if self._thread is threading.current_thread():  # asked by a listener
            journal = self._file.ready()
            if journal is None:
                raise NothingKeptError("nothing was kept of this story yet")
            return what(journal)
        future: Future[T] = Future()
        with self._wake:
            if self._thread is None or self._is_over:
                raise WorkspaceError("the workspace was closed")
            self._calls.append((what, future))
            self._wake.notify_all()
        try:
            return future.result(timeout)
        except TimeoutError as error:
            raise WorkspaceError("the workspace does not answer; is its disk reachable?") from error
        except FILE_ERRORS as error:
            raise WorkspaceError(f"the workspace cannot be read: {in_words(error)}") from error

    def soon(self, what: Callable[[], object]) -> None:
        """Have something done on the workspace's thread, after all edits so far are kept, without waiting for it.

        For whoever holds a lock that the workspace's listeners take as well, and so must not wait for :meth:`run`. Nothing is
        done if nothing was kept yet.
        """

        def act(_: Journal) -> None:
            try:
                what()
            except Exception:  # noqa: BLE001 -- nobody waits for it; the log has it
                _log.exception("a workspace's caller failed")

        with self._wake:
            self._calls.append((act, Future()))
            self._wake.notify_all()

    def copy_to(self, document: Path, index: int = 0) -> Workspace:
        """Give another document all that is kept of this one, as when a story is saved under another name.

        A workspace that the document has already is kept aside.

        Raises
        ------
        OSError, apsw.Error
            If it cannot be written.
        """
        other = Workspace(document, index)
        other.place.set_aside()
        if self.exists:
            with contextlib.suppress(OSError):
                other.place.make()
            if not other.place.folder.is_dir():
                other._file.place = elsewhere(other.document, index)
                other.place.make()
            copy_file(self.place.file, other.place.file)
            other._file.origin = self._file.origin
        return other

    def backup(self) -> Backup:
        """Make a backup now, and let it count once its drill has passed; gives the newest one if nothing changed since.

        Raises
        ------
        WorkspaceError
            If nothing was kept yet, or the copy is not what it was copied from.
        """
        self.run(lambda _: None)
        try:
            return make_backup(self.place)
        except FILE_ERRORS as error:
            raise WorkspaceError(f"the backup cannot be written: {in_words(error)}") from error

    # ---- the thread

    def _work(self) -> None:
        is_failing = False
        while True:
            with self._wake:
                if is_failing:
                    self._wake.wait(RETRY_SECONDS)
                elif not (self._queue or self._calls or self._is_closing):
                    self._wake.wait(self._poll_seconds)
                batch = tuple(self._queue)
                calls = tuple(self._calls)
                self._calls.clear()
                is_last = self._is_closing
            try:
                self._keep_all(batch)
                self._look()
                is_failing = False
            except (*FILE_ERRORS, WorkspaceError) as error:
                is_failing = True
                self._fail(error)
            for what, future in calls:
                self._answer(what, future)
            self._backing_up.look(self._journal)
            self._tell(Tick())
            if is_last and (is_failing or not self._queue):
                break
        if self._queue:
            _log.error("%d edits could not be kept", len(self._queue), extra={"cause": self._cause})
        self._turn_away()
        self._end()

    def _turn_away(self) -> None:
        """Let go of whoever still waits for an answer, and of all who would: the last backup takes a while."""
        with self._wake:
            self._is_over = True
            calls = tuple(self._calls)
            self._calls.clear()
        for _, future in calls:
            future.set_exception(WorkspaceError("the workspace was closed"))

    def _answer(self, what: Callable[[Journal], Any], future: Future[Any]) -> None:
        try:
            journal = self._file.ready()
            if journal is None:
                raise NothingKeptError("nothing was kept of this story yet")  # noqa: TRY301 -- to whoever asked
            future.set_result(what(journal))
        except BaseException as error:  # noqa: BLE001 -- to whoever asked
            future.set_exception(error)

    def _keep_all(self, batch: tuple[Edit, ...]) -> None:
        if not batch:
            return
        begun = time.perf_counter()
        kept = self._file.commit(batch)
        metrics.timer("keep_seconds").observe(time.perf_counter() - begun)
        metrics.counter("edits_kept_total").add(len(batch))
        self._backing_up.count(len(batch))
        with self._wake:
            for _ in batch:
                self._queue.popleft()
            self._state = State(len(self._queue))
            self._wake.notify_all()
        self._tell(News(tuple(kept), {}, None))
        self._tell(self._state)

    def _look(self) -> None:
        """See what other processes have kept."""
        news = self._file.news()
        if news is not None:
            self._tell(news)
            self._tell(self._state)  # conflicts may have come or gone, too

    def _say(self, notice: str) -> None:
        self._state = State(len(self._queue), None, notice)
        self._tell(self._state)

    def _say_in_passing(self, notice: str) -> None:
        self._tell(State(len(self._queue), None, notice))

    def _fail(self, error: Exception) -> None:
        state = State(len(self._queue), in_words(error))
        if state != self._state:
            self._state, self._cause = state, cause_of(error)
            _log.warning("%d edits cannot be kept now", state.n_waiting, extra={"cause": self._cause})
            self._tell(state)

    def _tell(self, event: Event) -> None:
        listener = self._listener() if self._listener is not None else None
        if listener is None:
            return
        try:
            listener(event)
        except Exception:  # noqa: BLE001 -- a broken listener must not keep edits from being kept; the log has it
            _log.exception("a workspace's listener failed")

    def _end(self) -> None:
        self._backing_up.end(self._journal, is_there=self._file.is_there)
        if self._journal is not None:
            try:
                self._journal.close()
            except FILE_ERRORS as error:
                _log.warning("the workspace could not be closed", extra={"cause": cause_of(error)})
            self._file.journal = None
        _open.discard(self)


def await_closing(document: Path, index: int = 0) -> None:
    """Wait for a workspace of this process that is closed and still writes what it was given."""
    for other in list(_open):
        if (other.document, other.index) == (document.resolve(), index) and other.is_closing:
            other.close()


@atexit.register
def _close_all() -> None:
    """Keep what still waits when the interpreter ends."""
    for workspace in list(_open):
        workspace.close(wait=True, timeout=10.0)
