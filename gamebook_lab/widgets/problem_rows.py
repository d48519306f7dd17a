"""What the problem list shows of a problems table: counts, filters, pages of rows."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal, NotRequired, TypedDict

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
    counts = Counter(problems["severity"].tolist())
    return {severity: counts[severity] for severity in SEVERITIES}


def code_counts(problems: pd.DataFrame) -> list[CodeCount]:
    """Kinds of problems that there are, worst first."""
    counts = Counter(problems["code"].tolist())
    found = [
        CodeCount(code=code, title=each.title, severity=each.severity, n=counts[code])
        for code, each in CODES.items()
        if code in counts
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
    page = problems.iloc[max(start, 0) : max(stop, 0)]
    columns = ("code", "severity", "message", "hint", "key", "passage_id", "file", "line", "column", "start", "stop")
    return [
        Row(
            code=code,
            severity=severity,
            message=safe_text(message),
            hint=safe_text(hint),
            title=CODES[code].title,
            key=key,
            passage=None if passage is None else safe_text(passage),
            place=_place(file, line, column),
            start=begin,
            stop=end,
        )
        for code, severity, message, hint, key, passage, file, line, column, begin, end in zip(
            *(_values(page[name]) for name in columns), strict=True
        )
    ]


def worst_by_key(problems: pd.DataFrame) -> dict[int, str]:
    """Worst severity of each passage that has problems, for the map."""
    worst: dict[int, str] = {}
    for key, severity in zip(_values(problems["key"]), problems["severity"].tolist(), strict=True):
        if key is not None and (known := worst.setdefault(key, severity)) != severity:
            worst[key] = min(known, severity, key=SEVERITIES.index)
    return worst


def _values(column: pd.Series[Any]) -> list[Any]:
    """What a column holds, None where that is missing."""
    pairs = zip(column.tolist(), column.isna().tolist(), strict=True)
    return [None if is_missing else value for value, is_missing in pairs]


def _place(file: str | None, line: int | None, column: int | None) -> str:
    name = "" if file is None else safe_text(file)
    numbers = "" if line is None else f"{line}" if column is None else f"{line}:{column}"
    return ":".join(part for part in (name, numbers) if part)
