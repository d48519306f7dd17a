"""What the passages table's Python and JavaScript sides say to each other.

``passage_table.js`` has the same in JSDoc. Every message names its ``view``, since one table
may be on the screen twice, sorted differently; ``query`` numbers what a view asked for, so that
a late answer to an earlier question is known as such.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from gamebook_lab.widgets.many import Copied, Many

Field = Literal[
    "name",
    "tags",
    "kind",
    "n_words",
    "n_out",
    "n_in",
    "is_start",
    "n_problems",
    "verdict",
    "shortest",
    "expected_visits",
]
Editable = Literal["name", "tags", "text"]


class Sort(TypedDict):
    """One column to sort by."""

    field: Field
    ascending: bool


class Wanted(TypedDict):
    """Which rows to show, in which order. An empty filter lets all pass."""

    sort: list[Sort]
    text: str
    """To be found in the name, a tag or the text, in any case of letters."""
    kind: str
    tag: str
    problem: Literal["", "any", "error", "warning", "info", "none"]
    verdict: Literal["", "reachable", "luck", "unreachable", "unknown"]


# ---- from the browser


class Query(TypedDict):
    """A view opened, was sorted or filtered."""

    type: Literal["query"]
    view: str
    query: int
    wanted: Wanted


class GetPage(TypedDict):
    """Rows came into sight."""

    type: Literal["page"]
    view: str
    query: int
    start: int
    stop: int


class Edit(TypedDict):
    """A cell was edited. ``was`` is what stood there before, lest another edit be overwritten."""

    type: Literal["edit"]
    view: str
    edit: int
    key: int
    field: Editable
    value: str
    was: str


class GetText(TypedDict):
    """The whole text of a passage is to be edited."""

    type: Literal["text"]
    view: str
    key: int


class Select(TypedDict):
    """A row was gone to (``open``: double-clicked, to be edited)."""

    type: Literal["select"]
    view: str
    key: int
    open: bool


class Range(TypedDict):
    """All rows from one up to another are to be marked."""

    type: Literal["range"]
    view: str
    query: int
    start: int
    stop: int
    is_all: NotRequired[bool]
    """Select all: code is left out unless nothing else is listed, lest a tag for all passages go to scripts too."""


class ToMany(Many):
    """Do something to all that are marked."""

    view: str


# ---- to the browser


class Row(TypedDict):
    """One passage."""

    key: int
    name: str
    tags: str
    kind: str
    n_words: int
    n_out: int
    n_in: int
    is_start: bool
    n_problems: int
    worst: str
    """Worst severity of its problems, or empty."""
    verdict: str
    """reachable, luck, unreachable, unknown; empty: nothing is known yet."""
    shortest: int | None
    expected_visits: float | None
    """-1: for ever. None: not known."""
    first: str
    """First words of its prose."""


class Count(TypedDict):
    """A choice of a filter, and how many passages it would show."""

    value: str
    n: int


class Order(TypedDict):
    """Rows are ready to be fetched, or are others than before; those fetched earlier are void."""

    type: Literal["order"]
    view: str
    query: int
    version: int
    """Grows whenever passages come or go, which moves the rows below."""
    n: int
    """Rows that pass the filters."""
    total: int
    """All passages."""
    selected: int | None
    """Key of the selected passage."""
    selected_row: int | None
    kinds: list[Count]
    tags: list[Count]


class Page(TypedDict):
    """Some rows of a view."""

    type: Literal["page"]
    view: str
    query: int
    version: int
    start: int
    rows: list[Row]


class Changed(TypedDict):
    """Rows that differ and stay where they are."""

    type: Literal["changed"]
    view: str
    query: int
    version: int
    rows: list[tuple[int, Row]]


class Edited(TypedDict):
    """What became of an edit; ``error`` is for people, empty if it was made."""

    type: Literal["edited"]
    view: str
    edit: int
    error: str


class Text(TypedDict):
    """The whole text of a passage."""

    type: Literal["text"]
    view: str
    key: int
    text: str


class Ranged(TypedDict):
    """Answer to :class:`Range`: keys of these rows."""

    type: Literal["ranged"]
    view: str
    keys: list[int]


class CopiedHere(Copied):
    """Answer to ``copy``."""

    view: str


class Refused(TypedDict):
    """What was asked of many could not be done; for people."""

    type: Literal["refused"]
    view: str
    text: str


class Selected(TypedDict):
    """The session's selection has changed."""

    type: Literal["selected"]
    view: str
    key: int | None
    row: int | None
    """Its row in this view; None if the filters hide it."""


ToBrowser = Order | Page | Changed | Edited | Text | Selected | Ranged | CopiedHere | Refused
