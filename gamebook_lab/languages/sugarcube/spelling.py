"""Writes names and labels so that SugarCube reads them back."""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.errors import EditError
from gamebook_lab.languages.javascript import strings
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.sugarcube.arguments import read_arguments
from gamebook_lab.languages.sugarcube.brackets import Brackets, read_brackets
from gamebook_lab.languages.sugarcube.targets import read_target
from gamebook_lab.story.program import Span

_QUOTES: Final = frozenset({"double", "single", "backquote"})
_WORD: Final = re.compile(r"[^\s\"'`\[<>/]++")
_BARE_ATTRIBUTE: Final = re.compile(r"[^\s\"'=<>`&]++")
_ENTITIES: Final = {"&": "&amp;", '"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;"}
_UNSAFE_IN_ATTRIBUTE: Final = "\"'<>&`"
_UNSAFE_IN_QUOTED_LINK: Final = '"[]'
"""Inside double quotes a link's own reader passes everything over, but a macro's reader still ends at ``]]``."""
_UNSAFE_IN_LINK: Final = '"[]|<>-'


def encode(text: str, quoting: str) -> str:
    """Write ``text`` for a slot of this quoting; see :class:`gamebook_lab.story.language.Language`."""
    if quoting in _QUOTES:
        return strings.encode(text, quoting)
    if quoting == "bareword":
        return _bareword(text)
    if quoting.startswith("attribute-"):
        return _attribute(text, quoting.removeprefix("attribute-"))
    if quoting in {"link", "label"}:
        return _bracketed(text, quoting)
    if quoting == "prose":
        return _prose(text)
    inner, _, outer = quoting.partition("-in-")
    if inner in _QUOTES and outer:
        return _nested(text, inner, outer)
    raise EditError(f"SugarCube has no slot that is written {quoting!r}")


def link(label: str | None, target: str) -> str:
    """Write a whole link."""
    if label is None or label == target:
        return f"[[{encode(target, 'link')}]]"
    return f"[[{link_inside(label, target)}]]"


def link_inside(label: str, target: str) -> str:
    """Write what stands between the brackets of a link with its own label."""
    return f"{encode(label, 'label')}|{encode(target, 'link')}"


def _bareword(text: str) -> str:
    """The word itself, or a quoted string, which may stand in its place."""
    if _WORD.fullmatch(text):
        found, problems = read_arguments(Finder(text), 0, len(text))
        if not problems and len(found) == 1 and found[0].kind == "text" and found[0].value == text:
            return text
    return f'"{strings.encode(text, "double")}"'


def _bracketed(text: str, quoting: str) -> str:
    """The text itself, or with ``~`` before it, or as a quoted string, whichever SugarCube reads back."""
    if not text.strip():
        raise EditError("a blank name cannot be written in a link")
    quoted = f'"{strings.encode(text, "double", _UNSAFE_IN_QUOTED_LINK)}"'
    candidates = (text, f"~{text}", quoted) if quoting == "link" else (text, quoted)
    for candidate in candidates:
        if _reads_back(candidate, text, quoting):
            return candidate
    raise EditError(f"{text!r} cannot be written in a link")


def _reads_back(candidate: str, text: str, quoting: str) -> bool:
    """Tell whether a spelling means ``text`` wherever in a link it may stand."""
    if candidate.startswith("["):
        return False  # three brackets open no link
    frames = [(f"[[{candidate}<-x]]", 2), (f"[[x|{candidate}]]", 4)]
    if quoting == "link":
        frames.append((f"[[{candidate}]]", 2))
    else:
        frames = [(f"[[{candidate}|x]]", 2), (f"[[x<-{candidate}]]", 5)]
    return all(_part(markup, start, len(candidate), quoting) == text for markup, start in frames)


def _part(markup: str, start: int, length: int, quoting: str) -> str | None:
    """What the part that begins at ``start`` of this link says; None if it is no such part."""
    found = read_brackets(Finder(markup), 0)
    if not isinstance(found, Brackets) or found.stop != len(markup) or found.setter is not None:
        return None
    span = found.target if quoting == "link" else found.label
    if span != Span(start, start + length):
        return None
    said = read_target(markup, span)
    return said.name if said.kind == "name" and (quoting == "link" or not markup.startswith("~", start)) else None


def _attribute(text: str, quote: str) -> str:
    if quote == "bare" and not _BARE_ATTRIBUTE.fullmatch(text):
        raise EditError(f"{text!r} cannot be written in an attribute without quotes; put quotes around it first")
    written = "".join(_ENTITIES.get(letter, letter) for letter in text)
    if read_target(written, Span(0, len(written))).kind != "name" or written.startswith("~"):
        raise EditError(f"{text!r} in an attribute would be read as an expression")
    return written


def _nested(text: str, inner: str, outer: str) -> str:
    """A string inside an attribute, a link's target or backquotes."""
    is_in_link = outer in {"link", "label"}
    if is_in_link and not text.strip():
        raise EditError("a blank name cannot be written in a link")
    if is_in_link:
        return strings.encode(text, inner, _UNSAFE_IN_QUOTED_LINK if inner == "double" else _UNSAFE_IN_LINK)
    return strings.encode(text, inner, _UNSAFE_IN_ATTRIBUTE)


def _prose(text: str) -> str:
    if _UNSAFE_IN_PROSE.search(text) or not text.strip():
        raise EditError(f"{text!r} would be read as markup")
    return text


_UNSAFE_IN_PROSE: Final = re.compile(r"[<\[$_\"{'/\^~=@\\\n]")
