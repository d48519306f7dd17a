"""What goes into a workspace's journal, and what comes back when it is kept."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gamebook_lab.store.merge import Conflict
from gamebook_lab.store.rows import Row, Rows

__all__ = ["Document", "Edit", "Kept", "Kind", "Seed", "new_number"]

Kind = Literal["edit", "undo", "redo", "save", "outside"]
"""``save`` was written to the document, ``outside`` read from it."""


def new_number() -> int:
    """Give a number that no other edit or passage has, whoever makes one."""
    return secrets.randbits(62) | 1 << 40  # above what a reading of the file counts to


@dataclass(frozen=True, slots=True)
class Document:
    """What the story's file held when it was last read or written."""

    fingerprint: str
    order: tuple[int, ...]
    """Uids in the order in which the file is read."""
    seq: int = 0
    """Revision that it holds."""


@dataclass(frozen=True, slots=True)
class Seed:
    """What a new workspace begins with."""

    rows: Rows
    document: Document


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit, as its maker saw it."""

    number: int
    """Of the step of undo: keystrokes of one word share it."""
    kind: Kind
    label: str
    changes: Mapping[int, tuple[Row | None, Row | None]]
    """For each uid the row before and after; None: not there."""
    target: int | None = None
    """Number of the step that is undone or made again."""
    document: Document | None = None
    """What the file holds now, if it was read or written."""
    time: float = field(default_factory=time.time)


class Kept(NamedTuple):
    """What became of an edit."""

    edit: Edit
    rows: dict[int, Row | None]
    """What the workspace holds of its passages: others than the edit's where somebody else had changed them."""
    conflicts: tuple[Conflict, ...]
    """What could not be put together; theirs stands in the story, ours is kept in the conflict."""
