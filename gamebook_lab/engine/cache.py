"""Situations that were interpreted before, by the content of what they ran: after an edit only the rest is new.

What a location's runs depend on is the text of its passages (:meth:`Player.sources`), the values that they read, and
which variables matter. The first is the key; the second a decision tree; the third is checked whenever a tree is
taken up again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from gamebook_lab.engine.recording import Reads
from gamebook_lab.engine.situations import Situation
from gamebook_lab.story.frozen import Value, exact

__all__ = ["Known", "expected_widths", "keep_widths", "known_at"]

_MOST_LOCATIONS: Final = 20_000
"""Locations that are remembered over all stories; those not asked for longest are dropped first."""
_MOST_SITUATIONS: Final = 100_000
"""Situations remembered of one location."""
_MOST_VARIANTS: Final = 4
_MOST_STORIES: Final = 64
"""Stories of which is remembered how wide fields get."""


@dataclass(slots=True)
class _Node:
    variable: str
    children: dict[Hashable, _Tree] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Leaf:
    situation: Situation


_Tree: TypeAlias = _Node | _Leaf


@dataclass(slots=True)
class Known:
    """The situations of one location, as long as the same variables matter."""

    mattered: dict[str, bool] = field(default_factory=dict)
    tree: _Tree | None = None
    n_situations: int = 0

    def find(self, ask: Callable[[str], Value]) -> tuple[Situation, dict[str, Value]] | None:
        """Look up what happens with these values; and the values that were asked for, in order."""
        asked: dict[str, Value] = {}
        tree = self.tree
        while isinstance(tree, _Node):
            value = asked[tree.variable] = ask(tree.variable)
            tree = tree.children.get(exact(value))
        return (tree.situation, asked) if tree is not None else None

    def add(self, reads: Reads, situation: Situation) -> None:
        """Remember a situation."""
        if self.n_situations >= _MOST_SITUATIONS:
            self.tree, self.n_situations = None, 0
        tree: _Tree = _Leaf(situation)
        path = list(reads.values.items())
        node = self.tree
        for at, (variable, value) in enumerate(path):
            if not isinstance(node, _Node):
                break
            assert node.variable == variable, "a player is not deterministic"
            key = exact(value)
            below = node.children.get(key)
            if below is None:
                node.children[key] = _grown(path[at + 1 :], tree)
                break
            node = below
        if self.tree is None:
            self.tree = _grown(path, tree)
        self.n_situations += 1
        self.mattered.update(reads.mattered)


def _grown(path: list[tuple[str, Value]], tree: _Tree) -> _Tree:
    for variable, value in reversed(path):
        tree = _Node(variable, {exact(value): tree})
    return tree


_lock: Final = threading.Lock()
_locations: Final[OrderedDict[Hashable, list[Known]]] = OrderedDict()
_widths: Final[OrderedDict[Hashable, Mapping[str, int]]] = OrderedDict()


def known_at(key: Hashable, matters: Callable[[str], bool]) -> Known:
    """Find what is known of a location, or begin to know it.

    Parameters
    ----------
    key
        All that its runs depend on, but for values and what matters.
    matters
        Which variables matter now.
    """
    with _lock:
        variants = _locations.setdefault(key, [])
        _locations.move_to_end(key)
        while len(_locations) > _MOST_LOCATIONS:
            _locations.popitem(last=False)
        for known in variants:
            if all(matters(variable) is answer for variable, answer in list(known.mattered.items())):
                return known
        known = Known()
        variants.append(known)
        del variants[:-_MOST_VARIANTS]
        return known


def expected_widths(story: Hashable) -> Mapping[str, int]:
    """How wide the fields of a story's states had to be when it was last explored: those states need not grow again."""
    with _lock:
        return _widths.get(story, {})


def keep_widths(story: Hashable, widths: Mapping[str, int]) -> None:
    """Remember how wide the fields of a story's states had to be."""
    with _lock:
        _widths[story] = widths
        _widths.move_to_end(story)
        while len(_widths) > _MOST_STORIES:
            _widths.popitem(last=False)
