"""What a story's code can tell of a value: counts that are only compared, arrays whose order nobody sees.

A counter that is only compared with constants behaves the same once it is above them all, and a variable that is besides
only moved up by constants (or only down) likewise; an array that is only asked
what it holds behaves the same in any order, and without what nobody ever asks for. So either may be written in one form
(see :mod:`.forms`), and a story that goes round in circles comes to an end. Whatever is not known to be blind to the difference counts as seeing it.

Code that is not understood needs no care: a run takes it for doing anything, whatever the values (``Run.stray``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final, Literal

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.telling import ALL, Context, Walk
from gamebook_lab.languages.sugarcube.expressions import NAME, resolve
from gamebook_lab.languages.sugarcube.play.effects import ALL_VISITS, THESE_VISITS, Habit
from gamebook_lab.story.play import TURNS, visits_of

ANY: Final = ALL
_COUNTS: Final = frozenset({"visited", "hasVisited", "State.hasPlayed", "visitedTags"})
_TRUTHS: Final = frozenset({"hasVisited", "State.hasPlayed"})
_TURN_COUNTS: Final = frozenset({"State.turns", "State.length", "State.size"})
_GROWING: Final = frozenset({"push", "unshift", "pushUnique", "unshiftUnique"})
_ASKING: Final = frozenset({"includes", "contains"})
_ASKING_MANY: Final = frozenset({"includesAll", "includesAny", "containsAll", "containsAny"})
_DELETING: Final = frozenset({"delete", "deleteAll"})
_REVEALING: Final = frozenset(
    {"State", "state", "window", "SugarCube", "globalThis", "variables", "V", "visited", "hasVisited", "visitedTags", "turns"}
)  # fmt: skip
"""Names that give all variables or counts into other hands, where they stand by themselves."""
_BLIND: Final = frozenset({"passage", "random", "initPRNG", "prng", "temporary", "hasPlayed", "setVar"})
"""Members of ``State`` that tell neither variables nor counts."""
_ALL: Final[tuple[Literal["order", "seen"], ...]] = ("order", "seen")
"""What whoever has a variable's value can tell."""
_SPOKEN: Final = re.compile(r"\b(?:visited\w*|hasVisited|turns|hasPlayed|State|variables)\b\s*[.(\[]")


def habits_of(trees: Iterable[nodes.Node], context: Context) -> set[Habit]:
    """Find what some code can tell; ``context`` is of the values of the trees."""
    walk = _Walk()
    walk.run(trees, context)
    return walk.habits


def habits_in(text: str) -> set[Habit]:
    """Find what a string could tell if it was printed as markup."""
    names = [each.group() for each in NAME.finditer(text)] if "$" in text else []
    if _SPOKEN.search(text):
        names.append(ANY)
    return all_of(names) | ({Habit("exact", ANY)} if ANY in names else set())


def all_of(names: Iterable[str]) -> set[Habit]:
    """What whoever has these variables' values can tell."""
    return {Habit(kind, name) for name in names for kind in _ALL}


class _Walk(Walk):
    """What SugarCube's code tells, of arrays and of the machinery's counts too."""

    def __init__(self) -> None:
        super().__init__(resolve)
        self.habits: set[Habit] = set()

    def note(
        self, kind: Literal["set", "length", "order", "compared", "exact", "number", "step"], name: str, most: int = 0
    ) -> None:
        self.habits.add(Habit(kind, name, most))

    def sees(self, name: str) -> None:
        if name[0] != "_":
            self.habits |= all_of([name])

    def asks(self, name: str) -> None:
        self.note("number", name, 0)

    def compares(self, name: str, other: float) -> None:
        """Whatever else than a number it was, all of it can be told."""
        self.note("order", name)
        self.note("number", name, math.floor(other))
        self.note("number", name, math.ceil(other))

    def moves(self, name: str, by: float) -> None:
        self.note("order", name)
        self.note("step", name, (by > 0) - (by < 0))

    def count(self, node: nodes.Node, counters: Iterable[str], most: int | None) -> None:
        """A count of the machinery, compared with numbers up to ``most``; None: it may come to anything."""
        if isinstance(node, nodes.Call):
            self.push(node.arguments)
            if nodes.path(node.callee) in _TRUTHS:
                most = 0
        for counter in counters:
            if most is None:
                self.note("exact", counter)
            else:
                self.note("compared", counter, most)

    def inner(self, node: nodes.Node, context: Context) -> None:
        if counters := _counters(node):
            self.count(node, counters, 0 if context != "value" else None)
            return
        match node:
            case nodes.Call():
                self.call(node, context)
            case nodes.Member():
                self.member(node)
            case nodes.Unary() if node.operator in {"def", "ndef", "typeof"} and resolve(node.operand) is not None:
                pass  # blind to the value
            case nodes.Name():
                if node.name in _REVEALING:
                    self.all()
            case nodes.Text():
                self.habits |= habits_in(node.value)
            case nodes.Template():
                for each in node.strings:
                    self.habits |= habits_in(each)
                self.push(node.parts)
            case _:
                super().inner(node, context)

    def all(self) -> None:
        self.sees(ANY)
        self.note("exact", ANY)

    def is_told(self, node: nodes.Node, constant: float) -> bool:
        counters = _counters(node)
        if not counters:
            return super().is_told(node, constant)
        self.count(node, counters, max(0, math.floor(constant)))  # counts are never below nothing
        return True

    def call(self, node: nodes.Call, context: Context) -> None:
        name = nodes.path(node.callee)
        if name == "State.getVar":
            first = node.arguments[0] if node.arguments else None
            self.sees(first.value if isinstance(first, nodes.Text) else ANY)
            self.push(node.arguments)
            return
        callee = node.callee
        owner = resolve(callee.object) if isinstance(callee, nodes.Member) else None
        is_plain = not node.is_new and not any(isinstance(each, nodes.Spread) for each in node.arguments)
        if owner is None or not isinstance(callee, nodes.Member) or not is_plain:
            self.push(node.children)
            return
        self.push(node.arguments)
        self.method(owner.name, callee.key, node.arguments, context)

    def method(self, name: str, key: str | nodes.Node, given: tuple[nodes.Node, ...], context: Context) -> None:
        """A method that is called on a variable's value."""
        is_unused, n = context == "nothing", len(given)
        if key in _GROWING or (key == "count" and n == 1):
            self.note("set", name)
            if not is_unused:
                self.note("length", name)
        elif (key in _ASKING and n == 1) or key in _ASKING_MANY:
            self.note("set", name)
            asked = [item for each in given for item in (each.items if isinstance(each, nodes.Array) else (each,))]
            self.habits |= {
                Habit("asked", name, item=each.value if isinstance(each, nodes.Text) else None) for each in asked
            }
        elif key in _DELETING and is_unused:
            self.note("set", name)
        else:
            self.sees(name)
            if isinstance(key, nodes.Node):
                self.push([key])

    def member(self, node: nodes.Member) -> None:
        owner = resolve(node.object)
        if owner is not None and node.key == "length":
            self.note("set", owner.name)
            self.note("length", owner.name)
            return
        first, _, rest = nodes.path(node).partition(".")
        if not first:
            self.push(node.children)
        elif first in _REVEALING and not (first in {"State", "state"} and rest.partition(".")[0] in _BLIND):
            self.all()

    def assign(self, node: nodes.Assign, context: Context) -> None:
        target = resolve(node.target)
        is_growing = target is not None and node.operator == "=" and context == "nothing"
        if target is None or not (is_growing and self.grows(target.name, node.value)):
            super().assign(node, context)

    def grows(self, name: str, value: nodes.Node) -> bool:
        """``$a to $a.concat("x")``."""
        if not isinstance(value, nodes.Call) or not isinstance(value.callee, nodes.Member) or value.is_new:
            return False
        owner = resolve(value.callee.object)
        if owner is None or owner.name != name or value.callee.key != "concat":
            return False
        self.note("set", name)
        self.push(value.arguments)
        return True


def _counters(node: nodes.Node) -> tuple[str, ...]:
    """The counters that an expression asks for, if it does nothing else."""
    if isinstance(node, nodes.Member):
        return (TURNS,) if nodes.path(node) in _TURN_COUNTS else ()
    if not isinstance(node, nodes.Call) or node.is_new:
        return ()
    name = nodes.path(node.callee)
    if name == "turns":
        return (TURNS,)
    if name not in _COUNTS:
        return ()
    names = [each.value for each in node.arguments if isinstance(each, nodes.Text)]
    if name == "visitedTags" or len(names) < len(node.arguments):
        return (ALL_VISITS,)
    return tuple(map(visits_of, names)) or (THESE_VISITS,)
