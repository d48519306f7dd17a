"""Leaves out blanks around a stretch of text, so that a span is of what is said there alone."""

from __future__ import annotations

from gamebook_lab.story.program import Span

__all__ = ["trim"]


def trim(text: str, span: Span) -> Span:
    """Leave out the blanks at both ends; of nothing but blanks there is left an empty span at their end."""
    start, stop = span
    inside = text[start:stop]
    left = start + len(inside) - len(inside.lstrip())
    return Span(left, left + len(inside.strip()))
