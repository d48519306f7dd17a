"""The tables and their columns: the one definition that every room relies on.

A column is written down once, as a record: its name, dtype, unit, meaning. Code that
builds a table asks :func:`empty` or :func:`build`, so that an empty story has the same
columns and dtypes as a full one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table.

    ``dtype`` is a pandas dtype. ``object`` is used on purpose where a column holds long
    texts or tuples: an edit then copies pointers instead of all the story's characters.
    """

    name: str
    dtype: str
    meaning: str
    unit: str = ""


PASSAGES: Final = (
    Column("passage_id", "str", "name of the passage, as links write it; unique but for an author's mistake"),
    Column("text", "object", "source text, line ends as \\n, without the blank lines that only separate passages"),
    Column("tags", "object", "tuple of the passage's tags, in the order written"),
    Column("kind", "str", "story, special (code that runs around passages), script or style"),
    Column("x", "float64", "left edge on the map; missing: never placed", "pixels"),
    Column("y", "float64", "top edge on the map; missing: never placed", "pixels"),
    Column("width", "float64", "width on the map; missing: the default", "pixels"),
    Column("height", "float64", "height on the map; missing: the default", "pixels"),
    Column("file", "str", "file that the passage came from, relative to the story's folder; missing: new"),
    Column("line", "Int64", "1-based line of its header in that file when last read; missing: new"),
    Column("is_start", "bool", "reading begins here; at most one row"),
)
"""Columns of the truth (``story.table``). The index is ``key``: an integer that stays with a passage for life."""

N_WORDS: Final = Column("n_words", "int64", "words of prose: markup, macros and code are not counted", "words")

CHOICES: Final = (
    Column("choice_id", "str", "passage key and order, as in '12:0'"),
    Column("key", "int64", "key of the passage that offers it"),
    Column("passage_id", "str", "name of the passage that offers it"),
    Column("order", "int64", "0-based position among the passage's choices"),
    Column("label", "object", "what the reader clicks; missing where computed or where there is nothing to click"),
    Column("target", "object", "name of the passage that it leads to; missing where computed"),
    Column("kind", "str", "link, goto, reveal, include, return, undo, restart, load, computed, external"),
    Column("condition", "str", "source of the conditions that enclose it, joined by 'and'; empty: none"),
    Column("effects", "str", "source of what it changes when taken; empty: nothing"),
    Column("is_once", "bool", "disappears after it was taken"),
    Column("start", "int64", "where it begins in the passage's text", "characters"),
    Column("stop", "int64", "where it ends in the passage's text", "characters"),
)

VARIABLES: Final = (
    Column("name", "str", "as the author writes it, sigil included"),
    Column("type", "str", "boolean, number, string, array, map, set, other or unknown, from the values written"),
    Column(
        "initial",
        "object",
        "source of the value set in the story's start-up code, else of the first write; missing: none",
    ),
    Column("n_reads", "int64", "places that read it"),
    Column("n_writes", "int64", "places that write it"),
    Column("n_passages", "int64", "passages that read or write it"),
    Column("is_temporary", "bool", "lives for one passage only; those of one name in several passages are one row"),
    Column(
        "is_relevant", "bool", "a condition or a computed target depends on it, directly or through other variables"
    ),
)

PROBLEMS: Final = (
    Column("code", "str", "stable code, such as GB101; see docs/problems"),
    Column("severity", "str", "error, warning or info"),
    Column("passage_id", "object", "passage that has it; missing: the whole story"),
    Column("key", "Int64", "key of that passage; missing: the whole story"),
    Column("file", "object", "file that has it; missing: unknown"),
    Column("line", "Int64", "1-based line in that file (in the text, where there is no file)"),
    Column("column", "Int64", "1-based column in that line", "characters"),
    Column("start", "Int64", "where it begins in the passage's text; missing: the passage as a whole", "characters"),
    Column("stop", "Int64", "where it ends in the passage's text", "characters"),
    Column("message", "str", "what is wrong, naming the thing"),
    Column("hint", "str", "what to do about it"),
)


def build(
    columns: Sequence[Column], data: Mapping[str, Sequence[Any]], *, index: pd.Index | None = None
) -> pd.DataFrame:
    """Make a table with just these columns, in this order and with these dtypes.

    Parameters
    ----------
    columns
        What the table has.
    data
        A sequence per column, all equally long. A missing name is a programming error.
    index
        Row labels; counted from 0 without.
    """
    arrays = {column.name: array(list(data[column.name]), _dtype(column.dtype)) for column in columns}
    return pd.DataFrame(arrays, index=index)


@cache
def _dtype(name: str) -> Any:
    return pandas_dtype(name)


def array(values: list[Any], dtype: Any) -> Any:
    """Make a column of these values, None where one is missing; faster than through a ``Series`` for each: every edit makes dozens."""
    if not isinstance(dtype, np.dtype):
        return pd.array(values, dtype=dtype)
    array = np.empty(len(values), dtype)
    array[:] = values
    return pd.Index(array, dtype=dtype) if dtype.hasobject else array  # of a bare array pandas would make strings


def empty(columns: Sequence[Column]) -> pd.DataFrame:
    """Make a table of no rows with these columns."""
    return build(columns, {column.name: [] for column in columns})
