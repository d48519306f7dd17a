"""What is counted, levelled and timed. Each holds its lock for a few operations.

Names carry their unit: ``_total`` for what is counted, ``_seconds``, ``_bytes``.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gamebook_lab.telemetry.sketch import Sketch, bucket_of
from gamebook_lab.telemetry.snapshot import Distribution, Labels, Sample

__all__ = ["Counter", "Gauge", "Histogram", "Timer"]


class Counter:
    """Counts up, for ever."""

    __slots__ = ("_lock", "_value", "labels", "name")

    def __init__(self, name: str, labels: Labels = ()) -> None:
        if not name.endswith("_total"):
            raise ValueError(f"the name of a counter ends in _total, not as {name!r}")
        self.name, self.labels = name, labels
        self._lock = threading.Lock()
        self._value = 0.0

    @property
    def value(self) -> float:
        """Count so far."""
        return self._value

    def add(self, amount: float = 1.0) -> None:
        """Count some more; never fewer."""
        if not 0 <= amount < math.inf:
            raise ValueError(f"{self.name} only counts up, so not by {amount!r}")
        with self._lock:
            self._value += amount

    def sample(self) -> Sample:
        """Give its present state as plain data."""
        return Sample(self.name, "counter", self.labels, self._value, 0.0, None)

    def merge(self, sample: Sample) -> None:
        """Count what the same counter of another process has counted."""
        self.add(sample.value)


class Gauge:
    """A level that goes up and down.

    Parameters
    ----------
    clock
        Seconds since the epoch: processes must agree on which level is the newer.
    """

    __slots__ = ("_clock", "_lock", "_time", "_value", "labels", "name")

    def __init__(self, name: str, labels: Labels = (), *, clock: Callable[[], float] = time.time) -> None:
        self.name, self.labels, self._clock = name, labels, clock
        self._lock = threading.Lock()
        self._value, self._time = 0.0, 0.0

    @property
    def value(self) -> float:
        """Level now."""
        return self._value

    def set(self, value: float) -> None:
        """Note the level."""
        with self._lock:
            self._value, self._time = value, self._clock()

    def add(self, amount: float) -> None:
        """Raise the level; lower it by a negative amount."""
        with self._lock:
            self._value, self._time = self._value + amount, self._clock()

    def sample(self) -> Sample:
        """Give its present state as plain data."""
        with self._lock:
            return Sample(self.name, "gauge", self.labels, self._value, self._time, None)

    def merge(self, sample: Sample) -> None:
        """Take over the level of the same gauge of another process, if it is newer."""
        with self._lock:
            if sample.time_seconds > self._time:
                self._value, self._time = sample.value, sample.time_seconds


class Histogram:
    """Sees values, and keeps their number, sum, extremes and a sketch of their distribution."""

    __slots__ = ("_lock", "_max", "_min", "_n", "_sketch", "_sum", "labels", "name")

    def __init__(self, name: str, labels: Labels = ()) -> None:
        self.name, self.labels = name, labels
        self._lock = threading.Lock()
        self._sketch = Sketch()
        self._n, self._sum, self._min, self._max = 0, 0.0, math.inf, -math.inf

    def observe(self, value: float) -> None:
        """Note a value; anything but a finite number is an error."""
        if not -math.inf < value < math.inf:
            raise ValueError(f"{self.name} takes finite numbers, not {value!r}")
        bucket, buckets = bucket_of(value), self._sketch.buckets
        with self._lock:
            self._n += 1
            self._sum += value
            if value < self._min:  # noqa: PLR1730  # a call of min or max would take as long as all the rest
                self._min = value
            if value > self._max:  # noqa: PLR1730
                self._max = value
            buckets[bucket] = buckets.get(bucket, 0) + 1

    def distribution(self) -> Distribution:
        """Everything seen so far."""
        with self._lock:
            return Distribution(self._n, self._sum, self._min, self._max, dict(self._sketch.buckets))

    def sample(self) -> Sample:
        """Give its present state as plain data."""
        seen = self.distribution()
        return Sample(self.name, "histogram", self.labels, seen.sum, 0.0, seen)

    def merge(self, sample: Sample) -> None:
        """See what the same histogram of another process has seen."""
        seen = sample.distribution
        if seen is None:
            raise ValueError(f"a sample of {sample.name} without a distribution")
        with self._lock:
            self._n += seen.n
            self._sum += seen.sum
            self._min, self._max = min(self._min, seen.min), max(self._max, seen.max)
            self._sketch.merge(seen.buckets)


class Timer(Histogram):
    """Histogram of durations.

    Parameters
    ----------
    clock
        Seconds from any moment on.
    """

    __slots__ = ("_clock",)

    def __init__(self, name: str, labels: Labels = (), *, clock: Callable[[], float] = time.perf_counter) -> None:
        if not name.endswith("_seconds"):
            raise ValueError(f"the name of a timer ends in _seconds, not as {name!r}")
        super().__init__(name, labels)
        self._clock = clock

    @contextmanager
    def time(self) -> Iterator[None]:
        """Observe how long a block takes, also one that raises."""
        start = self._clock()
        try:
            yield
        finally:
            self.observe(self._clock() - start)
