"""Twine 2 JSON, by the JSON output documentation 1.0; extwee's spellings (``tagColors`` ...) are understood.

Covers: unknown keys, the order of keys and the indentation are kept; an edit writes the text anew.
Does not cover: a ``start`` by number, which the document mentions and its own example does not use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gamebook_lab.formats.json_read import read_document
from gamebook_lab.formats.json_tree import JsonTree
from gamebook_lab.formats.json_update import update_tree
from gamebook_lab.formats.losses import lost_code, lost_places
from gamebook_lab.formats.protocol import Document, Format, Origin, Tree
from gamebook_lab.formats.rereading import problems_by_reading
from gamebook_lab.formats.updating import updated
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.records import records_of
from gamebook_lab.story.story import Story

_BEGIN: Final = re.compile(r"\s*[\[{]")


@dataclass(frozen=True, slots=True)
class TwineJsonFormat:
    """See :class:`gamebook_lab.formats.protocol.Format`."""

    name: str = "twine-json"
    suffixes: tuple[str, ...] = (".json",)
    is_writable: bool = True

    def recognises(self, document: Document) -> bool:
        """Whether it begins as JSON does, with a bracket."""
        return _BEGIN.match(document.text) is not None

    def read(self, documents: tuple[Document, ...], origin: Origin) -> tuple[Story, ...]:
        """Read the one story."""
        return (read_document(documents[0], origin),)

    def update(self, story: Story, *, whole: bool = False) -> Tree:  # noqa: ARG002 - it is one document anyway
        """Make a tree of the story, from its own if that is JSON."""
        return updated(story.source, lambda tree: update_tree(tree, story), JsonTree())

    def problems(self, tree: Tree) -> tuple[Problem, ...]:
        """What reading it again finds."""
        return problems_by_reading(self, tree)

    def unrepresentable(self, story: Story) -> tuple[Problem, ...]:
        """What the documented JSON has no place for."""
        return tuple(_losses(story))


def _losses(story: Story) -> Iterator[Problem]:
    if story.metadata.options:
        yield Problem("GB506", f"JSON has no place for the story's options ({' '.join(story.metadata.options)})")
    seen: set[str] = set()
    for key, row in records_of(story.table).items():
        name = row.passage_id
        for what in _of_passage(row, is_late_start=row.is_start and name in seen):
            yield Problem("GB506", f"{what} (passage {name!r})", key=key, passage_id=name, file=row.file, line=row.line)
        seen.add(name)


def _of_passage(row: Passage, *, is_late_start: bool) -> Iterator[str]:
    yield from lost_places(row)
    yield from lost_code(row)
    if is_late_start:
        yield "The start is given by name, and an earlier passage has the same"


FORMAT: Final[Format] = TwineJsonFormat()
