"""String literals that the value of an expression may be, as in ``cond ? "A" : "B"`` or ``either("A", "B")``.

*Does not cover* what is put together (``"Room " + n``), nor what functions make that are not
known to choose among their arguments: their strings are no values of the whole.
"""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.javascript import nodes

__all__ = ["outcomes"]

_CHOOSERS: Final = frozenset({"either", "Utils.either", "_.sample", "_.shuffle"})
"""Functions that give one of their arguments, or of the items of one."""
_PICKS: Final = frozenset({"at", "first", "last", "pop", "pluck", "random", "shift", "shuffle", "toShuffled"})
"""Methods that give one or all of the items of their array."""


def outcomes(tree: nodes.Node | None) -> list[nodes.Text]:
    """Find them, in the order of the source; blank strings are left out."""
    found: list[nodes.Text] = []
    waiting = [tree] if tree is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Text):
            found.append(node)
        else:
            waiting.extend(_parts(node))
    return sorted((each for each in found if each.value.strip()), key=lambda each: each.start)


def _parts(node: nodes.Node) -> tuple[nodes.Node, ...]:
    """Pieces of which any may be the value."""
    match node:
        case nodes.Conditional():
            return node.yes, node.no
        case nodes.Binary(operator="||" | "??"):
            return node.left, node.right
        case nodes.Binary(operator="&&" | ","):
            return (node.right,)
        case nodes.Assign(operator="=" | "||=" | "??="):
            return (node.value,)
        case nodes.Array() | nodes.Object():
            return node.items
        case nodes.Property():
            return (node.value,)
        case nodes.Spread():
            return (node.operand,)
        case nodes.Member(object=nodes.Array() | nodes.Object()):
            return (node.object,)
        case nodes.Call():
            return _call(node)
    return ()


def _call(node: nodes.Call) -> tuple[nodes.Node, ...]:
    if nodes.path(node.callee) in _CHOOSERS:
        return node.arguments
    callee = node.callee
    is_pick = isinstance(callee, nodes.Member) and callee.key in _PICKS
    return (callee.object,) if is_pick and isinstance(callee, nodes.Member) else ()
