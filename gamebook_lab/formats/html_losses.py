"""What Twine 2 HTML has no place for."""

from __future__ import annotations

from collections.abc import Iterator

from gamebook_lab.formats.html_code import NAMES
from gamebook_lab.formats.html_update import is_attribute
from gamebook_lab.formats.losses import lost_code, lost_places
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.records import records_of
from gamebook_lab.story.story import Story


def losses(story: Story) -> Iterator[Problem]:
    """List it, as GB506 rows."""
    for name, value in story.metadata.extra.items():
        if value is None or not is_attribute(name, value):
            yield Problem("GB506", f"HTML has no place for {name!r} of the story's metadata")
    if story.metadata.declared_start is not None and story.start_key is None:
        message = f"The start {story.metadata.declared_start!r} is no passage, and HTML gives the start by number"
        yield Problem("GB506", message)
    for key, row in records_of(story.table).items():
        for what in _of_passage(row):
            name = row.passage_id
            yield Problem("GB506", f"{what} (passage {name!r})", key=key, passage_id=name, file=row.file, line=row.line)


def _of_passage(row: Passage) -> Iterator[str]:
    if any(not tag or tag.split() != [tag] for tag in row.tags):
        yield "A tag cannot hold white space"
    yield from lost_places(row)
    yield from lost_code(row)
    if row.kind in NAMES and f"</{row.kind}" in row.text.lower():
        yield f"</{row.kind} would end the element, and is written with a backslash"
