"""What was derived of an earlier version of a story, so that an edit refreshes it instead of building it anew.

A story is immutable, so nothing derived from it can go stale. Its successor gets the value
together with the keys that have changed since, and mends just those.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """Something that was derived of an earlier version.

    Parameters
    ----------
    value
        What was derived.
    table
        The passages of that version.
    stale
        Keys that were added, removed, or changed in text, name or tags since.
    """

    value: Any
    table: pd.DataFrame
    stale: frozenset[int]

    def aged(self, changed: frozenset[int]) -> Earlier:
        """Return the same, after more passages have changed."""
        return replace(self, stale=self.stale | changed)

    def stale_in(self, table: pd.DataFrame) -> list[int] | None:
        """Keys to derive anew for ``table``, in its order; None if it has the others in another order than before."""
        old, new = self.table.index, table.index
        if old is not new and not _goes_on(old, new) and not _goes_on(new, old):
            places = new.get_indexer(old)
            if (np.diff(places[places >= 0]) < 0).any():
                return None
        places = new.get_indexer(pd.Index(list(self.stale), dtype="int64"))
        keys: list[int] = new[np.sort(places[places >= 0])].tolist()
        return keys


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """An edit that changed cells, or added or removed rows, and left the others in their order."""

    before: pd.DataFrame
    after: pd.DataFrame
    keys: frozenset[int]
    """Of all passages that it added or removed, or may have changed."""


def keys_that_differ(old: pd.Index, new: pd.Index) -> frozenset[int]:
    """Keys that are in just one of two indexes."""
    if old is new:
        return frozenset()
    if _goes_on(old, new):
        return frozenset(new[len(old) :].tolist())
    if _goes_on(new, old):
        return frozenset(old[len(new) :].tolist())
    return frozenset(old[new.get_indexer(old) < 0].tolist()) | frozenset(new[old.get_indexer(new) < 0].tolist())


def _goes_on(old: pd.Index, new: pd.Index) -> bool:
    """Whether the new one is the old one, or that and more at its end: most edits leave it so, and this is told at once."""
    return len(old) <= len(new) and bool(old.equals(new[: len(old)]))
