"""What the line under the editor and its script say to each other."""

from __future__ import annotations

from typing import Literal, TypedDict

# ---- script to Python


class Hello(TypedDict):
    """A view appeared."""

    type: Literal["hello"]


class Select(TypedDict):
    """A passage was clicked, or a choice in one."""

    type: Literal["select"]
    key: int
    span: tuple[int, int] | None


class Play(TypedDict):
    """The way that is shown is to be played."""

    type: Literal["play"]


# ---- Python to script


class Chip(TypedDict):
    """A passage to click; ``key`` is None where there is none of that name any more."""

    key: int | None
    name: str
    hint: str


class Setter(TypedDict):
    """Where a variable is set."""

    variable: str
    passages: list[Chip]
    n_passages: int


class Blocked(TypedDict):
    """A choice that leads to the passage, and that nobody takes."""

    passage: Chip
    span: tuple[int, int]
    label: str
    condition: str
    is_read: bool
    """Readers come to where it stands."""
    setters: list[Setter]


class Reason(TypedDict):
    """What the line says; ``verdict`` is empty where there is nothing to say but the note."""

    type: Literal["reason"]
    key: int | None
    verdict: str
    note: str
    n_steps: int
    is_luck_only: bool
    way: list[Chip]
    blocked: list[Blocked]
    n_blocked: int
    can_play: bool
