"""A new passage: what it is called, where it lies on the map."""

from __future__ import annotations

from typing import Final

import numpy as np

from gamebook_lab.story import edits
from gamebook_lab.story.records import place_of
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.session import StorySession

__all__ = ["add_new", "free_place"]

BOX: Final = (100.0, 100.0)
"""Width and height of a passage on Twine's map, in pixels."""
GAP: Final = 50.0


def add_new(session: StorySession, name: str | None = None, *, near: int | None = None, origin: object) -> None:
    """Add a passage, and select it.

    Parameters
    ----------
    session
        Where.
    name
        A free one if none is given.
    near
        Key of the passage to put it below; the selected one's if none is given.
    origin
        Whoever asks for it.

    Raises
    ------
    EditError
        If there is a passage of that name.
    """
    called = _unused_name(session.story) if name is None else name
    x, y = free_place(session.story, session.selected if near is None else near)
    session.apply(
        lambda story: edits.add_passage(story, called, x=x, y=y),
        label="New passage", origin=origin, select=lambda story: story.key(called),
    )  # fmt: skip


def _unused_name(story: Story, stem: str = "Untitled Passage") -> str:
    """Name for a new passage: the stem, or the stem with the first number that is free."""
    if stem not in story.keys_by_name:
        return stem
    number = 2
    while f"{stem} {number}" in story.keys_by_name:
        number += 1
    return f"{stem} {number}"


def free_place(story: Story, near: int | None) -> tuple[float, float]:
    """Left and top edge, in pixels, of a free place on the map: below a passage, else below all."""
    index = story.table.index
    left, top = (story.table[name].to_numpy("float64", na_value=np.nan) for name in ("x", "y"))
    is_placed = ~(np.isnan(left) | np.isnan(top))
    if not is_placed.any():
        return 0.0, 0.0
    step = BOX[1] + GAP
    at = None if near is None or near not in index else place_of(index, near)
    if at is None or not is_placed[at]:
        return float(left[is_placed].min()), float(top[is_placed].max()) + step
    x, y = float(left[at]), float(top[at]) + step
    beside = left[np.abs(y - top) < BOX[1]]
    while (np.abs(x - beside) < BOX[0]).any():
        x += BOX[0] + GAP / 2
    return x, y
