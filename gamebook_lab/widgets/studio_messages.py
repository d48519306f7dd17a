"""What the Studio and its script say to each other."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

# ---- script to Python


class Hello(TypedDict):
    """A view appeared."""

    type: Literal["hello"]
    view: str


class Ping(TypedDict):
    """Is anybody there."""

    type: Literal["ping"]
    view: str


class Save(TypedDict):
    """Write the file, or another one."""

    type: Literal["save"]
    path: NotRequired[str | None]
    overwrite: NotRequired[bool]


class Press(TypedDict):
    """A button of the toolbar."""

    type: Literal["undo", "redo", "create", "reload", "where", "compare"]


class Open(TypedDict):
    """Open one story of the archive, by its place in there."""

    type: Literal["open"]
    index: int


class Look(TypedDict):
    """A tab is looked at: its widget is wanted."""

    type: Literal["look"]
    pane: str


class Paste(TypedDict):
    """Add the passages of a Twee text."""

    type: Literal["paste"]
    text: str


Written = Literal["proof", "paper", "html", "twee", "json"]
"""What is written beside the story's file: a page to print, or the story in a format."""


class Print(TypedDict):
    """Write a page to print, or the story in another format, beside the story's file."""

    type: Literal["print"]
    what: Written
    overwrite: NotRequired[bool]


class Dismiss(TypedDict):
    """Take a notice away."""

    type: Literal["dismiss"]
    id: int


class Search(TypedDict):
    """Find passages by name, then by text."""

    type: Literal["search"]
    view: str
    typed: str


class Select(TypedDict):
    """Select a passage, and a stretch of its text."""

    type: Literal["select"]
    key: int
    span: NotRequired[tuple[int, int] | None]


class ReplaceQuery(TypedDict):
    """What to find, and what to put there."""

    find: str
    replace: str
    is_regex: bool
    is_case_sensitive: bool
    is_whole_word: bool
    within: Literal["text", "prose", "names", "all"]


class Preview(TypedDict):
    """Show what a replacement would do."""

    type: Literal["preview"]
    view: str
    query: ReplaceQuery


class Replace(TypedDict):
    """Do it."""

    type: Literal["replace"]
    view: str
    query: ReplaceQuery


# ---- Python to script


class Show(TypedDict):
    """Bring a tab to the front."""

    type: Literal["show"]
    tab: str


class Pong(TypedDict):
    """Yes."""

    type: Literal["pong"]
    view: str


class State(TypedDict):
    """All that the toolbar shows. ``loading`` names the file while it is being read."""

    type: Literal["state"]
    title: str
    file: str | None
    path: str | None
    is_dirty: bool
    """Whether the file lacks something."""
    is_kept: bool
    """Whether every edit is kept beside the file."""
    is_waiting: bool
    """Whether an edit is on its way to the disk."""
    trouble: str | None
    """Why they cannot be kept now."""
    undo: str | None
    redo: str | None
    language: str
    loading: str | None


class NoticeEntry(TypedDict):
    """One notice above the story."""

    id: int
    text: str
    kind: str
    path: str | None
    what: Written | None
    """Of a file that is there already: what was to be written."""
    stories: list[str]


class Notices(TypedDict):
    """All notices that were not dismissed."""

    type: Literal["notices"]
    notices: list[NoticeEntry]


class Hit(TypedDict):
    """One passage found."""

    key: int
    name: str
    excerpt: str
    span: tuple[int, int] | None


class Found(TypedDict):
    """Answer to :class:`Search`."""

    type: Literal["found"]
    view: str
    typed: str
    hits: list[Hit]


class PreviewRow(TypedDict):
    """One replacement, with some text around it."""

    key: int
    name: str
    where: str
    """``text`` or ``name``."""
    before: str
    old: str
    new: str
    after: str
    start: int
    stop: int


class Previewed(TypedDict):
    """Answer to :class:`Preview` and :class:`Replace`; ``error`` says why there is none."""

    type: Literal["previewed"]
    view: str
    query: ReplaceQuery
    n: int
    n_passages: int
    rows: list[PreviewRow]
    error: str | None
    is_done: bool
