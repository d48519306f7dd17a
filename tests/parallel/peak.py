"""The most memory that all processes of a pool took together."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

import psutil

PERIOD_SECONDS = 0.05


def children_now() -> frozenset[psutil.Process]:
    """What this process has started until now: a browser, say, or a pool that a test before left."""
    return frozenset(psutil.Process().children())


class Peak:
    """Looks at what this process started, but for ``others``: scheduler, nannies, workers, and whatever they start.

    What several processes share (libraries, pages from before a fork) is counted once, in parts, where the system tells.

    Parameters
    ----------
    others
        What is not the pool's: :func:`children_now` before its first task.
    """

    def __init__(self, others: frozenset[psutil.Process]) -> None:
        self.most_bytes = 0
        self._others = others
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
            ours = [child for child in psutil.Process().children() if child not in self._others]
            self.most_bytes = max(self.most_bytes, sum(map(_resident_with_children, ours)))


def _resident_with_children(process: psutil.Process) -> int:
    try:
        children = process.children(recursive=True)
    except psutil.Error:
        return 0
    return sum(map(_resident, [process, *children]))


def _resident(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
        return int(getattr(memory, "pss", 0) or memory.rss)
    except psutil.Error:
        return 0
