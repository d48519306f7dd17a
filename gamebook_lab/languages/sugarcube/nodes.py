"""The syntax tree of a SugarCube passage: small frozen records with spans.

Expressions inside are spans here; ``javascript.parser`` reads them where they are wanted.
Nesting is bounded (:data:`MAX_DEPTH`), so whoever walks the tree may recurse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gamebook_lab.languages.shared.html import Tag
from gamebook_lab.languages.shared.nesting import MOST_WRITTEN
from gamebook_lab.languages.sugarcube.brackets import Brackets
from gamebook_lab.languages.sugarcube.tags import MacroTag
from gamebook_lab.story.program import Span, SyntaxProblem

MAX_DEPTH: Final = MOST_WRITTEN
"""Macros inside each other; beyond that, neither the outermost of them nor the rest of the passage is read."""


@dataclass(frozen=True, slots=True)
class Node:
    """Where a piece of the passage stands."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Unread(Node):
    """What is nested too deeply to be read: it may do anything."""


@dataclass(frozen=True, slots=True)
class Prose(Node):
    """Words."""


@dataclass(frozen=True, slots=True)
class Mark(Node):
    """Formatting that is not shown itself, such as ``//`` or a backslash at the end of a line."""


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """``/* */``, ``/% %/`` or ``<!-- -->``."""


@dataclass(frozen=True, slots=True)
class Verbatim(Node):
    """Text that is shown as it is: ``<nowiki>``, three quotes, three braces."""

    inside: Span


@dataclass(frozen=True, slots=True)
class Element(Node):
    """A whole ``<script>``, ``<style>`` or ``<html>`` element, whose content is not markup."""

    name: str
    inside: Span


@dataclass(frozen=True, slots=True)
class Naked(Node):
    """A variable in prose, with its members: ``$hero.name``."""


@dataclass(frozen=True, slots=True)
class Address(Node):
    """A bare web address, which SugarCube makes a link."""


@dataclass(frozen=True, slots=True)
class Link(Node):
    """``[[link]]`` or ``[img[picture]]`` markup."""

    brackets: Brackets


@dataclass(frozen=True, slots=True)
class Html(Node):
    """One HTML tag, opening or closing."""

    tag: Tag


@dataclass(frozen=True, slots=True)
class Clause:
    """A tag and the body after it: ``<<if>>``'s own, and one for every ``<<elseif>>`` and ``<<else>>``."""

    tag: MacroTag
    body: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Macro(Node):
    """A macro; one without a body has one clause with an empty one."""

    name: str
    clauses: tuple[Clause, ...]
    close: MacroTag | None = None
    raw: Span | None = None
    """The body of ``<<script>>``, which is not markup."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole passage."""

    nodes: tuple[Node, ...]
    problems: tuple[SyntaxProblem, ...]
