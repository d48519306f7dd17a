"""The first words of a passage's prose, for a tooltip or a cell."""

from __future__ import annotations

from typing import Final

from gamebook_lab.story.story import Story

LENGTH: Final = 160
"""Characters."""


def first_words(story: Story, key: int, length: int = LENGTH) -> str:
    """Return the beginning of a passage's prose as one line of plain text, with an ellipsis if there is more."""
    text = story.text(key)
    parts: list[str] = []
    so_far = 0
    for start, stop in story.program(key).prose:
        part = " ".join(text[start : min(stop, start + 2 * length)].split())
        if part:
            parts.append(part)
            so_far += len(part) + 1
        if so_far > length:
            return " ".join(parts)[:length].rstrip() + "…"
    return " ".join(parts)
