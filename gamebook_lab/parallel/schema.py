"""What goes in and comes out of work, as types that are checked: tables by their columns, rows by their fields."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from gamebook_lab.errors import SchemaError

__all__ = ["ANYTHING", "Rows", "Schema", "Table", "n_bytes", "n_rows"]


class Schema(Protocol):
    """Says what a value must be; picklable."""

    def check(self, value: Any) -> None:
        """Raise :class:`SchemaError` unless it is."""


@dataclass(frozen=True, slots=True)
class _Anything:
    def check(self, value: Any) -> None:
        """Anything goes."""


ANYTHING: Final[Schema] = _Anything()


@dataclass(frozen=True, slots=True)
class Table:
    """A DataFrame with these columns, in this order.

    Parameters
    ----------
    columns
        Name of the type by name of the column, as in ``str(frame["a"].dtype)``: ``int64``, ``str``, ``category`` ...

    Examples
    --------
    >>> import pandas as pd
    >>> Table({"n": "int64"}).check(pd.DataFrame({"n": [0.5]}))
    Traceback (most recent call last):
        ...
    gamebook_lab.errors.SchemaError: column 'n' is float64, expected int64
    """

    columns: Mapping[str, str]

    def check(self, value: Any) -> None:
        """Compare names and types of the columns; takes no longer for long tables."""
        if not isinstance(value, pd.DataFrame):
            raise SchemaError(f"expected a DataFrame, not {type(value).__name__}")
        names = [str(name) for name in value.columns]
        if names != list(self.columns):
            missing = [name for name in self.columns if name not in names]
            more = [name for name in names if name not in self.columns]
            raise SchemaError(f"expected the columns {list(self.columns)}; missing: {missing}, not expected: {more}")
        for (name, expected), dtype in zip(self.columns.items(), value.dtypes, strict=True):
            if str(dtype) != expected:
                raise SchemaError(f"column {name!r} is {dtype}, expected {expected}")


@dataclass(frozen=True, slots=True)
class Rows:
    """A list or tuple of rows of one class.

    Parameters
    ----------
    row
        A ``NamedTuple`` or dataclass. Fields that are plain classes, or one of several, are checked; others,
        say ``list[int]``, are not looked into.
    """

    row: type
    _fields: Mapping[str, tuple[type, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not (is_dataclass(self.row) or hasattr(self.row, "_fields")):
            raise TypeError(f"expected a NamedTuple or a dataclass, not {self.row!r}")
        hints = typing.get_type_hints(self.row)
        names = [each.name for each in fields(self.row)] if is_dataclass(self.row) else self.row._fields
        checked = {name: _classes(hints[name]) for name in names}
        object.__setattr__(self, "_fields", {name: classes for name, classes in checked.items() if classes})

    def check(self, value: Any) -> None:
        """Look at each field of each row."""
        if not isinstance(value, list | tuple):
            raise SchemaError(f"expected a list of {self.row.__name__}, not {type(value).__name__}")
        for number, row in enumerate(value):
            if not isinstance(row, self.row):
                raise SchemaError(f"row {number} is {type(row).__name__}, expected {self.row.__name__}")
            for name, classes in self._fields.items():
                part = getattr(row, name)
                # True is an int to Python, and a mistake in a table
                if not isinstance(part, classes) or (isinstance(part, bool) and bool not in classes):
                    expected = " or ".join(each.__name__ for each in classes)
                    raise SchemaError(f"row {number}: {name} is {type(part).__name__}, expected {expected}")


def _classes(hint: Any) -> tuple[type, ...]:
    """Classes that a hint allows; none if they cannot be told by ``isinstance``."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        parts = [_classes(part) for part in typing.get_args(hint)]
        return tuple(each for part in parts for each in part) if all(parts) else ()
    return (hint,) if isinstance(hint, type) and not typing.get_origin(hint) and hint is not object else ()


def n_rows(value: Any) -> int:
    """Number of rows of a table, an array or a list; 1 for anything else."""
    if isinstance(value, np.ndarray):
        return len(value) if value.ndim else 1
    return len(value) if isinstance(value, pd.DataFrame | Sequence) and not isinstance(value, str | bytes) else 1


def n_bytes(value: Any) -> int:
    """Bytes that the data of a table, an array or bytes takes; 0 where it is not known cheaply."""
    match value:
        case pd.DataFrame():
            return int(value.memory_usage(index=True, deep=False).sum())
        case np.ndarray():
            return value.nbytes
        case bytes():
            return len(value)
    return 0
