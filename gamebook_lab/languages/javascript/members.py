"""Reading and writing members: ``a.b``, ``a[0]``, ``a.length``."""

from __future__ import annotations

from typing import Any, Final

from gamebook_lab.languages.javascript.host import Host, Native
from gamebook_lab.languages.javascript.values import MAX_SIZE, ThrownError, to_text
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.program import Span

INHERITED: Final = frozenset(
    {
        "constructor", "toString", "toLocaleString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
        "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
    }
)  # fmt: skip
"""Members that every object has."""


def get_member(host: Host, owner: Any, key: Any, span: Span) -> Any:
    """Value of a member; undefined if there is none."""
    if owner is UNKNOWN or key is UNKNOWN:
        return UNKNOWN
    if isinstance(owner, dict):
        name = key if isinstance(key, str) else to_text(key)
        value = owner.get(name, UNKNOWN if name in INHERITED else UNSET)
    elif isinstance(owner, list):
        value = _item(owner, key)
    elif isinstance(owner, str):
        value = _letter(owner, key)
    elif isinstance(owner, Native):
        value = owner.get(host, to_text(key), span)
    elif owner is None or owner is UNSET:
        raise ThrownError(f"{'null' if owner is None else 'undefined'} has no member {to_text(key)!r}")
    else:
        value = UNKNOWN if callable(owner) else UNSET
    return UNKNOWN if host.spoiled and id(value) in host.spoiled else value


def whole(key: Any) -> int | None:
    """A place in an array that a key names."""
    if type(key) is int:
        return key if key >= 0 else None
    return int(key) if isinstance(key, str) and key.isascii() and key.isdigit() and str(int(key[:9])) == key else None


def _item(owner: list[Any], key: Any) -> Any:
    place = whole(key)
    if place is not None:
        return owner[place] if place < len(owner) else UNSET
    if key == "length":
        return len(owner)
    return UNKNOWN if isinstance(key, str) else UNSET


def _letter(owner: str, key: Any) -> Any:
    if not owner.isascii() and max(owner) > "\uffff":
        return UNKNOWN
    place = whole(key)
    if place is not None:
        return owner[place] if place < len(owner) else UNSET
    return len(owner) if key == "length" else UNKNOWN


def set_member(host: Host, owner: Any, key: Any, value: Any, span: Span) -> None:
    """Write a member."""
    if isinstance(owner, Native) and key is not UNKNOWN:
        owner.set(host, to_text(key), value, span)
    elif owner is UNKNOWN:
        host.spoil(value)
    elif key is UNKNOWN:
        if isinstance(owner, Native):
            host.stray(f"{owner.name}[]", span)
        host.spoil(owner)
    elif isinstance(owner, dict):
        owner[key if isinstance(key, str) else to_text(key)] = value
        if len(owner) > MAX_SIZE:
            host.spoil(owner)
    elif isinstance(owner, list):
        _set_item(host, owner, key, value)
    elif owner is None or owner is UNSET:
        raise ThrownError("cannot set a member of undefined")


def _set_item(host: Host, owner: list[Any], key: Any, value: Any) -> None:
    place = whole(key)
    if key == "length" and type(value) is int and 0 <= value <= len(owner):
        del owner[value:]
    elif place is None or place > MAX_SIZE:
        host.spoil(owner)
    else:
        owner.extend([UNSET] * (place + 1 - len(owner)))
        owner[place] = value
