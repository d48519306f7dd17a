"""GB605: passages and macros that never come to an end, as far as the text alone says so, without a doubt.

Passages that show each other whatever happens, macros that call themselves, passages that move on to each other by
themselves. What stands under a condition, in a loop or behind a click does not count (:class:`~gamebook_lab.story.program.Certain`),
nor what stands behind something that may take the reader elsewhere, nor what is defined twice.

*Does not cover* circles that depend on values: exploring finds those. Time is linear in the passages' programs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from gamebook_lab.story.checks.facts import Facts, Row, shown
from gamebook_lab.story.checks.marks import CERTAIN
from gamebook_lab.story.circling import circling
from gamebook_lab.story.closure import closed
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import AccessKind, Certain, ChoiceKind, Opaque

__all__ = ["check_circles"]

_LEAVES: Final = frozenset({
    ChoiceKind.GOTO, ChoiceKind.COMPUTED, ChoiceKind.UNDO, ChoiceKind.RESTART, ChoiceKind.LOAD, ChoiceKind.EXTERNAL,
})  # fmt: skip
"""Choices that may take the reader elsewhere at once; links are among some of them, so that less is sure."""
_MOST_NAMED: Final = 4
_VERBS: Final = {"shows": "shows", "calls": "calls", "goes": "moves on to"}


class _Node(NamedTuple):
    """A passage, or a macro of the story's own."""

    is_macro: bool
    name: str

    def __str__(self) -> str:
        if not self.is_macro:
            return shown(self.name)
        return shown(f"({self.name}:)" if self.name[0] in "$_" else f"<<{self.name}>>")


class _Step(NamedTuple):
    """Where a node surely goes on."""

    to: _Node
    row: Row
    certain: Certain


_Steps: TypeAlias = Mapping[_Node, list[_Step]]


def check_circles(facts: Facts) -> Iterator[Problem]:
    """Report every passage and macro on a circle that nothing leads out of."""
    steps = _Story(facts)
    for is_going in (False, True):
        found = _endless(steps.found(is_going=is_going))
        if found:
            found = _endless({
                node: kept for node, each in found.items() if (kept := list(filter(steps.is_sure, each)))
            })  # fmt: skip
        for circle in _circles(found):
            for at, step in enumerate(circle):
                yield Problem(
                    "GB605",
                    _message(circle[at:] + circle[:at]),
                    "Put one of these under a condition, or take it out.",
                    key=step.row.key, start=step.certain.span.start, stop=step.certain.span.stop,
                )  # fmt: skip


def _message(circle: list[_Step]) -> str:
    first = circle[-1].to
    ways = [f"{_VERBS[step.certain.what]} {step.to}" for step in circle[:_MOST_NAMED]]
    if len(circle) == 1:
        return f"{first} never comes to an end: it {_VERBS[circle[0].certain.what]} itself, whatever happens"
    ways[-1] += " again" if len(circle) <= _MOST_NAMED else f", and so on ({len(circle)} in a circle)"
    return f"{first} never comes to an end: it {', which '.join(ways)}, whatever happens"


class _Story:
    """What is sure in a story; most of it is only asked where there may be a circle."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def found(self, *, is_going: bool) -> _Steps:
        """Where each passage and macro surely goes on, if nothing before it keeps it from doing so."""
        steps: dict[_Node, list[_Step]] = {}
        for row in self.facts.having(CERTAIN):
            if not row.program.problems and len(self.facts.names[row.name]) == 1:
                for each in row.program.certain:
                    if (each.what == "goes") is is_going:
                        node = _Node(each.within is not None, row.name if each.within is None else each.within)
                        steps.setdefault(node, []).append(_Step(_Node(each.what == "calls", each.name), row, each))
        return steps

    def is_sure(self, step: _Step) -> bool:
        """Tell whether a step is taken: nothing may keep the reader from it."""
        leaving = [place for place in self.leaving(step.row) if place != step.certain.span.start]
        if step.to.is_macro and not self.is_defined_once(step.to.name):
            return False
        if step.certain.what == "goes":
            return not leaving and not self.may_always_move
        return all(place > step.certain.span.start for place in leaving)

    def is_defined_once(self, macro: str) -> bool:
        """Tell whether a macro is surely the one that the text defines."""
        quoted = (f'"{macro}"', f"'{macro}'")
        scripts = (row.text for row in self.facts.rows if row.kind == "script")
        return self._definitions[macro] == 1 and not any(each in text for text in scripts for each in quoted)

    @cached_property
    def _definitions(self) -> Counter[str]:
        found = Counter[str]()
        for row in self.facts.rows:
            found.update(row.program.definitions)
            found.update(each.variable for each in row.program.accesses if each.kind is AccessKind.WRITE)
        return found

    @cached_property
    def may_always_move(self) -> bool:
        """Something that is run around every passage, or a script, may take the reader elsewhere."""
        rows = self.facts.rows
        return self.facts.is_led_by_furniture or any(row.kind == "script" and row.program.may_move for row in rows)

    def leaving(self, row: Row) -> Iterator[int]:
        """Places in a passage where something may take the reader elsewhere, what it includes and calls among them."""
        yield from _own_leaving(row, self._macros)
        for place, name in _parts(row, self._macros):
            if name in self._leavers:
                yield place

    @cached_property
    def _macros(self) -> Mapping[str, list[str]]:
        """Names of the passages that define each macro."""
        found: dict[str, list[str]] = {}
        for row in self.facts.rows:
            for name in row.program.definitions:
                found.setdefault(name, []).append(row.name)
        return found

    @cached_property
    def _leavers(self) -> set[str]:
        """Passages that may take the reader elsewhere, by what they include as well."""
        parts: dict[str, list[str]] = {}
        for row in self.facts.rows:
            for _, name in _parts(row, self._macros):
                parts.setdefault(name, []).append(row.name)
        own = (row.name for row in self.facts.rows if next(_own_leaving(row, self._macros), None) is not None)
        return closed(own, parts)


def _own_leaving(row: Row, macros: Mapping[str, object]) -> Iterator[int]:
    for choice in row.program.choices:
        if choice.kind in _LEAVES or (choice.kind is ChoiceKind.INCLUDE and choice.target is None):
            yield choice.span.start
    for opaque in row.program.opaques:
        if opaque.may_move and _macro(opaque) not in macros:
            yield opaque.span.start


def _parts(row: Row, macros: Mapping[str, list[str]]) -> Iterator[tuple[int, str]]:
    """Passages whose text may be run as part of this one, by where they are named."""
    for choice in row.program.choices:
        if choice.kind is ChoiceKind.INCLUDE and choice.target is not None:
            yield choice.span.start, choice.target
    for opaque in row.program.opaques:
        for name in macros.get(_macro(opaque), ()):
            yield opaque.span.start, name


def _macro(opaque: Opaque) -> str:
    """Name of the macro that ``<<name>>`` calls; empty for anything else."""
    return opaque.what[2:-2] if opaque.what.startswith("<<") else ""


def _endless(steps: _Steps) -> dict[_Node, list[_Step]]:
    """Leave out whatever does come to an end, and steps to it."""
    left = circling({node: [step.to for step in each] for node, each in steps.items()})
    return {node: [step for step in each if step.to in left] for node, each in steps.items() if node in left}


def _circles(steps: Mapping[_Node, list[_Step]]) -> Iterator[list[_Step]]:
    """Follow the first way on from each node, which never comes back; gives each circle once."""
    seen: dict[_Node, int] = {}
    for number, begun in enumerate(steps):
        node, way = begun, list[_Step]()
        while node not in seen:
            seen[node] = number
            way.append(steps[node][0])
            node = way[-1].to
        if seen[node] == number:
            nodes = [begun, *(step.to for step in way)]
            yield way[nodes.index(node) :]
