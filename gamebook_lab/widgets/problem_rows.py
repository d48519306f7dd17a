"""What the problem list shows of a problems table: counts, filters, pages of rows."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

import pandas as pd

from gamebook_lab.story.problems import CODES, SEVERITIES
from gamebook_lab.widgets.documents import safe_text


class Filter(TypedDict):
    """Which problems to show; what is missing or empty does not restrict."""

    severities: NotRequired[list[str]]
    code: NotRequired[str]
    key: NotRequired[int | None]


class CodeCount(TypedDict):
    """One kind of problem, and how many there are."""

    code: str
    title: str
    severity: str
    n: int


class Row(TypedDict):
    """One problem."""

    code: str
    severity: str
    message: str
    hint: str
    title: str
    """What problems of this code are."""
    key: int | None
    passage: str | None
    place: str
    """File, line and column, as far as they are known."""
    start: int | None
    stop: int | None


# ---- messages


class Hello(TypedDict):
    """A view appeared."""

    type: Literal["hello"]
    view: str


class GetPage(TypedDict):
    """Send these rows of the problems that pass the filter."""

    type: Literal["page"]
    view: str
    filter: Filter
    start: int
    stop: int


class Select(TypedDict):
    """Show the place of a problem."""

    type: Literal["select"]
    key: int
    start: int | None
    stop: int | None


class Follow(TypedDict):
    """From now on this view shows the problems of whatever passage is selected, or again those of all."""

    type: Literal["follow"]
    view: str
    is_on: bool


class Summary(TypedDict):
    """How many problems there are; the view then asks for the rows that it shows."""

    type: Literal["summary"]
    status: str
    version: int
    severities: dict[str, int]
    codes: list[CodeCount]
    selected: int | None


class Page(TypedDict):
    """Answer to :class:`GetPage`, of ``n`` rows in all."""

    type: Literal["page"]
    view: str
    version: int
    filter: Filter
    n: int
    start: int
    rows: list[Row]


# ---- what they say


def severity_counts(problems: pd.DataFrame) -> dict[str, int]:
    """Number of problems of each severity, worst first, zeros included."""
    counts = problems["severity"].value_counts()
    return {severity: int(counts.get(severity, 0)) for severity in SEVERITIES}


def code_counts(problems: pd.DataFrame) -> list[CodeCount]:
    """Kinds of problems that there are, worst first."""
    counts = problems["code"].value_counts()
    found = [
        CodeCount(code=code, title=CODES[code].title, severity=CODES[code].severity, n=int(counts[code]))
        for code in CODES
        if code in counts.index
    ]
    return sorted(found, key=lambda entry: SEVERITIES.index(CODES[entry["code"]].severity))


def filtered(problems: pd.DataFrame, wanted: Filter) -> pd.DataFrame:
    """Problems that pass the filter, in their order."""
    mask = pd.Series(data=True, index=problems.index)
    if severities := wanted.get("severities"):
        mask &= problems["severity"].isin(severities)
    if code := wanted.get("code"):
        mask &= problems["code"] == code
    if (key := wanted.get("key")) is not None:
        mask &= (problems["key"] == key).fillna(value=False).astype(bool)
    return problems[mask]


def rows(problems: pd.DataFrame, start: int, stop: int) -> list[Row]:
    """Rows from ``start`` up to ``stop``, for the list."""
    return [
        Row(
            code=record["code"],
            severity=record["severity"],
            message=safe_text(record["message"]),
            hint=safe_text(record["hint"]),
            title=CODES[record["code"]].title,
            key=_integer(record["key"]),
            passage=None if pd.isna(record["passage_id"]) else safe_text(record["passage_id"]),
            place=_place(record["file"], _integer(record["line"]), _integer(record["column"])),
            start=_integer(record["start"]),
            stop=_integer(record["stop"]),
        )
        for record in problems.iloc[max(start, 0) : max(stop, 0)].to_dict("records")
    ]


def worst_by_key(problems: pd.DataFrame) -> dict[int, str]:
    """Worst severity of each passage that has problems, for the map."""
    worst: dict[int, str] = {}
    known = problems[problems["key"].notna()]
    for key, severity in zip(known["key"].tolist(), known["severity"].tolist(), strict=True):
        if SEVERITIES.index(severity) < SEVERITIES.index(worst.get(key, "info")) or key not in worst:
            worst[int(key)] = severity
    return worst


def _integer(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]


def _place(file: object, line: int | None, column: int | None) -> str:
    name = "" if pd.isna(file) else safe_text(str(file))  # type: ignore[call-overload]
    numbers = "" if line is None else f"{line}" if column is None else f"{line}:{column}"
    return ":".join(part for part in (name, numbers) if part)
