"""Moments and lengths of time, however they are said."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import pandas as pd

__all__ = ["When", "epoch_of", "seconds_of", "times"]

When = str | float | timedelta | datetime | pd.Timestamp
"""A moment: ``"1h"`` or a timedelta ago, seconds since the epoch, or a date (``"2026-11-20"``; UTC unless it says)."""

_SECONDS: Final = {"s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
_PART: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?(sec|s|min|m|h|d|w)")
_LENGTH: Final = re.compile(rf"(?:{_PART.pattern} ?){{1,6}}")


def seconds_of(length: str | float | timedelta) -> float:
    """Length of time in seconds: ``"10s"``, ``"5min"``, ``"2h"``, ``"30d"``, a number, or a timedelta.

    Raises
    ------
    ValueError
        If it is not understood, or not above zero.
    """
    seconds = math.nan
    if isinstance(length, timedelta):
        seconds = length.total_seconds()
    elif isinstance(length, str):
        seconds = _read(length)
    elif not isinstance(length, bool):
        seconds = float(length)
    if not 0 < seconds < math.inf:
        raise ValueError(f"a length of time is like '10s', '5min', '2h' or '30d', or seconds above 0, not {length!r}")
    return seconds


def _read(length: str) -> float:
    """Seconds of ``"1h30min"`` and the like; NaN if it is not understood. Pandas has gone off ``d`` for days."""
    text = length.strip().lower()
    if not _LENGTH.fullmatch(text):
        return math.nan
    return math.fsum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))


def epoch_of(moment: When, now: float) -> float:
    """Moment in seconds since the epoch.

    Raises
    ------
    ValueError
        If it is not understood.
    """
    if isinstance(moment, int | float) and not isinstance(moment, bool):
        return float(moment)
    if isinstance(moment, timedelta):
        return now - moment.total_seconds()
    if isinstance(moment, str):
        try:
            return now - seconds_of(moment)
        except ValueError:
            pass  # a date, then
    try:
        stamp = pd.Timestamp(moment)
    except (ValueError, TypeError) as error:
        raise ValueError(f"a moment is like '1h' (ago), '2026-11-20' or a datetime, not {moment!r}") from error
    if pd.isna(stamp):
        raise ValueError(f"a moment is like '1h' (ago), '2026-11-20' or a datetime, not {moment!r}")
    return float((stamp.tz_localize("UTC") if stamp.tz is None else stamp).timestamp())


def times(seconds: Sequence[float | None]) -> pd.Series:
    """Column of moments from seconds since the epoch; None is a moment that is not."""
    stamps = pd.to_datetime(pd.Series(list(seconds), dtype="float64"), unit="s", utc=True)
    return stamps.dt.round("us").astype("datetime64[us, UTC]")
