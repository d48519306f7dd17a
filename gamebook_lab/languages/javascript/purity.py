"""Whether running an expression can have changed anything but its value."""

from __future__ import annotations

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
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (nodes.Assign, nodes.Update)):
            return False
        if isinstance(node, nodes.Unary) and node.operator == "delete":
            return False
        if isinstance(node, nodes.Call) and not _is_pure_call(node):
            return False
        waiting.extend(node.children)
    return True


def _is_pure_call(node: nodes.Call) -> bool:
    name = nodes.path(node.callee)
    if name in PURE_CALLS or (name.startswith(PURE_OWNERS) and name not in {"Math.random", "Object.assign"}):
        return True
    if not isinstance(node.callee, nodes.Member):
        return False
    key = node.callee.key
    return isinstance(key, str) and key in PURE_METHODS and key not in MUTATORS
