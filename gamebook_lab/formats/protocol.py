"""What a file format is, and what it keeps of a file.

Reading makes a *tree*: an immutable picture of the file that can be written out again character for
character. The tree is the story's ``source``. Saving asks the format for a new tree that holds the
story as it is now and shares every part that did not change with the one that was read; its documents are what is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from gamebook_lab.formats.encoding import UTF8, Encoding
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.source import Source
from gamebook_lab.story.story import Story


@dataclass(frozen=True, slots=True)
class Document:
    """One text file, decoded. ``name`` is relative to the story's folder; None for text from memory."""

    text: str
    name: str | None = None
    encoding: Encoding = UTF8


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a tree was read from. Empty for text from memory."""

    path: Path | None = None
    fingerprint: str = ""


class Tree(Source, Protocol):
    """A source that can be written out again."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The files, in reading order; equal to those that were read, as long as nothing was edited."""

    @property
    def places(self) -> Mapping[int, tuple[str | None, int]]:
        """File and 1-based line of each passage by its key, in reading order."""

    @property
    def leftovers(self) -> tuple[Problem, ...]:
        """What the file holds beyond a story's table and metadata: GB506 rows, lost in any other format."""

    @property
    def index(self) -> int:
        """Which of the stories in the files it is."""

    @property
    def as_read(self) -> Tree:
        """The tree that reading the file gave, which this one was made of by saving; itself, if it was just read.

        What is saved next is made of that, too: so a file says what the story is, by whatever edits and saves it has come
        to that, and all edits undone are the bytes that were read.
        """

    def at(self, origin: Origin, name: str | None = None) -> Tree:
        """Return the same tree as read from there; ``name`` is for the document, if there is just one.

        It was read as it is, unless it was read from there before.
        """


T = TypeVar("T", bound=Tree)


def read_there(first: T | None, origin: Origin) -> T | None:
    """Give the tree as first read, if it was read from the same file or folder; a file of another name begins anew."""
    return first if first is not None and first.path == origin.path else None


@runtime_checkable
class Format(Protocol):
    """Reads and writes one file format. Implementations are stateless."""

    @property
    def name(self) -> str:
        """Short lower-case name, such as ``twee``; also the name of the entry point."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Suffixes of its files, the usual one first. Two formats may share one: ``recognises`` decides."""

    @property
    def is_writable(self) -> bool:
        """False for a format that is only read."""

    def recognises(self, document: Document) -> bool:
        """Tell from a file's text whether it is of this format. Linear in the text."""

    def read(self, documents: tuple[Document, ...], origin: Origin) -> tuple[Story, ...]:
        """Read every story of these files.

        Raises
        ------
        FormatError
            If this is not the format at all. Lesser faults are import problems of the story.
        LimitError
            If it is nested deeper than a limit.
        """

    def update(self, story: Story, *, whole: bool = False) -> Tree:
        """Make a tree that holds ``story``: its own, changed where the story was, or a new one.

        ``whole`` asks for a single document, even of a story of several files.
        """

    def problems(self, tree: Tree) -> tuple[Problem, ...]:
        """Import problems that reading the documents of a tree would find, with the keys that the tree has."""

    def unrepresentable(self, story: Story) -> tuple[Problem, ...]:
        """List what of the story's table and metadata this format cannot hold (GB506)."""
