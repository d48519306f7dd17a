"""Variables that are moved up or down by constants, and loops that surely end for that reason.

A loop of which that is not sure must be run even where nothing comes of it: whether it ends decides whether anything follows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript import statement_nodes as kinds
from gamebook_lab.languages.javascript.purity import is_pure_call
from gamebook_lab.languages.javascript.uses import MUTATORS, Resolve, Root
from gamebook_lab.languages.javascript.values import text_number
from gamebook_lab.story.program import Span

__all__ = ["counts_out", "goes_through", "loop_ends", "may_go_on", "moved", "number", "stepped"]

_BELOW: Final = frozenset({"<", "<="})
_ABOVE: Final = frozenset({">", ">="})
_HARMLESS: Final = frozenset({"write", "print", "random", "randomFloat", "either", "console.log", "Math.random"})
"""Calls that write no variable, and are not pure."""
_STORES: Final = frozenset({"State", "state", "variables", "temporary", "setup", "window", "globalThis", "s", "story", "Story", "engine"})  # fmt: skip
"""Names by whose members variables may be written."""


def number(node: nodes.Node) -> float | None:
    """A number as written; None where something else stands."""
    sign = 1
    if isinstance(node, nodes.Unary) and node.operator in {"-", "+"}:
        sign, node = -1 if node.operator == "-" else 1, node.operand
    if not isinstance(node, nodes.Number):
        return None
    found = text_number(node.source)
    return sign * found if isinstance(found, (int, float)) and math.isfinite(found) else None


def stepped(node: nodes.Node, resolve: Resolve) -> tuple[str, float]:
    """The variable that an expression moves up or down by a constant, and by how much; no name where it does something else."""
    if isinstance(node, nodes.Update):
        root = resolve(node.operand)
        return ("", 0) if root is None else (root.name, 1 if node.operator == "++" else -1)
    if not isinstance(node, nodes.Assign) or (root := resolve(node.target)) is None:
        return "", 0
    sign, by = {"+=": 1, "-=": -1}.get(node.operator, 0), number(node.value)
    if node.operator == "=":
        sign, by = 1, moved(node.value, root.name, resolve)
    return (root.name, sign * by) if sign and by is not None else ("", 0)


def moved(value: nodes.Node, name: str, resolve: Resolve) -> float | None:
    """By how much a value is more than the variable of that name: ``n + 1``; None where it is something else."""
    if not isinstance(value, nodes.Binary) or value.operator not in {"+", "-"}:
        return None
    sides = [(value.left, value.right), *([(value.right, value.left)] if value.operator == "+" else [])]
    for one, other in sides:
        again, by = resolve(one), number(other)
        if again is not None and again.name == name and by is not None:
            return by if value.operator == "+" else -by
    return None


# ---- loops


def counts_out(test: nodes.Node, step: nodes.Node, resolve: Resolve) -> bool:
    """Tell whether a loop surely ends that takes this step after every turn, and of which no turn writes what the test reads.

    It does if the step moves a variable towards a bound at which the test alone ends it.
    """
    name, by = stepped(step, resolve)
    if not by or not isinstance(test, nodes.Binary):
        return False
    for side, bound, ending in ((test.left, test.right, _BELOW), (test.right, test.left, _ABOVE)):
        root = resolve(side)
        if root is not None and root.name == name:
            return test.operator in (ending if by > 0 else (_BELOW | _ABOVE) - ending) and _is_steady(
                bound, name, resolve
            )
    return False


def _is_steady(node: nodes.Node, counter: str, resolve: Resolve) -> bool:
    """Tell whether a number is a finite one that does not move with the counter, as far as can be seen."""
    root = resolve(node)
    if root is not None:
        return root.name != counter
    if isinstance(node, nodes.Member):
        return isinstance(node.key, str) and _is_steady(node.object, counter, resolve)
    if isinstance(node, nodes.Binary):
        return node.operator in {"+", "-", "*"} and all(_is_steady(each, counter, resolve) for each in node.children)
    return number(node) is not None


def loop_ends(
    test: nodes.Node | None, steps: Sequence[nodes.Node], body: Iterable[nodes.Node], resolve: Resolve
) -> bool:
    """Tell whether a ``for`` surely ends: it counts to a bound, and its body can write neither."""

    def by_name(node: nodes.Node) -> Root | None:
        return Root(node.name, Span(node.start, node.stop)) if isinstance(node, nodes.Name) else resolve(node)

    if test is None or len(steps) != 1 or not counts_out(test, steps[0], by_name):
        return False
    names = {root.name for each in nodes.every([test]) if (root := by_name(each)) is not None}
    has_members = any(isinstance(each, nodes.Member) and by_name(each) is None for each in nodes.every([test]))
    return not any(_may_write(each, names, by_name, has_members=has_members) for each in nodes.every(body))


def goes_through(body: Iterable[nodes.Node], resolve: Resolve) -> bool:
    """Tell whether a loop over the items of something surely ends: its body can make nothing longer."""
    return not any(_may_write(each, set(), resolve, has_members=True) for each in nodes.every(body))


def may_go_on(trees: Iterable[nodes.Node], resolve: Resolve) -> bool:
    """Tell whether code has a loop in it that does not surely end."""
    return any(
        not loop_ends(each.test, () if each.step is None else (each.step,), (each.body,), resolve)
        if isinstance(each, kinds.Loop)
        else isinstance(each, kinds.Each) and not each.is_keys and not goes_through((each.body,), resolve)
        for each in nodes.every(trees)
    )


def _may_write(node: nodes.Node, names: set[str], by_name: Resolve, *, has_members: bool) -> bool:
    """Tell whether a node may itself write one of these variables or, with ``has_members``, a part of any object."""
    if isinstance(node, nodes.Assign):
        return _reaches(node.target, names, by_name, has_members=has_members)
    if isinstance(node, nodes.Update) or (isinstance(node, nodes.Unary) and node.operator == "delete"):
        return _reaches(node.operand, names, by_name, has_members=has_members)
    if isinstance(node, kinds.Declare | kinds.Each):
        return _reaches(node.target, names, by_name, has_members=has_members)
    if not isinstance(node, nodes.Call):
        return False
    callee = node.callee
    if isinstance(callee, nodes.Member) and callee.key in MUTATORS:
        return has_members or _reaches(callee.object, names, by_name, has_members=False)
    return not (is_pure_call(node) or nodes.path(callee) in _HARMLESS)


def _reaches(target: nodes.Node, names: set[str], by_name: Resolve, *, has_members: bool) -> bool:
    if isinstance(target, nodes.Array | nodes.Object):
        return True
    is_part = False
    while (root := by_name(target)) is None and isinstance(target, nodes.Member):
        target, is_part = target.object, True
    if root is None:
        return not isinstance(target, nodes.Name)
    return root.name in names or (is_part and (has_members or root.name in _STORES))
