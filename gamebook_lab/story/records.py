"""The passages of a story's table as records: of few without making other tables, and each just once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from gamebook_lab.story import schema
from gamebook_lab.story.passage import Passage

__all__ = ["Records", "place_of", "records_of", "rows_of", "values_of"]

_FEW: Final = 20
"""Up to so many are looked up one by one."""
_NAMES: Final = tuple(column.name for column in schema.PASSAGES)


class Records:
    """Looks passages up by their keys.

    Parameters
    ----------
    table
        The truth; never changed.

    Notes
    -----
    A column is taken from the table when it is first asked of, and a passage is read once: an edit asks several times for
    what it has changed, before and after.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table
        self._columns: list[Any] = []
        self._known: dict[int, Passage] = {}

    def __getitem__(self, key: int) -> Passage:
        if key not in self._known:
            place = place_of(self._table.index, key)
            if not self._columns:
                self._columns = [self._table[name].array for name in _NAMES]
            self._known[key] = Passage(*(_plain(column[place]) for column in self._columns))
        return self._known[key]

    def of(self, keys: Collection[int]) -> dict[int, Passage]:
        """Records of these passages by key; those that the story does not have are left out."""
        index = self._table.index
        if len(keys) <= _FEW:
            return {key: self[key] for key in keys if key in index}
        places = index.get_indexer(pd.Index(list(keys), dtype="int64"))
        return records_of(self._table.iloc[places[places >= 0]])


def values_of(table: pd.DataFrame, name: str, keys: Sequence[int]) -> list[Any]:
    """What a column holds of these passages, which are all there."""
    column = table[name]
    if len(keys) > _FEW:
        return list(column.reindex(list(keys)))
    array, index = column.array, table.index
    return [array[place_of(index, key)] for key in keys]


def place_of(index: pd.Index, key: int) -> int:
    """0-based position of a key."""
    place = index.get_loc(key)
    assert isinstance(place, int)  # no key is there twice
    return place


def records_of(table: pd.DataFrame) -> dict[int, Passage]:
    """Record of every row by its key, in order; what is missing is None."""
    columns = (_plain_values(table[name]) for name in _NAMES)
    return {key: Passage(*values) for key, *values in zip(table.index.tolist(), *columns, strict=True)}


def rows_of(records: Collection[Passage], keys: pd.Index) -> pd.DataFrame:
    """Make a table with these passages as its rows, under these keys."""
    data = {name: [getattr(record, name) for record in records] for name in _NAMES}
    return schema.build(schema.PASSAGES, data, index=keys)


def _plain_values(column: pd.Series[Any]) -> list[Any]:
    values: list[Any] = column.tolist()
    is_plain = column.dtype != object and not column.hasnans
    return values if is_plain else [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    """A value of Python's own, None for a missing one: those don't equal themselves, or can't say."""
    if value is pd.NA or value != value:  # noqa: PLR0124 -- that is what tells NaN
        return None
    return value.item() if isinstance(value, np.generic) else value
