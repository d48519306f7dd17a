"""What an edit did, in few bytes, so that it can be made again and taken back.

A patch holds for each passage only the columns that changed, and of a text only the stretch that changed. Made on, or
taken back from, anything but what it was made for, it fails instead of guessing.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from gamebook_lab.store.rows import Row, canonical, decode, encode

__all__ = ["Patch", "PatchError", "back", "forward", "make", "pack", "unpack"]

Patch: TypeAlias = dict[int, dict[str, Any]]
"""For each uid ``{"added": row}``, ``{"removed": row}``, or ``{"columns": {name: [old, new]}, "text": [start, old, new]}``."""
_SMALL: Final = 512
"""Bytes up to which compressing a patch is not worth it."""


class PatchError(ValueError):
    """A patch does not fit what it is to be made on."""


def make(changes: Mapping[int, tuple[Row | None, Row | None]]) -> Patch:
    """Patch that leads from the first row of each uid to the second; those that are equal are left out."""
    return {uid: _difference(old, new) for uid, (old, new) in changes.items() if old != new}


def _difference(old: Row | None, new: Row | None) -> dict[str, Any]:
    if old is None or new is None:
        return {"added": decode(new)} if new is not None else {"removed": decode(old or b"{}")}
    before, after = decode(old), decode(new)
    texts = str(before.pop("text", "")), str(after.pop("text", ""))
    names = [*before, *(name for name in after if name not in before)]
    patch: dict[str, Any] = {}
    if columns := {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}:
        patch["columns"] = columns
    if texts[0] != texts[1]:
        patch["text"] = list(_splice(*texts))
    return patch


def _splice(old: str, new: str) -> tuple[int, str, str]:
    """Where two texts differ: the start, and the stretch of each."""
    start = _common(old, new, min(len(old), len(new)))
    end = _common(old[::-1], new[::-1], min(len(old), len(new)) - start)
    return start, old[start : len(old) - end], new[start : len(new) - end]


def _common(left: str, right: str, most: int) -> int:
    """Length of the common prefix, by halving: each comparison is a memcmp."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def forward(row: Row | None, patch: Mapping[str, Any]) -> Row | None:
    """Make what one passage's part of a patch says.

    Raises
    ------
    PatchError
        If the passage is not as it was before the edit, where the edit changed it.
    """
    return _applied(row, patch, gone="removed", come="added", old=0, new=1)


def back(row: Row | None, patch: Mapping[str, Any]) -> Row | None:
    """Take it back.

    Raises
    ------
    PatchError
        If the passage is not as the edit left it, where the edit changed it.
    """
    return _applied(row, patch, gone="added", come="removed", old=1, new=0)


def _applied(row: Row | None, patch: Mapping[str, Any], *, gone: str, come: str, old: int, new: int) -> Row | None:
    if gone in patch:
        if row is None or _content(decode(row)) != _content(patch[gone]):
            raise PatchError("the passage was changed since")
        return None
    if come in patch:
        if row is not None:
            raise PatchError("the passage is there already")
        return encode(patch[come])
    if row is None:
        raise PatchError("the passage was deleted since")
    values = decode(row)
    for name, sides in patch.get("columns", {}).items():
        if values.get(name) != sides[old] and name != "rank":
            raise PatchError(f"its {name} was changed since")
        values[name] = sides[new]
    if "text" in patch:
        values["text"] = _spliced(str(values.get("text", "")), patch["text"], old, new)
    return canonical(values)


def _spliced(text: str, splice: list[Any], old: int, new: int) -> str:
    start, stretches = int(splice[0]), (str(splice[1]), str(splice[2]))
    stop = start + len(stretches[old])
    if text[start:stop] != stretches[old] or stop > len(text):
        raise PatchError("its text was changed since")
    return text[:start] + stretches[new] + text[stop:]


def _content(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ("rank", "file")}


def pack(patch: Patch) -> bytes:
    """Write a patch."""
    plain = encode({str(uid): part for uid, part in patch.items()})
    return plain if len(plain) <= _SMALL else zlib.compress(plain, 1)


def unpack(data: bytes) -> Patch:
    """Read it.

    Raises
    ------
    PatchError
        If it is damaged.
    """
    try:
        plain = data if data[:1] == b"{" else zlib.decompress(data)
        return {int(uid): part for uid, part in json.loads(plain).items()}
    except (ValueError, zlib.error, AttributeError) as error:
        raise PatchError("a record of an edit is damaged") from error
