"""Reads ``[[links]]``, by Harlowe's rules for where they end and which arrow counts.

The rightmost ``->`` or ``|`` separates; without either the leftmost ``<-``; otherwise one text is both label and
target. A single ``]`` may stand only in a link without arrows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.languages.harlowe.parser import Parser


def take(parser: Parser, at: int) -> bool:
    """Take the link that starts here; False if none does."""
    parts = _parts(parser, at)
    if parts is None:
        return False
    form, label, target = parts
    stop = max(label.stop, target.stop) + 2
    markup, depth = parser.part(label)
    if label.start == label.stop:
        parser.problem("This link has no words to click on.", at, stop, "Write them on the blunt side of the arrow.")
    parser.token(at, target.start, "link")
    parser.token(*target, "target")
    parser.token(target.stop, stop, "link")
    parser.add_deep(tree.Link(at, stop, form, label, target, markup), depth)
    return True


def _parts(parser: Parser, at: int) -> tuple[str, Span, Span] | None:
    """Tell form, label and target of the link that starts here."""
    text, find = parser.text, parser.lookahead.find
    start = at + 2
    close = find("]]", start)
    if close <= start or text.startswith("[", start):
        return None
    if find("]", start) < close:
        return _with_brackets(parser, start, close)
    arrow, bar = text.rfind("->", start, close), text.rfind("|", start, close)
    if arrow != bar:
        cut, width = (arrow, 2) if arrow > bar else (bar, 1)
        return "right", Span(start, cut), Span(cut + width, close)
    cut = text.find("<-", start, close)
    if cut != -1:
        return "left", Span(cut + 2, close), Span(start, cut)
    return "simple", Span(start, close), Span(start, close)


def _with_brackets(parser: Parser, start: int, close: int) -> tuple[str, Span, Span] | None:
    """Read a link with a single ``]`` in it: arrows are not looked for, and at most one ``|``."""
    bar = parser.lookahead.find("|", start)
    if bar == -1 or bar >= close:
        return "simple", Span(start, close), Span(start, close)
    second = parser.lookahead.find("|", bar + 1, "second")
    if bar == start or bar + 1 == close or bar < second < close:
        return None
    return "right", Span(start, bar), Span(bar + 1, close)
