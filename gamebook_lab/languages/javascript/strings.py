"""What a JavaScript string says, and how to write one."""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.errors import EditError

_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_QUOTES: Final = {"double": '"', "single": "'", "backquote": "`"}
_LAST_CODE_POINT: Final = 0x10FFFF


def decode(inside: str) -> str:
    """Say what a string means, given what stands between its quotes."""
    if "\\" not in inside:
        return inside
    return _ESCAPE.sub(_meaning, inside)


def _meaning(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= _LAST_CODE_POINT else escape[0]
    letter = escape[4]
    if letter in {"\n", "\r\n", "\u2028", "\u2029"}:
        return ""
    return _LETTERS.get(letter, letter)


def encode(text: str, quoting: str) -> str:
    """Write ``text`` so that it reads back inside quotes of this kind (``double``, ``single``, ``backquote``)."""
    quote = _QUOTES[quoting]
    written = text.replace("\\", "\\\\").replace(quote, "\\" + quote)
    written = (
        written.replace("\n", "\\n").replace("\r", "\\r").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )
    return written.replace("${", "\\${") if quote == "`" else written


def quoting_of(quote: str) -> str:
    """Name the quoting that a quote mark begins.

    Raises
    ------
    EditError
        If it is none.
    """
    for name, mark in _QUOTES.items():
        if mark == quote:
            return name
    raise EditError(f"{quote!r} is no quote mark")
