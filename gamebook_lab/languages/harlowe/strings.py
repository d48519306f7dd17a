"""Harlowe's string literals: JavaScript's escapes, read and written."""

from __future__ import annotations

import re
from typing import Final

_ESCAPE: Final = re.compile(r"\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S]|\Z)")
_NAMED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "0"}


def decoded(source: str) -> str:
    r"""Resolve the escapes of what stands between quotes.

    >>> decoded(r"don\'t")
    "don't"
    """
    return _ESCAPE.sub(_resolved, source) if "\\" in source else source


def encoded(text: str, quote: str) -> str:
    """Write text for between these quotes."""
    return text.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\n", "\\n")


def _resolved(match: re.Match[str]) -> str:
    code = match.group(1)
    if len(code) > 1:
        number = int(code.strip("ux{}"), 16)
        return chr(number) if number <= 0x10FFFF else match.group()
    if code == "\n":
        return "\\\n"
    return _NAMED.get(code, code)
