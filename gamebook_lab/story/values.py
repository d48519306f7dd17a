"""The type of a value by a look at how it is written; nothing is evaluated."""

from __future__ import annotations

from typing import Final

_BOOLEANS: Final = frozenset({"true", "false"})
_QUOTES: Final = frozenset("\"'`")
_NUMERIC: Final = frozenset("0123456789.eE+-")
_OPENINGS: Final = (
    ("(a:", "array"),
    ("(array:", "array"),
    ("(dm:", "map"),
    ("(datamap:", "map"),
    ("(ds:", "set"),
    ("(dataset:", "set"),
    ("(num:", "number"),
    ("(number:", "number"),
    ("(str:", "string"),
    ("(string:", "string"),
    ("(text:", "string"),
    ("new array(", "array"),
    ("new map(", "map"),
    ("new set(", "set"),
)


def value_type(source: str | None) -> str:
    """Tell the type of a literal: ``boolean``, ``number``, ``string``, ``array``, ``map``, ``set`` or ``unknown``.

    Examples
    --------
    >>> value_type("-3.5"), value_type("'a' + $b"), value_type("(dm: 'a', 1)"), value_type("$gold - 1")
    ('number', 'string', 'map', 'unknown')
    """
    text = (source or "").strip()
    lower = text[:16].lower()
    if lower in _BOOLEANS:
        return "boolean"
    if text[:1] in _QUOTES and text:
        return _quoted(text)
    for opening, kind in _OPENINGS:
        if lower.startswith(opening):
            return kind if text.endswith(")") else "unknown"
    if text[:1] + text[-1:] in ("[]", "{}"):
        return "array" if text[0] == "[" else "map"
    return "number" if _is_number(text) else "unknown"


def _quoted(text: str) -> str:
    """Tell a string, or a string that something is added to, from anything else that begins with a quote."""
    at = 1
    while at < len(text) and text[at] != text[0]:
        at += 2 if text[at] == "\\" else 1
    rest = text[at + 1 :].lstrip()
    return "string" if at < len(text) and (not rest or rest[0] == "+") else "unknown"


def _is_number(text: str) -> bool:
    if not text or not _NUMERIC.issuperset(text):
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
