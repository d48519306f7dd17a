"""SugarCube 2, and near enough the formats of Twine 1 whose notation it grew from.

Covers: all of the markup and every macro of SugarCube 2.37, deprecated ones included. Macros of
the story's own are opaque; the passages that define widgets name them in ``Program.definitions``.
The package ``play`` runs passages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.sugarcube import spelling
from gamebook_lab.languages.sugarcube.expressions import NAME, Expressions
from gamebook_lab.languages.sugarcube.facts import program
from gamebook_lab.languages.sugarcube.links import Links
from gamebook_lab.languages.sugarcube.parser import parse
from gamebook_lab.languages.sugarcube.places import Place
from gamebook_lab.languages.sugarcube.vocabulary import (
    DATA_NAMES,
    SPECIAL_NAMES,
    SPECIAL_TAG_PREFIX,
    SPECIAL_TAGS,
)
from gamebook_lab.story.language import code_kind
from gamebook_lab.story.program import Program, Span

if TYPE_CHECKING:
    from gamebook_lab.story.play import Player
    from gamebook_lab.story.story import Story

__all__ = ["LANGUAGE", "SugarCube"]


@dataclass(frozen=True, slots=True)
class SugarCube:
    """The language SugarCube; see :class:`gamebook_lab.story.language.Language`."""

    name: str = "sugarcube"

    def kind(self, name: str, tags: tuple[str, ...]) -> str:
        """Kind of a passage by its name and tags."""
        is_special = SPECIAL_TAGS.intersection(tags) or any(_is_reserved(tag) for tag in tags)
        return code_kind(tags) or ("special" if is_special or name in SPECIAL_NAMES else "story")

    def parse(self, text: str, *, name: str = "", tags: tuple[str, ...] = ()) -> Program:
        """Read one passage."""
        kind = self.kind(name, tags)
        if kind == "script":
            return _script(text)
        if kind == "style":
            return _style(text)
        if name in DATA_NAMES or any(_is_reserved(tag) and tag.lower() != "twine.private" for tag in tags):
            return Program()
        return program(text, parse(text), is_interface=name == "StoryInterface", is_widgets="widget" in tags)

    def encode(self, text: str, quoting: str) -> str:
        """Write a name or label for a slot."""
        return spelling.encode(text, quoting)

    def link(self, label: str | None, target: str) -> str:
        """Write a whole new link."""
        return spelling.link(label, target)

    def link_inside(self, label: str, target: str) -> str:
        """Write what stands inside a link with its own label."""
        return spelling.link_inside(label, target)

    def player(self, story: Story) -> Player:
        """Make what plays a story."""
        from gamebook_lab.languages.sugarcube.play.player import SugarCubePlayer

        return SugarCubePlayer(story)

    def is_variable_name(self, name: str) -> bool:
        """Tell whether ``name`` can name a variable: ``$gold`` or ``_i``."""
        return NAME.fullmatch(name) is not None


def _is_reserved(tag: str) -> bool:
    return tag.lower().startswith(SPECIAL_TAG_PREFIX)


def _script(text: str) -> Program:
    builder = Builder(text)
    expressions = Expressions(builder)
    moves = expressions.script("script", Span(0, len(text)))
    Links(builder, expressions).moves(moves, Place())
    return builder.build()


def _style(text: str) -> Program:
    builder = Builder(text)
    builder.token(0, len(text), "code")
    return builder.build()


LANGUAGE: Final = SugarCube()
