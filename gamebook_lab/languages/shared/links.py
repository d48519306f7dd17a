"""The plain ``[[link]]`` of Twine that Snowman and Chapbook share: its parts, and how to write one.

Neither format trims names: ``[[a -> b]]`` leads to `` b``, which is why such a link is broken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gamebook_lab.errors import EditError
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.story.program import Span

_DIVIDERS: Final = ("|", "->", "<-")
_ADDRESS: Final = re.compile(r"\w+:///?\w")
_FORBIDDEN: Final = ("]]", "\n", "|", "->", "<-", "<%", "][")


@dataclass(frozen=True, slots=True)
class TwineLink:
    """Parts of one link; without a label the target shows."""

    start: int
    stop: int
    target: Span
    label: Span | None = None
    setter: Span | None = None
    divider: Span | None = None


def read_link(finder: Finder, start: int, *, has_setter: bool = False) -> TwineLink | None:
    """Read the link whose ``[[`` is at ``start``; None if its line does not close it or a part is empty."""
    text = finder.text
    close = finder.find("]]", start + 2)
    if close < 0 or close > finder.line_end(start):
        return None
    inside, setter = Span(start + 2, close), None
    if has_setter and (cut := text.find("][", inside.start, inside.stop)) >= 0:
        inside, setter = Span(inside.start, cut), Span(cut + 2, close)
    for mark in _DIVIDERS:
        place = text.find(mark, inside.start, inside.stop)
        if place >= 0:
            left, right = Span(inside.start, place), Span(place + len(mark), inside.stop)
            label, target = (right, left) if mark == "<-" else (left, right)
            divider = Span(place, place + len(mark))
            is_whole = label.start < label.stop and target.start < target.stop
            return TwineLink(start, close + 2, target, label, setter, divider) if is_whole else None
    return TwineLink(start, close + 2, inside, None, setter) if inside.start < inside.stop else None


def is_address(target: str) -> bool:
    """Tell whether a target is a web address."""
    return _ADDRESS.match(target) is not None


def encode_part(text: str, *, is_target: bool) -> str:
    """Write a label or target for a link; there are no escapes, so most names are just themselves.

    Raises
    ------
    EditError
        If the name cannot be written.
    """
    is_cut_short = text.endswith(("]", "<", "-")) or text.startswith((">", "-"))
    if not text or is_cut_short or any(mark in text for mark in _FORBIDDEN):
        raise EditError(f"{text!r} cannot be written in a link")
    if is_target and is_address(text):
        raise EditError(f"{text!r} in a link would be read as a web address")
    return text
