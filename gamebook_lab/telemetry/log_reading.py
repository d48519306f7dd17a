"""The log, as a table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gamebook_lab.telemetry.reading import When

__all__ = ["logs"]


def logs(
    *,
    since: When = "1h",
    until: When | None = None,
    level: str | None = None,
    text: str | None = None,
    session: str | None = None,
    job: str | None = None,
    folder: str | Path | None = None,
) -> pd.DataFrame:
    """Search the log.

    Parameters
    ----------
    since, until, folder
        As in :func:`read`.
    level
        The least: ``"debug"``, ``"info"``, ``"warning"``, ``"error"`` or ``"critical"``.
    text
        What the line shall hold, in any column; letters' case does not matter.
    session, job
        Only lines of these.

    Returns
    -------
    pandas.DataFrame
        ``time`` (``datetime64[us, UTC]``), ``level``, ``event`` (what happened; never text of a story), ``logger``,
        ``session``, ``job``, ``error`` (class of an exception), ``place`` (where it was raised), ``fields`` (dict of all
        else), oldest first.
    """
    raise NotImplementedError
