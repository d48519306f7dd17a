"""What a session tells its watchers of each change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gamebook_lab.story.story import Story

__all__ = ["Change", "ChangeKind"]

ChangeKind = Literal["edit", "undo", "redo", "select", "save", "load", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a session's story or selection."""

    old: Story
    new: Story
    changed: frozenset[int]
    """Keys of passages that were added, removed, or differ in any column."""
    origin: object
    """Whoever made the change (a widget can ignore its own); None for others."""
    label: str
    """What it was, for the Undo button, such as ``Rename passage``; empty for a selection."""
    selected: int | None
    """Key of the selected passage after the change."""
    span: tuple[int, int] | None = None
    """Characters of the selected passage's text to show, as when a problem was clicked."""
    kind: ChangeKind = "edit"
    """What was done; ``save`` changes no passage, ``load`` is a whole new story, ``elsewhere`` another kernel's work."""
