"""JSON with the place of every value, bounded in depth, changed one value at a time.

Story metadata is JSON that people write by hand. Reading gives spans, so that an edit replaces one
value and leaves the rest as the author wrote it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

MAX_DEPTH: Final = 64
"""Deepest nesting of arrays and objects that is read."""
REMOVED: Final = object()
"""Stands for a member that is to be taken out; None is a value of its own, ``null``."""
_TOKEN: Final = re.compile(r'[\[\]{}"]')
_QUOTE: Final = re.compile(r'["\\]')
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_BARE: Final = re.compile(r'[^,"\r\n{}\[\]]*')


class JsonError(ValueError):
    """Text is not JSON, or (``is_limit``) nested too deep; ``offset`` says where."""

    def __init__(self, message: str, offset: int, *, is_limit: bool = False) -> None:
        self.message, self.offset, self.is_limit = message, offset, is_limit
        super().__init__(message)


class Member(NamedTuple):
    """One value of an object, and the span of its writing."""

    value: Any
    start: int
    stop: int


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        msg = f"the number {text[:20]} is too large"
        raise ValueError(msg)
    return value


def _constant(text: str) -> float:
    msg = f"{text} is not JSON"
    raise ValueError(msg)


_DECODER: Final = json.JSONDecoder(parse_float=_finite, parse_constant=_constant)


_HALF: Final = re.compile("[\ud800-\udfff]")
_ESCAPE: Final = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL)


def without_halves(text: str) -> str:
    """Put U+FFFD for halves of characters (lone surrogates), which JSON can spell but no file can hold."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def first_half(text: str) -> int | None:
    """Offset of the first escape in some JSON that spells half of a character; None if there is none."""
    return next((match.start() for match in _ESCAPE.finditer(text) if match[1]), None)


def _decoded(text: str, at: int) -> tuple[Any, int]:
    value, stop = _DECODER.raw_decode(text, at)
    return _whole(value), stop


def _whole(value: Any) -> Any:
    """Put U+FFFD for halves of characters everywhere in a value. Bounded as the nesting is."""
    if isinstance(value, str):
        return without_halves(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {without_halves(key): _whole(item) for key, item in value.items()}
    return value


def read_value(text: str, start: int = 0) -> Member:
    """Read the value that begins at ``start``.

    Raises
    ------
    JsonError
        If there is none, or it is nested deeper than :data:`MAX_DEPTH`.
    """
    if text.startswith(("[", "{"), start):
        _check_depth(text, start)
    try:
        value, end = _decoded(text, start)
    except json.JSONDecodeError as error:
        raise JsonError(error.msg, error.pos) from error
    except ValueError as error:  # a number with too many digits or too large
        raise JsonError(str(error).split(";")[0], start) from error
    return Member(value, start, end)


def _check_depth(text: str, start: int) -> None:
    """Stop at the first bracket that is nested too deep, before anything recursive sees the text."""
    depth = 0
    at = start
    while match := _TOKEN.search(text, at):
        at = match.end()
        if match.group() == '"':
            at = _after_string(text, at)
        elif match.group() in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonError(f"nested deeper than {MAX_DEPTH} levels", match.start(), is_limit=True)
        else:
            depth -= 1
            if depth <= 0:
                return


def _after_string(text: str, at: int) -> int:
    while match := _QUOTE.search(text, at):
        if match.group() == '"':
            return match.end()
        at = match.end() + 1
    return len(text)


def skip_space(text: str, at: int) -> int:
    """Offset of the first character at or behind ``at`` that is no JSON white space."""
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()


def read_object(text: str, start: int = 0) -> tuple[dict[str, Member], int]:
    """Read the object that begins at ``start``: its members with their spans, and where it ends.

    Raises
    ------
    JsonError
        If it is not one. Of a key that occurs twice the last value counts, as everywhere.
    """
    if not text.startswith("{", start):
        raise JsonError("Expecting an object in { }", start)
    whole = read_value(text, start)
    members: dict[str, Member] = {}
    at = skip_space(text, start + 1)
    while text[at] != "}":
        key, at = _decoded(text, at)
        value_start = skip_space(text, skip_space(text, at) + 1)
        value, value_stop = _decoded(text, value_start)
        members[key] = Member(value, value_start, value_stop)
        at = skip_space(text, value_stop)
        if text[at] == ",":
            at = skip_space(text, at + 1)
    return members, whole.stop


def read_whole_object(text: str) -> dict[str, Member]:
    """Read a text that is one object and nothing else.

    Raises
    ------
    JsonError
        If it is not.
    """
    members, stop = read_object(text, skip_space(text, 0))
    behind = skip_space(text, stop)
    if behind < len(text):
        raise JsonError("text behind the closing } is not understood", behind)
    return members


def salvage(text: str, keys: Iterable[str]) -> dict[str, Member]:
    """Read what can be read of a broken object: the values of these keys, wherever they stand.

    A value whose quotes are lost is read to the next comma, quote, bracket or end of line.
    """
    found: dict[str, Member] = {}
    for key in keys:
        at = text.find(f'"{key}"')
        if at < 0:
            continue
        at = skip_space(text, at + len(key) + 2)
        if not text.startswith(":", at):
            continue
        at = skip_space(text, at + 1)
        member = _salvage_value(text, at)
        if member is not None:
            found[key] = member
    return found


def _salvage_value(text: str, at: int) -> Member | None:
    try:
        member = read_value(text, at)
    except JsonError:
        pass
    else:
        after = skip_space(text, member.stop)
        if text[after : after + 1] in {"", ",", "}"}:
            return member
    match = _BARE.match(text, at)
    assert match is not None
    writing = match.group().rstrip()
    return Member(writing, at, at + len(writing)) if writing else None


def dump(value: Any) -> str:
    """Write a value on one line, as ``{"position":"600,400"}``."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def set_members(text: str, members: Mapping[str, Member], changes: Mapping[str, Any]) -> str:
    """Change members of an object, keeping everything else as written.

    Parameters
    ----------
    text
        The object; a broken one will do, as long as it has a ``{``.
    members
        What was read of it.
    changes
        New value by key; :data:`REMOVED` takes the member out.
    """
    replaced = [
        (members[key].start, members[key].stop, dump(value))
        for key, value in changes.items()
        if key in members and value is not REMOVED
    ]
    for start, stop, writing in sorted(replaced, reverse=True):
        text = text[:start] + writing + text[stop:]
    for key, value in changes.items():
        if value is REMOVED and key in members:
            text = _remove(text, key)
        elif value is not REMOVED and key not in members:
            text = _insert(text, key, value)
    return text


def _insert(text: str, key: str, value: Any) -> str:
    """Put a member behind the last one, laid out as that; at the front of an object that is broken."""
    writing = f"{json.dumps(key, ensure_ascii=False)}: {dump(value)}"
    brace = text.index("{")
    try:
        members, stop = read_object(text, brace)
    except JsonError:
        lead = text[brace + 1 : skip_space(text, brace + 1)]
        return f"{text[: brace + 1]}{lead}{writing},{text[brace + 1 :]}"
    if not members:
        return f"{text[: brace + 1]}{writing}{text[stop - 1 :]}"
    first = text[brace + 1 : skip_space(text, brace + 1)]
    after = max(member.stop for member in members.values())
    if not first:
        writing = writing.replace(": ", ":", 1)
    return f"{text[:after]},{first}{writing}{text[after:]}"


def _remove(text: str, key: str) -> str:
    """Take a member out, with its comma; a broken object stays as it is."""
    brace = text.index("{")
    try:
        members, stop = read_object(text, brace)
    except JsonError:
        return text
    kept = [(name, member) for name, member in members.items() if name != key]
    if not kept:
        return text[: brace + 1] + text[stop - 1 :]
    ends = sorted(member.stop for member in members.values())
    gone = members[key].stop
    before = max((end for end in ends if end < gone), default=None)
    if before is not None:
        return text[:before] + text[gone:]
    comma = text.index(",", gone)
    return text[: skip_space(text, brace + 1)] + text[skip_space(text, comma + 1) :]


def read_array(text: str, start: int) -> list[Member]:
    """Give the items of an array that :func:`read_value` has read before, with their spans."""
    items: list[Member] = []
    at = skip_space(text, start + 1)
    while text[at] != "]":
        value, stop = _decoded(text, at)
        items.append(Member(value, at, stop))
        at = skip_space(text, stop)
        if text[at] == ",":
            at = skip_space(text, at + 1)
    return items
