"""The log, as a table."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from gamebook_lab.telemetry.home import folder_of
from gamebook_lab.telemetry.log_writing import FOLDER
from gamebook_lab.telemetry.moments import When, epoch_of, times

__all__ = ["logs"]

_TEXTS: Final = ("level", "event", "logger", "session", "job", "error", "place")


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
    least = logging.getLevelNamesMapping().get(level.upper()) if level is not None else logging.NOTSET
    if least is None:
        raise ValueError(f"a level is debug, info, warning, error or critical, not {level!r}")
    now = time.time()
    start, stop = epoch_of(since, now), now + 1 if until is None else epoch_of(until, now)
    wanted = text.casefold() if text is not None else ""
    found = [
        record
        for line, record in _lines(folder_of(folder) / FOLDER, start)
        if start <= record["time"] < stop
        and _number(record) >= least
        and wanted in line.casefold()
        and (session is None or record.get("session") == session)
        and (job is None or str(record.get("job")) == job)
    ]
    found.sort(key=lambda record: float(record["time"]))
    known = {"time", *_TEXTS}
    made: dict[str, Any] = {"time": times([record["time"] for record in found])}
    for name in _TEXTS:
        made[name] = pd.Series([str(record.get(name, "")) for record in found], dtype="str")
    fields = [{key: value for key, value in record.items() if key not in known} for record in found]
    made["fields"] = pd.Series(fields, dtype="object")
    return pd.DataFrame(made)


def _lines(folder: Path, start: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Lines of all files that were written to since then; one that was cut off by a kill is left out."""
    for file in sorted(folder.glob("*.jsonl*")):
        try:
            if file.stat().st_mtime < start:
                continue
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:  # rotated away meanwhile
            continue
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and isinstance(record.get("time"), int | float):
                yield line, record


def _number(record: dict[str, Any]) -> int:
    return logging.getLevelNamesMapping().get(str(record.get("level")).upper(), logging.NOTSET)
