"""Computes a session's problems on a thread of its own, after the author has paused.

Covers: telling of the pause, debounce, dropping what was computed for a story that is no longer the newest, and
ending the thread with its last watcher. What the problems are is ``story.checks``' business.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

import pandas as pd

from gamebook_lab.story.story import Story
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.quiet import QUIET

LEAST_SECONDS: Final = 0.1
MOST_SECONDS: Final = 0.3
"""Quiet time before a check begins: as long as the last one took, within these. A quick check may run between two
keystrokes, so that problems are underlined while somebody types; a slow one waits until nobody does."""

_log = logging.getLogger(__name__)


class _OvertakenError(Exception):
    """There is a newer story to check."""


class Checked(NamedTuple):
    """Where the checking of the newest story stands."""

    status: Literal["checking", "done", "failed"]
    story: Story
    """Story that ``table`` is about; for ``checking`` the one being checked."""
    table: pd.DataFrame | None
    """Newest problems known; they are about an older story unless ``done``."""


class Checker:
    """Checks the newest story given to it, one at a time.

    Parameters
    ----------
    check
        Computes the problems table of a story; calls its second argument every now and then, and stops if that raises.
    debounce
        Seconds without a newer story before a check begins, and before the pause is told of; by what the last check took, if not given.
    ready
        Called with each story after its problems were told of, to ready what the author may ask for next.
    """

    def __init__(
        self,
        check: Callable[[Story, Callable[[], None]], pd.DataFrame],
        *,
        debounce: float | None = None,
        ready: Callable[[Story], object] | None = None,
    ) -> None:
        self._check, self._debounce, self._ready = check, debounce, ready
        self._took = 0.0
        self._wake = threading.Condition()
        self._wanted: Story | None = None
        self._wanted_at = 0.0
        self._is_told = True
        """Whether the pause after this story was told of."""
        self._last: Checked | None = None
        self._thread: threading.Thread | None = None
        self._events: Broadcast[Checked] = Broadcast()
        self._pauses: Broadcast[Story] = Broadcast()

    def __len__(self) -> int:
        return len(self._events) + len(self._pauses)

    @property
    def last(self) -> Checked | None:
        """Newest state; None before the first story."""
        return self._last

    def want(self, story: Story) -> None:
        """Ask for the problems of this story instead of any older one."""
        with self._wake:
            if self._wanted is None and self._last is not None and self._last.story is story:
                return
            self._wanted, self._wanted_at, self._is_told = story, time.monotonic(), False
            self._wake.notify_all()

    def watch(self, callback: Callable[[Checked], None]) -> Callable[[], None]:
        """Have ``callback`` told every state, the present one first; the first watcher starts the thread."""
        with self._wake:
            end = self._events.watch(callback)
            last = self._last
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="gamebook-check", daemon=True)
                self._thread.start()
        if last is not None:
            callback(last)

        def stop() -> None:
            end()
            self._end_if_idle()

        return stop

    def watch_pauses(self, callback: Callable[[Story], None]) -> Callable[[], None]:
        """Have ``callback`` given the newest story as soon as the author pauses, which of a long story is before a check.

        Only while somebody watches the checks.
        """
        return self._pauses.watch(callback)

    def _end_if_idle(self) -> None:
        with self._wake:
            if len(self._events) or self._thread is None:
                return
            thread, self._thread = self._thread, None
            self._wake.notify_all()
        if thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        me = threading.current_thread()
        with QUIET.keeping():
            while (due := self._next(me)) is not None:
                story, is_check = due
                if not is_check:
                    self._pauses.queue(story)
                    self._pauses.deliver()
                    continue
                self._tell(Checked("checking", story, self._last.table if self._last else None))
                began = time.monotonic()
                with QUIET.giving_way():
                    result = self._result(story)
                if result is None:
                    self._put_back(story)
                    continue
                self._took = time.monotonic() - began
                self._tell(result)
                if self._ready is not None:
                    with QUIET.giving_way():
                        self._ready(story)
                QUIET.settle()

    def _put_back(self, story: Story) -> None:
        """If nothing newer came, the last watcher has left: whoever watches next is to be told of this story."""
        with self._wake:
            if self._wanted is None:
                self._wanted = story

    def _rest(self) -> None:
        """Let others go first, and stop where there is something newer to do."""
        QUIET.rest()
        with self._wake:
            if self._wanted is not None or self._thread is not threading.current_thread():
                raise _OvertakenError

    def _result(self, story: Story) -> Checked | None:
        """Check; None where something newer is to be checked. By then nothing is left of the check that the collector could find."""
        try:
            found = self._check(story, self._rest)
            self._rest()
            return Checked("done", story, found)
        except _OvertakenError:
            return None
        except Exception:  # noqa: BLE001 -- the widget shows "failed", the log has the traceback
            _log.exception("checking the story failed")
            return Checked("failed", story, None)

    @property
    def _pause(self) -> float:
        if self._debounce is not None:
            return self._debounce
        return min(MOST_SECONDS, max(LEAST_SECONDS, self._took))

    def _next(self, me: threading.Thread) -> tuple[Story, bool] | None:
        """Wait for a story that has been the newest for long enough, to tell of the pause or to check it; None: end."""
        with self._wake:
            while self._thread is me:
                if self._wanted is None:
                    self._wake.wait()
                    continue
                pause = self._pause if self._is_told else min(LEAST_SECONDS, self._pause)
                if (left := self._wanted_at + pause - time.monotonic()) > 0:
                    self._wake.wait(left)
                elif not self._is_told:
                    self._is_told = True
                    return self._wanted, False
                else:
                    story, self._wanted = self._wanted, None
                    return story, True
        return None

    def _tell(self, state: Checked) -> None:
        self._last = state
        self._events.queue(state)
        self._events.deliver()
