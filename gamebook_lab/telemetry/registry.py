"""Holds every metric of a process by name and labels."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Final, TypeVar

from gamebook_lab.telemetry.metrics import Counter, Gauge, Histogram, Timer
from gamebook_lab.telemetry.snapshot import Kind, Labels, Sample, Snapshot

__all__ = ["Registry", "metrics"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_KIND: Final[dict[type, Kind]] = {Counter: "counter", Gauge: "gauge", Histogram: "histogram", Timer: "histogram"}

Metric = Counter | Gauge | Histogram
M = TypeVar("M", Counter, Gauge, Histogram, Timer)


class Registry:
    """Makes each metric once and gives the same one from then on.

    A lookup takes about as long as a count, so a loop keeps the metric:
    ``done = registry.counter("shards_total", job="paths")``, then ``done.add()``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._metrics: dict[tuple[str, Labels], Metric] = {}
        self._types: dict[str, type[Metric]] = {}

    def counter(self, name: str, **labels: str) -> Counter:
        """Counter of this name and labels."""
        return self._get(Counter, name, labels)

    def gauge(self, name: str, **labels: str) -> Gauge:
        """Gauge of this name and labels."""
        return self._get(Gauge, name, labels)

    def histogram(self, name: str, **labels: str) -> Histogram:
        """Histogram of this name and labels."""
        return self._get(Histogram, name, labels)

    def timer(self, name: str, **labels: str) -> Timer:
        """Timer of this name and labels."""
        return self._get(Timer, name, labels)

    def drop(self, name: str, **labels: str) -> None:
        """Forget one metric, as of a worker that has ended: a gauge would show its last level for ever."""
        with self._lock:
            self._metrics.pop((name, tuple(sorted(labels.items()))), None)

    def snapshot(self) -> Snapshot:
        """Every metric's present state. Each is consistent in itself; they are read one after another."""
        with self._lock:
            held = sorted(self._metrics.items(), key=lambda item: item[0])
        return Snapshot(tuple(metric.sample() for _, metric in held))

    def merge(self, snapshot: Snapshot) -> None:
        """Take in what another process has counted. Counts add up, so take in each only once.

        Raises
        ------
        ValueError
            If a name is of another kind here.
        """
        for sample in snapshot.samples:
            self._for(sample).merge(sample)

    def _for(self, sample: Sample) -> Metric:
        with self._lock:
            known = self._types.get(sample.name)
        if known is not None and _KIND[known] != sample.kind:
            raise ValueError(f"{sample.name} is a {_KIND[known]} here and a {sample.kind} there")
        labels = dict(sample.labels)
        if known is Timer:
            return self.timer(sample.name, **labels)
        make: dict[Kind, Callable[..., Metric]] = {
            "counter": self.counter,
            "gauge": self.gauge,
            "histogram": self.timer if sample.name.endswith("_seconds") else self.histogram,
        }
        return make[sample.kind](sample.name, **labels)

    def _get(self, wanted: type[M], name: str, labels: dict[str, str]) -> M:
        key = (name, tuple(sorted(labels.items())))
        found = self._metrics.get(key)  # a dict is read safely without the lock
        if found is None:
            found = self._add(wanted, key)
        if type(found) is not wanted:
            raise ValueError(f"{name} is a {type(found).__name__} already, not a {wanted.__name__}")
        return found

    def _add(self, wanted: type[Metric], key: tuple[str, Labels]) -> Metric:
        name, labels = key
        for word in (name, *(label for label, _ in labels)):
            if not _NAME.fullmatch(word):
                raise ValueError(f"a metric or label is named like pool_tasks_total, not {word!r}")
        for label, value in labels:
            if not isinstance(value, str):
                raise TypeError(f"the label {label} of {name} is text, not {value!r}")
        made: Metric = wanted(name, labels)
        with self._lock:
            known = self._types.setdefault(name, wanted)
            if known is not wanted:
                raise ValueError(f"{name} is a {known.__name__} already, not a {wanted.__name__}")
            return self._metrics.setdefault(key, made)


metrics: Final = Registry()
"""The process's own registry; tests make one of their own."""
