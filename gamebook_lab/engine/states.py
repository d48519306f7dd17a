"""The states found so far, in the order in which they were found: breadth first, so the first way to each is a shortest."""

from __future__ import annotations

from typing import Final

import numpy as np

from gamebook_lab.engine.packing import Layout
from gamebook_lab.kernels import explore, hashset
from gamebook_lab.kernels.accelerate import Ints, Slots, Words

__all__ = ["States"]

_FEWEST: Final = 1 << 12
_FULL: Final = 0.6
"""Of the table's slots; a table that gets fuller doubles."""
_STEP: Final = 1 << 20
"""Arrays grow by half while they are small, then by so many items, and by an eighth in the end."""


class States:
    """Rows of words, the set that finds them, their situations, and the ways between them."""

    def __init__(self, layout: Layout) -> None:
        self.n, self.n_edges = 0, 0
        self.set_bytes = 0
        """Bytes that the set took when it was let go of."""
        self.words: Words = np.zeros((_FEWEST, layout.n_words), np.uint64)
        self.table: Slots = np.zeros(2 * _FEWEST, np.uint32)
        self.situation: Ints = np.full(_FEWEST, -1, np.int32)
        self.target: Ints = np.empty(2 * _FEWEST, np.int32)

    def nbytes(self) -> int:
        """Bytes held."""
        return self.words.nbytes + self.table.nbytes + self.situation.nbytes + self.target.nbytes

    def bytes_to_hold(self, n_states: int, n_edges: int) -> int:
        """Bytes that are held with room for so many."""
        arrays: tuple[tuple[Words | Ints, int], ...] = (
            (self.words, n_states), (self.situation, n_states), (self.target, n_edges),
        )  # fmt: skip
        held = sum(_room(len(array), needed) * (array.nbytes // len(array)) for array, needed in arrays)
        return held + self._slots(n_states) * self.table.itemsize

    def make_room(self, n_states: int, n_edges: int) -> None:
        """Have room for so many in all; views of the arrays are not valid any more."""
        _grow(self.words, n_states)
        _grow(self.situation, n_states)
        _grow(self.target, n_edges)
        slots = self._slots(n_states)
        if slots > len(self.table):
            del self.table
            self._rebuild(slots)

    def _slots(self, n_states: int) -> int:
        slots = len(self.table)
        while slots < int(n_states / _FULL):
            slots *= 2
        return slots

    def repack(self, old: Layout, new: Layout) -> None:
        """Write all states anew, with other fields."""
        words = np.zeros((len(self.words), new.n_words), np.uint64)
        fields = np.arange(len(new.word), dtype=np.int32)
        explore.repack(self.words, self.n, fields, old.word, old.shift, old.mask, new.word, new.shift, words)
        self.words = words
        self._rebuild(len(self.table))

    def widen(self, old: Layout, new: Layout) -> None:
        """Move only those fields that the new layout has elsewhere."""
        words = self.words
        if new.n_words > old.n_words:
            words = np.zeros((len(words), new.n_words), np.uint64)
            words[: self.n, : old.n_words] = self.words[: self.n]
            self.words = words
        n_old = len(old.word)
        same = (new.word[:n_old] == old.word) & (new.shift[:n_old] == old.shift)
        moved = np.concatenate([np.flatnonzero(~same), np.arange(n_old, len(new.word))]).astype(np.int32)
        explore.repack(words, self.n, moved, old.word, old.shift, old.mask, new.word, new.shift, words)
        for field in moved[moved < n_old].tolist():
            explore.clear(words, self.n, int(old.word[field]), old.mask[field] << old.shift[field])
        self._rebuild(len(self.table))

    def close(self) -> None:
        """No more states will be found: let go of the set that finds them, and of what room is left."""
        self.set_bytes = self.table.nbytes
        self.table = np.zeros(0, np.uint32)
        for array, n in ((self.words, self.n), (self.situation, self.n), (self.target, self.n_edges)):
            _resize(array, n)

    def add(self, rows: Words) -> Ints:
        """Put in states; gives their numbers."""
        self.make_room(self.n + len(rows), self.n_edges)
        target = np.full(len(rows), -1, np.int32)
        mixed = np.array([hashset.hashed(rows, at) for at in range(len(rows))], np.uint64)
        self.n = hashset.insert(self.table, self.words, self.n, rows, mixed, len(rows), target)
        return target

    def _rebuild(self, slots: int) -> None:
        self.table = np.zeros(slots, np.uint32)
        hashset.fill(self.table, self.words, self.n)


def _room(has: int, needed: int) -> int:
    while has < needed:
        has += max(has >> 3, min(has >> 1, _STEP))
    return has


def _grow(array: Words | Ints, needed: int) -> None:
    room = _room(len(array), needed)
    if room > len(array):
        _resize(array, room)


def _resize(array: Words | Ints, n: int) -> None:
    # in place: what is large moves by its pages, without a copy. References to the array itself are no matter
    array.resize((n, *array.shape[1:]), refcheck=False)
