"""States as bits: values get small numbers, and each variable a field just wide enough for those it has.

Number 0 is unknown (a forgotten variable too), 1 is unset. A field that becomes too narrow grows: all states are
written anew while they are few, closely packed; later only that field moves, to free bits at the end, and leaves a hole.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Words
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Value, exact

__all__ = ["FORGOTTEN", "Fields", "Interned", "Layout"]

FORGOTTEN: Final = 0
_WORD: Final = 64


@dataclass(slots=True)
class Interned:
    """The values that one variable has had, by number."""

    known: list[Value] = field(default_factory=lambda: [UNKNOWN, UNSET])
    _numbers: dict[Hashable, int] = field(default_factory=lambda: {exact(UNKNOWN): 0, exact(UNSET): 1})

    def number(self, value: Value) -> int:
        """Number of a value, a new one if need be."""
        key = exact(value)
        known = self._numbers.get(key)
        if known is None:
            known = self._numbers[key] = len(self.known)
            self.known.append(value)
        return known


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where each field stands."""

    word: Ints
    shift: Words
    mask: Words
    """At the lowest bits."""
    end: int
    """Bits used, counted over the words."""

    @property
    def n_words(self) -> int:
        """Words of a state."""
        return max(1, -(-self.end // _WORD))

    @staticmethod
    def of(widths: list[int]) -> Layout:
        """Place fields of these widths one after the other; none across the border of two words."""
        return Layout(np.empty(0, np.int32), np.empty(0, np.uint64), np.empty(0, np.uint64), 0).widened(widths)

    def widened(self, widths: list[int]) -> Layout:
        """Place those fields that have another width, or none yet, after all others; the rest stay where they are."""
        word, shift, mask = self.word.tolist(), self.shift.tolist(), self.mask.tolist()
        end = self.end
        for at, width in enumerate(widths):
            wanted = (1 << width) - 1
            if at < len(mask) and mask[at] == wanted:
                continue
            if end % _WORD + width > _WORD:
                end += _WORD - end % _WORD
            place = (end // _WORD, end % _WORD, wanted)
            for values, value in zip((word, shift, mask), place, strict=True):
                values[at : at + 1] = [value]
            end += width
        return Layout(np.array(word, np.int32), np.array(shift, np.uint64), np.array(mask, np.uint64), end)


class Fields:
    """The location (field 0) and every variable: their values by number, and their widths.

    Parameters
    ----------
    variables
        Those that are known beforehand.
    expected
        How wide fields are likely to get, if that is known; the location's has the name ``""``.
    """

    def __init__(self, variables: tuple[str, ...], expected: Mapping[str, int] = MappingProxyType({})) -> None:
        self.names: list[str] = []
        self.numbers: dict[str, int] = {}
        self.interned: list[Interned] = [Interned([], {})]
        self.widths = [expected.get("", 1)]
        for name in variables:
            self.field(name)
            self.widths[-1] = expected.get(name, 1)
        self.layout = Layout.of(self.widths)

    def field(self, name: str) -> int:
        """Field of a variable, a new one if need be; the layout is out of date then."""
        known = self.numbers.get(name)
        if known is None:
            known = self.numbers[name] = len(self.interned)
            self.names.append(name)
            self.interned.append(Interned())
            self.widths.append(1)
        return known

    def is_narrow(self, n_locations: int) -> bool:
        """Tell whether some field is missing or cannot hold all of its numbers; if so, widen."""
        changed = len(self.widths) > len(self.layout.word)
        for at, (width, n) in enumerate(zip(self.widths, self._counts(n_locations), strict=True)):
            if n > 1 << width:
                self.widths[at] = (n - 1).bit_length()
                changed = True
        return changed

    def needed(self, n_locations: int) -> dict[str, int]:
        """How wide the fields must be at least, by name."""
        counts = self._counts(n_locations)
        return {name: max(1, (n - 1).bit_length()) for name, n in zip(["", *self.names], counts, strict=True)}

    def _counts(self, n_locations: int) -> list[int]:
        return [n_locations, *[len(interned.known) for interned in self.interned[1:]]]
