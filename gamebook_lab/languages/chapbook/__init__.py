"""Chapbook 1 and 2: the vars section, modifiers, inserts and links.

Does not cover: inserts and modifiers of the story's own, and scripts, which are opaque.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.chapbook.code import NAME, RESERVED, Code
from gamebook_lab.languages.chapbook.facts import program
from gamebook_lab.languages.chapbook.parser import parse
from gamebook_lab.languages.chapbook.player import ChapbookPlayer
from gamebook_lab.languages.shared import spelling
from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.story.language import code_kind
from gamebook_lab.story.program import Program, Span

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story

__all__ = ["LANGUAGE", "Chapbook"]

_SPECIAL_NAMES: Final = frozenset({"StoryData", "StoryTitle", "StorySettings", "StoryIncludes"})


_UNSAFE: Final = '\\;"'
"""Chapbook takes the quote after an escaped backslash as escaped, and divides modifiers at quoted semicolons."""


@dataclass(frozen=True, slots=True)
class Chapbook:
    """The language Chapbook; see :class:`gamebook_lab.story.language.Language`."""

    name: str = "chapbook"

    def kind(self, name: str, tags: tuple[str, ...]) -> str:
        """Kind of a passage by its name and tags."""
        is_private = any(tag.lower() == "twine.private" for tag in tags)
        return code_kind(tags) or ("special" if is_private or name in _SPECIAL_NAMES else "story")

    def parse(self, text: str, *, name: str = "", tags: tuple[str, ...] = ()) -> Program:
        """Read one passage."""
        kind = self.kind(name, tags)
        if name in _SPECIAL_NAMES:
            return Program()
        if kind in {"script", "style"}:
            builder = Builder(text)
            if kind == "script":
                Code(builder).script("script", Span(0, len(text)))
            else:
                builder.token(0, len(text), "code")
            return builder.build()
        return program(text, parse(text))

    def encode(self, text: str, quoting: str) -> str:
        """Write a name or label for a slot."""
        return spelling.encode(text, quoting, _UNSAFE)

    def link(self, label: str | None, target: str) -> str:
        """Write a whole new link."""
        return spelling.link(label, target)

    def link_inside(self, label: str, target: str) -> str:
        """Write what stands inside a link with its own label."""
        return spelling.link_inside(label, target)

    def is_variable_name(self, name: str) -> bool:
        """Tell whether ``name`` can name a variable."""
        return NAME.fullmatch(name) is not None and name not in RESERVED

    def player(self, story: Story) -> ChapbookPlayer:
        """Make what plays a story."""
        return ChapbookPlayer(story)


LANGUAGE: Final = Chapbook()
