"""How a playthrough comes to stop."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Stop"]


class Stop(IntEnum):
    """What holds at a state; the numbers stand in :attr:`gamebook_lab.engine.space.Space.stop`."""

    GOES_ON = 0
    ENDING = 1
    """By design: the passage offers no way on, or only to restart, undo or load."""
    DEAD_END = 2
    """The passage never offers a way on, though something speaks against its being an ending (problem GB105)."""
    STUCK = 3
    """The passage has ways on, and none is offered here."""
    MISSING = 4
    """Every way on leads to a passage that does not exist."""
    ENDLESS = 5
    """The passage, or the story moving on by itself, never comes to an end."""
    UNKNOWN = 6
    """A limit was reached before this state was looked at."""
