"""A page with one or more ``<tw-storydata>`` elements as a tree, one story of it taken apart.

Immutable. Everything that is no passage, script, style or tag colour is kept as text where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from gamebook_lab.formats import lines
from gamebook_lab.formats.encoding import UTF8, Encoding
from gamebook_lab.formats.html_code import split_code
from gamebook_lab.formats.html_element import Element, Role
from gamebook_lab.formats.html_scan import Tag, tags
from gamebook_lab.formats.lines import normal
from gamebook_lab.formats.protocol import Document, Origin, read_there
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import Span

_CODE: Final[Mapping[str, Role]] = {"script": "script", "style": "style"}
_STORY: Final = re.compile("<tw-storydata", re.IGNORECASE)
KNOWN_ATTRIBUTES: Final = frozenset({"pid", "name", "tags", "position", "size"})


@dataclass(frozen=True)
class HtmlTree:
    """Source of a story that was read from Twine 2 HTML. See :class:`gamebook_lab.formats.protocol.Tree`."""

    page: str = field(repr=False)
    """The page as read; the stories of an archive share it."""
    span: Span
    """Where this story stood in it."""
    line: int
    """1-based line at which it begins."""
    open: str
    elements: tuple[Element, ...]
    tail: str
    """White space before the end tag."""
    close: str
    name: str | None = None
    encoding: Encoding = UTF8
    index: int = 0
    origin: Origin = field(default_factory=Origin)
    format: str = "twine-html"
    first: HtmlTree | None = field(default=None, repr=False, compare=False)
    """As read, if this one was made of it since."""

    @property
    def path(self) -> Path | None:
        """File that it was read from; None for text."""
        return self.origin.path

    @property
    def fingerprint(self) -> str:
        """Digest of the bytes that were read."""
        return self.origin.fingerprint

    @property
    def element(self) -> str:
        """The story's own element as written."""
        return self.open + "".join(element.raw for element in self.elements) + self.tail + self.close

    @property
    def documents(self) -> tuple[Document, ...]:
        """The page as written."""
        text = self.page[: self.span.start] + self.element + self.page[self.span.stop :]
        return (Document(text, self.name, self.encoding),)

    @property
    def tag(self) -> Tag:
        """The story's start tag."""
        return next(tags(self.open))

    @cached_property
    def places(self) -> Mapping[int, tuple[str | None, int]]:
        """File and line of each passage by key."""
        return {key: (self.name, line) for element, line in self.with_lines() for key in element.keys}

    def with_lines(self) -> Iterator[tuple[Element, int]]:
        """Each element with the 1-based line of its start tag."""
        line = self.line + len(lines.END.findall(self.open))
        for element in self.elements:
            yield element, line + len(lines.END.findall(element.lead))
            line += len(lines.END.findall(element.raw))

    @property
    def leftovers(self) -> tuple[Problem, ...]:
        """The page around the story, unknown elements, and attributes of passages beyond the known ones."""
        return tuple(_leftovers(self))

    @property
    def as_read(self) -> HtmlTree:
        """The tree that reading the file gave."""
        return self.first or self

    def at(self, origin: Origin, name: str | None = None) -> HtmlTree:
        """Return the same tree as read from there."""
        return replace(self, origin=origin, name=name or self.name, first=read_there(self.first, origin))

    def within(self, now: HtmlTree) -> HtmlTree | None:
        """Return the same tree within the page as it is now, if this story still stands there as it was read or saved.

        Parameters
        ----------
        now
            The story in the same place of the page that is there now.
        """
        if now.element != self.element:
            return None
        first = None if self.first is None else _moved(self.first, now)
        return replace(_moved(self, now), first=first)


def _moved(tree: HtmlTree, now: HtmlTree) -> HtmlTree:
    return replace(tree, page=now.page, span=now.span, line=now.line, encoding=now.encoding, origin=now.origin)


class Found(NamedTuple):
    """A story's element in a page, with its tags: the first is its own start tag."""

    span: Span
    tags: list[Tag]
    end: Span | None = None
    """Its end tag."""


def has_story(text: str) -> bool:
    """Whether a page has a story's element; looks no further than the first."""
    if _STORY.search(text) is None:  # most large pages are of something else
        return False
    return any(tag.name == "tw-storydata" and not tag.is_end for tag in tags(text))


def find_stories(text: str) -> list[Found]:
    """Where the stories of a page stand; one that is never closed reaches to the next, or to the end."""
    stories: list[Found] = []
    inside: list[Tag] = []
    for tag in tags(text):
        if tag.name == "tw-storydata":
            if inside:
                stop = tag.span.stop if tag.is_end else tag.span.start
                stories.append(Found(Span(inside[0].span.start, stop), inside, tag.span if tag.is_end else None))
            inside = [] if tag.is_end else [tag]
        elif inside:
            inside.append(tag)
    if inside:
        stories.append(Found(Span(inside[0].span.start, len(text)), inside))
    return stories


def is_archive(text: str) -> bool:
    """Whether a page is nothing but stories, as Twine's archives and bare story elements are."""
    return text.lstrip()[:13].lower() == "<tw-storydata"


def parse_tree(document: Document, found: Found, line: int, index: int, origin: Origin) -> HtmlTree:
    """Take apart one story of a page; keys are counted from 0."""
    text, span, opening = document.text, found.span, found.tags[0].span
    stop = span.stop if found.end is None else found.end.start
    elements = _elements(text, opening.stop, found.tags[1:], stop)
    tail = ""
    if found.end is not None and elements and not elements[-1].open:
        tail = elements.pop().lead
    while found.end is None and elements and elements[-1].role == "other":
        elements.pop()  # what follows the last passage of a story that is never closed is the page's
    if found.end is None:
        span = Span(span.start, opening.stop + sum(len(element.raw) for element in elements))
    return HtmlTree(
        page=text,
        span=span,
        line=line,
        open=text[slice(*opening)],
        elements=tuple(elements),
        tail=tail,
        close="" if found.end is None else text[slice(*found.end)],
        name=document.name,
        encoding=document.encoding,
        index=index,
        origin=origin,
        format="twine-archive" if is_archive(text) else "twine-html",
    )


def _elements(text: str, at: int, found: list[Tag], stop: int) -> list[Element]:
    """Cut the inside of a story into elements; the last may be white space alone."""
    elements: list[Element] = []
    key = 0
    for number, tag in enumerate(found):
        role = _role(tag)
        if tag.span.start < at or role == "other":
            continue
        end = found[number + 1] if number + 1 < len(found) else None
        is_closed = end is not None and end.is_end and end.name == tag.name
        behind = end.span.start if end is not None else stop
        closing = end.span.stop if end is not None and is_closed else behind
        elements += _gap(text[at : tag.span.start])
        lead = elements.pop().lead if elements and not elements[-1].open else ""
        if role == "tag" and not is_closed:
            behind = closing = tag.span.stop
        inside = text[tag.span.stop : behind]
        count = 1 if role == "passage" else len(split_code(normal(inside), role)) if role in _CODE else 0
        keys = tuple(range(key, key + count))
        key += count
        elements.append(Element(lead, text[slice(*tag.span)], inside, text[behind:closing], role, keys))
        at = closing
    return [*elements, *_gap(text[at:stop])]


def _gap(text: str) -> list[Element]:
    """What stands between elements: what is not understood as one of its own, then the white space behind it."""
    filled = text.rstrip()
    if not filled:
        return [Element(text, "")] if text else []
    lead = text[: len(text) - len(text.lstrip())]
    other = Element(lead, filled[len(lead) :])
    return [other, Element(text[len(filled) :], "")] if len(filled) < len(text) else [other]


def _role(tag: Tag) -> Role:
    if tag.is_end:
        return "other"
    if tag.name == "tw-passagedata":
        return "passage"
    if tag.name == "tw-tag":
        return "tag"
    marks = f"{tag.get('id')} {tag.get('type')}".lower()
    return _CODE.get(tag.name, "other") if "twine" in marks or tag.get("role") in {"script", "stylesheet"} else "other"


def _leftovers(tree: HtmlTree) -> Iterator[Problem]:
    if not is_archive(tree.page) and tree.page:
        message = "The page around the story was left out, with the story format's engine"
        yield Problem("GB506", message, file=tree.name, line=1)
    for element, line in tree.with_lines():
        if element.role == "other":
            yield Problem("GB506", f"{element.open[:40]!r} in the story was left out", file=tree.name, line=line)
        if element.role != "passage":
            continue
        unknown = sorted({attribute.name for attribute in element.tag.attributes} - KNOWN_ATTRIBUTES)
        if unknown:
            name = element.tag.get("name")
            message = f"Attributes of the passage {name!r} were left out: {', '.join(unknown)}"
            yield Problem("GB506", message, key=element.keys[0], passage_id=name, file=tree.name, line=line)
