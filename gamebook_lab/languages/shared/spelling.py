"""Writes names for the slots that Snowman and Chapbook share."""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.errors import EditError
from gamebook_lab.languages.javascript import strings
from gamebook_lab.languages.shared.links import encode_part

_QUOTES: Final = frozenset({"double", "single", "backquote"})
_UNSAFE_IN_STRING: Final = frozenset("\"'`\\{}<>&")
_BARE: Final = re.compile(r"[^\s\"'=<>`&]++")
_MARKUP: Final = re.compile(r"[<\[{\n]")
_ENTITIES: Final = {"&": "&amp;", '"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;"}


def encode(text: str, quoting: str, unsafe: str = "") -> str:
    """Write ``text`` for a slot of this quoting.

    Parameters
    ----------
    text, quoting
        As in :meth:`gamebook_lab.story.language.Language.encode`.
    unsafe
        Characters that the format misreads in any string.

    Raises
    ------
    EditError
        If no spelling exists there.
    """
    inner, _, outer = quoting.partition("-in-")
    if outer and _UNSAFE_IN_STRING.intersection(text):
        raise EditError(f"{text!r} cannot be written inside a string here")
    if inner in {"link", "label"}:
        return encode_part(text, is_target=inner == "link")
    if inner in _QUOTES:
        return strings.encode(text, inner, unsafe).replace("%>", "%\\x3e")
    if inner.startswith("attribute-"):
        return _attribute(text, inner.removeprefix("attribute-"))
    if inner == "prose":
        return _prose(text)
    raise EditError(f"there is no slot that is written {quoting!r}")


def _attribute(text: str, quote: str) -> str:
    if quote == "bare" and not _BARE.fullmatch(text):
        raise EditError(f"{text!r} cannot be written in an attribute without quotes; put quotes around it first")
    written = "".join(_ENTITIES.get(letter, letter) for letter in text)
    if "<%" in text:
        raise EditError(f"{text!r} cannot be written in an attribute")
    return written


def _prose(text: str) -> str:
    if not text.strip() or _MARKUP.search(text):
        raise EditError(f"{text!r} would be read as markup")
    return text


def link(label: str | None, target: str) -> str:
    """Write a whole link."""
    if label is None or label == target:
        return f"[[{encode_part(target, is_target=True)}]]"
    return f"[[{link_inside(label, target)}]]"


def link_inside(label: str, target: str) -> str:
    """Write what stands between the brackets of a link with its own label."""
    return f"{encode_part(label, is_target=False)}->{encode_part(target, is_target=True)}"
