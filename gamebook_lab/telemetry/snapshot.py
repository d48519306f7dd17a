"""What a registry knew at one moment, as plain data that goes between processes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from gamebook_lab.telemetry.sketch import Sketch

__all__ = ["Distribution", "Kind", "Labels", "Sample", "Snapshot"]

Kind = Literal["counter", "gauge", "histogram"]
Labels = tuple[tuple[str, str], ...]
"""Names and values, sorted by name."""


class Distribution(NamedTuple):
    """What a histogram has seen."""

    n: int
    sum: float
    min: float
    """Infinity if it has seen nothing."""
    max: float
    buckets: Mapping[int, int]
    """Of a :class:`Sketch`."""

    def quantile(self, share: float) -> float:
        """Value below which a share of all lies; never outside of what was seen."""
        if not self.n:
            return math.nan
        return min(max(Sketch(self.buckets).quantile(share), self.min), self.max)

    def plus(self, other: Distribution) -> Distribution:
        """Distribution of both together."""
        sketch = Sketch(self.buckets)
        sketch.merge(other.buckets)
        low, high = min(self.min, other.min), max(self.max, other.max)
        return Distribution(self.n + other.n, self.sum + other.sum, low, high, sketch.buckets)


class Sample(NamedTuple):
    """One series at one moment."""

    name: str
    kind: Kind
    labels: Labels
    value: float
    """Of a counter or a gauge; for a histogram the sum."""
    time_seconds: float
    """When a gauge was set, since the epoch; 0 for the others."""
    distribution: Distribution | None
    """Of a histogram."""

    def plus(self, other: Sample) -> Sample:
        """Counts and distributions add up; of a gauge the one that was set last is right."""
        if self.kind != other.kind:
            raise ValueError(f"{self.name} is a {self.kind} here and a {other.kind} there")
        if self.kind == "gauge":
            return max(self, other, key=lambda sample: (sample.time_seconds, sample.value))
        both = None
        if self.distribution is not None and other.distribution is not None:
            both = self.distribution.plus(other.distribution)
        return self._replace(value=self.value + other.value, distribution=both)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every series of a registry at one moment, sorted by name and labels."""

    samples: tuple[Sample, ...] = ()

    def merge(self, other: Snapshot) -> Snapshot:
        """Both together, in either order the same (but for the rounding of sums)."""
        found = {(sample.name, sample.labels): sample for sample in self.samples}
        for sample in other.samples:
            key = (sample.name, sample.labels)
            found[key] = found[key].plus(sample) if key in found else sample
        return Snapshot(tuple(found[key] for key in sorted(found)))

    def get(self, name: str, **labels: str) -> Sample | None:
        """Sample of one series; None if there is none."""
        wanted = tuple(sorted(labels.items()))
        return next((sample for sample in self.samples if (sample.name, sample.labels) == (name, wanted)), None)

    def value(self, name: str, **labels: str) -> float:
        """Value of one series; 0 if there is none."""
        sample = self.get(name, **labels)
        return 0.0 if sample is None else sample.value
