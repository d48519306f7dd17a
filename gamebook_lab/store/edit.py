"""What goes into a workspace's journal, and what comes back when it is kept."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Self

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
    others: Mapping[int, Row | None] = field(default_factory=dict)
    """But for these passages, which were edited while it was written: what it has of each, by uid; None: it has it not."""

    read: str = ""
    """Fingerprint of what it was before all saves, if the workspace keeps that (see ``as_read``)."""

    def held(self, rows: Rows) -> Rows:
        """What it holds, given the rows of its revision."""
        held: dict[int, Row | None] = {**rows, **self.others}
        return {uid: row for uid, row in held.items() if row is not None}

    def plain(self) -> dict[str, Any]:
        """Make JSON of it."""
        others = {str(uid): None if row is None else row.decode() for uid, row in self.others.items()}
        return {
            "fingerprint": self.fingerprint,
            "order": self.order,
            "seq": self.seq,
            "others": others,
            "read": self.read,
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """Read what :meth:`plain` has made; ``others`` and ``read`` came later than the rest."""
        others = {int(uid): None if row is None else row.encode() for uid, row in plain.get("others", {}).items()}
        return cls(plain["fingerprint"], tuple(plain["order"]), plain["seq"], others, plain.get("read", ""))


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
    as_read: Callable[[], bytes] | None = None
    """Gives what the file was before all saves, to be kept; called on the workspace's thread."""
    time: float = field(default_factory=time.time)


class Kept(NamedTuple):
    """What became of an edit."""

    edit: Edit
    rows: dict[int, Row | None]
    """What the workspace holds of its passages: others than the edit's where somebody else had changed them."""
    conflicts: tuple[Conflict, ...]
    """What could not be put together; theirs stands in the story, ours is kept in the conflict."""
