"""What one series did in one interval, as it is kept: cells add up to coarser cells without loss but of the moments."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gamebook_lab.telemetry.sketch import Sketch, bucket_of, value_of
from gamebook_lab.telemetry.snapshot import Distribution, Sample

__all__ = ["Cell", "cell_between", "merged"]


class Cell(NamedTuple):
    """One series in one interval.

    A counter has only ``sum``, by which it grew. A gauge was seen ``n`` times.
    """

    n: int
    sum: float
    min: float
    max: float
    last: float
    """Newest level of a gauge; of the others NaN."""
    buckets: Mapping[int, int]
    """Of a :class:`Sketch`."""

    @property
    def mean(self) -> float:
        """Mean of what was seen; NaN of nothing."""
        return self.sum / self.n if self.n else math.nan

    def quantile(self, share: float) -> float:
        """Value below which a share of all lies."""
        return Distribution(self.n, self.sum, self.min, self.max, self.buckets).quantile(share)

    def n_below(self, threshold: float) -> int:
        """How many values are below a threshold; those within 1 % of it may be taken for either."""
        if self.max < threshold:
            return self.n
        limit = bucket_of(threshold)
        return sum(count for bucket, count in self.buckets.items() if bucket < limit)


def merged(cells: Iterable[Cell]) -> Cell:
    """All together, in order of time; of none, an empty one."""
    n, total, low, high, last = 0, 0.0, math.inf, -math.inf, math.nan
    sketch = Sketch()
    for cell in cells:
        n += cell.n
        total += cell.sum
        low, high = min(low, cell.min), max(high, cell.max)
        last = last if math.isnan(cell.last) else cell.last
        sketch.merge(cell.buckets)
    return Cell(n, total, low, high, last, sketch.buckets)


def cell_between(before: Sample | None, now: Sample) -> Cell | None:
    """What happened to a series between two looks at it; None if it is a counter or histogram and nothing did."""
    if now.kind == "gauge":
        if not math.isfinite(now.value):
            return None
        return Cell(1, now.value, now.value, now.value, now.value, {bucket_of(now.value): 1})
    if now.kind == "counter":
        grown = now.value - (before.value if before is not None else 0.0)
        return Cell(0, grown, math.inf, -math.inf, math.nan, {}) if grown > 0 else None
    assert now.distribution is not None
    return _between(before.distribution if before is not None else None, now.distribution)


def _between(before: Distribution | None, now: Distribution) -> Cell | None:
    if before is None or not before.n:
        return Cell(now.n, now.sum, now.min, now.max, math.nan, now.buckets) if now.n else None
    if now.n == before.n:
        return None
    buckets = {
        bucket: grown for bucket, count in now.buckets.items() if (grown := count - before.buckets.get(bucket, 0))
    }
    n, total = now.n - before.n, now.sum - before.sum
    if n == 1:
        return Cell(1, total, total, total, math.nan, buckets)
    # A new extreme is known exactly, any other to 1 %: its bucket.
    low = now.min if now.min < before.min else max(now.min, value_of(min(buckets)))
    high = now.max if now.max > before.max else min(now.max, value_of(max(buckets)))
    return Cell(n, total, low, high, math.nan, buckets)
