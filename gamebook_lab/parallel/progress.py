"""How far a job is: counted, timed over a moving window, and told in a line."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["Meter", "Progress", "State"]

State = Literal["waiting", "running", "paused", "done", "stopped"]
"""``waiting``: another process runs the same job, and this one lets it."""

WINDOW_SECONDS: Final = 30.0
_MARKS: Final = 4_096


@dataclass(frozen=True, slots=True)
class Progress:
    """A job at one moment."""

    name: str
    state: State
    done: int
    """Shards that are finished, those of earlier runs included."""
    skipped: int
    """Of these, how many were finished before this run."""
    failed: int
    """Shards that were set aside."""
    total: int | None
    """None while it is not known."""
    seconds: float
    """Since the start."""
    rate: float
    """Shards a second that this run has tried, over the last half minute."""
    seconds_left: float | None
    """None while it cannot be told."""

    @property
    def is_over(self) -> bool:
        """Nothing more comes."""
        return self.state in {"done", "stopped"}

    @property
    def share(self) -> float | None:
        """Part that is settled, 0 to 1."""
        if self.total is None:
            return None
        return (self.done + self.failed) / self.total if self.total else 1.0

    def line(self) -> str:
        """All of it for a person, in a line."""
        parts = [f"{self.done:,} of {'?' if self.total is None else format(self.total, ',')} shards"]
        if self.failed:
            parts.append(f"{self.failed:,} set aside")
        if self.state == "running" and self.rate:
            parts.append(f"{self.rate:,.{0 if self.rate >= 100 else 1}f} a second")
        if self.state == "running" and self.seconds_left is not None:
            parts.append(f"{duration(self.seconds_left)} left")
        if self.is_over:
            parts.append(f"{self.state} after {duration(self.seconds)}")
        elif self.state == "waiting":
            parts.append("waits for another process that runs the same job")
        elif self.state != "running":
            parts.append(self.state)
        return f"{self.name}: {', '.join(parts)}"


def duration(seconds: float) -> str:
    """Time in words of one or two units: ``8 s``, ``2 min 5 s``, ``3 h 20 min``."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class Meter:
    """Counts shards as they settle, from any thread.

    Parameters
    ----------
    name
        The job's.
    total
        Number of its shards, if known.
    clock
        Monotonic seconds.
    """

    def __init__(self, name: str, total: int | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._name, self._total, self._clock = name, total, clock
        self._lock = threading.Lock()
        self._state: State = "waiting"
        self._done = self._skipped = self._failed = 0
        self._start = self._end = clock()
        self._marks: deque[float] = deque(maxlen=_MARKS)
        self._since = self._start

    def turn(self, state: State) -> None:
        """Note the job's state; time that it was paused does not count for its rate."""
        with self._lock:
            if state == "running" and self._state != "running":
                self._marks.clear()
                self._since = self._clock()
            self._state = state
            self._end = self._clock()

    def settle(self, *, done: int = 0, failed: int = 0) -> None:
        """Count shards that this run has tried."""
        with self._lock:
            self._done += done
            self._failed += failed
            self._marks.extend([self._clock()] * (done + failed))

    def skip(self) -> None:
        """Count a shard that was done before."""
        with self._lock:
            self._done += 1
            self._skipped += 1

    def grow(self, more: int) -> None:
        """Count more shards to come: one was split."""
        with self._lock:
            if self._total is not None:
                self._total += more

    def found(self, total: int) -> None:
        """Note the number of shards, now that all have been seen."""
        with self._lock:
            self._total = total

    def now(self) -> Progress:
        """How far it is."""
        with self._lock:
            now = self._end if self._state in {"done", "stopped"} else self._clock()
            rate = self._rate(now)
            left = None
            if self._total is not None and rate:
                left = max(self._total - self._done - self._failed, 0) / rate
            return Progress(
                self._name, self._state, self._done, self._skipped, self._failed, self._total,
                now - self._start, rate, left,
            )  # fmt: skip

    def _rate(self, now: float) -> float:
        marks = self._marks
        while marks and marks[0] <= now - WINDOW_SECONDS:
            marks.popleft()
        # a full window began with its oldest mark
        start = marks[0] if len(marks) == _MARKS else max(self._since, now - WINDOW_SECONDS)
        return len(marks) / (now - start) if marks and now > start else 0.0
