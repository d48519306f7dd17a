"""Variables that are moved up or down by constants, and loops that surely end for that reason."""

from __future__ import annotations

import math
from typing import Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.values import text_number
from gamebook_lab.languages.sugarcube.expressions import resolve

__all__ = ["ends", "number", "stepped"]

_BELOW: Final = frozenset({"<", "<="})
_ABOVE: Final = frozenset({">", ">="})


def number(node: nodes.Node) -> float | None:
    """A number as written; None where something else stands."""
    sign = 1
    if isinstance(node, nodes.Unary) and node.operator in {"-", "+"}:
        sign, node = -1 if node.operator == "-" else 1, node.operand
    if not isinstance(node, nodes.Number):
        return None
    found = text_number(node.source)
    return sign * found if isinstance(found, (int, float)) and math.isfinite(found) else None


def stepped(node: nodes.Node) -> tuple[str, float]:
    """The variable that an expression moves up or down by a constant, and by how much; no name where it does something else."""
    if isinstance(node, nodes.Update):
        root = resolve(node.operand)
        return ("", 0) if root is None else (root.name, 1 if node.operator == "++" else -1)
    if not isinstance(node, nodes.Assign) or (root := resolve(node.target)) is None:
        return "", 0
    sign, by = {"+=": 1, "-=": -1}.get(node.operator, 0), number(node.value)
    value = node.value
    if node.operator == "=" and isinstance(value, nodes.Binary) and value.operator in {"+", "-"}:
        sides = [(value.left, value.right), *([(value.right, value.left)] if value.operator == "+" else [])]
        for one, other in sides:
            again = resolve(one)
            if again is not None and again.name == root.name:
                sign, by = 1 if value.operator == "+" else -1, number(other)
    return (root.name, sign * by) if sign and by is not None else ("", 0)


def ends(test: nodes.Node, step: nodes.Node) -> bool:
    """Tell whether a loop surely ends that takes this step after every turn, and of which no turn writes what the test reads.

    It does if the step moves a variable towards a bound at which the test alone ends it.
    """
    name, by = stepped(step)
    if not by or not isinstance(test, nodes.Binary):
        return False
    for side, bound, ending in ((test.left, test.right, _BELOW), (test.right, test.left, _ABOVE)):
        root = resolve(side)
        if root is not None and root.name == name:
            return test.operator in (ending if by > 0 else (_BELOW | _ABOVE) - ending) and _is_steady(bound, name)
    return False


def _is_steady(node: nodes.Node, counter: str) -> bool:
    """Tell whether a number is a finite one that does not move with the counter, as far as can be seen."""
    root = resolve(node)
    if root is not None:
        return root.name != counter
    if isinstance(node, nodes.Member):
        return isinstance(node.key, str) and _is_steady(node.object, counter)
    if isinstance(node, nodes.Binary):
        return node.operator in {"+", "-", "*"} and _is_steady(node.left, counter) and _is_steady(node.right, counter)
    return number(node) is not None
