"""Times as logs write them: ISO 8601, seconds or milliseconds or microseconds since 1970, and what pandas knows besides."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from gamebook_lab.errors import FormatError

__all__ = ["read_seconds", "read_times"]

_ZONE: Final = r"(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT)\s*$"
_UNITS: Final = ((1e17, 1e-3), (1e14, 1.0), (1e11, 1e3), (0.0, 1e6))
"""Numbers from these on are nano-, micro-, milliseconds or seconds since 1970, so many microseconds each: years 1973 to 5138."""
_GREATEST: Final = 1e19
_FIRST, _LAST = np.datetime64("1900-01-01", "us"), np.datetime64("2200-01-01", "us")
"""Times out of these are slips, and would make nonsense of durations."""


def read_times(said: pd.Series, *, timezone: str) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Read a column of times.

    Parameters
    ----------
    said
        Text; missing or empty: no time.
    timezone
        Where a time that names no zone was written.

    Returns
    -------
    tuple
        Times in UTC, missing where none could be read; whether something stands there that could not; whether it named no zone.

    Raises
    ------
    FormatError
        If there is no such time zone.
    """
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise FormatError(f"timezone= is a name such as 'UTC' or 'Europe/Paris', not {timezone[:60]!r}") from error
    text = said.fillna("").astype("str").str.strip()
    is_there = text != ""
    number = pd.to_numeric(text.where(is_there), errors="coerce").to_numpy(np.float64)
    is_number = np.isfinite(number) & (number > 0) & (number < _GREATEST)
    found = np.full(text.size, np.datetime64("NaT", "us"))
    unread = is_number.copy()
    for least, microseconds in _UNITS:
        rows = unread & (number >= least)
        found[rows] = np.rint(number[rows] * microseconds).astype(np.int64).astype("datetime64[us]")
        unread &= ~rows
    # words such as "now" and "January" are no times of a step, whatever pandas makes of them
    has_digit = text.str.contains(r"\d", regex=True).to_numpy(np.bool_)
    has_zone = text.str.contains(_ZONE, regex=True).to_numpy(np.bool_)
    words = is_there.to_numpy(np.bool_) & ~is_number & has_digit
    found[words & has_zone] = _utc(pd.DatetimeIndex(_parsed(text[words & has_zone], utc=True)))
    local = words & ~has_zone
    naive = pd.DatetimeIndex(_parsed(text[local], utc=False))
    found[local] = _utc(naive.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward"))
    found[(found < _FIRST) | (found >= _LAST)] = np.datetime64("NaT", "us")
    times = pd.Series(pd.DatetimeIndex(found).tz_localize("UTC"), index=said.index)
    return times, is_there & times.isna(), times.notna() & local


def _utc(times: pd.DatetimeIndex) -> npt.NDArray[np.datetime64]:
    found: npt.NDArray[np.datetime64] = times.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    return found


def _parsed(text: pd.Series, *, utc: bool) -> pd.Series:
    found = pd.to_datetime(text, format="ISO8601", utc=utc, errors="coerce")
    left = found.isna()
    if left.any():
        again = pd.to_datetime(text[left], format="mixed", utc=utc, errors="coerce")
        found = found.where(~left, again)
    return found


def read_seconds(said: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read durations: a number of seconds, or ISO 8601 such as ``PT1M5S``; and whether something else stands there."""
    text = said.fillna("").astype("str").str.strip()
    number = pd.to_numeric(text.where(text != ""), errors="coerce").astype("float64")
    iso = text.str.startswith("P")
    if iso.any():
        number[iso] = pd.to_timedelta(text[iso], errors="coerce").dt.total_seconds()
    is_bad = (text != "") & ~(number.ge(0) & np.isfinite(number))
    return number.where(~is_bad), is_bad
