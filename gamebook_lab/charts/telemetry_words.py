"""Telemetry's values in words, the same on the screen and in a report."""

from __future__ import annotations

import math

__all__ = ["in_words"]


def in_words(value: float, unit: str) -> str:
    """Put a value into words: ``23 %``, ``45 ms``, ``58 /s``; a dash if there is none."""
    if value is None or math.isnan(value):
        return "\u2013"
    if unit in {"share", "%"}:
        percent = value * 100
        return f"{percent:.{_places(percent)}f} %"
    if unit in {"seconds", "ms"}:
        return f"{value * 1000:,.0f} ms" if value < 10 else f"{value:,.1f} s"
    if unit == "frames/s":
        return f"{value:,.0f} /s"
    return f"{value:,.4g} {unit}".rstrip()


def _places(percent: float) -> int:
    """Places after the point: 99.95 % is not 100 %, and 0.04 % not nought."""
    return 2 if 0 < percent < 1 or 99 < percent < 100 else 0
