"""The states found so far, in the order in which they were found: breadth first, so the first way to each is a shortest."""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from gamebook_lab.engine.packing import Layout
from gamebook_lab.kernels import explore, hashset
from gamebook_lab.kernels.accelerate import Ints, Slots, Words

__all__ = ["States"]

_Item = TypeVar("_Item", bound=np.generic)
_FEWEST: Final = 1 << 12
_FULL: Final = 0.6
"""Of the table's slots; a table that gets fuller doubles."""
_GROWTH: Final = 1.5


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
        """Most bytes that are held at once while making room for so many."""
        arrays: tuple[tuple[Words | Ints, int], ...] = (
            (self.words, _room(len(self.words), n_states, _GROWTH)),
            (self.situation, _room(len(self.situation), n_states, _GROWTH)),
            (self.target, _room(len(self.target), n_edges, _GROWTH)),
        )
        slots = _room(len(self.table), int(n_states / _FULL), 2)
        after = sum(room * (array.nbytes // len(array)) for array, room in arrays) + slots * self.table.itemsize
        copied = max((array.nbytes for array, room in arrays if room > len(array)), default=0)
        return after + copied

    def make_room(self, n_states: int, n_edges: int) -> None:
        """Have room for so many in all."""
        self.words = _grown(self.words, self.n, _room(len(self.words), n_states, _GROWTH))
        self.situation = _grown(self.situation, self.n, _room(len(self.situation), n_states, _GROWTH))
        self.target = _grown(self.target, self.n_edges, _room(len(self.target), n_edges, _GROWTH))
        slots = _room(len(self.table), int(n_states / _FULL), 2)
        if slots > len(self.table):
            del self.table
            self._rebuild(slots)

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
        """No more states will be found: let go of the set that finds them."""
        self.set_bytes = self.table.nbytes
        self.table = np.zeros(0, np.uint32)

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


def _room(has: int, needed: int, factor: float) -> int:
    while has < needed:
        has = int(has * factor)
    return has


def _grown(array: npt.NDArray[_Item], n: int, room: int) -> npt.NDArray[_Item]:
    if room == len(array):
        return array
    new = np.empty((room, *array.shape[1:]), array.dtype)
    new[:n] = array[:n]
    return new
