"""From rows of cells to the ``sessions`` table: a row of the log is one step of one reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.errors import FormatError
from gamebook_lab.formats.logs.cells import MOST_CHARACTERS, RECORD
from gamebook_lab.formats.logs.schema import EVENTS, SESSIONS
from gamebook_lab.formats.logs.times import read_seconds, read_times
from gamebook_lab.story import schema
from gamebook_lab.story.problems import Problem

__all__ = ["GAP_SECONDS", "steps_of", "tidy"]

GAP_SECONDS: Final = 1800.0
"""A reader who does nothing for longer begins a new session, where the log names none: as web analytics have it."""
_MOST_NAMED: Final = 100
"""Rows of one code that get a problem each; the rest are counted in one more."""
_WORDS: Final = {
    "visit": "visit", "view": "visit", "enter": "visit", "page_view": "visit", "pageview": "visit", "passage": "visit", "choice": "visit",
    "choose": "visit", "start": "visit", "begin": "visit", "click": "visit", "read": "visit", "experienced": "visit", "": "visit",
    "back": "back", "undo": "back", "return": "back", "restart": "restart", "reset": "restart",
}  # fmt: skip


def steps_of(
    cells: pd.DataFrame, columns: Mapping[str, str], *, file: str, timezone: str = "UTC", gap: float = GAP_SECONDS
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a log whose rows are steps.

    Parameters
    ----------
    cells
        Text, with the column of record numbers.
    columns
        Meaning to column of ``cells``.
    file
        Its name, for messages.
    timezone
        Of times that name none.
    gap
        Where no session is named: seconds without a step after which a reader's next session begins.

    Raises
    ------
    FormatError
        If no column says where readers were, or none tells one reader from another.
    """
    if "passage_id" not in columns or not {"session_id", "reader_id"} & columns.keys():
        said = ", ".join(map(repr, [name for name in cells.columns if name != RECORD][:20]))
        missing = "the passage" if "passage_id" not in columns else "the session or the reader"
        raise FormatError(
            f'no column is known to name {missing}; there are {said}. Say which: columns={{"passage_id": ..., "reader_id": ...}}',
            file=file,
        )
    found: list[Problem] = []
    note = _Notes(found, file, cells)
    cells = note.leave_out(
        cells, _too_long(cells, columns), "GB706", f"A cell is longer than {MOST_CHARACTERS:,} characters"
    )
    passage = _text(cells, columns["passage_id"])
    cells = note.leave_out(cells, passage == "", "GB702", "The row names no passage")
    session = _text(cells, columns.get("session_id"))
    reader = _text(cells, columns.get("reader_id"))
    cells = note.leave_out(cells, (session == "") & (reader == ""), "GB703", "The row names neither session nor reader")
    times, is_bad, is_local = read_times(_text(cells, columns.get("time")), timezone=timezone)
    note.mention(cells, is_bad, "GB704", "The time cannot be read; the step is kept without")
    if is_local.any() and (~is_local & times.notna()).any():
        note.mention(cells, is_local, "GB708", f"The time names no zone, others do; it was taken for {timezone} time")
    dwell, is_bad = read_seconds(_text(cells, columns.get("dwell_seconds")))
    note.mention(cells, is_bad, "GB704", "The duration cannot be read; the step is kept without")
    order = pd.to_numeric(_text(cells, columns.get("step")), errors="coerce").astype("float64")
    if "step" in columns:
        note.mention(cells, order.isna(), "GB704", "The step's number cannot be read; it is put where the row stands")
    event = _text(cells, columns.get("event")).str.lower()
    known = event.map(_WORDS)
    note.mention(cells, known.isna(), "GB712", "The event is not known; it was taken for a visit")
    choice = _text(cells, columns.get("choice_id"))
    steps = pd.DataFrame({
        "session_id": _text(cells, columns.get("session_id")), "reader_id": _text(cells, columns.get("reader_id")), "order": order,
        "passage_id": _text(cells, columns["passage_id"]), "choice_id": choice.astype(object).where(choice != "", None), "time": times,
        "dwell_seconds": dwell, "event": known.fillna("visit"), RECORD: cells[RECORD],
    })  # fmt: skip
    return tidy(steps, gap=gap), found


def tidy(steps: pd.DataFrame, *, gap: float = GAP_SECONDS) -> pd.DataFrame:
    """Put steps in order, number them, and tell sessions apart. Columns as :data:`SESSIONS`, with ``order`` for ``step``."""
    steps = steps.copy()
    if len(steps) == 0:
        return schema.empty(SESSIONS)
    unnamed = steps["session_id"] == ""
    if unnamed.any():
        steps.loc[unnamed, "session_id"] = _sittings(steps[unnamed], gap)
    first = ~steps["session_id"].duplicated()
    rank = pd.Series(np.arange(int(first.sum())), index=steps.loc[first, "session_id"])
    steps["rank"] = steps["session_id"].map(rank)
    by = ["rank", "order"] if steps["order"].notna().any() else ["rank"]
    # where one step has no number or time, it stays where it stands
    timed = steps.groupby("rank")["time"].transform("count") == steps.groupby("rank")["time"].transform("size")
    steps["clock"] = steps["time"].where(timed, pd.NaT)
    steps = steps.sort_values([*by, "clock"], kind="stable", na_position="last")
    steps["step"] = steps.groupby("rank", sort=False).cumcount().astype("int64")
    lapse = (steps.groupby("rank", sort=False)["time"].shift(-1) - steps["time"]).dt.total_seconds()
    steps["dwell_seconds"] = steps["dwell_seconds"].fillna(lapse.where(lapse >= 0))
    reader = steps["reader_id"]
    steps["reader_id"] = reader.where(reader != "", pd.NA)
    return schema.build(SESSIONS, {column.name: steps[column.name].tolist() for column in SESSIONS})


def _sittings(steps: pd.DataFrame, gap: float) -> pd.Series:
    """Name sessions that the log does not: a reader's next one begins after a long pause."""
    ordered = steps.sort_values(["reader_id", "time"], kind="stable", na_position="last")
    lapse = (ordered["time"] - ordered.groupby("reader_id", sort=False)["time"].shift()).dt.total_seconds()
    sitting = (lapse > gap).groupby(ordered["reader_id"], sort=False).cumsum()
    return (ordered["reader_id"] + "#" + (sitting + 1).astype("str")).reindex(steps.index)


def _text(cells: pd.DataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series("", index=cells.index, dtype="str")
    return cells[column].fillna("").astype("str").str.strip()


def _too_long(cells: pd.DataFrame, columns: Mapping[str, str]) -> pd.Series:
    found = pd.Series(data=False, index=cells.index)
    for column in columns.values():
        found |= cells[column].fillna("").str.len() > MOST_CHARACTERS
    return found


class _Notes:
    """Writes a problem for each row concerned, and one for all that are too many to name."""

    def __init__(self, found: list[Problem], file: str, cells: pd.DataFrame) -> None:
        self._found, self._file, self._n = found, file, len(cells)

    def leave_out(self, cells: pd.DataFrame, rows: pd.Series, code: str, said: str) -> pd.DataFrame:
        self.mention(cells, rows, code, f"{said}; it was left out")
        return cells[~rows.to_numpy()]

    def mention(self, cells: pd.DataFrame, rows: pd.Series, code: str, said: str) -> None:
        numbers = cells.loc[rows.to_numpy(), RECORD].tolist()
        self._found += [Problem(code, said, file=self._file, line=int(number)) for number in numbers[:_MOST_NAMED]]
        if len(numbers) > _MOST_NAMED:
            self._found.append(
                Problem(
                    code, f"{said} (so are {len(numbers) - _MOST_NAMED:,} more rows of {self._n:,})", file=self._file
                )
            )


assert set(_WORDS.values()) <= set(EVENTS)
