"""How far visits and turns must be counted: no further than a story's code can tell.

A story with a way back has endless visits. But ``visits > 3`` is the same of 4 and of 40; if all code only compares
with numbers that are written there, a counter may stop above the highest of them, and nothing changes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.languages.harlowe.play import elision, operators, past, units
from gamebook_lab.languages.harlowe.play.walking import children, walk
from gamebook_lab.story.play import TURNS, visits_of

_VISITS: Final = frozenset(["visit", "visits"])
_TURNS: Final = frozenset(["turn", "turns", past.LENGTH])
_COUNTERS: Final = _VISITS | _TURNS
_AGAIN: Final = frozenset(["it", ""])
_COMPARES: Final = frozenset(["is", "is not", "<", ">", "<=", ">="])
_WORD: Final = re.compile(r"[^a-z]")
_DEEPEST: Final = 8


class _Asked(NamedTuple):
    """What some text asks; infinite where any number may make a difference."""

    visits: float = 1
    turns: float = 1
    names: frozenset[str] = frozenset()
    """Passages looked for in the history, which leaves the present visit out."""


def caps(texts: Iterable[str], passages: Iterable[str]) -> dict[str, int]:
    """Find where counters may stop; those that may not are left out."""
    asked = _joined([_asked(text) for text in texts])
    found = {TURNS: asked.turns} | {visits_of(name): asked.visits for name in passages}
    for name in asked.names:
        found[visits_of(name)] = max(asked.visits, 2)
    return {counter: int(most) for counter, most in found.items() if most < math.inf}


def _joined(asked: list[_Asked]) -> _Asked:
    return _Asked(
        max((each.visits for each in asked), default=1),
        max((each.turns for each in asked), default=1),
        frozenset().union(*(each.names for each in asked)),
    )


@lru_cache(maxsize=16_384)
def _asked(text: str, depth: int = 0) -> _Asked:
    """Look through all code of a text, strings of markup and targets of links among it."""
    found: list[_Asked] = []
    for top in units.unit(text).nodes:
        found += [_in_expression(each) for each in _expressions(top)]
        for node in walk(top):
            if isinstance(node, past.Remembers):
                found.append(_Asked(names=frozenset(node.names)))
            elif isinstance(node, tree.Link) and node.form != "simple":
                found.append(_within(text[node.target.start : node.target.stop], depth))
            elif isinstance(node, tree.String):
                found.append(_within(node.value, depth))
            elif isinstance(node, tree.Binary) and node.operator == "+" and _joins_code(node):
                found.append(_Asked(math.inf, math.inf))
    return _joined(found)


def _within(text: str, depth: int) -> _Asked:
    if not ("(" in text or "[" in text) or not (
        "visit" in text.lower() or "turn" in text.lower() or "history" in text.lower()
    ):
        return _Asked()
    return _asked(text, depth + 1) if depth < _DEEPEST else _Asked(math.inf, math.inf)


def _joins_code(node: tree.Binary) -> bool:
    """Whether strings that speak of a counter are put together: such code is only seen when it is run."""
    return any(
        isinstance(each, tree.String) and not _COUNTERS.isdisjoint(_WORD.split(each.value.lower()))
        for each in walk(node)
    )


def _expressions(node: tree.Node) -> Iterator[tree.Node]:
    """Values of the outermost calls."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, tree.Macro):
            yield from here.arguments
        else:
            waiting += children(here)


def _in_expression(root: tree.Node) -> _Asked:
    nodes = walk(root)
    names = {node.name for node in nodes if isinstance(node, tree.Identifier)} & _COUNTERS
    if not names:
        if not asks_stale_it(root, nodes):
            return _Asked()
        # It may be a counter that other code compared.
        names = set(_COUNTERS)
    most = math.inf
    if _only_compares(nodes):
        numbers = [abs(node.value) for node in nodes if isinstance(node, tree.Number)]
        most = math.floor(max(numbers, default=0)) + 1 + (past.LENGTH in names)
    return _Asked(most if names & _VISITS else 1, most if names & _TURNS else 1)


def asks_stale_it(root: tree.Node, nodes: list[tree.Node]) -> bool:
    """Whether ``it`` may be what another expression compared."""
    if isinstance(root, tree.Assignment):
        return False
    own = {id(each) for node in nodes if isinstance(node, tree.Lambda) for each in walk(node)}
    asks = [node.start for node in nodes if _is_it(node) and id(node) not in own]
    sets = [
        node.start
        for node in nodes
        if isinstance(node, tree.Binary)
        and node.operator in operators.COMPARISONS
        and not any(map(_is_it, walk(node.left)))
    ]
    return bool(asks) and min(asks) <= min(sets, default=math.inf)


def _is_it(node: tree.Node) -> bool:
    return (isinstance(node, tree.Identifier) and node.name in _AGAIN) or (
        isinstance(node, tree.Property) and node.owner is None
    )


def _only_compares(nodes: list[tree.Node]) -> bool:
    """Whether counters, and ``it``, are only compared with numbers; a comparison left out must be with one too."""
    compared: set[int] = set()
    for node in nodes:
        if isinstance(node, tree.Binary) and node.operator in _COMPARES:
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if _is_number(other):
                    compared.add(id(past.plain(side)))
        elif isinstance(node, tree.Binary) and node.operator in {"and", "or"}:
            before, after = (elision.comparison(side, node.operator) for side in (node.left, node.right))
            if before is None and after is node.right and _is_number(after.right):
                continue  # The others are compared with that number.
            if (before is None) != (after is None):
                others = elision.operands(node.left, node.operator) if before is None else (node.right,)
                if not all(_is_number(each) or past.is_boolean(each) for each in others):
                    return False
    return all(
        id(node) in compared
        for node in nodes
        if _is_it(node) or (isinstance(node, tree.Identifier) and node.name in _COUNTERS)
    )


def _is_number(node: tree.Expression) -> bool:
    node = past.plain(node)
    if isinstance(node, tree.Unary) and node.operator in {"+", "-"}:
        node = past.plain(node.operand)
    return isinstance(node, tree.Number)
