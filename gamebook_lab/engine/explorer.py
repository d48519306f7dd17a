"""Explores breadth first: situations are interpreted once, states are moved in bulk.

States wait in the order in which they were found, and are taken in batches of a fixed size, so that their numbers are
the same on any number of threads. Situations not met before are interpreted between two passes of the hot loop. While
what follows one batch is put into the set, on a thread of its own if there are several, the next is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise
from typing import Final, NamedTuple, TypeVar

import numpy as np

from gamebook_lab.engine.cache import Known
from gamebook_lab.engine.limits import LimitReachedError, Limits, Progress
from gamebook_lab.engine.packing import FORGOTTEN, Fields, Layout
from gamebook_lab.engine.recording import AllAsked, Reads, Unclear
from gamebook_lab.engine.situations import Branch, Ways, begin, interpret
from gamebook_lab.engine.states import States
from gamebook_lab.engine.stops import Stop
from gamebook_lab.engine.table import Table
from gamebook_lab.kernels import explore, hashset
from gamebook_lab.kernels.accelerate import Ints, Words
from gamebook_lab.story.frozen import UNSET, Value
from gamebook_lab.story.play import Detail, Page, Player

__all__ = ["Explorer", "Plan", "UnforeseenError"]

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_BATCH: Final = 1 << 14
_FEW: Final = 1 << 16
"""States up to which all fields are packed anew when one grows; later only that one moves."""
_MOST_STATES: Final = 2**31 - 1
"""As many as their numbers can tell apart."""


class UnforeseenError(Exception):
    """The story moved where nobody foresaw, so what was taken for dead may live."""

    def __init__(self, moves: set[tuple[str, str]]) -> None:
        super().__init__("moves that were not foreseen")
        self.moves = moves


class Plan(NamedTuple):
    """What an exploration goes by."""

    player: Player
    names: frozenset[str]
    detail: Detail
    matters: Callable[[str], bool]
    variables: tuple[str, ...]
    live: tuple[Mapping[str, int], Mapping[str, int]]
    follows: Mapping[str, frozenset[str]] | None
    """The moves that liveness rests on; None if any will do."""
    known: Callable[[str | Page], Known]
    judge: Callable[[Branch], Stop]
    widths: Mapping[str, int]
    """How wide the fields of states are expected to get."""


class _Following:
    """Room for what follows the states of one batch. It is kept: fresh pages cost more than the work."""

    def __init__(self, n_words: int, n: int) -> None:
        self.rows: Words = np.empty((n, n_words), np.uint64)
        self.mixed: Words = np.empty(n, np.uint64)
        self.target: Ints = np.empty(n, np.int32)

    def has_room(self, n_words: int, n: int) -> bool:
        """Tell whether so many states of so many words fit in."""
        return len(self.mixed) >= n and self.rows.shape[1] == n_words


class Explorer:
    """One exploration; :meth:`run` it once, then read its fields."""

    def __init__(self, plan: Plan, limits: Limits, progress: Callable[[Progress], object] | None, threads: int) -> None:
        self.plan, self.limits, self.progress, self.threads = plan, limits, progress, threads
        self.fields = Fields(plan.variables, plan.widths)
        self.table = Table(self.fields, plan.names, plan.live, plan.judge)
        self.layout: Layout = self.fields.layout
        self.states = States(self.layout)
        self.n_done = 0
        self.limit: str | None = None
        self.starts: Ways = ()
        self.initial: list[int] = []
        self.unclear: dict[Unclear, None] = {}
        self.asked: AllAsked = {}
        self.is_cut = False
        self._keep: Words = np.zeros((0, 1), np.uint64)
        self._put: Words = np.zeros((0, 1), np.uint64)
        self._known: dict[int, Known] = {}
        self._following, self._spare = _Following(1, 0), _Following(1, 0)
        self._put_in: Callable[[], int] | None = None

    def run(self) -> None:
        """Explore until all is known or a limit is reached.

        Raises
        ------
        UnforeseenError
            If the plan does not foresee some move; nothing that was found then counts.
        """
        try:
            self._begin()
            with ThreadPoolExecutor(self.threads) as pool:
                self._go_on(pool)
        except LimitReachedError as reached:
            self.limit = str(reached)
        self._settle()
        self.states.situation[self.n_done : self.states.n] = -1
        self.states.close()
        # they are as large as many states, and analyses have a use for the memory
        self._following = self._spare = _Following(1, 0)

    def _go_on(self, pool: ThreadPoolExecutor) -> None:
        is_waiting = self._is_waiting()
        while is_waiting:
            limit = self.limits.reached(self.states.n)
            if limit is not None:
                raise LimitReachedError(limit)
            self._step(pool)
            is_waiting = self._is_waiting()
            if self.progress is not None:
                waiting = self.states.n - self.n_done
                self.progress(Progress(self.states.n, waiting, len(self.table.situations), self.limits.elapsed()))

    # ---- the beginning

    def _begin(self) -> None:
        reads = self._reads(lambda _: UNSET, self.plan.player.start or "")
        self.starts = begin(self.plan.player, reads)
        self.unclear.update(dict.fromkeys(reads.unclear))
        self.is_cut |= reads.is_cut
        written = []
        for outcome in self.starts:
            if isinstance(outcome.to, str) and outcome.to in self.plan.names:
                values = {self.fields.field(name): value for name, value in outcome.writes}
                numbers = {at: self.fields.interned[at].number(value) for at, value in values.items()}
                written.append((self.table.location(outcome.to), numbers))
        self._fit()
        live = self.table.live()
        rows = np.zeros((len(written), self.layout.n_words), np.uint64)
        for row, (location, numbers) in zip(rows, written, strict=True):
            row[self.layout.word[0]] = np.uint64(location) << self.layout.shift[0]
            for at in range(1, len(self.fields.interned)):
                number = numbers.get(at, 1) if live[location, at] else FORGOTTEN
                row[self.layout.word[at]] |= np.uint64(number) << self.layout.shift[at]
        self.initial = self.states.add(rows).tolist()

    def _reads(self, ask: Callable[[str], Value], passage: str) -> Reads:
        check, detail = self.limits.check, self.plan.detail
        return Reads(ask, self.plan.matters, detail, go_on=check, known=self.asked, passage=passage)

    # ---- one batch

    def _is_waiting(self) -> bool:
        """Tell whether there are states to look at; at least a batch, if what follows the last one is not put in yet."""
        if self.n_done + _BATCH > self.states.n:
            self._settle()
        return self.n_done < self.states.n

    def _step(self, pool: ThreadPoolExecutor) -> None:
        """Look at the next states, if there is memory for what may follow them."""
        start, stop = self.n_done, min(self.n_done + self._batch(), self.states.n)
        n_edges = self._find_situations(pool, start, stop)
        self._take_ways(pool, start, stop, n_edges)
        self._settle()
        n_states, all_edges = self.states.n + n_edges, self.states.n_edges + n_edges
        if self.states.bytes_to_hold(n_states, all_edges) > self.limits.memory:
            raise LimitReachedError("memory")
        if n_states >= _MOST_STATES:
            raise LimitReachedError(f"{_MOST_STATES:,} states")
        self.states.make_room(n_states, all_edges)
        self._begin_to_put_in(pool, n_edges)
        if self.limits.max_states is not None and self.states.n + n_edges > self.limits.max_states:
            self._stay_within(self.limits.max_states, n_edges)
        self.n_done = stop

    def _stay_within(self, most: int, n_edges: int) -> None:
        """Take back what was put in last, if that is more than may be."""
        before = self.states.n
        self._settle()
        if self.states.n > most:
            self.states.n, self.states.n_edges = before, self.states.n_edges - n_edges
            raise LimitReachedError("max_states")

    def _batch(self) -> int:
        if self.limits.max_states is None:
            return _BATCH
        return max(1, min(_BATCH, (self.limits.max_states - self.states.n) // 8))

    def _find_situations(self, pool: ThreadPoolExecutor, start: int, stop: int) -> int:
        situation = self.states.situation[start:stop]
        situation[:] = -1
        while True:
            n_missing, n_edges = self._look_up(pool, start, stop)
            if not n_missing:
                return n_edges
            missing = start + np.flatnonzero(situation < 0)
            _, firsts = np.unique(self.states.situation[missing], return_index=True)
            asked = [self._values_asked(int(at)) for at in np.sort(missing[firsts]).tolist()]
            for location, ask in asked:
                self._meet(location, ask)
            self._fit()

    def _look_up(self, pool: ThreadPoolExecutor, start: int, stop: int) -> tuple[int, int]:
        states = self.states
        trees = self.table.trees(self.layout)
        n_ways = self.table.n_ways()

        def part(bounds: tuple[int, int]) -> tuple[int, int]:
            start, stop = bounds
            found: tuple[int, int] = explore.situations(states.words, start, stop, *trees, n_ways, states.situation)
            return found

        counts = _each(pool, part, self._parts(start, stop))
        return sum(missing for missing, _ in counts), sum(edges for _, edges in counts)

    def _parts(self, start: int, stop: int) -> list[tuple[int, int]]:
        n = min(max(1, self.threads - 1), max(1, (stop - start) // 256))  # one puts in what follows the last batch
        cuts = [start + (stop - start) * each // n for each in range(n + 1)]
        return list(pairwise(cuts))

    # ---- situations that were not met before

    def _values_asked(self, state: int) -> tuple[int, Callable[[str], Value]]:
        row, layout, fields = self.states.words[state].tolist(), self.layout, self.fields
        word, shift, mask = layout.word, layout.shift, layout.mask

        def number(at: int) -> int:
            return int(row[word[at]] >> int(shift[at]) & int(mask[at]))

        def ask(variable: str) -> Value:
            at = fields.numbers.get(variable)
            return UNSET if at is None or at >= len(word) else fields.interned[at].known[number(at)]

        return number(0), ask

    def _meet(self, location: int, ask: Callable[[str], Value]) -> None:
        place = self.table.locations[location]
        known = self._known.get(location)
        if known is None:
            known = self._known[location] = self.plan.known(place)
        found = known.find(ask)
        if found is None:
            reads = self._reads(ask, place.passage if isinstance(place, Page) else place)
            situation = interpret(self.plan.player, self.plan.names, place, reads)
            known.add(reads, situation)
            found = situation, reads.values
        situation, values = found
        self.table.add(location, values, situation)
        self._note(place, situation.branches)
        self.unclear.update(dict.fromkeys(situation.unclear))
        self.is_cut |= situation.is_cut

    def _note(self, place: str | Page, branches: tuple[Branch, ...]) -> None:
        if self.plan.follows is None:
            return
        begins = place.passage if isinstance(place, Page) else place
        moves = set()
        for branch in branches:
            way = branch.passages
            moves |= set(pairwise(way))
            for leading in branch.ways:
                for outcome in leading.outcomes:
                    to = outcome.to
                    if isinstance(to, str) and to in self.plan.names:
                        moves.add((way[-1] if way else begins, to))
        unforeseen = {(each, to) for each, to in moves if to not in self.plan.follows.get(each, ())}
        if unforeseen:
            raise UnforeseenError(unforeseen)

    def _fit(self) -> None:
        """Widen fields that are too narrow by now, and have the bits of every way ready."""
        done = len(self._keep)
        if self.fields.is_narrow(len(self.table.locations)):
            self._settle()
            old, widths = self.layout, self.fields.widths
            if self.states.n < _FEW:
                self.layout = Layout.of(widths)
                self.states.repack(old, self.layout)
            else:
                self.layout = old.widened(widths)
                self.states.widen(old, self.layout)
            self.fields.layout = self.layout
            done = 0
        if done < len(self.table.ways) or self._keep.shape[1] != self.layout.n_words:
            keep, put = self.table.moves(self.layout, done)
            self._keep = np.concatenate([self._keep[:done], keep]) if done else keep
            self._put = np.concatenate([self._put[:done], put]) if done else put

    # ---- ways on

    def _take_ways(self, pool: ThreadPoolExecutor, start: int, stop: int, n_edges: int) -> None:
        states, n_words = self.states, self.layout.n_words
        first_way = np.array(self.table.first_way, np.int32)
        ends = np.array(self.table.way_ends, np.int32)
        if not self._spare.has_room(n_words, n_edges):
            self._spare = _Following(n_words, 2 * n_edges)
        into = self._spare
        parts = self._parts(start, stop)
        counts = self.table.n_ways()
        sizes = [int(counts[states.situation[begin:end]].sum()) for begin, end in parts[:-1]]
        offsets = [0, *accumulate(sizes), n_edges]

        def part(at: int) -> None:
            here = slice(offsets[at], offsets[at + 1])
            explore.successors(
                states.words, *parts[at], states.situation, first_way, self._keep, self._put, ends,
                into.rows[here], into.mixed[here], into.target[here],
            )  # fmt: skip

        _each(pool, part, range(len(parts)))

    def _begin_to_put_in(self, pool: ThreadPoolExecutor, n_edges: int) -> None:
        """Number what follows the states that were just looked at; :meth:`_settle` waits for it."""
        states, rows = self.states, self._spare
        self._following, self._spare = self._spare, self._following
        target = states.target[states.n_edges : states.n_edges + n_edges]
        target[:] = rows.target[:n_edges]
        states.n_edges += n_edges

        def put_in() -> int:
            n: int = hashset.insert(states.table, states.words, states.n, rows.rows, rows.mixed, n_edges, target)
            return n

        self._put_in = put_in if self.threads == 1 else pool.submit(put_in).result

    def _settle(self) -> None:
        """Have everything put in: arrays of states may be moved then, and all of them are known."""
        if self._put_in is not None:
            self.states.n = self._put_in()
            self._put_in = None


def _each(pool: ThreadPoolExecutor, work: Callable[[_In], _Out], parts: Sequence[_In]) -> list[_Out]:
    """Do all parts; one alone needs no other thread."""
    return [work(parts[0])] if len(parts) == 1 else list(pool.map(work, parts))
