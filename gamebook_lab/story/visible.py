r"""Names and texts as people are shown them: what cannot be seen, or turns the direction of writing, is spelled out.

What a story holds stays as it is; only what is shown is escaped. ``widgets/shared/visible.js`` does the same for the Studio.
"""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["is_visible", "printable"]

_HARMLESS: Final = frozenset("\u200c\u200d")  # joiners that scripts and emoji need
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and symbols that are drawn as nothing
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Mn", "Me"})


def printable(text: str) -> str:
    r"""Escape every control, direction-changing, invisible and unpaired character.

    >>> printable("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    if text.isprintable():
        return text
    return "".join(character if _is_harmless(character) else _escaped(character) for character in text)


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character in _HARMLESS or unicodedata.category(character) == "Zs"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def is_visible(text: str) -> bool:
    r"""Tell whether a text has a character that can be seen by itself.

    >>> is_visible("a"), is_visible("\u202e\u200b"), is_visible("\u3164")
    (True, False, False)
    """
    return any(character not in _BLANK and unicodedata.category(character) not in _UNSEEN for character in text)
