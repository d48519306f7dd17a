"""Whether running an expression can have changed anything but its value, or can fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.uses import MUTATORS

PURE_CALLS: Final = frozenset(
    {
        "parseInt", "parseFloat", "isNaN", "isFinite", "Number", "String", "Boolean", "visited", "hasVisited",
        "lastVisited", "visitedTags", "hasVisitedTags", "passage", "previous", "turns", "tags", "variables", "temporary",
        "time", "clone", "def", "ndef", "Array.isArray", "State.getVar",
    }
)  # fmt: skip
PURE_OWNERS: Final = ("Math.", "Object.", "Number.", "String.")
PURE_METHODS: Final = frozenset(
    {
        "includes", "includesAll", "includesAny", "contains", "containsAll", "containsAny", "count", "countWith", "first",
        "last", "indexOf", "lastIndexOf", "at", "slice", "concat", "join", "map", "filter", "find", "findIndex", "some",
        "every", "reduce", "reduceRight", "flat", "flatten", "flatMap", "keys", "values", "entries", "toString", "toFixed",
        "toPrecision", "toUpperCase", "toLowerCase", "toUpperFirst", "toLowerFirst", "toLocaleUpperCase",
        "toLocaleLowerCase", "toLocaleString", "trim", "trimStart", "trimEnd", "split", "substring", "substr", "charAt",
        "charCodeAt", "codePointAt", "startsWith", "endsWith", "padStart", "padEnd", "repeat", "replace", "replaceAll",
        "match", "search", "test", "hasOwnProperty", "has", "get", "clamp", "length",
    }
)  # fmt: skip


def is_pure(tree: nodes.Node) -> bool:
    """Tell whether nothing is written, drawn or called that might."""
    for node in nodes.every([tree]):
        if isinstance(node, (nodes.Assign, nodes.Update)):
            return False
        if isinstance(node, nodes.Unary) and node.operator == "delete":
            return False
        if isinstance(node, nodes.Call) and not is_pure_call(node):
            return False
    return True


_CALM: Final = (
    nodes.Text, nodes.Number, nodes.Constant, nodes.Variable, nodes.Array, nodes.Binary, nodes.Conditional, nodes.Template,
    nodes.Unary,
)  # fmt: skip
"""What cannot throw, whatever the values."""
_ASKING_OBJECTS: Final = frozenset({"in", "instanceof"})
"""Operators that throw where they are given no object."""


def cannot_throw(tree: nodes.Node, is_calm: Callable[[nodes.Node], bool] = lambda _: False) -> bool:
    """Tell whether an expression gives a value whatever happens; ``is_calm`` tells what else does, with all that is in it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if is_calm(node):
            continue
        if not isinstance(node, _CALM) or (isinstance(node, nodes.Binary) and node.operator in _ASKING_OBJECTS):
            return False
        waiting.extend(node.children)
    return True


def is_pure_call(node: nodes.Call) -> bool:
    """Tell whether a call itself writes, draws and calls nothing that might, but for functions that it is given."""
    name = nodes.path(node.callee)
    if name in PURE_CALLS or (name.startswith(PURE_OWNERS) and name not in {"Math.random", "Object.assign"}):
        return True
    if not isinstance(node.callee, nodes.Member):
        return False
    key = node.callee.key
    return isinstance(key, str) and key in PURE_METHODS and key not in MUTATORS
