"""What a JavaScript string says, and how to write one."""

from __future__ import annotations

import re
from typing import Final

_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_WRITTEN: Final = {"\n": "\\n", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029"}
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


def encode(text: str, quoting: str, unsafe: str = "") -> str:
    """Write ``text`` so that it reads back inside quotes of this kind.

    Parameters
    ----------
    text
        What the string shall say.
    quoting
        ``double``, ``single`` or ``backquote``.
    unsafe
        Characters (below U+0100) that what surrounds the string would misread; they are written by number.
    """
    quote = _QUOTES[quoting]
    written = "".join(_letter(letter, quote, unsafe) for letter in text)
    return written.replace("${", "\\${") if quote == "`" else written


def _letter(letter: str, quote: str, unsafe: str) -> str:
    if letter in unsafe:
        return f"\\x{ord(letter):02x}"
    if letter in {quote, "\\"}:
        return "\\" + letter
    return _WRITTEN.get(letter, letter)
