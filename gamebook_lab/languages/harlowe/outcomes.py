"""String literals that a value may be, as in ``(either: "A", "B")`` or ``(cond: $x, "A", "B")``.

*Does not cover* what is put together (``"Room " + (str: $n)``), nor strings that are only looked at.
"""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.harlowe import tree

__all__ = ["outcomes"]

_CHOOSERS: Final = frozenset(
    {"a", "array", "ds", "dataset", "either", "print", "reversed", "rotated", "shuffled", "sorted"}
)
"""Macros that give one, or all, of their values."""


def outcomes(node: tree.Expression) -> list[tree.String]:
    """Find them, in the order of the source; blank strings are left out. Recursion is bounded by the tree's depth."""
    if isinstance(node, tree.String):
        return [node] if node.value.strip() else []
    return [each for part in _parts(node) for each in outcomes(part)]


def _parts(node: tree.Expression) -> tuple[tree.Expression, ...]:
    """Pieces of which any may be the value."""
    if isinstance(node, tree.Group):
        return (node.inner,)
    if isinstance(node, tree.Spread):
        return (node.operand,)
    if isinstance(node, tree.Property) and isinstance(node.owner, tree.Macro | tree.Group):
        return (node.owner,)
    if not isinstance(node, tree.Macro):
        return ()
    if node.name in _CHOOSERS:
        return node.arguments
    if node.name == "nth":
        return node.arguments[1:]
    if node.name == "cond":
        return node.arguments[1::2] + (node.arguments[-1:] if len(node.arguments) % 2 else ())
    if node.name in {"dm", "datamap"}:
        return node.arguments[1::2]
    return ()
