"""The syntax tree of a Snowman passage: a flat row of small frozen records with spans."""

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
class Prose(Node):
    """Words."""


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """``<!-- -->`` or ``<%# %>``."""


@dataclass(frozen=True, slots=True)
class Code(Node):
    """``<% %>``, or ``<%= %>`` and ``<%- %>``, which show a value."""

    inside: Span
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Element(Node):
    """A whole ``<script>`` or ``<style>`` element."""

    name: str
    inside: Span


@dataclass(frozen=True, slots=True)
class Html(Node):
    """One HTML tag."""

    tag: Tag


@dataclass(frozen=True, slots=True)
class Link(Node):
    """``[[link]]``."""

    link: TwineLink


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole passage."""

    nodes: tuple[Node, ...]
    problems: tuple[SyntaxProblem, ...]
