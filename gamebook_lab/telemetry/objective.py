"""Objectives: what was promised, how often it was kept, and how much may still go wrong."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gamebook_lab.telemetry.reading import When

__all__ = ["objectives"]


def objectives(
    window: str = "1h",
    *,
    until: When | None = None,
    session: str | None = None,
    folder: str | Path | None = None,
) -> pd.DataFrame:
    """Judge the objectives of the settings over a window of time.

    Parameters
    ----------
    window
        Such as ``"1h"`` or ``"30d"``; it ends at ``until``, now by default.
    session, folder
        As in :func:`read`.

    Returns
    -------
    pandas.DataFrame
        A row for each objective, in the order of the settings; by default ``memory``, ``cpu``, ``response``, ``fps``,
        ``uptime``, ``errors``. Columns:

        - ``objective``, ``target`` (for people, such as ``below 80 %``), ``unit``;
        - ``current``: the newest value (of the last minute; for uptime and errors, of the window), NaN if there is none;
        - ``threshold``: what it is held against;
        - ``compliance``: share (0 to 1) of the observations that kept to the threshold; within 1 % of the threshold one is
          not told from the other;
        - ``goal``: share that should have;
        - ``budget_left``: share of the failures that the goal allows that are left: 1 all, 0 none, below 0 overdrawn;
        - ``n``: observations behind it: seconds, responses, probes or actions;
        - ``state``: ``"met"``, ``"missed"`` or ``"no data"``, which says nothing and counts as neither.
    """
    raise NotImplementedError
