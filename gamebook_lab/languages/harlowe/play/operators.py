"""What Harlowe's operators do with two values: errors where types differ, unknown where one is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from gamebook_lab.languages.harlowe.play import datatypes
from gamebook_lab.languages.harlowe.play.values import (
    Changer,
    Colour,
    Datatype,
    HookNamed,
    StoryError,
    array,
    datamap,
    dataset,
    has_unknown,
    is_number,
    kind,
    number,
    text,
)  # fmt: skip
from gamebook_lab.story.frozen import UNKNOWN, Map, Value, exact

COMPARISONS: Final = frozenset(
    ["is", "is not", "contains", "does not contain", "is in", "is not in", "matches", "does not match",
     "is a", "is an", "is not a", "is not an", "<", ">", "<=", ">="]
)  # fmt: skip


def apply(operator: str, left: Value, right: Value) -> Value:
    """Compute; raises StoryError for what Harlowe refuses."""
    if operator in {"and", "or"}:
        return _logic(operator, left, right)
    if has_unknown(left) or has_unknown(right):
        return UNKNOWN if operator != "+" else _added_unknown(left, right)
    return _OPERATORS[operator](left, right) if operator in _OPERATORS else UNKNOWN


def is_same(left: Value, right: Value) -> bool:
    """Compare as ``is`` does: types count, ``1`` is ``1.0``."""
    return exact(left) == exact(right)


def negated(value: Value) -> Value:
    """``not``."""
    if value is UNKNOWN:
        return UNKNOWN
    if not isinstance(value, bool):
        msg = f"'not' needs a boolean, not a {kind(value)}"
        raise StoryError(msg)
    return not value


def _logic(operator: str, left: Value, right: Value) -> Value:
    for value in (left, right):
        if value is not UNKNOWN and not isinstance(value, bool):
            msg = f"'{operator}' needs booleans, not a {kind(value)}"
            raise StoryError(msg)
    if operator == "and":
        return False if left is False or right is False else UNKNOWN if UNKNOWN in (left, right) else True
    return True if left is True or right is True else UNKNOWN if UNKNOWN in (left, right) else False


def _added_unknown(left: Value, right: Value) -> Value:
    """Arrays keep what is known in them."""
    return array((*left, *right)) if isinstance(left, tuple) and isinstance(right, tuple) else UNKNOWN


def _plus(left: Any, right: Any) -> Value:
    if is_number(left) and is_number(right):
        return number(left + right)
    if isinstance(left, str) and isinstance(right, str):
        return text(left + right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return array(left + right)
    if isinstance(left, Map) and isinstance(right, Map):
        return datamap((*left.pairs, *right.pairs))
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        return dataset((*left, *right))
    if isinstance(left, Changer) and isinstance(right, Changer):
        return Changer((*left.parts, *right.parts)[:100])
    if isinstance(left, HookNamed) and isinstance(right, HookNamed):
        return HookNamed(f"{left.name}+{right.name}"[:200])
    if isinstance(left, Colour) and isinstance(right, Colour):
        return UNKNOWN
    msg = f"a {kind(left)} and a {kind(right)} cannot be added"
    raise StoryError(msg)


def _minus(left: Any, right: Any) -> Value:
    if is_number(left) and is_number(right):
        return number(left - right)
    if isinstance(left, str) and isinstance(right, str):
        return left.replace(right, "") if right else left
    if isinstance(left, tuple) and isinstance(right, tuple):
        gone = {exact(item) for item in right}
        return tuple(item for item in left if exact(item) not in gone)
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        return left - right
    msg = f"a {kind(right)} cannot be taken from a {kind(left)}"
    raise StoryError(msg)


def _numeric(name: str, compute: Callable[[Any, Any], Value]) -> Callable[[Any, Any], Value]:
    def operate(left: Any, right: Any) -> Value:
        if not is_number(left) or not is_number(right):
            msg = f"{name} is for numbers, not a {kind(left)} and a {kind(right)}"
            raise StoryError(msg)
        try:
            return compute(left, right)
        except OverflowError:
            return UNKNOWN

    return operate


def _divided(left: Any, right: Any) -> Value:
    if right == 0:
        msg = "a number cannot be divided by zero"
        raise StoryError(msg)
    return number(left / right)


def _remainder(left: Any, right: Any) -> Value:
    if right == 0:
        msg = "a number cannot be divided by zero"
        raise StoryError(msg)
    return number(math.fmod(left, right))


def contains(left: Any, right: Any) -> bool:
    """``left contains right``."""
    if isinstance(left, str):
        if not isinstance(right, str):
            msg = "a string contains only strings"
            raise StoryError(msg)
        return right in left
    if isinstance(left, (tuple, frozenset)):
        key = exact(right)
        return any(exact(item) == key for item in left)
    if isinstance(left, Map):
        return any(is_same(name, right) for name in left)
    if isinstance(left, Datatype):
        return datatypes.is_of(right, left)
    msg = f"a {kind(left)} cannot contain a value"
    raise StoryError(msg)


_OPERATORS: Final[dict[str, Callable[[Any, Any], Value]]] = {
    "is": is_same,
    "is not": lambda left, right: not is_same(left, right),
    "+": _plus,
    "-": _minus,
    "*": _numeric("*", lambda left, right: number(left * right)),
    "/": _numeric("/", _divided),
    "%": _numeric("%", _remainder),
    "<": _numeric("<", lambda left, right: left < right),
    ">": _numeric(">", lambda left, right: left > right),
    "<=": _numeric("<=", lambda left, right: left <= right),
    ">=": _numeric(">=", lambda left, right: left >= right),
    "contains": contains,
    "does not contain": lambda left, right: not contains(left, right),
    "is in": lambda left, right: contains(right, left),
    "is not in": lambda left, right: not contains(right, left),
    "matches": datatypes.matches,
    "does not match": lambda left, right: not datatypes.matches(left, right),
    "is a": datatypes.is_a,
    "is an": datatypes.is_a,
    "is not a": lambda left, right: not datatypes.is_a(left, right),
    "is not an": lambda left, right: not datatypes.is_a(left, right),
}
