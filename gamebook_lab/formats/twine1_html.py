r"""Published Twine 1 stories, read only: ``<div id="storeArea">`` with a ``<div tiddler="...">`` per passage.

By the Twine 1 HTML output documentation 1.0. Text is escaped twice: as HTML, and ``\n``, ``\t`` and ``\s``
for line end, tab and backslash. With the setting ``obfuscate:rot13`` names and texts are turned back.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from gamebook_lab.errors import FormatError
from gamebook_lab.formats import lines
from gamebook_lab.formats.build import build_story, mark_start
from gamebook_lab.formats.html_scan import Tag, tags
from gamebook_lab.formats.html_text import unescape
from gamebook_lab.formats.protocol import Document, Format, Origin, Tree
from gamebook_lab.formats.rereading import problems_by_reading
from gamebook_lab.formats.twee_header import read_pair
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story

_STORES: Final = frozenset({"storearea", "store-area"})
_TIDDLER: Final = re.compile("tiddler", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"\\([nst])")
_MEANING: Final = {"n": "\n", "s": "\\", "t": "\t"}
_ROT13: Final = re.compile(r"^obfuscate:\s*rot13\s*$", re.MULTILINE)
_SETTINGS: Final = "StorySettings"


@dataclass(frozen=True)
class Twine1Tree:
    """Source of a story that was read from Twine 1 HTML; it is never written."""

    document: Document
    places: dict[int, tuple[str | None, int]] = field(default_factory=dict)
    leftovers: tuple[Problem, ...] = ()
    origin: Origin = field(default_factory=Origin)
    format: str = "twine1-html"
    index: int = 0

    @property
    def path(self) -> Path | None:
        """File that it was read from; None for text."""
        return self.origin.path

    @property
    def fingerprint(self) -> str:
        """Digest of the bytes that were read."""
        return self.origin.fingerprint

    @property
    def documents(self) -> tuple[Document, ...]:
        """The page as read."""
        return (self.document,)

    @property
    def as_read(self) -> Twine1Tree:
        """Itself: it is never written."""
        return self

    def at(self, origin: Origin, name: str | None = None) -> Twine1Tree:
        """Return the same tree as read from there."""
        return replace(self, origin=origin, document=replace(self.document, name=name or self.document.name))


@dataclass(frozen=True, slots=True)
class Twine1HtmlFormat:
    """See :class:`gamebook_lab.formats.protocol.Format`."""

    name: str = "twine1-html"
    suffixes: tuple[str, ...] = (".html", ".htm")
    is_writable: bool = False

    def recognises(self, document: Document) -> bool:
        """Whether it has a store area with a passage in it; without, it is an engine."""
        if _TIDDLER.search(document.text) is None:  # most large pages are of something else
            return False
        is_store = False
        for tag in tags(document.text):
            is_store = is_store or (not tag.is_end and tag.get("id").lower() in _STORES)
            if is_store and tag.attribute("tiddler") is not None:
                return True
        return False

    def read(self, documents: tuple[Document, ...], origin: Origin) -> tuple[Story, ...]:
        """Read the story of the page."""
        (document,) = documents
        if not self.recognises(document):
            raise FormatError(
                'expected <div id="storeArea"> with passages, as published Twine 1 stories have', file=document.name
            )
        index = lines.Index(document.text)
        rows = [_passage(tag, text, document.name, index) for tag, text in _tiddlers(document.text)]
        rows = _plain(rows)
        title = next((row.text.strip() for row in rows if row.passage_id == "StoryTitle"), "")
        passages = [row for row in rows if row.passage_id != "StoryTitle"]
        lost = mark_start(passages, "Start" if any(row.passage_id == "Start" for row in passages) else None)
        places = {key: (row.file, row.line or 1) for key, row in enumerate(passages)}
        around = Problem("GB506", "The page around the story was left out, with its engine", file=document.name, line=1)
        tree = Twine1Tree(document, places, (around,), origin)
        return (build_story(passages, Metadata(title=title, declared_start=lost), tree),)

    def update(self, story: Story, *, whole: bool = False) -> Tree:
        """Refuse: Twine 1 pages are only read.

        Raises
        ------
        FormatError
            Always.
        """
        del story, whole
        raise FormatError("Twine 1 HTML is only read; write Twee, Twine 2 HTML or JSON instead")

    def problems(self, tree: Tree) -> tuple[Problem, ...]:
        """What reading it again finds."""
        return problems_by_reading(self, tree)

    def unrepresentable(self, story: Story) -> tuple[Problem, ...]:
        """All of it: the format is only read."""
        return (Problem("GB506", f"Twine 1 HTML is only read; none of the {len(story)} passages can be written"),)


def _tiddlers(page: str) -> Iterator[tuple[Tag, str]]:
    """Each passage's tag and the text up to the next tag."""
    found = list(tags(page))
    for number, tag in enumerate(found):
        if not tag.is_end and tag.attribute("tiddler") is not None:
            stop = found[number + 1].span.start if number + 1 < len(found) else len(page)
            yield tag, page[tag.span.stop : stop]


def _passage(tag: Tag, text: str, file: str | None, index: lines.Index) -> Passage:
    x, y = read_pair(tag.get("twine-position"))
    said = _ESCAPE.sub(lambda match: _MEANING[match[1]], unescape(text))
    line, _ = index.place(tag.span.start)
    return Passage(tag.get("tiddler"), said, tuple(tag.get("tags").split()), x=x, y=y, file=file, line=line)


def _plain(rows: list[Passage]) -> list[Passage]:
    """Undo the story's obfuscation, if its settings say so."""
    settings = next((row.text for row in rows if row.passage_id == _SETTINGS), "")
    if not _ROT13.search(settings):
        return rows
    return [row if row.passage_id == _SETTINGS else _turned(row) for row in rows]


def _turned(row: Passage) -> Passage:
    tags_ = tuple(codecs.encode(tag, "rot13") for tag in row.tags)
    name, text = codecs.encode(row.passage_id, "rot13"), codecs.encode(row.text, "rot13")
    return replace(row, passage_id=name, text=text, tags=tags_)


FORMAT: Final[Format] = Twine1HtmlFormat()
