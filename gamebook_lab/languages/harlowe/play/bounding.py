"""Where the numbers of an author's variables may stop: see :mod:`gamebook_lab.story.bounds`.

All mentions of a variable in the story's texts are counted, those in strings and scripts among them, and so are those
that are known to tell nothing beyond its bounds. Only where both are as many, it has bounds: what is not understood
counts as telling everything.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from gamebook_lab.languages.harlowe import chars, tree
from gamebook_lab.languages.harlowe.play import counters, past, units
from gamebook_lab.languages.harlowe.play.walking import children, walk
from gamebook_lab.story.bounds import Bounds
from gamebook_lab.story.play import Detail

__all__ = ["bounds_of"]

_LOOSE: Final = re.compile(rf"\$(?![{chars.STRICT}])")
"""In a string: code that mentions a variable may be put together of it."""
_COMPARES: Final = frozenset(["is", "is not", "<", ">", "<=", ">="])
_WRITES: Final = frozenset(["set", "put"])
_SHOWS: Final = (tree.Hook, tree.Style)
"""What shows what it holds, and tells it nobody."""


class _Mentions(NamedTuple):
    """What one text says of variables."""

    all: Counter[str]
    blind: Counter[str]
    """Those that tell nothing beyond the bounds."""
    shown: Counter[str]
    """Those that show the variable to the reader, and no more."""
    numbers: frozenset[tuple[str, int]]
    steps: frozenset[tuple[str, int]]
    is_open: bool
    """It may tell of any variable."""


def bounds_of(texts: Iterable[str]) -> Mapping[Detail, Mapping[str, Bounds]]:
    """Find where variables' numbers may stop, given the texts of all passages; by what is kept, since shown words may count."""
    found = [_mentions(text) for text in texts]
    if any(each.is_open for each in found):
        return {"choices": {}, "text": {}}
    everything, blind, shown = Counter[str](), Counter[str](), Counter[str]()
    numbers: dict[str, set[int]] = {}
    steps: dict[str, set[int]] = {}
    for each in found:
        for total, part in ((everything, each.all), (blind, each.blind), (shown, each.shown)):
            total.update(part)
        for into, pairs in ((numbers, each.numbers), (steps, each.steps)):
            for name, number in pairs:
                into.setdefault(name, set()).add(number)
    bounds = {name: Bounds.of(numbers.get(name, ()), signs) for name, signs in steps.items()}
    known = {name: each for name, each in bounds.items() if each is not None}
    return {
        "choices": {name: each for name, each in known.items() if blind[name] + shown[name] == everything[name]},
        "text": {name: each for name, each in known.items() if blind[name] == everything[name]},
    }


@lru_cache(maxsize=16_384)
def _mentions(text: str) -> _Mentions:
    blind, shown = Counter[str](), Counter[str]()
    numbers: set[tuple[str, int]] = set()
    steps: set[tuple[str, int]] = set()
    is_open = False
    everything = Counter(found.group() for found in chars.STORY_VARIABLE.finditer(text))
    if not everything and "it" not in text:
        return _Mentions(everything, blind, shown, frozenset(), frozenset(), is_open)
    for top in units.unit(text).nodes:
        shown.update(_shown(top))
        for root, is_write in _expressions(top):
            nodes = walk(root)
            is_open = is_open or counters.asks_stale_it(root, nodes)
            is_open = is_open or any(isinstance(each, tree.String) and _LOOSE.search(each.value) for each in nodes)
            if (
                is_write
                and isinstance(root, tree.Assignment)
                and isinstance(target := past.plain(root.target), tree.Variable)
            ):
                again, by = _step(root, target.name)
                if again is not None:
                    blind[target.name] += 1 + again
                    steps.add((target.name, (by > 0) - (by < 0)))
                elif not past.asks_it(root.value):
                    blind[target.name] += 1
                    _compared(walk(root.value), blind, numbers)
            elif not past.asks_it(root):
                _compared(nodes, blind, numbers)
    return _Mentions(everything, blind, shown, frozenset(numbers), frozenset(steps), is_open)


def _shown(top: tree.Node) -> Iterator[str]:
    """Variables among the words, outside of all code."""
    waiting = [top]
    while waiting:
        here = waiting.pop()
        if isinstance(here, tree.Variable):
            yield here.name
        elif isinstance(here, tree.Attached):
            waiting += [here.target] if isinstance(here.target, tree.Hook) else []
        elif isinstance(here, _SHOWS):
            waiting += here.children


def _expressions(top: tree.Node) -> Iterator[tuple[tree.Node, bool]]:
    """Values of the outermost calls, and whether the call writes them."""
    waiting = [top]
    while waiting:
        here = waiting.pop()
        if isinstance(here, tree.Macro):
            for each in here.arguments:
                yield each, here.name in _WRITES
        else:
            waiting += children(here)


def _step(node: tree.Assignment, name: str) -> tuple[int | None, float]:
    """Tell how often a step names its variable again, and by how much it moves it; None where it is no step."""
    value = past.plain(node.value)
    if node.operator in {"+=", "-="}:
        by = _number(value)
        return (None, 0) if by is None else (0, by if node.operator == "+=" else -by)
    if node.operator not in {"to", "into"} or not isinstance(value, tree.Binary) or value.operator not in {"+", "-"}:
        return None, 0
    sides = [(value.left, value.right)] + ([(value.right, value.left)] if value.operator == "+" else [])
    for one, other in sides:
        again, by = past.plain(one), _number(other)
        is_named = isinstance(again, tree.Variable) and again.name == name
        if by is not None and (is_named or (isinstance(again, tree.Identifier) and again.name == "it")):
            return int(is_named), by if value.operator == "+" else -by
    return None, 0


def _compared(nodes: Iterable[tree.Node], blind: Counter[str], numbers: set[tuple[str, int]]) -> None:
    """Note variables that are compared with numbers."""
    for node in nodes:
        if isinstance(node, tree.Binary) and node.operator in _COMPARES:
            for side, other in ((node.left, node.right), (node.right, node.left)):
                variable, number = past.plain(side), _number(other)
                if isinstance(variable, tree.Variable) and number is not None:
                    blind[variable.name] += 1
                    numbers |= {(variable.name, math.floor(number)), (variable.name, math.ceil(number))}


def _number(node: tree.Node) -> float | None:
    node = past.plain(node)
    sign = 1
    if isinstance(node, tree.Unary) and node.operator in {"+", "-"}:
        sign, node = -1 if node.operator == "-" else 1, past.plain(node.operand)
    return sign * node.value if isinstance(node, tree.Number) and math.isfinite(node.value) else None
