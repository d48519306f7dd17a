"""Snowman 1, 2 and 3: links, state variables, conditions around text; other code stays opaque.

Passages are templates: ``<% code %>`` and ``<%= value %>`` between HTML and ``[[links]]``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.shared import spelling
from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.snowman.facts import Facts, program
from gamebook_lab.languages.snowman.parser import parse
from gamebook_lab.languages.snowman.player import SnowmanPlayer
from gamebook_lab.story.language import code_kind
from gamebook_lab.story.program import Program, Span

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story

__all__ = ["LANGUAGE", "Snowman"]

_SPECIAL_NAMES: Final = frozenset({"StoryData", "StoryTitle", "StorySettings", "StoryIncludes"})
_NAME: Final = re.compile(r"(?:[^\W\d]|\$)[\w$]*+")


@dataclass(frozen=True, slots=True)
class Snowman:
    """The language Snowman; see :class:`gamebook_lab.story.language.Language`."""

    name: str = "snowman"

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
                Facts(builder).script("script", Span(0, len(text)))
            else:
                builder.token(0, len(text), "code")
            return builder.build()
        return program(text, parse(text))

    def encode(self, text: str, quoting: str) -> str:
        """Write a name or label for a slot."""
        return spelling.encode(text, quoting)

    def link(self, label: str | None, target: str) -> str:
        """Write a whole new link."""
        return spelling.link(label, target)

    def link_inside(self, label: str, target: str) -> str:
        """Write what stands inside a link with its own label."""
        return spelling.link_inside(label, target)

    def is_variable_name(self, name: str) -> bool:
        """Tell whether ``name`` can name a property of the state, without ``s.`` before it."""
        return _NAME.fullmatch(name) is not None

    def player(self, story: Story) -> SnowmanPlayer:
        """Make what plays a story."""
        return SnowmanPlayer(story)


LANGUAGE: Final = Snowman()
