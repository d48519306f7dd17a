"""Several levels of coverage as one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, reduce

import numpy as np
import pandas as pd

from gamebook_lab.analysis.meeting import Keyed, Level, Nearest
from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.kernels.accelerate import Ints, Longs

__all__ = ["joined"]


def joined(levels: Sequence[Level]) -> Level:
    """Put several levels of one space into one, things numbered on."""
    return levels[0] if len(levels) == 1 else _Joined(tuple(levels))


class _Joined:
    """See :class:`~gamebook_lab.analysis.meeting.Level`."""

    n_written: int | None = None
    note: str = ""

    def __init__(self, parts: tuple[Level, ...]) -> None:
        self._parts = parts
        self._first: Longs = np.concatenate(([0], np.cumsum([len(part) for part in parts]))).astype(np.int64)

    def __len__(self) -> int:
        return int(self._first[-1])

    @property
    def graph(self) -> PlayGraph:
        """Theirs."""
        return self._parts[0].graph

    @property
    def name(self) -> str:
        """All names."""
        return " and ".join(part.name for part in self._parts)

    @property
    def is_placed(self) -> bool:
        """Whether all of them are."""
        return all(part.is_placed for part in self._parts)

    @cached_property
    def items(self) -> pd.DataFrame:
        """A row for each thing."""
        return pd.concat([part.items for part in self._parts], ignore_index=True)

    @cached_property
    def at_nodes(self) -> Keyed:
        """What may be met at each node."""
        return self._united([part.at_nodes for part in self._parts])

    @cached_property
    def at_edges(self) -> Keyed:
        """What may be met on each edge."""
        return self._united([part.at_edges for part in self._parts])

    @cached_property
    def nearest(self) -> Nearest:
        """Where each thing is met first."""
        return Nearest(*(np.concatenate(each) for each in zip(*(part.nearest for part in self._parts), strict=True)))

    def met_at(self, walks: Walks) -> tuple[Longs, Longs, Longs]:
        """List where walks meet things."""
        found = [part.met_at(walks) for part in self._parts]
        step, walk, item = (np.concatenate(each) for each in zip(*found, strict=True))
        return step, walk, item + np.repeat(self._first[:-1], [each[0].size for each in found])

    def met_by(self, walks: Walks) -> tuple[Longs, Longs]:
        """List what each walk meets."""
        found = [part.met_by(walks) for part in self._parts]
        walk = np.concatenate([each for each, _ in found])
        item = np.concatenate([each + first for (_, each), first in zip(found, self._first.tolist(), strict=False)])
        order = np.lexsort((item, walk))
        return walk[order], item[order]

    def way(self, item: int) -> tuple[int, list[int]]:
        """Find a shortest way that meets a thing."""
        part = int(np.searchsorted(self._first, item, "right")) - 1
        return self._parts[part].way(item - int(self._first[part]))

    def _united(self, each: Sequence[Keyed]) -> Keyed:
        shifted = [
            Keyed(at.key, at.offsets, (at.items + first).astype(np.int32))
            for at, first in zip(each, self._first.tolist(), strict=False)
        ]
        return reduce(_both, shifted)


def _both(first: Keyed, second: Keyed) -> Keyed:
    """What either has at a place: a key for each pair of keys."""
    pairs, key = np.unique(first.key.astype(np.int64) * second.n_keys + second.key, return_inverse=True)
    at, own = first.spread(pairs // second.n_keys)
    also_at, others = second.spread(pairs % second.n_keys)
    position, items = np.concatenate((at, also_at)), np.concatenate((own, others))
    order = np.argsort(position, kind="stable")
    offsets: Longs = np.searchsorted(position[order], np.arange(pairs.size + 1)).astype(np.int64)
    keys: Ints = key.astype(np.int32)
    return Keyed(keys, offsets, items[order].astype(np.int32))
