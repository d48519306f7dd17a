"""Objects and arrays that a script writes down, and whether others get them: whoever gets one may call what is in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from gamebook_lab.languages.javascript.lexemes import Lexeme

__all__ = ["CALLED", "holders"]

CALLED: Final = "()"
"""Handed to something that is called."""
_KEEPERS: Final = frozenset({"setup", "window", "globalThis"})
_KEEPING: Final = frozenset({"assign", "extend"})
_AMONG: Final = frozenset({"(", "[", ",", ":"})


def holders(found: Sequence[Lexeme], opens: Collection[int], closes: Collection[int]) -> list[str]:
    """Tell of each lexeme who gets the innermost object or array around it.

    Parameters
    ----------
    found
        The script's lexemes.
    opens, closes
        Where brackets open and close.

    Returns
    -------
    list
        :data:`CALLED`; the name of the variable that holds it; or empty, where there is none or it is only kept.
    """
    answers: list[str] = []
    around: list[str] = []
    for at in range(len(found)):
        if at in closes and around:
            around.pop()
        answers.append(around[-1] if around else "")
        if at in opens:
            around.append(_holder(found, at, answers[-1]))
    return answers


def _holder(found: Sequence[Lexeme], at: int, outer: str) -> str:
    before = found[at - 1] if at else None
    if found[at].text == "(":
        is_kept = (
            before is not None and before.text in _KEEPING and at + 1 < len(found) and found[at + 1].text in _KEEPERS
        )
        return "" if is_kept else CALLED
    if before is None or found[at].text not in {"{", "["}:
        return ""
    if before.text in _AMONG:
        return outer
    return found[at - 2].text if before.text == "=" and at > 1 and found[at - 2].kind == "name" else ""
