"""Looks into values and changes what is in them: ``$a's 1st``, ``$dm's name``, ``$a's 2ndtolast``."""

from __future__ import annotations

import re
from typing import Any, Final

from gamebook_lab.languages.harlowe.play.values import (
    Colour,
    Datatype,
    HookNamed,
    StoryError,
    datamap,
    has_unknown,
    is_number,
    kind,
    sorted_items,
)  # fmt: skip
from gamebook_lab.story.frozen import UNKNOWN, Map, Unknown, Value, exact

_ORDINAL: Final = re.compile(r"(\d{1,9})(?:st|nd|rd|th)(last)?", re.IGNORECASE)
_SLICE: Final = re.compile(
    r"(\d{1,9}(?:st|nd|rd|th)(?:last)?|last)to(\d{1,9}(?:st|nd|rd|th)(?:last)?|last)", re.IGNORECASE
)
WORDS: Final = frozenset(["any", "all", "start", "end"])


def get(owner: Any, key: Value) -> Value:
    """Read ``owner's key``."""
    if isinstance(owner, Unknown) or has_unknown(key):
        return UNKNOWN
    if isinstance(owner, Map):
        return _in_map(owner, key)
    if isinstance(key, tuple):
        return _many(owner, key)
    if isinstance(owner, frozenset):
        if key == "length":
            return len(owner)
        return _in_sequence(tuple(sorted_items(owner)), key)
    if isinstance(owner, (str, tuple)):
        return _in_sequence(owner, key)
    if isinstance(owner, (Colour, Datatype, HookNamed)):
        return UNKNOWN
    msg = f"a {kind(owner)} has nothing in it"
    raise StoryError(msg)


def _many(owner: Any, keys: tuple[Value, ...]) -> Value:
    """``$a's (a: 1, 2)`` gives an array, or for a string a string."""
    found = tuple(get(owner, key) for key in keys)
    if isinstance(owner, str):
        return UNKNOWN if UNKNOWN in found else "".join(map(str, found))
    return found


def _in_map(owner: Map, key: Value) -> Value:
    if isinstance(key, tuple):
        return _many(owner, key)
    for name, value in owner.pairs:
        if exact(name) == exact(key):
            return value
    msg = f"the datamap has no {key!r}"
    raise StoryError(msg)


def _in_sequence(owner: Any, key: Value) -> Value:
    place = position(key, len(owner))
    if isinstance(place, slice):
        return owner[place]  # type: ignore[no-any-return]
    if place is None:
        if key == "length":
            return len(owner)
        msg = f"a {kind(owner)} has no {key!r}"
        raise StoryError(msg)
    if not 0 <= place < len(owner):
        msg = f"there is no item {key!r}"
        raise StoryError(msg)
    return owner[place]  # type: ignore[no-any-return]


def position(key: Any, length: int) -> int | slice | None:
    """Place that a key names, counted from 0; None for a word."""
    if is_number(key):
        at = int(key)
        if at == 0 or at != key:
            msg = "items are counted from 1"
            raise StoryError(msg)
        return at - 1 if at > 0 else length + at
    if not isinstance(key, str):
        msg = f"a {kind(key)} is no position"
        raise StoryError(msg)
    if found := _SLICE.fullmatch(key):
        first, last = (position(each, length) for each in found.groups())
        assert isinstance(first, int)
        assert isinstance(last, int)
        return slice(max(min(first, last), 0), max(first, last) + 1)
    if key.lower() == "last":
        return length - 1
    if ordinal := _ORDINAL.fullmatch(key):
        at = int(ordinal.group(1))
        return length - at if ordinal.group(2) else at - 1
    return None


def put(owner: Any, key: Value, value: Value) -> Value:
    """Give a copy of ``owner`` in which ``key`` is ``value``."""
    if isinstance(owner, Unknown) or has_unknown(key):
        return UNKNOWN
    if isinstance(owner, Map):
        if isinstance(key, tuple):
            return UNKNOWN
        return datamap((*owner.pairs, (key, value)))
    if isinstance(owner, (str, tuple)):
        return _put_in_sequence(owner, key, value)
    msg = f"a {kind(owner)} cannot be changed in part"
    raise StoryError(msg)


def _put_in_sequence(owner: Any, key: Value, value: Value) -> Value:
    place = position(key, len(owner))
    if not isinstance(place, int):
        if place is None:
            msg = f"a {kind(owner)} has no {key!r} that can be changed"
            raise StoryError(msg)
        return UNKNOWN
    if not 0 <= place <= len(owner) - isinstance(owner, str):
        if isinstance(owner, tuple) and place > 0:
            return UNKNOWN
        msg = f"there is no item {key!r}"
        raise StoryError(msg)
    if isinstance(owner, str):
        if value is UNKNOWN:
            return UNKNOWN
        if not isinstance(value, str):
            msg = "a string holds only strings"
            raise StoryError(msg)
        return owner[:place] + value + owner[place + 1 :]
    return (*owner[:place], value, *owner[place + 1 :])


def without(owner: Any, key: Value) -> Value:
    """Give a copy without ``key``, as ``(move:)`` leaves it."""
    if isinstance(owner, Map):
        return datamap(pair for pair in owner.pairs if exact(pair[0]) != exact(key))
    if kind(owner) in {"string", "array"}:
        place = position(key, len(owner))
        if isinstance(place, int) and 0 <= place < len(owner):
            return _cut(owner, place, place + 1)
        if isinstance(place, slice):
            return _cut(owner, place.start, place.stop)
    return UNKNOWN


def _cut(owner: Any, start: int, stop: int) -> Value:
    kept: Value = owner[:start] + owner[stop:]
    return kept
