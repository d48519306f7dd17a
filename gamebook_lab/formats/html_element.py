"""One element of a Twine page as written, and changes to it that keep all other characters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from gamebook_lab.formats import lines
from gamebook_lab.formats.html_scan import Tag, tags
from gamebook_lab.formats.html_text import escape, unescape
from gamebook_lab.formats.lines import Line

Role = Literal["passage", "script", "style", "tag", "other"]


@dataclass(frozen=True, slots=True)
class Element:
    """``lead open inside close``; the lead is the white space before it."""

    lead: str
    open: str
    inside: str = ""
    close: str = ""
    role: Role = "other"
    keys: tuple[int, ...] = ()
    """Keys of its rows in the story's table: one for a passage, any number for a script or style."""

    @property
    def raw(self) -> str:
        """All of it as written."""
        return self.lead + self.open + self.inside + self.close

    @property
    def tag(self) -> Tag:
        """Its start tag, with spans in ``open``."""
        return next(tags(self.open))

    @property
    def text(self) -> str:
        """What a passage says."""
        return unescape(self.inside)


def set_attributes(opening: str, changes: Mapping[str, str | None]) -> str:
    """Change attributes of a start tag; None takes one out. Those that have the value already stay as written."""
    tag = next(tags(opening))
    edits: list[tuple[int, int, str]] = []
    added = ""
    for name, value in changes.items():
        attribute = tag.attribute(name)
        if attribute is None:
            added += "" if value is None else f' {name}="{escape(value)}"'
        elif value is None:
            start = len(opening[: attribute.span.start].rstrip())
            edits.append((start, attribute.span.stop, ""))
        elif attribute.value != value:
            edits.append((*attribute.span, f'{opening[slice(*attribute.span)][: len(name)]}="{escape(value)}"'))
    if added:
        end = max([len(tag.name) + 1, *(attribute.span.stop for attribute in tag.attributes)])
        edits.append((end, end, added))
    for start, stop, writing in sorted(edits, reverse=True):
        opening = opening[:start] + writing + opening[stop:]
    return opening


def with_text(element: Element, text: str) -> Element:
    """Change a passage's text; lines that stay the same stay as they are written."""
    text = lines.normal(text)
    old_text = element.text
    if text == old_text:
        return element
    end = lines.usual_end(element.inside)
    old, old_texts, new_texts = lines.split(element.inside), old_text.split("\n"), text.split("\n")
    new = [Line(escape(line), end) for line in new_texts]
    if "<" in element.inside or len(old) != len(
        old_texts
    ):  # markup that is not escaped, or a line end written as a character reference
        inside = end.join(line.text for line in new)
    else:
        inside = lines.patch(old, old_texts, new, new_texts, end)
    return replace(element, inside=inside, close=element.close or f"</{element.tag.name}>")
