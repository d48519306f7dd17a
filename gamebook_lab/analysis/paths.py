"""All complete playthroughs of a story as a lazy sequence: counted, numbered, opened by number, drawn at random.

>>> import gamebook_lab as gb                                         # doctest: +SKIP
>>> paths = gb.explore(gb.read_story("lighthouse.twee")).paths()      # doctest: +SKIP
>>> paths.count, paths[10**30], paths.rank(paths[7])                  # doctest: +SKIP
>>> paths.sample(1_000, seed=7).passages(0)                           # doctest: +SKIP

**Order.** Paths come by where they begin (in the order of the graph's starts), then by the first edge that they take, by
the second, and so on: the order of a dictionary, in which the letters are a node's edges as the state graph numbers
them. The same story, explored with the same detail, has the same numbers.

**What a path is.** It begins at a start, and ends the first time that play stops. Two that differ in an edge are two,
even where both show the same passages. Filters cut the graph down before anything is counted, so no path is made to
be thrown away.

Covers: counting, numbering, opening, sampling, enumerating. Does not cover: what a set of paths says about a story
(coverage), or which paths real readers took (reading logs). See also :mod:`~gamebook_lab.analysis.walks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar, overload

import numpy as np
import psutil

from gamebook_lab.analysis.large_numbers import decimal
from gamebook_lab.analysis.numbering import Block, Numbering, drawn, joined, limbs_of
from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.errors import LimitError, NoPathsError, PlayError, UnknownPathError

if TYPE_CHECKING:
    import pandas as pd

    from gamebook_lab.analysis.path_export import Suffix
    from gamebook_lab.parallel.progress import Progress
    from gamebook_lab.parallel.submits import Submits

__all__ = ["Paths"]

T = TypeVar("T")
_BATCH: Final = 1 << 14


@dataclass(frozen=True, eq=False, repr=False)
class Paths(Sequence[T], Generic[T]):
    """Complete playthroughs, numbered from 0. Nothing is held but the graph and a number for each node.

    Made by :meth:`Explored.paths <gamebook_lab.analysis.explored.Explored.paths>` (its elements are
    :class:`~gamebook_lab.engine.playthrough.Playthrough`) and by :func:`gamebook_lab.link_paths` (elements are
    :class:`~gamebook_lab.analysis.link_paths.LinkPath`). Slices are lazy too.
    """

    graph: PlayGraph
    numbering: Numbering
    """Which number each way has."""
    opened: Callable[[int, list[int]], T]
    """Makes an element of the node where a way begins and its edges."""
    found: Callable[[T], tuple[int, list[int]]]
    """The way back; raises PlayError for what cannot be played."""
    title: str
    is_exact: bool
    """Every path can be played, and all that can be played are here. False: what is not modelled was taken to go either
    way, so some may not be playable; or the story was not explored to its end, so there may be more."""
    view: range
    """Numbers that this slice shows, of all."""

    def __repr__(self) -> str:
        kind = "" if self.is_exact else ", not exact"
        return f"<Paths of {self.title!r}: {decimal(self.count, grouped=True)}{kind}>"

    # ---- as a sequence

    @property
    def count(self) -> int:  # type: ignore[override]  # of all, not of one: no path is there twice
        """How many there are, exactly, of any size."""
        return _size(self.view)

    def __len__(self) -> int:
        """As :attr:`count`; raises OverflowError from 2**63 on, since Python's ``len`` knows no larger numbers."""
        return self.count

    def __bool__(self) -> bool:
        return self.count > 0

    @overload
    def __getitem__(self, key: int) -> T: ...
    @overload
    def __getitem__(self, key: slice) -> Paths[T]: ...
    def __getitem__(self, key: int | slice) -> T | Paths[T]:
        """Open path number ``key``, or from the end if it is negative; a slice is lazy, as a range is.

        The time is that of the path's own edges: milliseconds in a set of 10**80.
        """
        if isinstance(key, slice):
            return replace(self, view=self.view[key])
        try:
            rank = self.view[key]
        except IndexError:
            count = decimal(self.count, grouped=True)
            raise UnknownPathError(f"no path number {decimal(key, grouped=True)}: there are {count}") from None
        return self.opened(*self.numbering.way(rank))

    def __iter__(self) -> Iterator[T]:
        for batch in self.batches():
            starts, offsets = batch.start.tolist(), batch.offsets.tolist()
            for at, start in enumerate(starts):
                yield self.opened(start, batch.edges[offsets[at] : offsets[at + 1]].tolist())

    def __reversed__(self) -> Iterator[T]:
        return iter(self[::-1])

    def __contains__(self, way: object) -> bool:
        try:
            self.rank(way)  # type: ignore[arg-type]  # whatever it is not, is refused
        except (PlayError, AttributeError, TypeError):
            return False
        return True

    def index(self, value: T, start: int = 0, stop: int | None = None) -> int:
        """As :meth:`rank`; ``start`` and ``stop`` as in ``list.index``."""
        return (self if start == 0 and stop is None else self[start:stop]).rank(value) + range(self.count)[start:].start

    def rank(self, way: T) -> int:
        """Find the number of a path: ``paths[paths.rank(way)] == way``.

        Raises
        ------
        PlayError
            If it is not one of these: it cannot be played, has not come to an end, or is filtered out.
        """
        start, edges = self.found(way)
        rank = self.numbering.ranks(_block(start, edges))[0]
        if rank is None:
            last = int(self.graph.indices[edges[-1]]) if edges else start
            why = (
                "the filters, or the search without returns, leave it out"
                if self.graph.ends[last]
                else f"it stops in {self.graph.passages[self.graph.passage[last]]!r}, where play goes on"
            )
            raise PlayError(f"not one of these {decimal(self.count, grouped=True)} paths: {why}")
        try:
            return self.view.index(rank)
        except ValueError:
            raise PlayError(f"not in this slice: its number among all is {decimal(rank, grouped=True)}") from None

    # ---- many at once

    def walks(self, start: int = 0, stop: int | None = None) -> Walks:
        """Open the paths from one number up to another, in order, as arrays: some 10 ns and 8 bytes an edge.

        Raises
        ------
        LimitError
            If that is more than fits into memory: see :meth:`batches` and :meth:`sample`.
        """
        view = self.view[start:stop]
        self._check_room(_size(view))
        return self._walks(joined(list(_blocks(self.numbering, view))))

    def batches(self, size: int = _BATCH) -> Iterator[Walks]:
        """Go through all of them in order, about ``size`` at a time, at constant memory."""
        for low in _steps(self.view, size):
            yield self._walks(joined(list(_blocks(self.numbering, low))))

    def _check_room(self, n: int) -> None:
        """Refuse what would not fit into half of the memory that is free."""
        size = n * int(8 * self.mean_edges + 12)
        free = psutil.virtual_memory().available
        if size > free // 2:
            raise LimitError(
                f"{decimal(n, grouped=True)} paths need some {decimal(size, grouped=True)} bytes of memory, and {free:,} are free;"
                " take a slice, go through paths.batches(), draw fewer with paths.sample(100_000), or write them with"
                " paths.to_parquet(folder)"
            )

    def take(self, ranks: Iterable[int]) -> Walks:
        """Open paths by their numbers, in the order given; on all processors."""
        numbers = [self.view[rank] for rank in ranks]
        return self._walks(self.numbering.opened(limbs_of(numbers, self.numbering.n_limbs)))

    def ranks(self, walks: Walks) -> list[int]:
        """Find the numbers of many paths: the inverse of :meth:`take`.

        Raises
        ------
        PlayError
            If one is not here; says which.
        """
        found = self.numbering.ranks(Block(walks.start, walks.offsets, walks.edges))
        ranks = []
        for at, rank in enumerate(found):
            if rank is None or rank not in self.view:
                raise PlayError(f"walk {at} is not one of these {decimal(self.count, grouped=True)} paths")
            ranks.append(self.view.index(rank))
        return ranks

    def sample(self, n: int, seed: int = 0) -> Walks:
        """Draw paths at random, with replacement, each *path* as likely as any other.

        That is not how readers go: half of all readers may come to an ending by one short path, while 10**80
        long paths lead to another; then a sample hardly ever shows the first. For readers see :meth:`simulate`.

        Parameters
        ----------
        n
            How many. 8 bytes of memory for each edge of each.
        seed
            The same seed gives the same paths on any number of threads, and the first ``m`` of ``n`` are those of ``m``.

        Raises
        ------
        NoPathsError
            If there is nothing to draw from.
        LimitError
            If they do not fit into memory: draw fewer, and again with another seed.
        ValueError
            If ``n`` is negative.

        Notes
        -----
        Exactly uniform. A number below :attr:`count` is drawn by taking as many random bits as ``count`` has, and others
        if it is not below; each number is then equally likely, whatever its size. It is opened as ``paths[k]`` is,
        in integers without rounding, and numbers and paths are one to one.
        """
        if n < 0:
            raise ValueError(f"expected a number of paths to draw, 0 or more, not {n:,}")
        self._check_room(n)
        rows = self.sampled_rows(n, seed)
        return self._walks(self.numbering.opened(rows))

    def sampled_rows(self, n: int, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
        """Draw the numbers that :meth:`sample` opens, among all, as rows of 64-bit limbs."""
        if n and not self.count:
            raise NoPathsError("there are no paths to draw from")
        n_limbs = self.numbering.n_limbs
        rows = drawn(max(1, self.count), n, seed, n_limbs)
        if self.view == range(self.numbering.count):
            return rows
        data = rows.astype("<u8").tobytes()
        at = (int.from_bytes(data[place : place + 8 * n_limbs], "little") for place in range(0, len(data), 8 * n_limbs))
        return limbs_of([self.view[each] for each in at], n_limbs)

    def simulate(self, n: int, seed: int = 0) -> Walks:
        """Let *readers* play by the reader model, and keep to those whose playthrough is one of these paths.

        Differs from :meth:`sample`, to which every path is equally likely: a reader comes more often to what lies a
        choice or two away than to what lies behind a hundred. Filters don't cost time: each step is taken with the
        probability that a reader takes it *given that* the playthrough will fit. Where nobody knows what a
        decision comes to, what is left is shared alike.

        Parameters
        ----------
        n
            How many readers.
        seed
            The same seed gives the same readers, on any number of threads.

        Raises
        ------
        ValueError
            For a slice, or where the paths were found by search: what a reader did before does not fit into one state.
        """
        from gamebook_lab.analysis.readers_of_paths import simulated

        if self.view != range(self.numbering.count):
            raise ValueError("readers don't play by numbers: simulate with all paths instead of a slice")
        return self._walks(simulated(self.graph, self.numbering, n, seed))

    def to_parquet(
        self,
        folder: str | Path,
        *,
        pool: Submits | None = None,
        sample: int | None = None,
        seed: int = 0,
        most_bytes: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Path:
        """Write all of them, or a sample, as Parquet files of rows in their order.

        Memory stays the same however many there are. After a crash, ``kill -9`` or a power cut, the same call goes on
        from what is done, and the files have the same bytes as without.
        :class:`~gamebook_lab.analysis.path_export.PathExport` is the same as a job that can be paused, for notebooks.

        Parameters
        ----------
        folder
            Where to; made if need be. See :mod:`~gamebook_lab.analysis.path_export` for what is in it, and
            :data:`~gamebook_lab.analysis.path_rows.PATHS` for the columns.
        pool
            A :class:`~gamebook_lab.parallel.pool.WorkerPool`; in this process without.
        sample, seed
            Write so many paths, drawn as by :meth:`sample`, in place of all.
        most_bytes
            What they may take on the disk; as much as is free without.
        progress
            Called with how far it is, on another thread; its rate is in shards.

        Returns
        -------
        Path
            The folder, for :func:`gamebook_lab.read_paths`.

        Raises
        ------
        LimitError
            If there is no room: says how many paths there are, exactly, what they take, and what to do instead.
        ConflictError
            If the folder holds other paths.

        Notes
        -----
        To write some of them, filter the paths themselves: ``space.paths(ending="Rescue").to_parquet(folder)``.
        """
        return self._written(folder, "parquet", pool, sample, seed, most_bytes, progress)

    def to_csv(
        self,
        folder: str | Path,
        *,
        pool: Submits | None = None,
        sample: int | None = None,
        seed: int = 0,
        most_bytes: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Path:
        """Write them as :meth:`to_parquet` does, as CSV: lists are JSON in their cells."""
        return self._written(folder, "csv", pool, sample, seed, most_bytes, progress)

    def to_jsonl(
        self,
        folder: str | Path,
        *,
        pool: Submits | None = None,
        sample: int | None = None,
        seed: int = 0,
        most_bytes: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Path:
        """Write them as :meth:`to_parquet` does, as lines of JSON."""
        return self._written(folder, "jsonl", pool, sample, seed, most_bytes, progress)

    def _written(  # noqa: PLR0917 -- handed on by the three above
        self,
        folder: str | Path,
        suffix: Suffix,
        pool: Submits | None,
        sample: int | None,
        seed: int,
        most_bytes: int | None,
        progress: Callable[[Progress], None] | None,
    ) -> Path:
        from gamebook_lab.analysis.path_export import PathExport

        export = PathExport(self, Path(folder), suffix, sample, seed, most_bytes)
        return export.run(pool, progress=progress)

    def by_ending(self) -> pd.DataFrame:
        """Count the paths to each ending. Columns in :data:`~gamebook_lab.analysis.path_counts.BY_ENDING`."""
        from gamebook_lab.analysis.path_counts import by_ending

        return by_ending(self)

    def by_choices(self) -> pd.DataFrame:
        """Count the paths of each length. Columns in :data:`~gamebook_lab.analysis.path_counts.BY_CHOICES`."""
        from gamebook_lab.analysis.path_counts import by_choices

        return by_choices(self)

    @property
    def mean_edges(self) -> float:
        """Edges of a path, about: the mean of some that are spread evenly over their numbers."""
        if not self:
            return 0.0
        some = self.view[:: max(1, self.count // 64)]
        block = self.numbering.opened(
            limbs_of([some[at] for at in range(min(_size(some), 64))], self.numbering.n_limbs)
        )
        return float(np.diff(block.offsets).mean())

    def _walks(self, block: Block) -> Walks:
        return Walks(self.graph, block.first, block.offsets, block.edges)


def _blocks(numbering: Numbering, view: range) -> Iterator[Block]:
    if view.step == 1:
        yield from numbering.blocks(view.start, view.stop)
    else:
        yield numbering.opened(limbs_of(list(view), numbering.n_limbs))


def _size(view: range) -> int:
    """As ``len``, which knows no numbers from 2**63 on."""
    return max(0, (view.stop - view.start + view.step - (1 if view.step > 0 else -1)) // view.step)


def _steps(view: range, size: int) -> Iterator[range]:
    """Cut a range into pieces of one size."""
    low, n = 0, _size(view)
    while low < n:
        yield view[low : low + size]
        low += size


def _block(start: int, edges: list[int]) -> Block:
    return Block(np.array([start], np.int32), np.array([0, len(edges)], np.int64), np.array(edges, np.int64))
