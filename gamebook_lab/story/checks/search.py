"""Where a chain of links may take the reader, conditions taken as open.

A passage leads to what its links name, to the names that a computed target may come to, and,
where it offers storylets or holds code that may move the reader, to every storylet. A variable
*feeds* a computed target if the target, or a value that goes into a feeding variable, reads it;
names of passages among the strings that are written to such a variable are led to as well.

*Does not cover* names that are put together (``"Room " + n``), given to methods (``push``) or
chosen by the reader in a form. Time is linear in the passages' programs and the values written.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator

from gamebook_lab.story.checks.facts import Facts
from gamebook_lab.story.checks.marks import APART, COMPUTED, MOVES, OFFERS, STORYLET
from gamebook_lab.story.program import Program, Span

__all__ = ["reached"]


def reached(facts: Facts) -> set[int]:
    """Keys of the passages that can be reached from the start, and from whatever the story format runs by itself."""
    search = _Search(facts)
    for row in facts.having(APART):
        search.add(row.key)
    if facts.story.start_key is not None:
        search.add(facts.story.start_key)
    search.run()
    return search.reached


class _Search:
    """Goes breadth-first; each passage and each variable is expanded once, when it is first known to matter."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.reached: set[int] = set()
        self.waiting: list[int] = []
        self.feeding: set[str] = set()
        self.held: dict[str, list[str]] = {}
        """Names of passages written to variables that are not known to feed a target."""
        self.sources: dict[str, list[str]] = {}
        """By such a variable, those that are read for its values."""
        self.storylets = facts.keys_with(STORYLET)
        """Those out of reach until something offers them."""
        self.telling = _telling(facts)

    def add(self, key: int) -> None:
        if key not in self.reached:
            self.reached.add(key)
            self.waiting.append(key)

    def lead(self, name: str) -> None:
        for key in self.facts.names.get(name, ()):
            self.add(key)

    def run(self) -> None:
        rows, places, names, reached, waiting = (
            self.facts.rows, self.facts.places, self.facts.names, self.reached, self.waiting
        )  # fmt: skip
        for key in self.facts.resting(waiting):
            for name in rows[places[key]].leads:  # as lead() and add() do: this is run for every link of the story
                for each in names.get(name, ()):
                    if each not in reached:
                        reached.add(each)
                        waiting.append(each)
            if key in self.telling:
                self.expand(rows[places[key]].program)

    def expand(self, program: Program) -> None:
        """Follow what a passage offers, and does to variables."""
        if program.offers_storylets or program.may_move:
            for key in self.storylets:
                self.add(key)
            self.storylets = frozenset()
        for variable, name in program.strings_written:
            if name in self.facts.names:
                self.hold(variable, name)
        for to, variable in program.flows:
            if to in self.feeding:
                self.feed(variable)
            else:
                self.sources.setdefault(to, []).append(variable)
        for variable in _read_by_targets(program):
            self.feed(variable)

    def hold(self, variable: str, name: str) -> None:
        if variable in self.feeding:
            self.lead(name)
        else:
            self.held.setdefault(variable, []).append(name)

    def feed(self, variable: str) -> None:
        found = [variable]
        while found:
            each = found.pop()
            if each not in self.feeding:
                self.feeding.add(each)
                for name in self.held.pop(each, ()):
                    self.lead(name)
                found.extend(self.sources.pop(each, ()))


def _telling(facts: Facts) -> Collection[int]:
    """Passages to look into: without a computed target in the story it is all one what variables hold."""
    if COMPUTED in facts.marks:
        return facts.places.keys()
    return facts.keys_with(MOVES, OFFERS) if STORYLET in facts.marks else ()


def _read_by_targets(program: Program) -> Iterator[str]:
    """Variables that the computed targets read."""
    if not program.computed:
        return
    spans = _merged([choice.span for choice in program.computed])
    starts = [span.start for span in spans]
    for access in program.accesses:
        at = bisect_right(starts, access.span.start) - 1
        if access.is_condition and at >= 0 and access.span.stop <= spans[at].stop:
            yield access.variable


def _merged(spans: list[Span]) -> list[Span]:
    """Put spans that overlap together; they come sorted by where they start."""
    merged: list[Span] = []
    for span in spans:
        if merged and span.start < merged[-1].stop:
            merged[-1] = Span(merged[-1].start, max(merged[-1].stop, span.stop))
        else:
            merged.append(span)
    return merged
