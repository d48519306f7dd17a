"""What JavaScript's operators give."""

# ruff: noqa: ARG005, PLR0124 - functions of one table have one signature; x != x asks for not-a-number

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from gamebook_lab.languages.javascript.host import Native
from gamebook_lab.languages.javascript.members import INHERITED
from gamebook_lab.languages.javascript.values import (
    capped,
    is_number,
    loose_equal,
    number,
    strict_equal,
    to_number,
    to_text,
    type_of,
)
from gamebook_lab.story.frozen import UNKNOWN, UNSET

Operator = Callable[[Any, Any], Any]
_WORD: Final = 2**32


def add(left: Any, right: Any) -> Any:
    """``+``, of numbers or texts."""
    if type(left) is int and type(right) is int:
        return number(left + right)
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if is_number(left) and is_number(right):
        return number(left + right)
    if not _is_simple(left) or not _is_simple(right) or isinstance(left, str) or isinstance(right, str):
        left, right = to_text(left), to_text(right)
        return UNKNOWN if left is UNKNOWN or right is UNKNOWN else capped(left + right)
    return _numbers(lambda one, other: one + other)(left, right)


def _is_simple(value: Any) -> bool:
    return not isinstance(value, (list, dict, Native)) and not callable(value)


def _numbers(compute: Callable[[float, float], float]) -> Operator:
    def operate(left: Any, right: Any) -> Any:
        left, right = to_number(left), to_number(right)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        try:
            return number(compute(left, right))
        except OverflowError:
            return UNKNOWN

    return operate


def _divide(left: float, right: float) -> float:
    if right == 0:
        if left == 0 or left != left:
            return math.nan
        raise OverflowError  # up or down, as the zero has a sign: zeros here have none
    return left / right


def divided_by_zero(left: Any) -> Any:
    """What ``left / 0`` gives where the zero is written there, and so is none with a minus."""
    left = to_number(left)
    if left is UNKNOWN:
        return UNKNOWN
    return math.nan if left == 0 or left != left else math.copysign(math.inf, left)


def _remainder(left: float, right: float) -> float:
    if right == 0 or math.isinf(left) or left != left or right != right:
        return math.nan
    if isinstance(left, int) and isinstance(right, int):
        return int(math.fmod(left, right))
    return math.fmod(left, right)


def _power(left: float, right: float) -> float:
    if right == 0:
        return 1
    if math.isinf(right) and abs(left) == 1:
        return math.nan
    try:
        found = float(left) ** float(right)
    except ZeroDivisionError:
        if right % 2 == 1:
            raise OverflowError from None  # as in _divide
        return math.inf
    except OverflowError:
        return math.inf if left > 0 or right % 2 == 0 else -math.inf
    return math.nan if isinstance(found, complex) else found


def _whole(value: float) -> int:
    """A number as 32 bits with a sign."""
    if value != value or math.isinf(value):
        return 0
    bits = int(value) % _WORD
    return bits - _WORD if bits >= _WORD // 2 else bits


def _bits(compute: Callable[[int, int], int]) -> Operator:
    return _numbers(lambda left, right: _whole(compute(_whole(left), _whole(right))))


def _compare(of_numbers: Callable[[Any, Any], bool]) -> Operator:
    def operate(left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int:
            return of_numbers(left, right)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        left, right = (each if _is_simple(each) else to_text(each) for each in (left, right))
        if isinstance(left, str) and isinstance(right, str):
            return of_numbers(left.encode("utf-16-be", "surrogatepass"), right.encode("utf-16-be", "surrogatepass"))
        left, right = to_number(left), to_number(right)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        return of_numbers(left, right)

    return operate


def negation(value: Any) -> Any:
    """``not``, of what an equality gave."""
    return UNKNOWN if value is UNKNOWN else not value


def _within(key: Any, owner: Any) -> Any:
    if key is UNKNOWN or not isinstance(owner, (list, dict)):
        return UNKNOWN
    if isinstance(owner, dict):
        name = to_text(key)
        return UNKNOWN if name is UNKNOWN else name in owner or (UNKNOWN if name in INHERITED else False)
    if isinstance(key, str) and not key.isdigit():
        return UNKNOWN
    place = to_number(key)
    return isinstance(place, int) and 0 <= place < len(owner)


OPERATORS: Final[dict[str, Operator]] = {
    "+": add,
    "-": _numbers(lambda left, right: left - right),
    "*": _numbers(lambda left, right: left * right),
    "/": _numbers(_divide),
    "%": _numbers(_remainder),
    "**": _numbers(_power),
    "&": _bits(lambda left, right: left & right),
    "|": _bits(lambda left, right: left | right),
    "^": _bits(lambda left, right: left ^ right),
    "<<": _bits(lambda left, right: left << (right & 31)),
    ">>": _bits(lambda left, right: left >> (right & 31)),
    ">>>": _numbers(lambda left, right: (_whole(left) % _WORD) >> (_whole(right) & 31)),
    "==": loose_equal,
    "!=": lambda left, right: negation(loose_equal(left, right)),
    "===": strict_equal,
    "!==": lambda left, right: negation(strict_equal(left, right)),
    "<": _compare(lambda left, right: left < right),
    ">": _compare(lambda left, right: left > right),
    "<=": _compare(lambda left, right: left <= right),
    ">=": _compare(lambda left, right: left >= right),
    "in": _within,
    "instanceof": lambda left, right: UNKNOWN,
}


def minus(value: Any) -> Any:
    """``-x``."""
    found = to_number(value)
    return UNKNOWN if found is UNKNOWN else number(-found) if found != 0 else 0


def plus(value: Any) -> Any:
    """``+x``."""
    return to_number(value)


def invert(value: Any) -> Any:
    """``~x``."""
    found = to_number(value)
    return UNKNOWN if found is UNKNOWN else ~_whole(found)


def is_defined(value: Any) -> Any:
    """SugarCube's ``def``."""
    return UNKNOWN if value is UNKNOWN else value is not UNSET


UNARY: Final[dict[str, Callable[[Any], Any]]] = {
    "-": minus,
    "+": plus,
    "~": invert,
    "typeof": lambda value: UNKNOWN if value is UNKNOWN or isinstance(value, Native) else type_of(value),
    "void": lambda value: UNSET,
    "def": is_defined,
    "ndef": lambda value: negation(is_defined(value)),
}
