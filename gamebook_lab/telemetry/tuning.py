"""Thresholds that fit what was recorded."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gamebook_lab.telemetry.reading import When

__all__ = ["tune"]


def tune(
    *, since: When = "1d", until: When | None = None, folder: str | Path | None = None, quiet: float = 0.999
) -> pd.DataFrame:
    """Propose thresholds for the alerts from recorded data, and show what they would have done.

    Parameters
    ----------
    since, until, folder
        As in :func:`read`.
    quiet
        Share of the seconds that the least level shall not be reached in.

    Returns
    -------
    pandas.DataFrame
        A row for each rule, series and level: ``rule``, ``labels`` (dict), ``level``, ``threshold`` (now), ``fired`` (times
        that the recorded data reach the level under it, with all of ``for``, hysteresis and hold), ``proposed`` (NaN if
        too little was recorded), ``would_fire``, ``n`` (seconds behind it).
        Nothing is changed: put what you like into the settings file.
    """
    raise NotImplementedError
