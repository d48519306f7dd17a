"""Where the number of a variable may stop that is only moved one way and compared with constants.

``$n`` of a story that adds to it and asks whether it is over 5 behaves the same at 6 and at 60: comparisons with numbers
up to 5 come out alike, and adding more leaves it over 5. Written as 6, there are no endlessly many of its states, and
nothing that the story can tell is lost. So the number that stands for all beyond it is one beyond all that it is compared
with; people read it as "6 or more".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

from gamebook_lab.story.frozen import Value, exact

__all__ = ["AtLeast", "AtMost", "Bounds", "agrees"]


class AtLeast(int):
    """A number that stands for itself and all above."""

    def __str__(self) -> str:
        return f"{int(self)} or more"


class AtMost(int):
    """A number that stands for itself and all below."""

    def __str__(self) -> str:
        return f"{int(self)} or less"


class Bounds(NamedTuple):
    """Numbers beyond which a variable's number makes no difference."""

    least: int | None
    """Stands for itself and all below; None: each counts."""
    most: int | None
    """Stands for itself and all above."""

    @classmethod
    def of(cls, numbers: Iterable[int], steps: Iterable[int]) -> Self | None:
        """Bounds of a variable; None if it has none, since it is moved both ways or not at all, or compared with nothing.

        Parameters
        ----------
        numbers
            All that it is compared with, those that are not whole rounded down and up.
        steps
            Signs of all constants that are added to it.
        """
        numbers, signs = tuple(numbers), {1, -1}.intersection(steps)
        if not numbers or len(signs) != 1:
            return None
        return cls(
            None if 1 in signs else min(numbers) - 1,
            None if -1 in signs else max(numbers) + 1,
        )

    def clamped(self, value: Value) -> Value:
        """Write a value: numbers beyond the bounds as these, all else as it is."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return value
        if self.most is not None and value > self.most - 1:
            return AtLeast(self.most)
        return AtMost(self.least) if self.least is not None and value < self.least + 1 else value

    def covers(self, kind: str, number: int) -> bool:
        """Tell whether code that was not seen beforehand can tell no more than these bounds keep.

        Parameters
        ----------
        kind
            ``number``: compares with it; ``step``: adds one of its sign; anything else: has the value itself.
        number
            See there.
        """
        if kind == "number":
            return (self.least is None or number > self.least) and (self.most is None or number < self.most)
        return kind == "step" and (number >= 0 or self.most is None) and (number <= 0 or self.least is None)


def agrees(value: Value, other: Value) -> bool:
    """Tell whether a value may stand for another: the same one, or a number beyond the bound that it is."""
    if isinstance(value, (AtLeast, AtMost)) and isinstance(other, (int, float)) and not isinstance(other, bool):
        return other > value - 1 if isinstance(value, AtLeast) else other < value + 1
    return exact(value) == exact(other)
