"""Which views of a widget can be seen right now, and a thread that keeps those up to date, and only those.

A view that can be seen says so every few seconds. One that was hidden says that too; one whose browser was closed says
nothing more, and is forgotten. With the last one the thread ends.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from gamebook_lab.errors import GamebookError

__all__ = ["FORGET_SECONDS", "Followers"]

FORGET_SECONDS: Final = 20.0
"""A view that has not said for so long that it can be seen is gone."""

_log = logging.getLogger(__name__)


class Followers:
    """Calls ``tick`` again and again while any view follows.

    Parameters
    ----------
    tick
        Brings the views up to date; called on a thread of its own.
    pause
        Seconds from the end of one call to the next.
    end
        Called when nobody looks any more.
    clock
        Monotonic seconds.
    """

    def __init__(
        self,
        tick: Callable[[], None],
        pause: float,
        *,
        end: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tick, self._pause, self._end, self._clock = tick, pause, end, clock
        self._lock = threading.Lock()
        self._views: dict[str, float] = {}
        self._thread: threading.Thread | None = None
        self._news = threading.Event()

    def __len__(self) -> int:
        return len(self._views)

    def watch(self, view: str) -> None:
        """A view can be seen."""
        with self._lock:
            self._views[view] = self._clock()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="gamebook-follow", daemon=True)
                self._thread.start()

    def rest(self, view: str) -> None:
        """A view is hidden, or holds still."""
        with self._lock:
            self._views.pop(view, None)
        self._news.set()

    def close(self) -> None:
        """End it; when this returns the thread has ended."""
        with self._lock:
            self._views.clear()
            thread = self._thread
        self._news.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        while self._is_needed():
            self._news.clear()
            try:
                self._tick()
            except (GamebookError, OSError) as error:
                _log.warning("a view could not be brought up to date: %s", error)
            self._news.wait(self._pause)
        self._end()

    def _is_needed(self) -> bool:
        with self._lock:
            oldest = self._clock() - FORGET_SECONDS
            self._views = {view: at for view, at in self._views.items() if at >= oldest}
            if not self._views:
                self._thread = None
            return bool(self._views)
