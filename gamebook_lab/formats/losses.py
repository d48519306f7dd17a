"""What several file formats have no place for, in a passage. See ``unrepresentable`` of each format."""

from __future__ import annotations

from collections.abc import Iterator

from gamebook_lab.formats.html_code import NAMES, holds_mark
from gamebook_lab.formats.lines import normal
from gamebook_lab.formats.twee_header import write_pair
from gamebook_lab.story.passage import Passage


def lost_places(row: Passage) -> Iterator[str]:
    """What of a passage's place on the map no file can hold: half of it, or numbers of 1e15 and more."""
    for what, pair in (("position", (row.x, row.y)), ("size", (row.width, row.height))):
        if write_pair(pair) is None and pair != (None, None):
            yield f"A {what} on the map needs two numbers of less than 1e15, and was left out"


def lost_code(row: Passage) -> Iterator[str]:
    """What Twine's one script and one stylesheet cannot hold of a passage of code."""
    if row.kind not in NAMES:
        return
    if len(row.tags) > 1:
        yield "The story's script and style keep no further tags"
    if row.x is not None or row.width is not None:
        yield "The story's script and style have no place on the map"
    if holds_mark(normal(row.text)):
        yield "A line of the code is one that separates passages, and the passage will be read as two"
    if not row.text.strip():
        yield "Code that is blank is left out"
