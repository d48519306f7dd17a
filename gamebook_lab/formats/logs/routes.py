"""Logs with one row for each session: a cell holds the whole route, another perhaps the seconds at each step.

Covers lists of passages with a separator, such as ``1,2,4_1``, and paths with back-clicks as Wikispeedia writes them:
``14th_century;Europe;<;Rome``, where each ``<`` goes back one page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import pandas as pd

from gamebook_lab.errors import FormatError
from gamebook_lab.formats.logs.cells import MOST_CHARACTERS, RECORD
from gamebook_lab.formats.logs.events import tidy
from gamebook_lab.formats.logs.times import read_seconds, read_times
from gamebook_lab.story.problems import Problem

__all__ = ["BACK", "steps_of_routes"]

BACK: Final = "<"
_SEPARATORS: Final = (";", "|", ">", ",")


def steps_of_routes(
    cells: pd.DataFrame, columns: Mapping[str, str], *, file: str, timezone: str = "UTC", separator: str | None = None,
    decode_names: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:  # fmt: skip
    """Read a log whose rows are sessions.

    Parameters
    ----------
    cells
        Text, with the column of record numbers.
    columns
        Meaning to column; ``route`` is needed, ``dwell_seconds`` may be a list as long as the route.
    file
        Its name, for messages.
    timezone
        Of times that name none.
    separator
        Stands between passages; told from the first route by default.
    decode_names
        Names are written as in addresses: ``%C3%A9`` is é.

    Returns
    -------
    tuple
        Steps, what else each row says (``session_id`` as index), and problems.
    """
    if "route" not in columns:
        raise FormatError('no column is known to hold routes; say which: columns={"route": ...}', file=file)
    found: list[Problem] = []
    routes = cells[columns["route"]].fillna("").astype("str").str.strip()
    mark = separator or _separator(routes)
    ids = _ids(cells, columns)
    start, _, _ = read_times(_column(cells, columns.get("time")), timezone=timezone)
    rows: list[tuple[str, str, float, str, float, str]] = []
    numbers = cells[RECORD].tolist()
    for number, name, route, times in zip(
        numbers, ids, routes.tolist(), _column(cells, columns.get("dwell_seconds")).tolist(), strict=True
    ):
        if not route or len(route) > MOST_CHARACTERS:
            what = "holds no route" if not route else f"holds a route longer than {MOST_CHARACTERS:,} characters"
            found.append(
                Problem("GB706" if route else "GB702", f"The row {what}; it was left out", file=file, line=int(number))
            )
            continue
        passages = [each.strip() for each in route.split(mark)]
        dwell = _dwell(times, mark, len(passages), number, file, found)
        visited: list[str] = []
        for at, said in enumerate(passages):
            event, passage = "visit", unquote(said) if decode_names else said
            if said == BACK and len(visited) > 1:
                visited.pop()
                event, passage = "back", visited[-1]
            elif not said or said == BACK:
                text = "A step back has nowhere to go" if said else "A step of the route is empty"
                found.append(Problem("GB705", f"{text} (step {at + 1}); it was left out", file=file, line=int(number)))
                continue
            else:
                visited.append(passage)
            rows.append((name, name, float(at), passage, dwell[at], event))
    steps = pd.DataFrame(rows, columns=["session_id", "reader_id", "order", "passage_id", "dwell_seconds", "event"])
    steps = steps.astype({"dwell_seconds": "float64"})  # without rows it would be of no type
    steps["choice_id"] = None
    since = steps.groupby("session_id", sort=False)["dwell_seconds"].cumsum() - steps["dwell_seconds"]
    begun = (
        steps["session_id"].map(pd.Series(start.to_numpy(), index=ids))
        if len(steps)
        else pd.Series(dtype="datetime64[us]")
    )
    steps["time"] = (pd.to_datetime(begun, utc=True) + pd.to_timedelta(since, unit="s")).astype("datetime64[us, UTC]")
    others = [name for name in cells.columns if name not in {RECORD, columns["route"], columns.get("dwell_seconds")}]
    facts = cells[others].set_axis(pd.Index(ids, name="session_id"))
    return tidy(steps), facts, found


def _separator(routes: pd.Series) -> str:
    first = next((route for route in routes.tolist() if route), "")
    return next((mark for mark in _SEPARATORS if mark in first), ",")


def _ids(cells: pd.DataFrame, columns: Mapping[str, str]) -> list[str]:
    named = columns.get("session_id") or columns.get("reader_id")
    said = _column(cells, named).tolist()
    seen: dict[str, int] = {}
    ids = []
    for number, name in zip(cells[RECORD].tolist(), said, strict=True):
        base = name or f"row {number}"
        seen[base] = seen.get(base, 0) + 1
        ids.append(base if seen[base] == 1 else f"{base}#{seen[base]}")
    return ids


def _column(cells: pd.DataFrame, name: str | None) -> pd.Series:
    if name is None:
        return pd.Series("", index=cells.index, dtype="str")
    return cells[name].fillna("").astype("str").str.strip()


def _dwell(  # noqa: PLR0917 -- one caller
    said: str, mark: str, n: int, number: int, file: str, found: list[Problem]
) -> list[float]:
    nothing = [float("nan")] * n
    parts = said.split(mark) if mark in said else said.split(",")
    if len(parts) == 1 and n > 1:  # how long it took as a whole
        return nothing
    seconds, is_bad = read_seconds(pd.Series(parts, dtype="str"))
    if len(parts) != n:
        said = f"{len(parts)} durations for {n} steps; the row's durations were left out"
        found.append(Problem("GB711", said, file=file, line=int(number)))
        return nothing
    if is_bad.any():
        said = f"{int(is_bad.sum())} of {n} durations cannot be read, such as {parts[int(is_bad.argmax())]!r:.40}; they were left out"
        found.append(Problem("GB704", said, file=file, line=int(number)))
    found_seconds: list[float] = seconds.tolist()
    return found_seconds
