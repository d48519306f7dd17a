"""Times as logs write them: ISO 8601, seconds or milliseconds or microseconds since 1970, and what pandas knows besides."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from gamebook_lab.errors import FormatError

__all__ = ["read_seconds", "read_times"]

_ZONE: Final = r"(?:Z|[+-]\d{2}:?\d{2}|UTC|GMT)\s*$"
_UNITS: Final = ((1e17, "ns"), (1e14, "us"), (1e11, "ms"), (0.0, "s"))
"""Numbers from these on are counted in this unit since 1970: they all mean years from 1973 to 5138."""


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
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise FormatError(f"timezone= is a name such as 'UTC' or 'Europe/Paris', not {timezone!r}") from error
    text = said.fillna("").astype("str").str.strip()
    is_there = text != ""
    found = pd.Series(pd.NaT, index=said.index, dtype="datetime64[us, UTC]")
    number = pd.to_numeric(text.where(is_there), errors="coerce").astype("float64")
    is_number = number.notna() & np.isfinite(number) & (number > 0)
    for least, unit in _UNITS:
        rows = is_number & (number >= least) & found.isna()
        found[rows] = pd.to_datetime(number[rows].round().astype("int64") if unit != "s" else number[rows], unit=unit, utc=True, errors="coerce").astype("datetime64[us, UTC]")
    has_zone = text.str.contains(_ZONE, regex=True)
    words = is_there & ~is_number
    zoned = words & has_zone
    found[zoned] = _parsed(text[zoned], utc=True)
    local = words & ~has_zone
    naive = _parsed(text[local], utc=False)
    found[local] = naive.dt.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward").dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    return found, is_there & found.isna(), local & found.notna()


def _parsed(text: pd.Series, *, utc: bool) -> pd.Series:
    kind = "datetime64[us, UTC]" if utc else "datetime64[us]"
    found = pd.to_datetime(text, format="ISO8601", utc=utc, errors="coerce")
    found = found.astype(kind) if len(found) else pd.Series([], index=text.index, dtype=kind)
    left = found.isna()
    if left.any():
        again = pd.to_datetime(text[left], format="mixed", utc=utc, errors="coerce")
        found[left] = again.astype(kind)
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
