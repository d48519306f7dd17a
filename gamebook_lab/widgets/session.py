"""One story being worked on, shared by all the widgets that show it.

Widget callbacks may arrive on more than one thread (ipykernel runs them on subshells), so
every change goes through one lock. Callbacks are called outside of it, in the order of the
changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from gamebook_lab.story.story import Story


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


class StorySession:
    """Holds the current story, its history, the selection; tells watchers.

    Parameters
    ----------
    story
        What to work on.
    """

    def __init__(self, story: Story) -> None:
        self._lock = threading.RLock()
        self._story = story
        self._selected: int | None = story.start_key
        self._watchers: list[Callable[[Change], None]] = []

    @property
    def story(self) -> Story:
        """The story as it is now. Immutable: keep it as long as you like."""
        return self._story

    @property
    def selected(self) -> int | None:
        """Key of the selected passage."""
        return self._selected

    def apply(self, edit: Callable[[Story], Story], *, label: str, origin: object = None) -> Story:
        """Make an edit, remember it for undo, tell everyone.

        Raises
        ------
        EditError
            If the edit cannot be made; nothing has changed then.
        """
        raise NotImplementedError

    def undo(self) -> None:
        """Take the last edit back; nothing happens if there is none."""
        raise NotImplementedError

    def redo(self) -> None:
        """Make the edit again that was taken back last; nothing happens if there is none."""
        raise NotImplementedError

    def select(self, key: int | None, *, span: tuple[int, int] | None = None, origin: object = None) -> None:
        """Select a passage everywhere, and show a stretch of its text."""
        raise NotImplementedError

    def watch(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Have ``callback`` called after every change; returns a function that ends it."""
        raise NotImplementedError
