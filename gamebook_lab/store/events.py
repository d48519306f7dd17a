"""What a workspace tells whoever listens to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gamebook_lab.store.edit import Document, Kept
from gamebook_lab.store.past import Stacks
from gamebook_lab.store.rows import Row, Rows

__all__ = ["Contents", "Event", "News", "State", "Tick"]


class Contents(NamedTuple):
    """All that a session needs to begin where the last one ended."""

    rows: Rows
    document: Document
    stacks: Stacks
    as_read: bytes | None = None
    """What the file was before all saves, as ``as_read`` has packed it; None: what it is now."""


class News(NamedTuple):
    """What was committed, by this process or another."""

    kept: tuple[Kept, ...]
    """This process's edits, in their order."""
    rows: Mapping[int, Row | None]
    """What the workspace holds now of passages that another process has changed."""
    document: Document | None
    """What the story's file holds, if another process has written it."""
    is_whole: bool = False
    """Whether the rows are the whole story: passages that they don't have are gone."""


@dataclass(frozen=True, slots=True)
class State:
    """How many edits wait to be kept, and what is in the way."""

    n_waiting: int = 0
    trouble: str | None = None
    notice: str | None = None
    """Something that was done, for the author to know."""


class Tick(NamedTuple):
    """Time has passed."""


Event: TypeAlias = News | State | Tick
