"""The table of situations, as the hot loop reads it: a decision tree per location and the ways on of each situation."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from gamebook_lab.engine.packing import Fields, Layout
from gamebook_lab.engine.situations import Branch, Leading, Location, Outcome, Situation
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Flags, Ints, Words
from gamebook_lab.kernels.hashset import WANTED
from gamebook_lab.story.frozen import Value
from gamebook_lab.story.play import Page

__all__ = ["Table", "Way", "end_of"]

_NO_END: Final = int(WANTED)
_MISSING: Final = -1


def end_of(stop: Stop) -> int:
    """Stand-in for a state where a way stops at once: -1 for a missing passage, less for other stops."""
    return _MISSING if stop is Stop.MISSING else -1 - int(stop)


class Way(NamedTuple):
    """One row of the table: something that may happen in a situation. ``leading`` is None where a branch stops."""

    situation: int
    branch: Branch
    leading: Leading | None
    outcome: Outcome | None


class Table:
    """Grows as situations are met; numbers are never changed."""

    def __init__(
        self,
        fields: Fields,
        names: frozenset[str],
        live: tuple[Mapping[str, int], Mapping[str, int]],
        judge: Callable[[Branch], Stop],
    ) -> None:
        self.fields, self.names = fields, names
        self._live, self._judge = live, judge
        self._n_foreseen = len(fields.names)
        self.locations: list[str | Page] = []
        self._live_bits: list[int] = []
        self._kept_in: Layout | None = None
        self._kept_words: Words = np.empty((0, 1), np.uint64)
        self._bits: Words = np.empty((0, 1), np.uint64)
        self._numbers: dict[str | Page, int] = {}
        self.situations: list[Situation] = []
        self.situation_location = array("i")
        self.situation_stop = array("b")
        self.ways: list[Way] = []
        self.first_way = array("i", [0])
        self.way_ends = array("i")
        self.way_location = array("i")
        self._put_way, self._put_field, self._put_value = array("i"), array("i"), array("q")
        self.root = array("i")
        self.node_field, self.node_child, self.node_size = array("i", [0]), array("i", [0]), array("i", [0])
        self.child = array("i", [0])

    def location(self, place: str | Page) -> int:
        """Number of a location."""
        known = self._numbers.get(place)
        if known is None:
            known = self._numbers[place] = len(self.locations)
            self.locations.append(place)
            arriving, standing = self._live
            self._live_bits.append(standing[place.passage] if isinstance(place, Page) else arriving[place])
            self.root.append(0)
        return known

    # ---- situations

    def add(self, location: int, asked: Mapping[str, Value], situation: Situation) -> int:
        """Add a situation: met at this location when the variables asked for, in this order, had these values."""
        number = len(self.situations)
        self.situations.append(situation)
        self.situation_location.append(location)
        for branch in situation.branches:
            self._add_branch(number, branch)
        self.first_way.append(len(self.ways))
        stop = Stop.GOES_ON
        if len(situation.branches) == 1 and not situation.branches[0].ways:
            stop = self._judge(situation.branches[0])
        elif all(end == _MISSING for end in self.way_ends[self.first_way[number] :]):
            stop = Stop.MISSING
        self.situation_stop.append(stop)
        self._plant(location, asked, number)
        return number

    def _add_branch(self, number: int, branch: Branch) -> None:
        for leading in branch.ways:
            for outcome in leading.outcomes:
                self._add_way(Way(number, branch, leading, outcome), outcome.to)
        if not branch.ways and len(self.situations[number].branches) > 1:
            self.ways.append(Way(number, branch, None, None))
            self.way_ends.append(end_of(self._judge(branch)))
            self.way_location.append(-1)

    def _add_way(self, way: Way, to: Location) -> None:
        assert way.outcome is not None
        row = len(self.ways)
        self.ways.append(way)
        if to is None:
            self.way_ends.append(end_of(Stop.ENDLESS))
            self.way_location.append(-1)
        elif isinstance(to, str) and to not in self.names:
            self.way_ends.append(_MISSING)
            self.way_location.append(-1)
        else:
            self.way_ends.append(_NO_END)
            location = self.location(to)
            self.way_location.append(location)
            for variable, value in way.outcome.writes:
                at = self.fields.field(variable)
                number = self.fields.interned[at].number(value)
                if at > self._n_foreseen or self._live_bits[location] >> (at - 1) & 1:
                    self._put_way.append(row)
                    self._put_field.append(at)
                    self._put_value.append(number)

    def _plant(self, location: int, asked: Mapping[str, Value], number: int) -> None:
        """Grow the decision tree: by the values asked for, in order, to the situation."""
        path = []
        for variable, value in asked.items():
            at = self.fields.field(variable)
            path.append((at, self.fields.interned[at].number(value)))
        held, slot = self.root, location
        for at, value in path:
            if held[slot] == 0:
                self.node_field.append(at)
                self.node_child.append(0)
                self.node_size.append(0)
                held[slot] = len(self.node_field) - 1
            node = held[slot]
            assert node > 0, "a player is not deterministic"
            assert self.node_field[node] == at, "a player is not deterministic"
            self._widen(node, value)
            held, slot = self.child, self.node_child[node] + value
        held[slot] = -1 - number

    def _widen(self, node: int, value: int) -> None:
        size = self.node_size[node]
        if value < size:
            return
        wider = max(4, 1 << value.bit_length())
        begin = self.node_child[node]
        self.node_child[node], self.node_size[node] = len(self.child), wider
        self.child.extend(self.child[begin : begin + size])
        self.child.extend([0] * (wider - size))

    # ---- for the hot loop

    def live(self) -> Flags:
        """Which fields must be kept at each location: the location itself and variables unknown beforehand always."""
        kept = np.ones((len(self.locations), len(self.fields.interned)), np.bool_)
        kept[:, 1 : self._n_foreseen + 1] = self._foreseen_live(0)
        return kept

    def _foreseen_live(self, start: int) -> npt.NDArray[np.uint8]:
        """Which of the variables that are known beforehand must be kept, at the locations from ``start`` on."""
        n_bytes, known = (self._n_foreseen + 7) // 8, self._live_bits[start:]
        raw = b"".join(bits.to_bytes(n_bytes, "little") for bits in known)
        rows = np.frombuffer(raw, np.uint8).reshape(len(known), n_bytes)
        return np.unpackbits(rows, axis=1, count=self._n_foreseen, bitorder="little")

    def _kept(self, layout: Layout) -> Words:
        """Bits to keep on the way to each location: those of live fields, but not the location itself."""
        if self._kept_in is not layout:
            self._kept_in, self._kept_words = layout, np.empty((0, layout.n_words), np.uint64)
            self._bits = np.zeros((len(layout.word), layout.n_words), np.uint64)
            self._bits[np.arange(len(layout.word)), layout.word] = layout.mask << layout.shift
        start = len(self._kept_words)
        if start < len(self.locations):
            bits, stop = self._bits, self._n_foreseen + 1
            # each field has bits of its own: their sum is all of them
            new = self._foreseen_live(start).astype(np.uint64) @ bits[1:stop] + bits[stop:].sum(axis=0, dtype=np.uint64)
            self._kept_words = np.concatenate([self._kept_words, new])
        return self._kept_words

    def moves(self, layout: Layout, start: int) -> tuple[Words, Words]:
        """Bits to keep and bits to put, for every way from row ``start`` on."""
        kept = self._kept(layout)
        location = np.array(self.way_location[start:], np.int64)
        leads = np.flatnonzero(location >= 0)
        keep = np.zeros((len(location), layout.n_words), np.uint64)
        put = np.zeros((len(location), layout.n_words), np.uint64)
        keep[leads] = kept[location[leads]]
        put[leads, layout.word[0]] = location[leads].astype(np.uint64) << layout.shift[0]
        first = bisect_left(self._put_way, start)
        way = np.array(self._put_way[first:], np.int64) - start
        field = np.array(self._put_field[first:], np.int64)
        value = np.array(self._put_value[first:], np.uint64)
        word, shift = layout.word[field], layout.shift[field]
        np.bitwise_and.at(keep, (way, word), ~(layout.mask[field] << shift))
        np.bitwise_or.at(put, (way, word), value << shift)
        return keep, put

    def n_ways(self) -> Ints:
        """How many ways each situation has."""
        first = np.array(self.first_way, np.int32)
        found: Ints = first[1:] - first[:-1]
        return found

    def trees(self, layout: Layout) -> tuple[Ints, Ints, Words, Words, Ints, Ints]:
        """Copies of the decision trees as :mod:`~gamebook_lab.kernels.explore` reads them: all are one, by location."""
        field = np.array(self.node_field, np.int32)
        first = np.array(self.node_child, np.int32) + np.int32(len(self.root))
        size = np.array(self.node_size, np.int32)
        first[0], size[0] = 0, len(self.root)
        slots = np.concatenate([np.array(self.root, np.int32), np.array(self.child, np.int32), np.zeros_like(field)])
        return slots, layout.word[field], layout.shift[field], layout.mask[field], first, size
