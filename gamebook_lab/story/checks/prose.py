"""What the words of a passage say by themselves: whether there are any, and whether they close the story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gamebook_lab.story.checks.row import Row

__all__ = ["closes", "prose_of", "says_anything"]

_CLOSINGS: Final = frozenset({"the end", "fin"})
_CLOSING_LINES: Final = 3


def prose_of(rows: Iterable[Row]) -> Iterator[str]:
    """What a reader may see of these passages."""
    for row in rows:
        for start, stop in row.program.prose:
            yield row.text[start:stop]


def says_anything(prose: Iterable[str]) -> bool:
    """Tell whether there is a letter or a digit."""
    return any(any(map(str.isalnum, each)) for each in prose)


def closes(prose: Iterable[str]) -> bool:
    """Tell whether one of the last lines of prose is "The End" or "Fin", or closes with THE END in capitals."""
    lines = [line for line in "\n".join(prose).split("\n") if any(map(str.isalnum, line))]
    for line in lines[-_CLOSING_LINES:]:
        words = "".join(character if character.isalnum() else " " for character in line).split()
        if " ".join(words).casefold() in _CLOSINGS or words[-2:] == ["THE", "END"]:
            return True
    return False
