"""A distribution in few numbers: counts in buckets whose widths grow with the value (DDSketch).

Source: Masson, Rim, Lee: DDSketch, PVLDB 12 (2019). Our own because buckets are plain data that go to another
process and into a file as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["RELATIVE_ERROR", "Sketch", "bucket_of", "value_of"]

RELATIVE_ERROR: Final = 0.01
"""A quantile is at most 1 % off the value that it stands for, between the bounds below."""
SMALLEST: Final = 1e-9
"""Values up to here, nought and what is negative share a bucket, which counts as nought."""
LARGEST: Final = 1e18
"""Values from here on share a bucket. The bounds keep a sketch to 3,110 buckets, whatever comes."""

_GAMMA: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_PER_LOG: Final = 1 / math.log(_GAMMA)
_LOWEST: Final = math.floor(math.log(SMALLEST) * _PER_LOG)
_HIGHEST: Final = math.ceil(math.log(LARGEST) * _PER_LOG)


def bucket_of(value: float) -> int:
    """Number of the bucket that a value falls into."""
    if value <= SMALLEST:
        return _LOWEST
    return math.ceil(math.log(value) * _PER_LOG) if value < LARGEST else _HIGHEST


def value_of(bucket: int) -> float:
    """Value that a bucket stands for."""
    return 0.0 if bucket <= _LOWEST else 2 * _GAMMA**bucket / (_GAMMA + 1)


class Sketch:
    """Counts by bucket. Not safe between threads: its histogram holds a lock.

    Parameters
    ----------
    buckets
        Counts to begin with.
    """

    __slots__ = ("buckets",)

    def __init__(self, buckets: Mapping[int, int] | None = None) -> None:
        self.buckets: dict[int, int] = dict(buckets or {})

    @classmethod
    def of(cls, values: Iterable[float]) -> Sketch:
        """Sketch of some values."""
        made = cls()
        for value in values:
            made.add(value)
        return made

    def add(self, value: float) -> None:
        """Count a value."""
        bucket = bucket_of(value)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1

    def merge(self, buckets: Mapping[int, int]) -> None:
        """Count what another sketch has counted; the result is that of one sketch that saw it all."""
        for bucket, count in buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count

    def quantile(self, share: float) -> float:
        """Value below which a share (0 to 1) of all lies, within :data:`RELATIVE_ERROR`; NaN if there is none."""
        if not 0 <= share <= 1:
            raise ValueError(f"a share is between 0 and 1, not {share!r}")
        rank = share * (sum(self.buckets.values()) - 1)
        seen = 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen > rank:
                return value_of(bucket)
        return math.nan
