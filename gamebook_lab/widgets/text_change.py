"""How two texts differ, as ``shared/text_change.js`` shows it; cut where it would be too much to read."""

from __future__ import annotations

from typing import Final

from gamebook_lab.store.diff import pieces
from gamebook_lab.widgets.documents import safe_text

__all__ = ["shown", "text_change"]

MOST_CHARACTERS: Final = 20_000
"""Of one stretch of text that is shown."""


def shown(text: str) -> str:
    """Give what is shown of a stretch of text."""
    return safe_text(text[:MOST_CHARACTERS])


def text_change(old: object, new: object) -> list[tuple[str, str]]:
    """Give the pieces that lead from one text to another, each ``same``, ``gone`` or ``come``; none if they are the same.

    Parameters
    ----------
    old, new
        Texts; anything else stands for a passage that is not there.

    Examples
    --------
    >>> text_change("It is dark.", "It is cold.")
    [('same', 'It is '), ('gone', 'dark'), ('come', 'cold'), ('same', '.')]
    """
    before, after = (text if isinstance(text, str) else "" for text in (old, new))
    return [] if before == after else [(kind, shown(text)) for kind, text in pieces(before, after)]
