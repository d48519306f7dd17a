"""Metrics as other systems count them: distributions in buckets with fixed bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gamebook_lab.telemetry.sketch import value_of
from gamebook_lab.telemetry.snapshot import Distribution

__all__ = ["bounds_of", "cumulative"]

_SECONDS: Final = (
    0.001, 0.002, 0.005, 0.01, 0.016, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
)  # fmt: skip
"""With 16 ms, a frame, and 100 ms, the objective."""
_RATES: Final = (1.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 55.0, 58.0, 60.0, 75.0, 120.0, 144.0, 240.0)
"""Of frames a second, with the objective of 55."""


def bounds_of(name: str) -> Sequence[float]:
    """Upper bounds of a metric's buckets, without the last, which has none."""
    return _SECONDS if name.endswith("_seconds") else _RATES


def cumulative(seen: Distribution, bounds: Sequence[float]) -> list[int]:
    """How many values are at most each bound, to 1 % of the value."""
    counts = []
    total = 0
    left = sorted(seen.buckets.items())
    place = 0
    for bound in bounds:
        while place < len(left) and value_of(left[place][0]) <= bound:
            total += left[place][1]
            place += 1
        counts.append(total)
    return counts
