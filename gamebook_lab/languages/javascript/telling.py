"""What code can tell of the numbers of variables: that they are on one side of a constant, or all of them.

A number that is only compared with constants, and only moved up by constants (or only down), behaves the same once it is beyond
them all: see :mod:`gamebook_lab.story.bounds`. Whatever is not known to be blind to the difference counts as telling it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.counting import number, stepped
from gamebook_lab.languages.javascript.statement_nodes import Block, If
from gamebook_lab.languages.javascript.uses import Resolve
from gamebook_lab.story.bounds import Bounds

__all__ = ["ALL", "Context", "Telling", "Walk", "bounds_of"]

Context: TypeAlias = Literal["value", "truth", "nothing"]
"""What becomes of an expression's value: anything, only a decision on its truth, or nothing."""
ALL: Final = "*"
"""Stands for every variable."""
_COMPARED: Final = frozenset({"==", "===", "!=", "!==", "<", ">", "<=", ">="})


class Telling(NamedTuple):
    """Something that code can tell of a variable's number, or does with it."""

    kind: Literal["number", "step", "seen"]
    """How it stands to a number, that it is moved up or down by one, or its value whatever that is."""
    name: str
    most: int = 0
    """The number that it is compared with; of a step, its sign."""


class Walk:
    """Goes through code; :attr:`found` is what it can tell. Subclass it for what a format's own functions tell."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.found: set[Telling] = set()
        self.waiting: list[tuple[nodes.Node, Context]] = []

    def run(self, trees: Iterable[nodes.Node], context: Context) -> None:
        """Go through some code; ``context`` is of the values of the trees."""
        self.push(trees, context)
        while self.waiting:
            self.visit(*self.waiting.pop())

    def push(self, parts: Iterable[nodes.Node], context: Context = "value") -> None:
        """Go through parts later."""
        self.waiting.extend((part, context) for part in parts)

    # ---- what is told

    def sees(self, name: str) -> None:
        """All of a variable's value is in other hands."""
        self.found.add(Telling("seen", name))

    def asks(self, name: str) -> None:
        """A variable's value decides by being true or not."""
        self.found.add(Telling("number", name, 0))

    def compares(self, name: str, other: float) -> None:
        """A variable's value is compared with a number."""
        self.found |= {Telling("number", name, math.floor(other)), Telling("number", name, math.ceil(other))}

    def moves(self, name: str, by: float) -> None:
        """A variable is moved up or down by a constant."""
        self.found.add(Telling("step", name, (by > 0) - (by < 0)))

    # ---- nodes

    def visit(self, node: nodes.Node, context: Context) -> None:
        """Look at one node."""
        root = self.resolve(node)
        if root is not None:
            if context == "value":
                self.sees(root.name)
            elif context == "truth":
                self.asks(root.name)
            return
        name, by = stepped(node, self.resolve)
        if name:
            self.moves(name, by)
            if context != "nothing":  # the value of the step itself is the variable's
                self.sees(name)
        else:
            self.inner(node, context)

    def inner(self, node: nodes.Node, context: Context) -> None:
        """Look at what is neither a variable nor a step."""
        match node:
            case nodes.Binary():
                self.binary(node, context)
            case nodes.Assign():
                self.assign(node, context)
            case nodes.Unary():
                self.push([node.operand], "truth" if node.operator == "!" else "value")
            case nodes.Conditional():
                self.push([node.test], "truth")
                self.push([node.yes, node.no], context)
            case nodes.Function():
                self.push([*node.inputs, *node.body])
            case Block():
                self.push(node.statements, "nothing")
            case If():
                self.push([node.test], "truth")
                self.push([node.yes] if node.no is None else [node.yes, node.no], "nothing")
            case _:
                self.push(node.children)

    def binary(self, node: nodes.Binary, context: Context) -> None:
        """Look at two operands."""
        if node.operator in _COMPARED:
            for one, other in ((node.left, node.right), (node.right, node.left)):
                constant = number(other)
                if constant is not None and self.is_told(one, constant):
                    return
        if node.operator == ",":
            self.push([node.left], "nothing")
            self.push([node.right], context)
        elif node.operator in {"&&", "||"} and context != "value":
            self.push([node.left], "truth")
            self.push([node.right], context)
        else:
            self.push(node.children)

    def is_told(self, node: nodes.Node, constant: float) -> bool:
        """Note what a comparison with a number tells, if nothing else is told of what is compared."""
        root = self.resolve(node)
        if root is None:
            return False
        self.compares(root.name, constant)
        return True

    def assign(self, node: nodes.Assign, context: Context) -> None:  # noqa: ARG002 - subclasses ask for it
        """Look at an assignment: the target's old value is nobody's, if it is a whole variable."""
        target = self.resolve(node.target)
        if target is None or node.operator != "=":
            part = node.target
            self.push(part.children if isinstance(part, nodes.Member) and target is None else [part])
        self.push([node.value])


def bounds_of(tellings: Iterable[Telling], steps: Iterable[tuple[str, int]] = ()) -> Mapping[str, Bounds]:
    """Work out where variables' numbers may stop in a story whose code can tell this.

    Parameters
    ----------
    tellings
        Of all code of the story.
    steps
        Further names that are moved, with the signs.
    """
    numbers: dict[str, set[int]] = {}
    signs: dict[str, set[int]] = {}
    seen: set[str] = set()
    for kind, name, most in (*tellings, *(Telling("step", name, sign) for name, sign in steps)):
        if kind == "seen":
            seen.add(name)
        else:
            (numbers if kind == "number" else signs).setdefault(name, set()).add(most)
    if ALL in seen:
        return {}
    found = {name: Bounds.of(numbers.get(name, ()), moved) for name, moved in signs.items() if name not in seen}
    return {name: each for name, each in found.items() if each is not None}
