"""Rewrites stretches of a text."""

from __future__ import annotations

from collections.abc import Iterable

from gamebook_lab.errors import EditError

__all__ = ["splice"]


def splice(text: str, edits: Iterable[tuple[tuple[int, int], str]]) -> str:
    """Replace spans of ``text``, keeping every other character.

    Parameters
    ----------
    text
        What to change.
    edits
        Half-open spans and what to put there, in any order. The same edit given twice counts once.

    Raises
    ------
    EditError
        If two spans overlap, or one is not inside the text.

    Examples
    --------
    >>> splice("go north", [((3, 8), "south"), ((0, 2), "run")])
    'run south'
    """
    pieces: list[str] = []
    done = 0
    for (start, stop), new in sorted({((start, stop), new) for (start, stop), new in edits}):
        if not done <= start <= stop <= len(text):
            msg = (
                f"characters {start} to {stop} cannot be rewritten: they are not inside the text, or another part of the "
                "same edit rewrites them too; make the changes one by one"
            )
            raise EditError(msg)
        pieces += [text[done:start], new]
        done = stop
    return "".join([*pieces, text[done:]])
