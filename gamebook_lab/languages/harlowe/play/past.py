"""Asks less than ``(history:)`` where a part of it will do, decided by the code alone.

The list of all passages visited takes another value at every step, so a story that reads it has no end of states.
But nearly all code asks only whether a passage is in it, how long it is, or what comes last. Such code is replaced in
the tree, once it is parsed: by visits, turns, and the passage before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.play import elision, operators
from gamebook_lab.languages.harlowe.play.walking import walk
from gamebook_lab.story.play import PREVIOUS

_AnyNode = TypeVar("_AnyNode", bound=tree.Node)
_TURNED: Final = {"is in": "contains", "is not in": "does not contain"}
_OPERATORS: Final = frozenset(["contains", "does not contain"])
LENGTH: Final = "turns before now"
"""Name of what stands for ``(history:)'s length``; that for its ``last`` is :data:`~gamebook_lab.story.play.PREVIOUS`."""
_ARRAYS: Final = frozenset(["a", "array", "ds", "dataset"])


@dataclass(frozen=True, slots=True)
class Past(tree.Node):
    """Where ``(history:)`` stood."""


@dataclass(frozen=True, slots=True)
class Remembers(tree.Binary):
    """Whether passages were visited before now: ``(history:) contains any of (a: "Hall", "Yard")``."""

    names: tuple[str, ...] = ()
    is_any: bool = False
    """One is enough."""
    is_negated: bool = False


def reduced(nodes: tuple[tree.Markup, ...], text: str) -> tuple[tree.Markup, ...]:
    """Replace what can be replaced in a parsed text."""
    if "history" not in text.lower():
        return nodes
    return tuple(_reduced(node, may_contain=True) for node in nodes)


def asks_it(expression: tree.Node) -> bool:
    """Whether the value on a comparison's left may be asked for again: by ``it``, or by a comparison left out."""
    for node in walk(expression):
        if isinstance(node, tree.Identifier) and node.name in {"it", ""}:
            return True
        if isinstance(node, tree.Property) and node.owner is None:
            return True
        if isinstance(node, tree.Binary) and node.operator in {"and", "or"}:
            before, after = (elision.comparison(side, node.operator) for side in (node.left, node.right))
            if before is not None and after is None and not is_boolean(node.right):
                return True
            if before is None and after is node.right:
                # ``it`` is then what stands on the right.
                others = elision.operands(node.left, node.operator)
                if not isinstance(plain(after.right), tree.String) and not all(map(is_boolean, others)):
                    return True
    return False


def is_boolean(node: tree.Expression) -> bool:
    """Whether this can only be true or false."""
    node = plain(node)
    return (
        isinstance(node, tree.Boolean)
        or (isinstance(node, tree.Unary) and node.operator == "not")
        or (isinstance(node, tree.Binary) and node.operator in operators.COMPARISONS | {"and", "or"})
    )


def plain(node: Any) -> Any:
    """Take parentheses off."""
    while isinstance(node, tree.Group):
        node = node.inner
    return node


def _reduced(node: _AnyNode, *, may_contain: bool) -> _AnyNode:
    """Rebuild a node; comparisons with the history are kept in code that asks for it once more."""
    if isinstance(node, tree.Property) and node.owner is not None and isinstance(node.key, str):
        if _is_history(node.owner) and (found := _part(node, node.key.lower())) is not None:
            return found  # type: ignore[return-value]
    elif isinstance(node, tree.Binary) and may_contain and (remembers := _remembers(node)) is not None:
        return remembers  # type: ignore[return-value]
    changed = {}
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        new = _within(value, may_contain=may_contain, is_code=isinstance(node, tree.Macro))
        if new is not value:
            changed[name] = new
    return replace(node, **changed) if changed else node


def _within(value: Any, *, may_contain: bool, is_code: bool) -> Any:
    if isinstance(value, tree.Node):
        return _reduced(value, may_contain=may_contain and not (is_code and asks_it(value)))
    if isinstance(value, tuple) and type(value) is tuple:
        new = tuple(_within(each, may_contain=may_contain, is_code=is_code) for each in value)
        return value if all(one is other for one, other in zip(value, new, strict=True)) else new
    return value


def _is_history(node: tree.Expression) -> bool:
    node = plain(node)
    return isinstance(node, tree.Macro) and node.name == "history" and not node.arguments


def _part(node: tree.Property, key: str) -> tree.Expression | None:
    """Code for ``(history:)'s length`` and ``(history:)'s last``."""
    name = {"length": LENGTH, "last": PREVIOUS}.get(key)
    return None if name is None else tree.Identifier(node.start, node.stop, name)


def _remembers(node: tree.Binary) -> Remembers | None:
    """Look for a passage's name, or several, in the history."""
    is_turned = node.operator in _TURNED
    operator = _TURNED.get(node.operator, node.operator)
    whole, part = map(plain, (node.right, node.left) if is_turned else (node.left, node.right))
    if (operator, _any_or_all(whole)) in {("is", "any"), ("is not", "all")}:
        operator, whole = "contains" if operator == "is" else "does not contain", plain(whole.owner)
    if operator not in _OPERATORS or not _is_history(whole):
        return None
    names: tuple[tree.Expression, ...] = (part,)
    wanted = _any_or_all(part)
    if wanted is not None:
        owner = plain(part.owner)
        if not isinstance(owner, tree.Macro) or owner.name not in _ARRAYS:
            return None
        names = owner.arguments
    texts = tuple(each.value for each in names if isinstance(each, tree.String))
    if len(texts) != len(names):
        return None
    past: Any = Past(whole.start, whole.stop)
    left, right = (node.left, past) if is_turned else (past, node.right)
    return Remembers(
        node.start, node.stop, node.operator, left, right, texts, wanted == "any", operator == "does not contain"
    )


def _any_or_all(node: tree.Expression) -> str | None:
    """``any`` or ``all``, if it is items of a value."""
    if isinstance(node, tree.Property) and node.owner is not None and isinstance(node.key, str):
        word = node.key.lower()
        return word if word in {"any", "all"} else None
    return None
