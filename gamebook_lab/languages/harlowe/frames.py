"""Open constructs while a passage is scanned, as Harlowe's own lexer keeps them: a stack.

A closing mark looks down the stack for the opening that it matches. Openings that it passes
over were never closed: they turn into plain text, and what stood in them moves out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.shared.nesting import MOST_WRITTEN
from gamebook_lab.story.program import Span

MAX_OPEN: Final = MOST_WRITTEN
"""Constructs open at one place; beyond that, neither the outermost of them nor the rest of the passage is read."""


class Lexeme(NamedTuple):
    """A word of an expression: ``operand`` with its node, or an operator by its kind."""

    kind: str
    start: int
    stop: int
    value: Any = None
    depth: int = 0


@dataclass(slots=True)
class Frame:
    """One opening that waits for its closing mark."""

    kind: str
    start: int
    """Where the opening mark starts, and where its content does."""
    inner: int
    is_code: bool = False
    """Its content is an expression (a macro's or a group's), not prose."""
    nodes: list[tree.Markup] = field(default_factory=list)
    lexemes: list[Lexeme] = field(default_factory=list)
    depth: int = 0
    """How deep the deepest thing in it is."""
    name: str | None = None
    name_span: Span | None = None
    is_hidden: bool = False
    n_problems: int = 0
    """How many problems and tokens there were when it was opened."""
    n_tokens: int = 0


def as_markup(frame: Frame, stop: int) -> list[tree.Markup]:
    """Turn what stood in a frame that was never closed into prose: calls, variables, hooks and links live on."""
    if not frame.is_code:
        return frame.nodes
    nodes: list[tree.Markup] = []
    since = frame.inner
    for lexeme in frame.lexemes:
        if isinstance(lexeme.value, tree.Macro | tree.Variable | tree.Hook | tree.Link | tree.Unread):
            nodes += [tree.Text(since, lexeme.start), lexeme.value]
            since = lexeme.stop
    return [*nodes, tree.Text(since, stop)]


def merged(lists: Iterable[list[tree.Markup]]) -> list[tree.Markup]:
    """Join lists of nodes that follow each other, and texts that touch."""
    found: list[tree.Markup] = []
    for node in itertools.chain.from_iterable(lists):
        if not isinstance(node, tree.Text):
            found.append(node)
        elif found and isinstance(found[-1], tree.Text):
            found[-1] = tree.Text(found[-1].start, node.stop)
        elif node.start < node.stop:
            found.append(node)
    return found
