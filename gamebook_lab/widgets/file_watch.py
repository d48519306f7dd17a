"""When to look whether another program has written to a story's file."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Final

from gamebook_lab.widgets.switches import is_on

__all__ = ["FileWatch"]

LOOK_SECONDS: Final = 2.0


class FileWatch:
    """Tells when to look. For one thread.

    Parameters
    ----------
    clock
        Seconds from any moment on.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._is_on = is_on("GAMEBOOK_WATCH")
        self._next = -float("inf")
        self._seen: Hashable | None = None

    def is_due(self, path: Path) -> bool:
        """Whether the file was written since this was last said, by whomever; asks the disk every two seconds.

        Also the first time: it may have been written after it was read.
        """
        from gamebook_lab.formats import stamp

        if not self._is_on or self._clock() < self._next:
            return False
        self._next = self._clock() + LOOK_SECONDS
        before, now = self._seen, stamp(path)
        if now is None:  # being replaced, or gone: whoever saves is told
            return False
        self._seen = now
        return now != before

    def again(self) -> None:
        """Look once more, though nobody wrote: what is there could not be read."""
        self._seen = None
