"""Decides what the reader keeps on the sheet, and what it is called there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from gamebook_lab.analysis.paper.book import Mark, is_number
from gamebook_lab.analysis.paper.faces import Domains, key_of
from gamebook_lab.story.frozen import UNSET, Value
from gamebook_lab.story.play import PREVIOUS, TURNS, visits_of

__all__ = ["MOST_LETTERS", "make_marks"]

MOST_LETTERS: Final = 26
"""Values that a note may have; what has more cannot be kept by hand."""
_LONGEST_WORD: Final = 24
_VISITS: Final = visits_of("")


def make_marks(variables: Iterable[str], domains: Domains, start: Mapping[str, Value]) -> tuple[list[Mark], list[str]]:
    """Make a line of the sheet for each variable.

    Returns
    -------
    marks, too_many
        ``too_many`` are the variables that have more values than can be told apart by hand.
    """
    marks: list[Mark] = []
    too_many: list[str] = []
    taken: set[str] = set()
    for variable in variables:
        name = _unused(_spoken(variable), taken)
        values = domains.values.get(variable, ())
        first = start.get(variable, UNSET)
        if domains.is_counter(variable):
            numbers = [value for value in values if is_number(value)]
            least = None if len(numbers) < len(values) else min(numbers)  # type: ignore[type-var]
            marks.append(Mark(variable, name, "counter", least=least, most=max(numbers), start=first))  # type: ignore[type-var, arg-type]
        elif len(values) <= 2:
            absent = _absent(values, first)
            present = next((value for value in values if key_of(value) != key_of(absent)), True)
            marks.append(Mark(variable, name, "codeword", present=present, absent=absent, start=first))
        elif len(values) <= MOST_LETTERS:
            marks.append(Mark(variable, name, "note", letters=_letters(values), start=first))
        else:
            too_many.append(variable)
    return marks, too_many


def _absent(values: tuple[Value, ...], first: Value) -> Value:
    """The value without the codeword: the one that reading begins with, else the one that says no."""
    for value in values:
        if key_of(value) == key_of(first):
            return value
    return next((value for value in values if not value or value is UNSET), values[0] if values else UNSET)


def _letters(values: tuple[Value, ...]) -> tuple[tuple[Value, str], ...]:
    words = [value for value in values if isinstance(value, str)]
    are_words = len(words) == len([v for v in values if v is not UNSET]) and all(
        0 < len(word) <= _LONGEST_WORD for word in words
    )
    numbered = [value for value in values if value is not UNSET]
    return tuple(
        (value, "blank" if value is UNSET else str(value) if are_words else chr(ord("A") + numbered.index(value)))
        for value in values
    )


def _spoken(variable: str) -> str:
    if variable.startswith(_VISITS):
        return f"VISITS: {variable.removeprefix(_VISITS)}"
    if variable == TURNS:
        return "TURNS"
    if variable == PREVIOUS:
        return "CAME FROM"
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", variable)
    words = re.sub(r"[\W_]+", " ", words).strip()
    return words.upper() or variable


def _unused(name: str, taken: set[str]) -> str:
    number, wanted = 2, name
    while wanted in taken:
        wanted, number = f"{name} {number}", number + 1
    taken.add(wanted)
    return wanted
