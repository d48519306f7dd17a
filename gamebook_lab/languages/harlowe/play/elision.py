"""Comparisons that authors leave out: ``$a is 2 or 3`` means ``$a is 2 or $a is 3``, and ``2 and 3 < $a`` likewise."""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.play.operators import COMPARISONS
from gamebook_lab.languages.harlowe.play.values import StoryError

REVERSED: Final = {
    "is": "is", "is not": "is not", "<": ">", ">": "<", "<=": ">=", ">=": "<=", "contains": "is in", "is in": "contains",
    "does not contain": "is not in", "is not in": "does not contain", "matches": "matches",
    "does not match": "does not match", "is a": "typifies", "is an": "typifies", "is not a": "typifies",
    "is not an": "typifies",
}  # fmt: skip
"""Operator that says the same with its sides changed. ``typifies`` has no name in Harlowe, and is unknown here."""
_AMBIGUOUS: Final = frozenset(["is not", "is not a", "is not an"])


def comparison(node: tree.Expression, operator: str) -> tree.Binary | None:
    """Comparison that a side of ``and`` or ``or`` is, or has in a chain of the same word."""
    while isinstance(node, tree.Binary):
        if node.operator in COMPARISONS:
            return node
        if node.operator != operator:
            return None
        found = comparison(node.left, operator)
        if found is not None:
            return found
        node = node.right
    return None


def operands(node: tree.Expression, operator: str) -> tuple[tree.Expression, ...]:
    """Values that the same word joins, in order."""
    found: list[tree.Expression] = []
    while isinstance(node, tree.Binary) and node.operator == operator:
        found.append(node.right)
        node = node.left
    return (node, *reversed(found))


def refuse(node: tree.Binary, version: int) -> None:
    """Harlowe 3 refuses ``$a is not 1 and 2``, which may mean two things in English."""
    if version >= 3 and node.operator in _AMBIGUOUS:
        msg = f"{node.operator!r} needs both its sides here"
        raise StoryError(msg)
