"""The tags of an HTML page with their places, in one pass over the text.

Twine pages are not XML, and a page must come out as it went in: so this finds tags as the HTML standard's
tokenizer does, and gives spans instead of a tree. Every character is looked at a bounded number of times.

Covers comments, raw text elements (script, style ...), attributes of every quoting. Does not cover
the standard's tree repairs, nor scripts that hold ``<!-- <script>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from gamebook_lab.formats.html_text import unescape_attribute
from gamebook_lab.story.program import Span

_RAW_ELEMENTS: Final = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
_SPACE: Final = "[ \\t\\n\\f\\r]"
_NAME: Final = re.compile("[A-Za-z][^ \\t\\n\\f\\r/>]*")
_GAP: Final = re.compile("[ \\t\\n\\f\\r/]*")
_ATTRIBUTE_NAME: Final = re.compile("=?[^ \\t\\n\\f\\r/>=]*")
_EQUALS: Final = re.compile(f"{_SPACE}*={_SPACE}*")
_BARE: Final = re.compile("[^ \\t\\n\\f\\r>]*")
_PASSAGE_END: Final = re.compile(f"<(?:/tw-passagedata|tw-passagedata|/tw-storydata)(?={_SPACE}|[/>])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its decoded value, and where name and value stand in the page."""

    name: str
    value: str
    span: Span
    value_span: Span | None
    """Span of the value without its quotes; None where there is no value."""
    quote: str = '"'
    """Empty for a value without quotes."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag."""

    name: str
    span: Span
    is_end: bool = False
    attributes: tuple[Attribute, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """Value of an attribute; of one that is there twice, the first counts."""
        return next((attribute.value for attribute in self.attributes if attribute.name == name), default)

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute of this name."""
        return next((attribute for attribute in self.attributes if attribute.name == name), None)


def tags(text: str, start: int = 0) -> Iterator[Tag]:
    """Give every tag behind ``start``, in order; the insides of scripts, styles and passages are passed over."""
    at = text.find("<", start)
    while at >= 0:
        tag, behind = None, at + 1
        if text.startswith("<!--", at):
            behind = _behind(text, "-->", at + 2)
        elif text.startswith(("<!", "<?"), at):
            behind = _behind(text, ">", at)
        else:
            is_end = text.startswith("</", at)
            name = _NAME.match(text, at + 1 + is_end)
            if name is not None:
                tag = _tag(text, at, name, is_end=is_end)
                if tag is None:
                    return  # the page ends inside a tag
                yield tag
                behind = _behind_text(text, tag)
        at = text.find("<", behind)


def _behind(text: str, mark: str, at: int) -> int:
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)


def _behind_text(text: str, tag: Tag) -> int:
    """Where tags begin again: at once, or at the end of an element whose inside is text."""
    if tag.is_end:
        return tag.span.stop
    if tag.name == "tw-passagedata":
        end = _PASSAGE_END.search(text, tag.span.stop)
    elif tag.name in _RAW_ELEMENTS:
        end = _raw_end(tag.name).search(text, tag.span.stop)
    else:
        return tag.span.stop
    return len(text) if end is None else end.start()


@cache
def _raw_end(name: str) -> re.Pattern[str]:
    return re.compile(f"</{name}(?={_SPACE}|[/>])", re.IGNORECASE)


def _tag(text: str, start: int, name: re.Match[str], *, is_end: bool) -> Tag | None:
    attributes: list[Attribute] = []
    at = name.end()
    while True:
        at = _end(_GAP, text, at)
        if at >= len(text):
            return None
        if text[at] == ">":
            return Tag(name.group().lower(), Span(start, at + 1), is_end, tuple(attributes))
        attribute = _attribute(text, at)
        if attribute is None:
            return None
        attributes.append(attribute)
        at = attribute.span.stop


def _attribute(text: str, start: int) -> Attribute | None:
    stop = _end(_ATTRIBUTE_NAME, text, start)
    name = text[start:stop].lower()
    equals = _EQUALS.match(text, stop)
    if equals is None:
        return Attribute(name, "", Span(start, stop), None)
    at = equals.end()
    quote = text[at : at + 1]
    if quote in {'"', "'"}:
        end = text.find(quote, at + 1)
        if end < 0:
            return None
        value = Span(at + 1, end)
        return Attribute(name, unescape_attribute(text[slice(*value)]), Span(start, end + 1), value, quote)
    value = Span(at, _end(_BARE, text, at))
    return Attribute(name, unescape_attribute(text[slice(*value)]), Span(start, value.stop), value, "")


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    assert match is not None  # these patterns match nothing, too
    return match.end()
