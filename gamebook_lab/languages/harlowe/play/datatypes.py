"""Harlowe's data types as values: ``$x is a num``, ``(a: 1, 2) matches (a: num, ...num)``."""

from __future__ import annotations

from typing import Any

from gamebook_lab.languages.harlowe.play.values import Code, Datatype, StoryError, is_number, kind
from gamebook_lab.story.frozen import Map, Value, exact

_KINDS = {
    "num": "number", "number": "number", "str": "string", "string": "string", "bool": "boolean", "boolean": "boolean",
    "array": "array", "dm": "datamap", "datamap": "datamap", "ds": "dataset", "dataset": "dataset",
    "color": "colour", "colour": "colour", "changer": "changer", "command": "command", "lambda": "lambda",
    "macro": "macro", "datatype": "datatype", "codehook": "codehook", "hookname": "hookname",
}  # fmt: skip
_BLANKS = " \t\n\r\f\v\u00a0"


def is_of(value: Any, wanted: Datatype) -> bool:
    """Whether a value is of a type."""
    name = wanted.name
    if name in _KINDS:
        return kind(value) == _KINDS[name]
    if name in {"any", "const"}:
        return True
    if name in {"even", "odd", "int", "integer"}:
        if not is_number(value):
            return False
        whole = int(value) == value
        return whole if name.startswith("int") else int(abs(value)) % 2 == (name == "odd")
    if name == "empty":
        return isinstance(value, (str, tuple, Map, frozenset)) and len(value) == 0
    return _is_text_of(value, name)


def _is_text_of(value: Any, name: str) -> bool:
    if not isinstance(value, str) or not value:
        return False
    if name == "whitespace":
        return all(char in _BLANKS for char in value)
    if name in {"newline", "linebreak"}:
        return value in {"\n", "\r", "\r\n"}
    if name in {"uppercase", "lowercase"}:
        return value == (value.upper() if name == "uppercase" else value.lower()) and value.upper() != value.lower()
    if name == "anycase":
        return value.upper() != value.lower()
    if name in {"alnum", "alphanumeric"}:
        return value.isalnum()
    if name == "digit":
        return all(char in "0123456789" for char in value)
    msg = f"the type {name} is not modelled"
    raise StoryError(msg)


def is_a(value: Value, wanted: Value) -> bool:
    """``value is a wanted``."""
    if not isinstance(wanted, Datatype):
        msg = "'is a' needs a data type on its right"
        raise StoryError(msg)
    return is_of(value, wanted)


def matches(one: Value, other: Value) -> bool:
    """``one matches other``: either may be the pattern."""
    return _fits(one, other) or _fits(other, one)


def _fits(value: Any, pattern: Any) -> bool:
    if isinstance(pattern, Datatype):
        return is_of(value, pattern) or exact(value) == exact(pattern)
    if isinstance(pattern, tuple) and isinstance(value, tuple):
        return _fits_items(value, pattern)
    if isinstance(pattern, Map) and isinstance(value, Map):
        return {*pattern} == {*value} and all(_fits(value[name], pattern[name]) for name in pattern)
    if isinstance(value, Code) or isinstance(pattern, Code):
        return False
    return exact(value) == exact(pattern)


def _fits_items(value: tuple[Any, ...], pattern: tuple[Any, ...]) -> bool:
    """Match items in order; a spread type takes as many as fit."""
    at = 0
    for each in pattern:
        if isinstance(each, Datatype) and each.is_spread:
            while at < len(value) and is_of(value[at], each):
                at += 1
        elif at == len(value) or not _fits(value[at], each):
            return False
        else:
            at += 1
    return at == len(value)
