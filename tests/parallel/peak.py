"""The most memory that all processes of a pool took together."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

import psutil

PERIOD_SECONDS = 0.05


class Peak:
    """Looks at this process's children all the time: scheduler, nannies, workers, and whatever they started.

    What several processes share (libraries, pages from before a fork) is counted once, in parts, where the system tells.
    """

    def __init__(self) -> None:
        self.most_bytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(PERIOD_SECONDS):
            self.most_bytes = max(self.most_bytes, sum(map(_resident, psutil.Process().children(recursive=True))))


def _resident(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
        return int(getattr(memory, "pss", 0) or memory.rss)
    except psutil.Error:
        return 0
