"""When a story is written to its file by itself: a little after the last edit, and not too rarely while edits go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from gamebook_lab.widgets.switches import is_on

__all__ = ["Autosave"]

QUIET_SECONDS: Final = 3.0
"""After the last edit."""
LONGEST_SECONDS: Final = 30.0
"""After the first edit that the file does not have, however busy the author is."""
RETRY_SECONDS: Final = 30.0
"""After a time when it could not be written."""


class Autosave:
    """Tells when to write. Not safe between threads: its session holds a lock.

    Parameters
    ----------
    clock
        Seconds from any moment on; a clock that people set would do it too early or never.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.is_on = is_on("GAMEBOOK_AUTOSAVE")
        self._first: float | None = None
        self._last = 0.0
        self._not_before = 0.0

    def edited(self) -> None:
        """The story was edited here."""
        self._last = self.clock()
        if self._first is None:
            self._first = self._last

    def written(self, *, edited_since: float | None = None) -> None:
        """The file holds the story, or held it at this moment of the clock, if it was edited while it was written."""
        self._first = edited_since

    def failed(self) -> None:
        """It could not be written."""
        self._not_before = self.clock() + RETRY_SECONDS

    @property
    def is_due(self) -> bool:
        """Whether to write now."""
        if not self.is_on or self._first is None:
            return False
        now = self.clock()
        is_quiet = now - self._last >= QUIET_SECONDS or now - self._first >= LONGEST_SECONDS
        return is_quiet and now >= self._not_before
