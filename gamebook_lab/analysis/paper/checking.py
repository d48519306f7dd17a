"""Plays the finished book beside the state graph, in every state: the proof that paper is the same story.

The relation checked: a state of the graph, and the section where its place begins with a sheet that agrees with the
state in all that is still known there. From any such pair, the same words are read and the same choices offered, with
the same odds, and each leads to such a pair again; and it holds where reading begins. So it holds everywhere, whatever
else stands on the sheet: a test of something that the state has forgotten is a difference, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from gamebook_lab.analysis.paper.book import Book, Exit, Section, Sheet, after, rendered
from gamebook_lab.analysis.paper.faces import key_of, prose
from gamebook_lab.engine.situations import Branch, Leading, Location, Outcome
from gamebook_lab.engine.space import Space
from gamebook_lab.story.frozen import UNSET, Value

__all__ = ["MOST_DIFFERENCES", "differences"]

MOST_DIFFERENCES: Final = 20
_DEEPEST: Final = 64
"""Sections in a row that only send the reader on."""


class _DiffersError(Exception):
    """Says how."""


class _Read(NamedTuple):
    """A section with words, and how one comes to it."""

    section: Section
    sheet: dict[str, Value]
    odds: Fraction


def differences(book: Book, space: Space) -> Iterator[tuple[str, str]]:
    """Find where the book plays otherwise than the story: passage, and what differs. At most :data:`MOST_DIFFERENCES`.

    Each combination of a place and what the sheet says there is looked at once.
    """
    checking = _Checking(book, space)
    told = 0
    try:
        checking.beginning()
    except _DiffersError as error:
        yield "", str(error)
        told += 1
    for state in checking.representatives():
        try:
            checking.state(state)
        except _DiffersError as error:
            place = space.places[int(space.location[state])]
            yield place if isinstance(place, str) else place.passage, str(error)
            told += 1
            if told >= MOST_DIFFERENCES:
                return


class _Checking:
    def __init__(self, book: Book, space: Space) -> None:
        self.book, self.space = book, space
        self.sections = {each.number: each for each in book.sections}
        self.tracked = [mark.variable for mark in book.marks]
        self.numbers = {name: space.numbers(name) for name in self.tracked}
        self.values = {name: space.values_by_field[name] for name in self.tracked}
        table = space.explorer.table
        self.live = table.live()
        self.number: dict[Location, int] = {place: at for at, place in enumerate(table.locations)}
        self.situations = table.situations
        self.entries: dict[Location, int] = {}
        """Section where each place begins, as the book has it: learnt from the beginning on, then held against it."""

    def representatives(self) -> list[int]:
        """One state for each place and sheet."""
        columns = [self.space.location.astype(np.int64), *(self.numbers[name] for name in self.tracked)]
        _, first = np.unique(np.stack(columns, axis=1), axis=0, return_index=True)
        return sorted(first.tolist())  # breadth first: each place is led to before it is looked at

    # ---- steps

    def beginning(self) -> None:
        """Compare how reading begins.

        Raises
        ------
        _DiffersError
            If it differs.
        """
        sheet = {mark.variable: mark.start for mark in self.book.marks}
        begun = self.space.begun
        if len(begun) == 1:
            self._arrive(Exit(1), sheet, begun[0], {}, is_beginning=True)
            return
        first = self.sections[1]
        if first.kind != "draw" or len(first.exits) != len(begun):
            raise _DiffersError("reading begins in another number of ways")
        total = sum(each.share for each in first.exits)
        for exit_, outcome in zip(first.exits, begun, strict=True):
            if Fraction(exit_.share, total) != outcome.weight / sum((each.weight for each in begun), Fraction(0)):
                raise _DiffersError("reading begins with other odds")
            self._arrive(exit_, after(sheet, exit_.effects), outcome, {}, is_beginning=True)

    def state(self, state: int) -> None:
        """Compare one state.

        Raises
        ------
        _DiffersError
            If it differs.
        """
        known = {name: self.values[name][number] for name in self.tracked if (number := int(self.numbers[name][state]))}
        place = self.space.places[int(self.space.location[state])]
        entry = self.entries.get(place)
        if entry is None:
            raise _DiffersError("no section leads here")
        branches = self.situations[int(self.space.situation[state])].branches
        reads = list(self._reads(entry, known, Fraction(1)))
        if len(reads) != len(branches):
            raise _DiffersError(f"{len(reads)} sections may be read, and {len(branches)} pages")
        for read, branch in zip(reads, branches, strict=True):
            if read.odds != branch.weight:
                raise _DiffersError(f"the odds are {read.odds}, not {branch.weight}")
            self._face(read, branch, known)

    def _reads(self, number: int, sheet: dict[str, Value], odds: Fraction, depth: int = 0) -> Iterator[_Read]:
        """Follow sections that only send the reader on."""
        section = self.sections[number]
        if section.kind == "read":
            yield _Read(section, sheet, odds)
            return
        if depth > _DEEPEST:
            raise _DiffersError(f"sections send the reader round in circles from {number}")
        if section.kind == "route":
            taken = next((each for each in section.exits if self._holds(each, sheet)), None)
            if taken is None or taken.to is None:
                raise _DiffersError(f"section {number} sends the reader nowhere")
            yield from self._reads(taken.to, after(sheet, taken.effects), odds, depth + 1)
            return
        total = sum(each.share for each in section.exits)
        for each in section.exits:
            if each.to is not None:
                yield from self._reads(
                    each.to, after(sheet, each.effects), odds * Fraction(each.share, total), depth + 1
                )

    def _holds(self, exit_: Exit, sheet: Sheet) -> bool:
        for test in exit_.tests:
            if test.variable not in sheet:
                raise _DiffersError(f"{test.variable} is asked for, and does not matter there")
            if not test.holds(sheet):
                return False
        return True

    def _face(self, read: _Read, branch: Branch, known: Mapping[str, Value]) -> None:
        section, sheet = read.section, after(read.sheet, read.section.effects)
        said = prose(branch.texts[0] if branch.texts else "", branch.ways, branch.others)
        if rendered(section.text, sheet) != said:
            raise _DiffersError(f"section {section.number} says other words")
        exits = [each for each in section.exits if self._holds(each, sheet)]
        if len(exits) != len(branch.ways):
            raise _DiffersError(
                f"section {section.number} offers {len(exits)} choices, and the story {len(branch.ways)}"
            )
        for exit_, way in zip(exits, branch.ways, strict=True):
            label = way.clicks[-1].offer.label if way.clicks else ""
            if rendered(exit_.label, sheet) != label:
                raise _DiffersError(f"section {section.number} offers {rendered(exit_.label, sheet)!r} for {label!r}")
            self._exit(exit_, way, sheet, known)

    def _exit(self, exit_: Exit, way: Leading, sheet: dict[str, Value], known: Mapping[str, Value]) -> None:
        if len(way.outcomes) == 1:
            self._arrive(exit_, after(sheet, exit_.effects), way.outcomes[0], known)
            return
        draw = self.sections[exit_.to] if exit_.to is not None else None
        if draw is None or draw.kind != "draw" or len(draw.exits) != len(way.outcomes):
            raise _DiffersError("chance is not drawn as in the story")
        sheet = after(sheet, exit_.effects)
        total = sum(each.share for each in draw.exits)
        for each, outcome in zip(draw.exits, way.outcomes, strict=True):
            if Fraction(each.share, total) != outcome.weight:
                raise _DiffersError(f"section {draw.number} has other odds")
            self._arrive(each, after(sheet, each.effects), outcome, known)

    def _arrive(
        self, exit_: Exit, sheet: Sheet, outcome: Outcome, known: Mapping[str, Value], *, is_beginning: bool = False
    ) -> None:
        """Compare where a step leads, and what stands on the sheet then of all that is known there."""
        at = self.number.get(outcome.to)
        if at is None:
            if exit_.to is not None:
                raise _DiffersError(f"{outcome.to!r} does not exist, but the book leads to {exit_.to}")
            return
        if exit_.to is None or self.entries.setdefault(outcome.to, exit_.to) != exit_.to:
            raise _DiffersError(f"a choice leads to section {exit_.to}, not to where {outcome.to!r} begins")
        writes = dict(outcome.writes)
        field = self.space.explorer.fields.numbers
        for name in self.tracked:
            if not self.live[at, field[name]]:
                continue
            if name in writes:
                value: Value = writes[name]
            elif name in known:
                value = known[name]
            elif is_beginning:
                value = UNSET
            else:
                continue
            if key_of(sheet.get(name, UNSET)) != key_of(value):
                raise _DiffersError(f"{name} is {sheet.get(name, UNSET)!r} on the sheet, and {value!r} in the story")
