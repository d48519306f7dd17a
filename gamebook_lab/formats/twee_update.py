"""Puts a story's table and metadata into a tree of Twee files, changing only what differs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from gamebook_lab.formats.arrange import arrange
from gamebook_lab.formats.protocol import Origin
from gamebook_lab.formats.twee_data import new_data, update_data
from gamebook_lab.formats.twee_header import new_header, parse_header, update_header
from gamebook_lab.formats.twee_section import (
    Role,
    Section,
    closing,
    distance,
    encode_text,
    new_section,
    spaced,
    with_raw,
    with_text,
)
from gamebook_lab.formats.twee_tree import SPECIAL, TweeFile, TweeTree
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.records import records_of
from gamebook_lab.story.story import Story

SUFFIXES: Final = (".twee", ".tw", ".tw2", ".twee2", ".txt")
_ODD: Final = re.compile(r"[\x00-\x1f\\:*?\"<>|]")


def update_tree(old: TweeTree, story: Story, *, whole: bool = False) -> TweeTree:
    """Make a tree that says what ``story`` says; ``whole`` keeps it to the one file of ``old``."""
    rows = list(records_of(story.table).items())
    files = old.files or (TweeFile(),)
    homes = dict.fromkeys((key for key, _ in rows), files[0].name) if whole else _homes(rows, files)
    named = {file.name: file for file in files}
    named |= {name: TweeFile(name, end=files[0].end) for name in homes.values() if name not in named}
    written = {
        name: _with_rows(file, [(key, row) for key, row in rows if homes[key] == name]) for name, file in named.items()
    }
    tree = replace(old, files=tuple(written.values()))
    tree = _with_title(tree, story.metadata)
    return _with_data(tree, old, story.metadata, _start(old, story, rows))


def merged(old: TweeTree) -> TweeTree:
    """Put all files into one, the stray text before each one's first passage at the beginning."""
    if len(old.files) < 2:
        return old
    strays = [file.prelude.rstrip("\r\n") + file.end for file in old.files if file.prelude.strip()]
    sections = [spaced(section, distance(section), file.end) for file in old.files for section in file.sections]
    return TweeTree((TweeFile(None, "".join(strays), tuple(sections), end=old.files[0].end),))


def _homes(rows: Sequence[tuple[int, Passage]], files: tuple[TweeFile, ...]) -> dict[int, str | None]:
    """File of each passage: its own, else that of the passage before it (or after it, at the beginning)."""
    if len(files) == 1 and (files[0].name is None or len({row.file for _, row in rows} - {None}) < 2):
        return {key: files[0].name for key, _ in rows}
    known = {file.name for file in files}
    first = next((row.file for _, row in rows if row.file in known), files[0].name)
    homes: dict[int, str | None] = {}
    for key, row in rows:
        if row.file is not None and (row.file in known or _is_sound(row.file)):
            first = row.file
        homes[key] = first
    return homes


def _is_sound(name: str) -> bool:
    """Whether a new file may have this name: inside the folder, and found again when it is read."""
    path = PurePosixPath(name)
    is_inside = not path.is_absolute() and not any(part.startswith(".") for part in path.parts)
    return is_inside and name.lower().endswith(SUFFIXES[:4]) and not _ODD.search(name)


def _with_rows(file: TweeFile, rows: list[tuple[int, Passage]]) -> TweeFile:
    before = {section.key: section for section in file.sections if section.key is not None}
    new = {key: _section(before.get(key), key, row, file.end) for key, row in rows}
    order = arrange([(section.key, section) for section in file.sections], new, [key for key, _ in rows])
    return _with_sections(file, order)


def _section(old: Section | None, key: int, row: Passage, end: str) -> Section:
    position, size = (row.x, row.y), (row.width, row.height)
    if old is None:
        return new_section(new_header(row.passage_id, row.tags, position, size), row.text, end, key=key)
    header = update_header(old.header, row.passage_id, row.tags, position, size)
    return with_text(old if header is old.header else replace(old, header=header), row.text, end)


def _with_sections(file: TweeFile, sections: list[Section]) -> TweeFile:
    """Put these sections into a file; those that now have a follower, and are new or were last, get a distance.

    One that had a follower and is last now does without the distance: the file ends as it did.
    """
    settled = {section.key for section in file.sections[:-1]}
    roles = {section.role for section in file.sections[:-1]}
    usual = Counter(distance(section) for section in file.sections[:-1] if section.body).most_common(1)
    n_ends = max(1, usual[0][0]) if usual else 2
    for index, section in enumerate(sections[:-1]):
        is_settled = section.key in settled if section.key is not None else section.role in roles
        sections[index] = spaced(section, 1 if is_settled else n_ends, file.end)
    if sections and sections[-1].key in settled - {None}:
        sections[-1] = closing(sections[-1], distance(file.sections[-1]))
    prelude = file.prelude
    if sections and prelude and not prelude.endswith(("\n", "\r")):
        prelude += file.end
    return replace(file, prelude=prelude, sections=tuple(sections))


def _start(old: TweeTree, story: Story, rows: list[tuple[int, Passage]]) -> str | None:
    """The ``start`` that StoryData should give; None where the passage named Start is meant anyway."""
    name = next((row.passage_id for _, row in rows if row.is_start), story.metadata.declared_start)
    if name is None or (name == "Start" and old.data.start is None):
        return old.data.start
    return name


def _with_title(tree: TweeTree, metadata: Metadata) -> TweeTree:
    title = metadata.title.strip()
    is_first = _is_shadowed(tree, "StoryTitle")
    if title == tree.title and not is_first:
        return tree
    end = tree.files[0].end
    return _with_special(tree, "title", encode_text(title).replace("\n", end), is_first=is_first)


def _with_data(tree: TweeTree, old: TweeTree, metadata: Metadata, start: str | None) -> TweeTree:
    before = next((section.body for section in tree.sections if section.role == "data"), "")
    body = update_data(before, old.data, metadata, start)
    is_first = _is_shadowed(tree, "StoryData")
    if body == before and not is_first:
        return tree
    if not before:
        body = body.replace("\n", tree.files[0].end) if body else new_data({})
    return _with_special(tree, "data", body, is_first=is_first)


def _is_shadowed(tree: TweeTree, name: str) -> bool:
    """Whether a passage of this name would be read as the one about the story."""
    return next((section.role == "passage" for section in tree.sections if section.header.name == name), False)


def _with_special(tree: TweeTree, role: Role, body: str, *, is_first: bool) -> TweeTree:
    """Write the section of this role where it stands; without one, or if it must be first, at the beginning.

    It must be first where a passage has its name: then only the first of that name is about the story.
    """
    files = list(tree.files)
    found = next((section for section in tree.sections if section.role == role), None)
    if found is not None and not is_first:
        for index, file in enumerate(files):
            changed = [with_raw(s, body, file.end) if s.role == role else s for s in file.sections]
            files[index] = _with_sections(file, changed)
        return replace(tree, files=tuple(files))
    if found is not None:
        files = [replace(file, sections=tuple(s for s in file.sections if s.role != role)) for file in files]
    name = next(name for name, special in SPECIAL.items() if special == role)
    end = files[0].end
    base = found or Section(parse_header(f":: {name}"), end, "", "", "", role)
    section = spaced(with_raw(base, body, end), 2, end)
    sections = list(files[0].sections)
    at = 1 if role == "data" and sections and sections[0].role == "title" else 0
    files[0] = _with_sections(files[0], [*sections[:at], section, *sections[at:]])
    return replace(tree, files=tuple(files))


def new_tree(name: str | None = None) -> TweeTree:
    """Return an empty tree of one file."""
    return TweeTree((TweeFile(name),), Origin())
