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

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar, overload

import numpy as np

from gamebook_lab.analysis.numbering import Numbering
from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.analysis.walks import Walks

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Paths"]

T = TypeVar("T")


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
    """The way back."""
    title: str = "untitled"
    is_exact: bool = True
    """Every path can be played. False: decisions that are not modelled were taken to go either way, so some may not."""
    shown: range = field(default_factory=lambda: range(0))
    """Numbers that this slice shows, of all."""

    # ---- as a sequence

    @property
    def count(self) -> int:
        """How many there are, exactly, of any size."""

    def __len__(self) -> int:
        """As :attr:`count`; raises OverflowError from 2**63 on, since Python's ``len`` knows no larger ones."""

    def rank(self, way: T) -> int:
        """Find the number of a path: ``paths[paths.rank(way)] == way``.

        Raises
        ------
        PathError
            If it is not one of these: says whether it cannot be played, has not ended, or is filtered out.
        """

    # ---- many at once

    def walks(self, start: int = 0, stop: int | None = None) -> Walks:
        """Open the paths from one number up to another, in order, as arrays.

        Takes some 10 ns an edge; memory is 8 bytes an edge.
        """

    def take(self, ranks: Iterable[int]) -> Walks:
        """Open paths by their numbers, in the order given."""

    def ranks(self, walks: Walks) -> list[int]:
        """Find the numbers of many paths: the inverse of :meth:`take`."""

    def sample(self, n: int, seed: int = 0) -> Walks:
        """Draw paths at random, with replacement, each as likely as any other.

        That is not how readers go: an ending at which half of all *readers* arrive by one short path may have one of 10^80
        *paths*. For readers see :meth:`simulate`.

        Parameters
        ----------
        n
            How many.
        seed
            The same seed gives the same paths on any number of threads, and the first ``m`` of ``n`` are those of ``m``.

        Notes
        -----
        Exactly uniform. A number below ``count`` is drawn by taking as many random bits as ``count`` has, and again if
        it is not below; each number is then equally likely, whatever the size. It is opened as ``paths[k]``
        is, in integers, and numbers and paths are one to one.
        """

    def simulate(self, n: int, seed: int = 0) -> Walks:
        """Let readers play by the reader model: at each point they take what is offered alike, and chance is as written.

        Differs from :meth:`sample`, to which every *path* is equally likely: a reader comes more often to what lies a
        choice or two away than to what lies behind a hundred.
        """

    def by_ending(self) -> pd.DataFrame:
        """Count the paths to each ending: ``passage_id``, ``stop``, ``n_playthroughs`` (exact)."""

    def by_choices(self) -> pd.DataFrame:
        """Count the paths of each length: ``n_choices``, ``n_playthroughs`` (exact)."""
