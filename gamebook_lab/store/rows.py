"""A passage, or what a story says about itself, as the bytes that a workspace keeps.

A *row* is compact JSON in UTF-8, with its keys always in the same order and defaults left out: two rows are equal just
if they say the same. Rows carry a *rank*, which orders them; a passage has a *uid* that stays with it for life, across
kernels and readings of the file (a story's own keys are counted anew in every reading). Uid 0 is the story itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias

from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.story import Story

__all__ = [
    "STORY",
    "Row",
    "Rows",
    "canonical",
    "decode",
    "encode",
    "metadata_of",
    "name_of",
    "passage_rows",
    "rank_of",
    "story_row",
    "text_of",
    "without_rank",
]

Row: TypeAlias = bytes
Rows: TypeAlias = dict[int, Row]
"""A whole story: row of each uid."""
STORY: Final = 0
"""Uid of the row that holds the metadata."""

_COLUMNS: Final = ("passage_id", "text", "tags", "kind", "x", "y", "width", "height", "file", "is_start")
_RANKED: Final = (*_COLUMNS, "rank")
_FACTS: Final = tuple(field.name for field in fields(Metadata))
_DEFAULTS: Final = {"text": "", "tags": [], "kind": "story", "is_start": False}
_EMPTY: Final[tuple[Any, ...]] = ("", [], {})


def encode(values: Mapping[str, Any]) -> Row:
    """Write a row; halves of characters, which UTF-8 cannot hold, are escaped."""
    try:
        return _UTF8.encode(values).encode()
    except UnicodeEncodeError:
        return _ASCII.encode(values).encode()


def _plain(value: object) -> Any:
    """What JSON does not know: the frozen mappings of a story's metadata."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"metadata holds plain values, not {type(value).__name__}")


# made once: a workspace begins with a row for every passage
_UTF8: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
_ASCII: Final = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_plain)


def decode(row: Row) -> dict[str, Any]:
    """Read a row; defaults stay left out."""
    found = json.loads(row)
    if not isinstance(found, dict):
        raise ValueError("expected a row, which is a JSON object")  # noqa: TRY004 -- damaged data is a bad value
    return found


def canonical(values: Mapping[str, Any]) -> Row:
    """Write a row of columns in any order, some of them missing or empty."""
    told: dict[str, Any] = {}
    for name in _RANKED if "rank" in values else _FACTS:
        value = values.get(name)
        if value is not None and value not in _EMPTY and value != _DEFAULTS.get(name):
            told[name] = value
    return encode(told)


def passage_rows(story: Story, keys: Collection[int], ranks: Mapping[int, float], *, has_files: bool) -> dict[int, Row]:
    """Rows of a story's passages by key; those that it does not have are left out.

    Parameters
    ----------
    story, keys
        Which passages.
    ranks
        Rank of each of these keys.
    has_files
        Whether the column ``file`` counts: it does in a folder of files.
    """
    names = [name for name in _COLUMNS if name != "file" or has_files]
    rows: dict[int, Row] = {}
    for key, record in story.records.of(keys).items():
        values = {name: getattr(record, name) for name in names}
        values["tags"], values["rank"] = list(record.tags), ranks[key]
        rows[key] = canonical(values)
    return rows


def story_row(story: Story) -> Row:
    """Row of what a story says about itself."""
    values = {name: getattr(story.metadata, name) for name in _FACTS}
    return canonical(decode(encode(values)))


def metadata_of(row: Row) -> Metadata:
    """What :func:`story_row` has written."""
    values = {name: value for name, value in decode(row).items() if name in _FACTS}
    if "options" in values:
        values["options"] = tuple(values["options"])
    return Metadata(**values)


def without_rank(row: Row | None) -> bytes | None:
    """What a row says but for its place among the others; the rank stands last in it."""
    return None if row is None else row.rpartition(b',"rank":')[0] or row


def rank_of(row: Row) -> float:
    """Place of a passage's row among the others: all else in it need not be read for that, a whole story of texts."""
    return float(row.rpartition(b',"rank":')[2].rstrip(b"}"))


def name_of(row: Row | None) -> str:
    """Name of a row's passage, for people."""
    return "" if row is None else str(decode(row).get("passage_id", ""))


def text_of(row: Row | None) -> str:
    """Text of a row's passage; empty if there is none."""
    return "" if row is None else str(decode(row).get("text", ""))
