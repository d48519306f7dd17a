"""Twee: Twine stories as plain text, in one file or a folder of them.

By the Twee 3 specification 3.0.2; Twee 1 and 2 headers are read as well.

Covers: titles, StoryData, start, tags, positions, any encoding and line ends, stray text; unedited files
come out byte for byte. Does not cover: following Twee 2's ``::@include`` (open the folder instead).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from gamebook_lab.formats import lines
from gamebook_lab.formats.build import build_story, choose_language, file_problems, mark_start
from gamebook_lab.formats.losses import lost_places
from gamebook_lab.formats.protocol import Document, Format, Origin, Tree
from gamebook_lab.formats.rereading import problems_by_reading
from gamebook_lab.formats.twee_section import Section, passage_of, without_blank_end
from gamebook_lab.formats.twee_tree import SPECIAL, TweeFile, TweeTree, parse_tree
from gamebook_lab.formats.twee_update import SUFFIXES, merged, new_tree, update_tree
from gamebook_lab.formats.updating import updated
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.records import records_of
from gamebook_lab.story.story import Story

_LINE_END: Final = re.compile(r"[\r\n]")
_HEADER: Final = re.compile(r"(?<![^\r\n])::")


@dataclass(frozen=True, slots=True)
class TweeFormat:
    """See :class:`gamebook_lab.formats.protocol.Format`."""

    name: str = "twee"
    suffixes: tuple[str, ...] = SUFFIXES
    is_writable: bool = True

    def recognises(self, document: Document) -> bool:
        """Whether some line begins with ``::``."""
        return _HEADER.search(document.text) is not None

    def read(self, documents: tuple[Document, ...], origin: Origin) -> tuple[Story, ...]:
        """Read the files as one story."""
        tree = parse_tree(documents, origin)
        passages = [
            passage_of(section, file.name, line)
            for file in tree.files
            for section, line in file.with_lines()
            if section.key is not None
        ]
        start = tree.data.start
        names = {passage.passage_id for passage in passages}
        lost = mark_start(passages, start or ("Start" if "Start" in names else None))
        metadata = replace(tree.data.metadata, title=tree.title, declared_start=lost)
        return (build_story(passages, metadata, tree, tuple(_problems(tree))),)

    def problems(self, tree: Tree) -> tuple[Problem, ...]:
        """Those of its sections, which are as reading cuts them; but of a header that means something else now."""
        if not isinstance(tree, TweeTree) or not tree.has_usual_roles:
            return problems_by_reading(self, tree)
        metadata = tree.data.metadata
        _, found = choose_language(metadata.format, (s.text for s in tree.sections if s.key is not None))
        return (*_problems(tree), *file_problems([(file.name, file.encoding) for file in tree.files], metadata), *found)

    def update(self, story: Story, *, whole: bool = False) -> Tree:
        """Make a tree of the story, from its own if that is Twee."""
        return updated(
            story.source,
            lambda tree: update_tree(merged(tree) if whole else tree, story, whole=whole),
            new_tree(),
        )

    def unrepresentable(self, story: Story) -> tuple[Problem, ...]:
        """What Twee has no place for."""
        return (*_lost_metadata(story.metadata), *_lost_start(story), *_lost_in_passages(story))


def _problems(tree: TweeTree) -> Iterator[Problem]:
    for file in tree.files:
        if file.prelude.strip():
            at = len(file.prelude) - len(file.prelude.lstrip())
            line, column = lines.Index(file.prelude).place(at)
            yield Problem(
                "GB505", "Text before the first passage belongs to none",
                "Put a passage header (:: Name) before it, or delete it",
                file=file.name, line=line, column=column,
            )  # fmt: skip
        for section, line in file.with_lines():
            yield from _section_problems(section, file, line, tree)


def _section_problems(section: Section, file: TweeFile, line: int, tree: TweeTree) -> Iterator[Problem]:
    name = section.header.name
    for found in section.header.problems:
        yield Problem(
            "GB502", found.message, found.hint, key=section.key, passage_id=name if section.key is not None else None,
            file=file.name, line=line, column=found.column + 1,
        )  # fmt: skip
    if section.role == "data":
        index = lines.Index(section.body)
        for wrong in tree.data.problems:
            row, column = index.place(wrong.offset)
            yield Problem(
                "GB501",
                wrong.message,
                "Correct it; it is kept as it stands",
                file=file.name,
                line=line + row,
                column=column,
            )
    elif section.role == "include":
        message = f"{name} is not followed"
        yield Problem("GB501", message, "Open the folder to read all its files", file=file.name, line=line, column=1)
    elif section.role == "passage" and name in SPECIAL:
        message = f"A second {name}: it was read as a passage like any other"
        yield Problem("GB501", message, "Delete one", section.key, name, file=file.name, line=line, column=1)


def _lost_metadata(metadata: Metadata) -> Iterator[Problem]:
    fields = {
        "creator": metadata.creator,
        "creator version": metadata.creator_version,
        "options": " ".join(metadata.options),
    }
    for name, value in fields.items():
        if value:
            yield Problem("GB506", f"Twee has no place for the story's {name} ({value})")


def _lost_start(story: Story) -> Iterator[Problem]:
    declared = story.metadata.declared_start
    if story.start_key is None and declared is None and "Start" in story.keys_by_name:
        yield Problem("GB506", "Twee starts at the passage named Start, if no other start is given")


def _lost_in_passages(story: Story) -> Iterator[Problem]:
    seen: set[str] = set()
    for key, row in records_of(story.table).items():
        name = row.passage_id
        for what in (
            *_losses(row.text, name, row.tags, is_late_start=row.is_start and name in seen),
            *lost_places(row),
        ):
            yield Problem("GB506", f"{what} (passage {name!r})", key=key, passage_id=name, file=row.file, line=row.line)
        seen.add(name)


def _losses(text: str, name: str, tags: tuple[str, ...], *, is_late_start: bool) -> Iterator[str]:
    if lines.normal(text) != without_blank_end(text):
        yield "Twee ignores blank lines at the end of a text"
    if any(_LINE_END.search(part) for part in (name, *tags)):
        yield "A line end in a name or tag becomes a space"
    if "" in tags:
        yield "An empty tag was left out"
    if name in SPECIAL:
        yield "Other tools take a passage of this name for the story's metadata"
    if is_late_start:
        yield "Twee gives the start by name, and an earlier passage has the same"


FORMAT: Final[Format] = TweeFormat()
