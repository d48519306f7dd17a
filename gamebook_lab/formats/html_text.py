"""HTML character references, read as the HTML standard has them and written as the Twine specification wants."""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import Final

from gamebook_lab.formats.lines import normal

_LONG_NUMBER: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]{8,})|([0-9]{8,}));?")
_IN_ATTRIBUTE: Final = re.compile(r"&(?:#(?:[xX][0-9a-fA-F]+|[0-9]+);?|[A-Za-z][A-Za-z0-9]*;?)")
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def unescape(raw: str) -> str:
    r"""Read text between tags, line ends as ``\n``."""
    if "&" not in raw:
        return normal(raw)
    return normal(html.unescape(_LONG_NUMBER.sub(_short, raw)))


def unescape_attribute(raw: str) -> str:
    """Read an attribute's value: there, a name without its semicolon counts only if nothing runs into it."""
    if "&" not in raw:
        return normal(raw)
    text = _LONG_NUMBER.sub(_short, raw)
    return normal(_IN_ATTRIBUTE.sub(lambda match: _attribute_reference(match, text), text))


def _attribute_reference(match: re.Match[str], text: str) -> str:
    written = match.group()
    if written.startswith("&#") or written.endswith(";"):
        return html.unescape(written)
    runs_on = text.startswith("=", match.end())
    return written if runs_on else html5.get(written[1:], written)


def _short(match: re.Match[str]) -> str:
    """Write a reference with many digits short; Python would refuse to read thousands of them."""
    digits, base = (match[1], 16) if match[1] else (match[2], 10)
    digits = digits.lstrip("0")
    return "\ufffd" if len(digits) > 7 else f"&#{int(digits or '0', base)};"


def escape(text: str) -> str:
    """Write text, between tags or in quotes."""
    return text.translate(_ESCAPES)
