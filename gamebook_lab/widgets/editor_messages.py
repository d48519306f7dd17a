"""What the text editor and its script say to each other.

All offsets count code points in the passage's text at the ``revision`` that the message names.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

# ---- script to Python; ``view`` names the one of several views that speaks


class Hello(TypedDict):
    """A view appeared and wants to know what to show."""

    type: Literal["hello"]
    view: str
    unsent: NotRequired[list[tuple[str, str | None]]]
    """Name and lasting id of passages with text that an editor before it could not send."""


class Edit(TypedDict):
    """The author typed: splices on the text at revision ``base``."""

    type: Literal["edit"]
    view: str
    seq: int
    key: int
    base: int
    changes: list[tuple[int, int, str]]


class Complete(TypedDict):
    """Names to offer for what was typed, which ends at a place of a passage."""

    type: Literal["complete"]
    view: str
    id: int
    key: int
    at: int
    what: Literal["passage", "variable", "macro", "insert", "modifier"]
    """``insert`` and ``modifier`` are Chapbook's; a variable is an insert, too."""
    typed: str


class Goto(TypedDict):
    """Follow the name at a place; create the passage if ``create`` and it does not exist."""

    type: Literal["goto"]
    view: str
    key: int
    at: int
    create: NotRequired[bool]


class Ask(TypedDict):
    """List the uses of what stands at a place, or say what it is, to be renamed."""

    type: Literal["uses", "symbol"]
    view: str
    key: int
    at: int


class RenameSymbol(TypedDict):
    """Give a variable, or the passage that a link names, another name everywhere."""

    type: Literal["rename-symbol"]
    kind: Literal["passage", "variable"]
    old: str
    new: str


class Select(TypedDict):
    """Select another passage, and perhaps a stretch of its text."""

    type: Literal["select"]
    key: int
    span: NotRequired[tuple[int, int]]


class Rename(TypedDict):
    """Give a passage another name, everywhere."""

    type: Literal["rename"]
    key: int
    name: str


class SetTags(TypedDict):
    """Give a passage other tags."""

    type: Literal["tags"]
    key: int
    tags: list[str]


class Act(TypedDict):
    """Press a button: of the passage named by ``key``, or of the story."""

    type: Literal["create", "start", "delete", "save", "undo", "redo"]
    key: NotRequired[int]
    name: NotRequired[str]


# ---- Python to script; a message with ``view`` is for that view alone


class PassageInfo(TypedDict):
    """What stands above the text."""

    key: int
    id: str | None
    """As :meth:`StorySession.lasting_id` has it."""
    name: str
    tags: list[str]
    kind: str
    is_start: bool
    n_words: int
    language: str


class LinkedPassage(TypedDict):
    """One passage that links here, or is linked from here."""

    key: int | None
    name: str


class Read(TypedDict):
    """How the story's language reads a text: what is coloured, and what is no prose, as ``documents`` writes them."""

    tokens: list[int]
    code: list[int]


class Open(Read):
    """Show this passage; ``passage`` None: show that none is selected."""

    type: Literal["open"]
    view: str | None
    passage: PassageInfo | None
    revision: int
    text: str
    links: Links | None
    """With it, so that a click has one answer; None while the story is being checked: they come by themselves then."""
    marks: Marks | None


class Update(Read):
    """The text changed. For the view and ``seq`` that it names it means: your edit is in."""

    type: Literal["update"]
    key: int
    revision: int
    changes: list[tuple[int, int, str]]
    view: str | None
    seq: int | None
    is_history: bool
    """It was undone or made again in the story's history."""


class Reject(TypedDict):
    """An edit was made on a text that is no longer so: send it again on top of the update that comes."""

    type: Literal["reject"]
    view: str
    seq: int
    key: int
    is_gone: bool


class Info(TypedDict):
    """Name, tags or the like changed."""

    type: Literal["info"]
    passage: PassageInfo


class Show(TypedDict):
    """Scroll to a stretch and select it."""

    type: Literal["show"]
    key: int
    start: int
    stop: int


class Mark(TypedDict):
    """One underlined problem."""

    start: int
    stop: int
    severity: str
    code: str
    message: str
    hint: str


class Marks(TypedDict):
    """Problems of a passage at a revision."""

    type: Literal["marks"]
    key: int
    revision: int
    marks: list[Mark]


class Links(TypedDict):
    """Neighbours of the passage."""

    type: Literal["links"]
    key: int
    incoming: list[LinkedPassage]
    outgoing: list[LinkedPassage]


class Names(TypedDict):
    """Answer to :class:`Complete`."""

    type: Literal["names"]
    view: str
    id: int
    names: list[str]


class Missing(TypedDict):
    """The name at a place belongs to no passage: offer to create it."""

    type: Literal["missing"]
    view: str
    key: int
    at: int
    name: str


class Use(TypedDict):
    """One place that uses a name."""

    key: int
    name: str
    how: str
    before: str
    what: str
    after: str
    start: int
    stop: int


class Uses(TypedDict):
    """Answer to ``uses``."""

    type: Literal["uses"]
    view: str
    kind: str
    name: str
    n: int
    rows: list[Use]


class SymbolThere(TypedDict):
    """Answer to ``symbol``: ask for its new name. ``kind`` is empty where nothing has a name."""

    type: Literal["symbol"]
    view: str
    kind: Literal["", "passage", "variable", "macro"]
    name: str
    n: int
    n_passages: int


class Notice(TypedDict):
    """Something could not be done."""

    type: Literal["notice"]
    text: str
