"""Offsets in a text as a person counts: lines and columns."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A place in a text, both parts 1-based; the column counts characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


def place(text: str, offset: int) -> Place:
    """Return where ``offset`` is in ``text``."""
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
