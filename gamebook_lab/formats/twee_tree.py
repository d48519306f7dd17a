"""A story of Twee files as a tree: files of sections, some of them passages.

Immutable; an edit makes a new tree that shares every section it did not change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from gamebook_lab.formats import lines
from gamebook_lab.formats.encoding import UTF8, Encoding
from gamebook_lab.formats.protocol import Document, Origin, read_there
from gamebook_lab.formats.twee_data import StoryData, parse_data
from gamebook_lab.formats.twee_header import INCLUDE, KNOWN_KEYS
from gamebook_lab.formats.twee_section import Role, Section, cut
from gamebook_lab.story.problems import Problem

SPECIAL: Mapping[str, Role] = {"StoryTitle": "title", "StoryData": "data"}


@dataclass(frozen=True, slots=True)
class TweeFile:
    """One file: text before the first header, then sections."""

    name: str | None = None
    prelude: str = ""
    sections: tuple[Section, ...] = ()
    encoding: Encoding = UTF8
    end: str = "\n"
    """Line end that most of its lines have."""

    @property
    def text(self) -> str:
        """All of it as written."""
        return self.prelude + "".join(section.raw for section in self.sections)

    def with_lines(self) -> Iterator[tuple[Section, int]]:
        """Each section with the 1-based line of its header."""
        line = 1 + len(lines.END.findall(self.prelude))
        for section in self.sections:
            yield section, line
            line += section.n_lines


@dataclass(frozen=True)
class TweeTree:
    """Source of a story that was read from Twee. See :class:`gamebook_lab.formats.protocol.Tree`."""

    files: tuple[TweeFile, ...] = ()
    origin: Origin = field(default_factory=Origin)
    format: str = "twee"
    first: TweeTree | None = field(default=None, repr=False, compare=False)
    """As read, if this one was made of it since."""

    @property
    def path(self) -> Path | None:
        """File or folder; None for text."""
        return self.origin.path

    @property
    def fingerprint(self) -> str:
        """Digest of the bytes that were read."""
        return self.origin.fingerprint

    @property
    def documents(self) -> tuple[Document, ...]:
        """The files as written."""
        return tuple(Document(file.text, file.name, file.encoding) for file in self.files)

    @cached_property
    def places(self) -> Mapping[int, tuple[str | None, int]]:
        """File and line of each passage by key."""
        return {
            section.key: (file.name, line)
            for file in self.files
            for section, line in file.with_lines()
            if section.key is not None
        }

    @cached_property
    def data(self) -> StoryData:
        """What StoryData says; empty if there is none."""
        return next((parse_data(section.body) for section in self.sections if section.role == "data"), StoryData())

    @cached_property
    def title(self) -> str:
        """What StoryTitle says."""
        return next((section.text.strip() for section in self.sections if section.role == "title"), "")

    @property
    def sections(self) -> Iterator[Section]:
        """Every section of every file."""
        return (section for file in self.files for section in file.sections)

    @property
    def has_usual_roles(self) -> bool:
        """Whether reading gives each section the role that it has here."""
        seen: set[Role] = set()
        for section in self.sections:
            role = _role(section, seen)
            if role != section.role:
                return False
            seen.add(role)
        return True

    @property
    def leftovers(self) -> tuple[Problem, ...]:
        """Stray text, includes, and metadata of passages beyond position and size."""
        return tuple(_leftovers(self))

    @property
    def index(self) -> int:
        """Twee files hold one story."""
        return 0

    @property
    def as_read(self) -> TweeTree:
        """The tree that reading the file gave."""
        return self.first or self

    def at(self, origin: Origin, name: str | None = None) -> TweeTree:
        """Return the same tree as read from there."""
        files = self.files
        if name is not None and len(files) == 1:
            files = (replace(files[0], name=name),)
        return replace(self, origin=origin, files=files, first=read_there(self.first, origin))


def parse_tree(documents: tuple[Document, ...], origin: Origin) -> TweeTree:
    """Read Twee files; keys are counted from 0 over all of them."""
    seen: set[Role] = set()
    files: list[TweeFile] = []
    key = 0
    for document in documents:
        prelude, sections = cut(document.text)
        for index, section in enumerate(sections):
            role = _role(section, seen)
            if role == "passage":
                sections[index] = replace(section, key=key)
                key += 1
            else:
                seen.add(role)
                sections[index] = replace(section, role=role)
        end = lines.usual_end(document.text)
        files.append(TweeFile(document.name, prelude, tuple(sections), document.encoding, end))
    return TweeTree(tuple(files), origin)


def _role(section: Section, seen: set[Role]) -> Role:
    """Only the first StoryTitle and StoryData are about the story; any more are passages like others."""
    name = section.header.name
    role = SPECIAL.get(name)
    if role is not None and role not in seen:
        return role
    return "include" if INCLUDE.match(section.header.raw) else "passage"


def _leftovers(tree: TweeTree) -> Iterator[Problem]:
    for file in tree.files:
        if file.prelude.strip():
            yield Problem("GB506", "Text before the first passage was left out", file=file.name, line=1)
        for section, line in file.with_lines():
            name = section.header.name
            if section.role == "include":
                yield Problem("GB506", f"The include {name!r} was left out", file=file.name, line=line)
            unknown = sorted(section.header.members.keys() - KNOWN_KEYS)
            if unknown:
                what = ", ".join(unknown)
                message = f"Metadata of the passage {name!r} was left out: {what}"
                yield Problem("GB506", message, key=section.key, passage_id=name, file=file.name, line=line)
