"""The states found so far, in the order in which they were found: breadth first, so the first way to each is a shortest."""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np

from gamebook_lab.engine.packing import Layout
from gamebook_lab.kernels import explore, hashset
from gamebook_lab.kernels.accelerate import Ints, Slots, Words

__all__ = ["States"]

_Array = TypeVar("_Array", Words, Ints)
_FEWEST: Final = 1 << 12
_FULL: Final = 0.6
"""Of the table's slots; a table that gets fuller doubles."""
_SPARE: Final = 16
"""An array that grows reserves so many times what is needed: the system gives memory only for what is written to, so that
much costs no more than a little, is seldom moved, and comes in large pages."""
_RESERVED: Final = 1 << 28
"""Bytes that it reserves at most. Beyond, arrays grow in place by an eighth."""


class States:
    """Rows of words, the set that finds them, their situations, and the ways between them."""

    def __init__(self, layout: Layout) -> None:
        self.n, self.n_edges = 0, 0
        self.set_bytes = 0
        """Bytes that the set took when it was let go of."""
        self.words: Words = np.zeros((_FEWEST, layout.n_words), np.uint64)
        self.table: Slots = hashset.made(2 * _FEWEST)
        self.situation: Ints = np.full(_FEWEST, -1, np.int32)
        self.target: Ints = np.empty(2 * _FEWEST, np.int32)

    def bytes_to_hold(self, n_states: int, n_edges: int) -> int:
        """Bytes that are held with room for so many."""
        arrays: tuple[tuple[Words | Ints, int], ...] = (
            (self.words, n_states), (self.situation, n_states), (self.target, n_edges),
        )  # fmt: skip
        return sum(_bytes(array, needed) for array, needed in arrays) + self._slots(n_states) * self.table.itemsize

    def make_room(self, n_states: int, n_edges: int) -> None:
        """Have room for so many in all; views of the arrays are not valid any more."""
        self.words = _grown(self.words, self.n, n_states)
        self.situation = _grown(self.situation, self.n, n_states)
        self.target = _grown(self.target, self.n_edges, n_edges)
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
        words = np.zeros((self._rows(new), new.n_words), np.uint64)
        fields = np.arange(len(new.word), dtype=np.int32)
        explore.repack(self.words, self.n, fields, old.word, old.shift, old.mask, new.word, new.shift, words)
        self.words = words
        self._rebuild(len(self.table))

    def widen(self, old: Layout, new: Layout) -> None:
        """Move only those fields that the new layout has elsewhere."""
        words = self.words
        if new.n_words > old.n_words:
            words = np.zeros((self._rows(new), new.n_words), np.uint64)
            words[: self.n, : old.n_words] = self.words[: self.n]
            self.words = words
        n_old = len(old.word)
        same = (new.word[:n_old] == old.word) & (new.shift[:n_old] == old.shift)
        moved = np.concatenate([np.flatnonzero(~same), np.arange(n_old, len(new.word))]).astype(np.int32)
        explore.repack(words, self.n, moved, old.word, old.shift, old.mask, new.word, new.shift, words)
        for field in moved[moved < n_old].tolist():
            explore.clear(words, self.n, int(old.word[field]), old.mask[field] << old.shift[field])
        self._rebuild(len(self.table))

    def _rows(self, layout: Layout) -> int:
        """Room for words in another layout."""
        return max(_FEWEST, _room(self.n, layout.n_words * self.words.itemsize, self.n + 1))

    def close(self) -> None:
        """No more states will be found: let go of the set that finds them, and of what room is left."""
        self.set_bytes = self.table.nbytes
        self.table = np.zeros(0, np.uint32)
        for array, n in ((self.words, self.n), (self.situation, self.n), (self.target, self.n_edges)):
            _resize(array, n)

    def add(self, rows: Words) -> Ints:
        """Put in states; gives their numbers."""
        self.make_room(self.n + len(rows), self.n_edges)
        target = np.full(len(rows), hashset.WANTED, np.int32)
        mixed = np.array([hashset.hashed(rows, at) for at in range(len(rows))], np.uint64)
        self.n = hashset.insert(self.table, self.words, self.n, rows, mixed, len(rows), target)
        return target

    def _rebuild(self, slots: int) -> None:
        self.table = hashset.made(slots)
        hashset.fill(self.table, self.words, self.n)


def _room(has: int, size: int, needed: int) -> int:
    """Tell how many items of a size an array gets that has room for some already."""
    if needed > has:
        has = max(has, min(needed * _SPARE, _RESERVED // size))
    while has < needed:
        has += max(1, has >> 3)
    return has


def _bytes(array: Words | Ints, needed: int) -> int:
    """Tell how many bytes an array holds with room for so many items."""
    size = array.nbytes // len(array)
    room = _room(len(array), size, needed)
    return (needed if room * size <= _RESERVED else room) * size


def _grown(array: _Array, n: int, needed: int) -> _Array:
    """Give an array room; the first ``n`` items are kept."""
    size = array.nbytes // len(array)
    room = _room(len(array), size, needed)
    if room == len(array):
        return array
    if len(array) >= _RESERVED // size:
        _resize(array, room)
        return array
    # a new one: resizing would write zeros to all of the room
    wider = np.empty((room, *array.shape[1:]), array.dtype)
    wider[:n] = array[:n]
    return wider


def _resize(array: Words | Ints, n: int) -> None:
    # in place: what is large moves by its pages, without a copy. References to the array itself are no matter
    array.resize((n, *array.shape[1:]), refcheck=False)
