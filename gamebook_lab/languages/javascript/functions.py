"""Calling: functions of the story's own, methods of arrays, strings, numbers and objects, and ``new``."""

# ruff: noqa: ARG001, ARG002, ARG005, PLR0124 - functions of one table have one signature; x != x asks for not-a-number

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gamebook_lab.languages.javascript.arrays import ARRAY_METHODS, TOLERANT_METHODS
from gamebook_lab.languages.javascript.host import MAX_CALLS, MAX_WEIGHT, Builtin, Frame, Host, Native
from gamebook_lab.languages.javascript.members import get_member
from gamebook_lab.languages.javascript.texts import STRING_METHODS
from gamebook_lab.languages.javascript.uses import MUTATORS
from gamebook_lab.languages.javascript.values import ThrownError, is_number, to_number, to_text
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span


class Closure:
    """A function of the story's own, with the names around it. ``body`` is None where it is not understood."""

    __slots__ = ("body", "frame", "is_harmless", "names", "span", "weight")

    def __init__(
        self, names: tuple[str, ...], body: Callable[[Host], Any] | None, frame: Frame | None, span: Span, *,
        weight: int, is_harmless: bool,
    ) -> None:  # fmt: skip
        self.names, self.body, self.frame, self.span = names, body, frame, span
        self.weight = weight
        """How deeply its body nests."""
        self.is_harmless = is_harmless
        """Nothing changes when it is called."""

    def __call__(self, host: Host, arguments: list[Any], span: Span) -> Any:
        """Run the body with these arguments."""
        host.tick()
        if self.body is None:
            return host.stray("function", self.span)
        if host.calls >= MAX_CALLS or host.weight + self.weight > MAX_WEIGHT:
            return host.give_up("functions that call each other without end", self.span)
        around = host.frame
        host.frame = Frame(self.frame)
        host.frame.names.update(
            (name, arguments[index] if index < len(arguments) else UNSET) for index, name in enumerate(self.names)
        )
        host.calls += 1
        host.weight += self.weight
        try:
            return self.body(host)
        finally:
            host.frame = around
            host.calls -= 1
            host.weight -= self.weight


def call_value(host: Host, function: Any, arguments: list[Any] | None, what: str, span: Span) -> Any:
    """Call a function by its value."""
    if arguments is None:
        return UNKNOWN if isinstance(function, Builtin) and function.name in _DRAWS else host.stray(f"{what}()", span)
    if isinstance(function, (Builtin, Closure)) or (isinstance(function, Native) and callable(function)):
        return function(host, arguments, span)
    if function is UNKNOWN or callable(function) or isinstance(function, Native):
        return host.stray(f"{what or 'function'}()", span)
    raise ThrownError(f"{what} is no function")


_DRAWS: Final = frozenset({"either", "max", "min"})


def call_method(host: Host, owner: Any, key: Any, arguments: list[Any] | None, span: Span) -> Any:
    """Call ``owner.key(arguments)``; no arguments: nobody knows how many."""
    if owner is None or owner is UNSET:
        raise ThrownError(f"{to_text(owner)} has no member {key!r}")
    if key is UNKNOWN or not isinstance(key, str):
        return host.stray("[]()", span)
    if isinstance(owner, Native):
        return (
            host.stray(f"{owner.name}.{key}()", span) if arguments is None else owner.call(host, key, arguments, span)
        )
    if owner is UNKNOWN:
        return _of_unknown(host, key, arguments, span)
    if arguments is None:
        host.spoil(owner)
        return UNKNOWN if key in MUTATORS else host.stray(f"{key}()", span)
    if isinstance(owner, dict) and key in owner:
        return call_value(host, get_member(host, owner, key, span), arguments, key, span)
    method = _method(owner, key)
    if method is None:
        if not callable(owner) and (key in ARRAY_METHODS or key in STRING_METHODS or key in _NUMBER_METHODS):
            raise ThrownError(f"{key} is no function")
        host.spoil(owner)
        return host.stray(f"{key}()", span)
    if key not in TOLERANT_METHODS and (
        UNKNOWN in map(_known, arguments) or (isinstance(owner, list) and _has_unknown(host, owner))
    ):
        if key in MUTATORS:
            host.spoil(owner)
        return _of_unknown(host, key, arguments, span)
    return method(host, owner, arguments, span)


def _known(value: Any) -> Any:
    return UNKNOWN if value is UNKNOWN else 0


def _has_unknown(host: Host, items: list[Any]) -> bool:
    return any(each is UNKNOWN or (host.spoiled and id(each) in host.spoiled) for each in items)


def _of_unknown(host: Host, key: str, arguments: list[Any] | None, span: Span) -> Any:
    """A method of something unknown: harmless, unless it runs code that is not, or is a name that nobody knows."""
    for each in arguments or ():
        if isinstance(each, Closure) and not each.is_harmless:
            return host.stray(f"{key}()", span)
        if key in MUTATORS:
            host.spoil(each)
    is_known = key in ARRAY_METHODS or key in STRING_METHODS or key in _NUMBER_METHODS or key in MUTATORS
    return UNKNOWN if is_known or key in _OBJECT_METHODS or key in {"get", "has"} else host.stray(f"{key}()", span)


def _method(owner: Any, key: str) -> Callable[[Host, Any, list[Any], Span], Any] | None:
    if isinstance(owner, list):
        return ARRAY_METHODS.get(key)
    if isinstance(owner, str):
        return STRING_METHODS.get(key)
    if is_number(owner):
        return _NUMBER_METHODS.get(key)
    return _OBJECT_METHODS.get(key) if isinstance(owner, (dict, bool)) else None


def _fixed(host: Host, owner: Any, arguments: list[Any], span: Span) -> Any:
    """``toFixed``: half a unit is rounded up, as doubles have it."""
    digits = to_number(arguments[0]) if arguments else 0
    if type(digits) is not int or not 0 <= digits <= 100 or abs(owner) >= 1e21 or owner != owner:
        return UNKNOWN
    from decimal import ROUND_HALF_UP, Context, Decimal

    made = Decimal(owner).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, Context(prec=150))
    return f"{made:f}" if made else f"{abs(made):f}" if owner >= 0 else f"-{abs(made):f}"


def _clamp(host: Host, owner: Any, arguments: list[Any], span: Span) -> Any:
    """SugarCube's old ``Number.clamp``."""
    bounds = [to_number(each) for each in arguments]
    return UNKNOWN if len(bounds) != 2 or UNKNOWN in bounds else min(max(owner, bounds[0]), bounds[1])


def _number_text(host: Host, owner: Any, arguments: list[Any], span: Span) -> Any:
    return to_text(owner) if not arguments else UNKNOWN


_NUMBER_METHODS: Final[dict[str, Callable[[Host, Any, list[Any], Span], Any]]] = {
    "toFixed": _fixed,
    "toString": _number_text,
    "clamp": _clamp,
    "toLocaleString": lambda host, owner, arguments, span: UNKNOWN,
    "toPrecision": lambda host, owner, arguments, span: UNKNOWN,
    "valueOf": lambda host, owner, arguments, span: owner,
}


def _has_own(host: Host, owner: Any, arguments: list[Any], span: Span) -> Any:
    key = to_text(arguments[0]) if arguments else "undefined"
    return UNKNOWN if key is UNKNOWN else isinstance(owner, dict) and key in owner


_OBJECT_METHODS: Final[dict[str, Callable[[Host, Any, list[Any], Span], Any]]] = {
    "hasOwnProperty": _has_own,
    "toString": lambda host, owner, arguments, span: to_text(owner),
}


def construct(host: Host, what: str, arguments: list[Any] | None, span: Span) -> Any:
    """``new Thing(...)``: arrays and objects are made; dates, maps and sets are unknown values."""
    if what == "Array" and arguments is not None:
        if len(arguments) == 1 and is_number(arguments[0]):
            n = arguments[0]
            return [UNSET] * n if type(n) is int and 0 <= n <= 1_000 else UNKNOWN
        return list(arguments)
    if what == "Object" and not arguments:
        return {}
    if what in {"Date", "Map", "Set", "RegExp", "Error", "String", "Number", "Boolean", "WeakMap", "Audio", "Image"}:
        return UNKNOWN
    return host.stray(f"new {what or 'object'}", span)
