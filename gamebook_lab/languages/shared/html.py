"""HTML tags inside passage text: where they end, and where their attributes' values stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gamebook_lab.story.program import Span

_NAME: Final = re.compile(r"</?[A-Za-z][\w.:-]*+")
_ATTRIBUTE: Final = re.compile(
    r"""\s*+(?P<name>[^\s"'<>/=\x00-\x1f]++)(?:\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s"'=<>`]++)))?"""
)
_END: Final = re.compile(r"\s*+/?>")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute; ``value`` is None where there is none. ``quote`` is ``double``, ``single`` or ``bare``."""

    name: str
    value: Span | None
    quote: str = "bare"


@dataclass(frozen=True, slots=True)
class Tag:
    """One opening or closing tag."""

    start: int
    stop: int
    name: str
    """Lower case, without the slash."""
    is_closing: bool
    attributes: tuple[Attribute, ...] = ()


def scan_tag(text: str, start: int) -> Tag | None:
    """Read the tag that begins with the ``<`` at ``start``; None if none does."""
    opened = _NAME.match(text, start)
    if opened is None:
        return None
    name = opened.group().lstrip("</").lower()
    place, attributes = opened.end(), []
    while (end := _END.match(text, place)) is None:
        found = _ATTRIBUTE.match(text, place)
        if found is None:
            return None
        attributes.append(_attribute(found))
        place = found.end()
    return Tag(start, end.end(), name, text[start + 1] == "/", tuple(attributes))


def _attribute(found: re.Match[str]) -> Attribute:
    for quote in ("double", "single", "bare"):
        if found[quote] is not None:
            return Attribute(found["name"].lower(), Span(*found.span(quote)), quote)
    return Attribute(found["name"].lower(), None)
