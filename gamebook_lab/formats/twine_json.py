"""Twine 2 JSON, by the JSON output documentation 1.0; extwee's spellings (``tagColors`` ...) are understood.

Covers: unknown keys, the order of keys and the indentation are kept; an edit writes the text anew.
Does not cover: a ``start`` by number, which the document mentions and its own example does not use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gamebook_lab.formats.build import passages_of
from gamebook_lab.formats.json_read import read_document
from gamebook_lab.formats.json_tree import JsonTree
from gamebook_lab.formats.json_update import update_tree
from gamebook_lab.formats.protocol import Document, Format, Origin, Tree
from gamebook_lab.story.problems import Problem
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
        return update_tree(story.source if isinstance(story.source, JsonTree) else JsonTree(), story)

    def unrepresentable(self, story: Story) -> tuple[Problem, ...]:
        """What the documented JSON has no place for."""
        return tuple(_losses(story))


def _losses(story: Story) -> Iterator[Problem]:
    if story.metadata.options:
        yield Problem("GB506", f"JSON has no place for the story's options ({' '.join(story.metadata.options)})")
    seen: set[str] = set()
    for key, row in passages_of(story):
        name = row.passage_id
        if row.kind in {"script", "style"} and (len(row.tags) > 1 or row.x is not None):
            message = f"the story's script and style keep no position and no further tags (passage {name!r})"
            yield Problem("GB506", message, key=key, passage_id=name)
        if row.is_start and name in seen:
            message = f"the start is given by name, and an earlier passage is called {name!r}, too"
            yield Problem("GB506", message, key=key, passage_id=name)
        seen.add(name)


FORMAT: Final[Format] = TwineJsonFormat()
