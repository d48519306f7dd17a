"""Markup that is run: a passage's text, or text that a value holds. Parsed once, and its hooks numbered.

What stays on a page after a run (a link's hook, a hidden one) is remembered as a :class:`Source`: where its code is,
not the code. So pages are small, and equal where they behave equally.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.parser import parse
from gamebook_lab.languages.harlowe.play import past
from gamebook_lab.languages.harlowe.play.walking import walk

_KEPT: Final = 16_384
"""Units that are kept parsed; a story of some thousand passages fits."""


class Source(NamedTuple):
    """Content of a hook: the whole text that it stands in, and its number there; -1 is all of it."""

    text: str
    number: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A text, read."""

    text: str
    nodes: tuple[tree.Markup, ...]
    hooks: tuple[tree.Hook, ...]
    numbers: dict[int, int]
    """Number of a hook by its ``id``."""
    has_unread: bool = False
    """Some of it is nested too deeply to be read."""
    memo: dict[Hashable, Any] = field(default_factory=dict)
    """What was found out about its nodes, by their ``id`` among others: those are its own as long as it lives."""

    def source(self, hook: tree.Hook) -> Source:
        """Name a hook's content."""
        return Source(self.text, self.numbers[id(hook)])

    def content(self, number: int) -> tuple[tree.Markup, ...]:
        """Find what a source names."""
        return self.nodes if number < 0 else self.hooks[number].children


@lru_cache(maxsize=_KEPT)
def unit(text: str) -> Unit:
    """Read a text, or find it read before."""
    nodes = past.reduced(parse(text).nodes, text)
    everything = [node for each in nodes for node in walk(each)]
    hooks = tuple(node for node in everything if isinstance(node, tree.Hook))
    has_unread = any(isinstance(node, tree.Unread) for node in everything)
    return Unit(text, nodes, hooks, {id(hook): number for number, hook in enumerate(hooks)}, has_unread)


def unread_in(node: tree.Markup) -> bool:
    """Tell whether some of a node's own code, not of the hooks in it, was not read."""
    if isinstance(node, tree.Attached):
        own: tuple[tree.Node, ...] = node.changers
        if not isinstance(node.target, tree.Hook):
            own = (*own, node.target)
    else:
        own = () if isinstance(node, tree.Hook | tree.Style) else (node,)
    return any(isinstance(each, tree.Unread) for part in own for each in walk(part))
