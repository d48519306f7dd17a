"""What a gamebook on paper is made of. Plain records: whoever reads them needs nothing else of this room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from gamebook_lab.story.frozen import UNSET, Value, exact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "Book",
    "Effect",
    "Exit",
    "Mark",
    "Piece",
    "Section",
    "Sheet",
    "Slot",
    "Test",
    "after",
    "is_number",
    "rendered",
]

_MOST: Final = 1e15
Sheet: TypeAlias = "Mapping[str, Value]"
"""What the reader has written down, by variable; missing: blank."""


def is_number(value: Value) -> bool:
    """Tell whether a value is one that a reader can count."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _MOST


class Test(NamedTuple):
    """What the sheet must say: for a counter a range of numbers, for anything else one of some values."""

    variable: str
    values: tuple[Value, ...] = ()
    low: float | None = None
    high: float | None = None
    is_range: bool = False

    def holds(self, sheet: Sheet) -> bool:
        """Tell whether it does. A blank counter is below every number."""
        value = sheet.get(self.variable, UNSET)
        if not self.is_range:
            return any(exact(value) == exact(each) for each in self.values)
        if not is_number(value):
            return value is UNSET and self.low is None
        assert isinstance(value, (int, float))
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Effect(NamedTuple):
    """What the reader writes down."""

    variable: str
    kind: Literal["set", "add", "copy"]
    value: Value
    """New value; what is added; the variable that is copied."""

    def applied(self, sheet: Sheet) -> Value:
        """Give the new value."""
        if self.kind == "set":
            return self.value
        if self.kind == "copy":
            return sheet.get(str(self.value), UNSET)
        before = sheet.get(self.variable, UNSET)
        before = 0 if before is UNSET else before
        assert isinstance(before, (int, float))
        assert isinstance(self.value, (int, float))
        return before + self.value


def after(sheet: Sheet, effects: tuple[Effect, ...]) -> dict[str, Value]:
    """Give the sheet with some effects written down, all at once."""
    return {**sheet, **{each.variable: each.applied(sheet) for each in effects}}


class Slot(NamedTuple):
    """Where a text shows what the sheet says of a variable."""

    variable: str


Piece: TypeAlias = "str | Slot"


def rendered(pieces: tuple[Piece, ...], sheet: Sheet) -> str:
    """Read a text as somebody with this sheet does."""
    return "".join(each if isinstance(each, str) else _written(sheet.get(each.variable, UNSET)) for each in pieces)


def _written(value: Value) -> str:
    if is_number(value):
        assert isinstance(value, (int, float))
        return str(int(value)) if value == int(value) else str(value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Exit:
    """One way on from a section."""

    to: int | None
    """Number of a section; None: it was never written (a broken link)."""
    label: tuple[Piece, ...] = ()
    """What the reader chooses; empty where there is nothing to choose."""
    tests: tuple[Test, ...] = ()
    """All must hold."""
    effects: tuple[Effect, ...] = ()
    share: int = 1
    """Of a draw: how many of the numbers lead here."""
    missing: str = ""
    """Name of the passage that does not exist."""


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered section.

    ``read`` has words, and the reader takes any exit whose tests hold; in ``route`` the first whose tests hold is
    taken; in ``draw`` chance takes one.
    """

    number: int
    kind: Literal["read", "route", "draw"]
    passage: str
    text: tuple[Piece, ...] = ()
    reveals: tuple[tuple[Piece, ...], ...] = ()
    """What appears in the digital story when something is clicked that changes nothing; printed at once."""
    effects: tuple[Effect, ...] = ()
    """Written down before the text is read."""
    exits: tuple[Exit, ...] = ()

    def renumbered(self, numbers: Mapping[int, int]) -> Section:
        """Give it, and where it leads, other numbers."""
        exits = tuple(replace(each, to=None if each.to is None else numbers[each.to]) for each in self.exits)
        return replace(self, number=numbers[self.number], exits=exits)


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the reader's sheet."""

    variable: str
    name: str
    kind: Literal["codeword", "counter", "note"]
    present: Value = True
    """Of a codeword: the value that the variable has while it is written down."""
    absent: Value = UNSET
    """And the value while it is not."""
    least: float | None = None
    """Of a counter: the smallest number that it ever says; missing: it may be blank, too."""
    most: float | None = None
    """And the largest."""
    letters: tuple[tuple[Value, str], ...] = ()
    """Of a note: how each value is written."""
    start: Value = UNSET
    """Before reading begins."""


@dataclass(frozen=True, slots=True)
class Book:
    """A gamebook on paper. Section 1 is where reading begins."""

    title: str
    sections: tuple[Section, ...]
    """By number."""
    marks: tuple[Mark, ...]
    seed: int
    n_states: int
    """States in which it was checked to play as the digital story does."""
    notes: tuple[str, ...] = ()
    """What is otherwise than on the screen, for the author."""

    def section(self, number: int) -> Section:
        """Find a section by its number.

        Raises
        ------
        KeyError
            If there is none.
        """
        found = next((each for each in self.sections if each.number == number), None)
        if found is None:
            raise KeyError(number)
        return found

    def to_html(self) -> str:
        """Print it: one page of HTML that loads nothing and runs nothing, with rules and the sheet in front."""
        from gamebook_lab.analysis.paper.printing import book_html

        return book_html(self)

    def save(self, path: Path | str) -> None:
        """Write :meth:`to_html` to a file, replacing it whole or not at all."""
        from gamebook_lab.analysis.printed import write_page

        write_page(path, self.to_html())

    def _repr_html_(self) -> str:
        """Show how large it is, not all of it."""
        from gamebook_lab.analysis.printed import escaped

        return f"<p><b>{escaped(self.title)}</b>: {len(self.sections):,} sections, {len(self.marks):,} lines on the sheet</p>"
