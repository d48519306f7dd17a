"""What Twine 2 HTML has no place for."""

from __future__ import annotations

from collections.abc import Iterator

from gamebook_lab.formats.build import passages_of
from gamebook_lab.formats.html_code import NAMES
from gamebook_lab.formats.html_update import is_attribute
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story


def losses(story: Story) -> Iterator[Problem]:
    """List it, as GB506 rows."""
    for name, value in story.metadata.extra.items():
        if value is None or not is_attribute(name, value):
            yield Problem("GB506", f"HTML has no place for {name!r} of the story's metadata")
    if story.metadata.declared_start is not None and story.start_key is None:
        message = f"the start {story.metadata.declared_start!r} is no passage, and HTML gives the start by number"
        yield Problem("GB506", message)
    for key, row in passages_of(story):
        for what in _of_passage(row):
            name = row.passage_id
            yield Problem("GB506", f"{what} (passage {name!r})", key=key, passage_id=name, file=row.file, line=row.line)


def _of_passage(row: Passage) -> Iterator[str]:
    if any(not tag or tag.split() != [tag] for tag in row.tags):
        yield "a tag cannot hold white space"
    if row.kind not in NAMES:
        return
    if len(row.tags) > 1:
        yield "the story's script and style keep no further tags"
    if row.x is not None or row.width is not None:
        yield "the story's script and style have no place on the map"
    if f"</{row.kind}" in row.text.lower():
        yield f"</{row.kind} would end the element, and is written with a backslash"
    if not row.text.strip():
        yield "code that is blank is left out"
