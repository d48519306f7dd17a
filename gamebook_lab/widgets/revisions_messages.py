"""What the revisions pane and its script say to each other."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from gamebook_lab.store.merge import Choice

# ---- script to Python


class Hello(TypedDict):
    """A view appeared."""

    type: Literal["hello"]
    view: str


class GetPage(TypedDict):
    """List revisions, newest first; ``is_passage`` those of the selected passage alone."""

    type: Literal["page"]
    view: str
    most: int
    is_passage: bool


class Look(TypedDict):
    """Show what a revision changed, or what going back to it would change."""

    type: Literal["look"]
    view: str
    revision: int | str
    is_back: bool


class Name(TypedDict):
    """Give a revision a name."""

    type: Literal["name"]
    revision: int
    name: str
    note: str


class Restore(TypedDict):
    """Go back to a revision or a backup, whole or in one passage."""

    type: Literal["restore"]
    revision: int | str
    uid: NotRequired[int | None]


class Settle(TypedDict):
    """End a conflict with another kernel."""

    type: Literal["settle"]
    id: int
    choice: Choice


class Merge(TypedDict):
    """Put the story and its changed file together, each conflict as chosen (by uid, as text)."""

    type: Literal["merge"]
    choices: dict[str, Choice]


class Press(TypedDict):
    """A button: make a backup, or take the file's story."""

    type: Literal["backup", "reload"]


# ---- Python to script


class RevisionRow(TypedDict):
    """One line of the list. ``time`` counts seconds since the epoch."""

    revision: int
    time: float
    who: str
    kind: str
    label: str
    n_passages: int
    name: str | None
    note: str | None


class BackupRow(TypedDict):
    """One backup that counts."""

    name: str
    time: float
    revision: int
    size_bytes: int


class Page(TypedDict):
    """Revisions and backups. ``passage`` is the name of the passage that the list is about, if it is about one."""

    type: Literal["page"]
    view: str
    passage: str | None
    has_more: bool
    rows: list[RevisionRow]
    backups: list[BackupRow]


class Difference(TypedDict):
    """What changed in one passage; ``pieces`` are stretches of text that stayed (same), went (gone) and came (come)."""

    uid: int
    name: str
    change: str
    columns: str
    pieces: list[tuple[str, str]]


class Looked(TypedDict):
    """Answer to :class:`Look`."""

    type: Literal["looked"]
    view: str
    revision: int | str
    is_back: bool
    n: int
    rows: list[Difference]


class ConflictRow(TypedDict):
    """Two texts for one passage; None: that side deleted it. ``pieces`` lead from theirs to ours."""

    id: int
    uid: int
    name: str
    columns: str
    who: str
    time: float
    ours: str | None
    theirs: str | None
    pieces: list[tuple[str, str]]


class Outside(TypedDict):
    """The file was changed outside: what a merge would change here, and what both sides changed."""

    changes: list[Difference]
    conflicts: list[ConflictRow]


class Situation(TypedDict):
    """All that the author has to know or decide."""

    type: Literal["situation"]
    has_workspace: bool
    n_waiting: int
    trouble: str | None
    is_dirty: bool
    place: str | None
    conflicts: list[ConflictRow]
    outside: Outside | None
    selected: str | None


class Stale(TypedDict):
    """The list has changed: ask for it again."""

    type: Literal["stale"]
