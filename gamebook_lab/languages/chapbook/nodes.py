"""The syntax tree of a Chapbook passage: small frozen records with spans."""

from __future__ import annotations

from dataclasses import dataclass

from gamebook_lab.languages.shared.html import Tag
from gamebook_lab.languages.shared.links import TwineLink
from gamebook_lab.story.program import Span, SyntaxProblem


@dataclass(frozen=True, slots=True)
class Node:
    """Where a piece of the passage stands."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """``name (condition): value`` of the vars section; spans are trimmed."""

    name: Span
    value: Span
    condition: Span | None


@dataclass(frozen=True, slots=True)
class Modifier(Node):
    """One modifier of a ``[modifier; modifier]`` line, trimmed."""


@dataclass(frozen=True, slots=True)
class Prose(Node):
    """Words."""


@dataclass(frozen=True, slots=True)
class Mark(Node):
    """A mark at the start of a line: a list, a heading, a fork; or the ``--`` after the vars section."""


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """``<!-- -->``."""


@dataclass(frozen=True, slots=True)
class Html(Node):
    """One HTML tag."""

    tag: Tag


@dataclass(frozen=True, slots=True)
class Link(Node):
    """``[[link]]``."""

    link: TwineLink


@dataclass(frozen=True, slots=True)
class Insert(Node):
    """``{name}`` or ``{keyword: value, key: value}``; ``keyword`` is trimmed."""

    keyword: Span
    arguments: Span
    """From the colon or comma on; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Block(Node):
    """A stretch of text, and the modifiers that apply to it."""

    modifiers: tuple[Modifier, ...]
    marks: tuple[Span, ...]
    """The brackets and semicolons around the modifiers."""
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole passage."""

    assignments: tuple[Assignment, ...]
    divider: Span | None
    blocks: tuple[Block, ...]
    problems: tuple[SyntaxProblem, ...]
