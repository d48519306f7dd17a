"""``<<macro ...>>`` tags: where one ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.story.program import Span

_OPENED: Final = re.compile(r"<<(/?(?:[A-Za-z][\w-]*+|[=-]))\s*+", re.ASCII)
_MARK: Final = re.compile(r"[\"'`\[/<>]")
_STRING: Final = {
    '"': re.compile(r'"(?:[^"\\\n]++|\\.)*"', re.DOTALL),
    "'": re.compile(r"'(?:[^'\\\n]++|\\.)*'", re.DOTALL),
}
_TEMPLATE_END: Final = re.compile(r"(?:[^`\\]++|\\.)*`", re.DOTALL)
_BRACKETS: Final = re.compile(r"\[(?:[<>]?[iI][mM][gG])?\[")
_NEXT_TAG: Final = re.compile(r"<</?[A-Za-z]")


@dataclass(frozen=True, slots=True)
class MacroTag:
    """One tag; ``name`` begins with a slash where it closes a macro."""

    start: int
    stop: int
    name: str
    arguments: Span
    """Between the name and ``>>``, blanks included at the end."""
    is_closed: bool = True
    """``>>`` stands at its end."""


def read_tag(finder: Finder, start: int) -> MacroTag | None:
    """Read the tag whose ``<<`` is at ``start``; None if no macro's name follows.

    Strings, comments and bracketed links inside it may hold ``>>``. A string that its line does
    not close hides nothing, so that one missing quote does not swallow the rest of the passage.
    """
    opened = _OPENED.match(finder.text, start)
    if opened is None:
        return None
    stop, is_closed = _end(finder, opened.end())
    inside = Span(opened.end(), stop - 2 if is_closed else stop)
    if not is_closed:
        source = finder.text[inside.start : inside.stop].rstrip()
        inside = Span(inside.start, inside.start + len(source) - source.endswith(">"))
    return MacroTag(start, stop, opened[1], inside, is_closed)


def _end(finder: Finder, start: int) -> tuple[int, bool]:
    """Place after ``>>``; or where the tag gives up, for want of it."""
    text, place = finder.text, start
    if finder.is_exhausted or finder.find(">>", start) < 0:
        return _line_end(finder, start), False
    while (mark := _MARK.search(text, place)) is not None:
        here, letter = mark.start(), mark.group()
        if letter == ">":
            if text.startswith(">>", here):
                return here + 2, True
            place = here + 1
        elif letter == "<":
            if _NEXT_TAG.match(text, here):
                return here, False
            place = here + 1
        else:
            place = _skip(finder, here, letter)
    finder.spend(len(text) - start)
    return _line_end(finder, start), False


def _skip(finder: Finder, here: int, letter: str) -> int:
    """Place after the string, comment or link that begins here; else after its first character."""
    text = finder.text
    if letter in _STRING:
        closed = _STRING[letter].match(text, here)
        return closed.end() if closed else here + 1
    if letter == "`":
        closed = _TEMPLATE_END.match(text, here + 1) if finder.find("`", here + 1) >= 0 else None
        return closed.end() if closed else here + 1
    if letter == "[":
        opened = _BRACKETS.match(text, here)
        stop = finder.find("]]", opened.end()) if opened else -1
        return stop + 2 if 0 <= stop < finder.line_end(here) else here + 1
    return _skip_comment(finder, here)


def _skip_comment(finder: Finder, here: int) -> int:
    if finder.text.startswith("/*", here):
        stop = finder.find("*/", here + 2)
        return stop + 2 if stop >= 0 else here + 1
    if finder.text.startswith("//", here):
        stop = finder.find("\n", here)
        return stop + 1 if stop >= 0 else here + 2
    return here + 1


def _line_end(finder: Finder, start: int) -> int:
    """End of the line, or where the next tag begins on it."""
    line, following = finder.line_end(start), finder.find("<<", start)
    return following if 0 <= following < line else line
