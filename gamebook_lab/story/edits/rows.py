"""Makes a story with other cells, or with more or fewer rows. Every edit ends here.

Columns that do not change are shared with the story before (pandas copies on write), and a
passage that keeps its text, name and tags keeps its program.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from gamebook_lab.story import schema
from gamebook_lab.story.language import kind_of
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.records import place_of, rows_of, values_of
from gamebook_lab.story.story import Story

_PARSED: Final = ("text", "passage_id", "tags")
_DEFAULT_START: Final = "Start"
"""Where reading begins in a story that does not say it, by the Twee 3 specification."""


def with_cells(story: Story, cells: Mapping[str, Mapping[int, Any]], *, metadata: Metadata | None = None) -> Story:
    """Change cells, given by column and key; the same story if that changes nothing.

    The kind of a passage whose name or tags change is told anew by the language.
    """
    wanted = {column: _differing(story, column, new) for column, new in cells.items()}
    wanted = {column: new for column, new in wanted.items() if new}
    if not wanted:
        return story if metadata is None else story.with_table(story.table, metadata=metadata, cells=frozenset())
    table = _assigned(story.table, wanted)
    renamed = list({*wanted.get("passage_id", ()), *wanted.get("tags", ())})
    if renamed:
        said = zip(renamed, *(values_of(table, name, renamed) for name in ("passage_id", "tags", "kind")), strict=True)
        kinds = {key: (kind_of(story.language, name, tags), old) for key, name, tags, old in said}
        table = _assigned(table, {"kind": {key: kind for key, (kind, old) in kinds.items() if kind != old}})
    changed = {key for column in _PARSED for key in wanted.get(column, ())}
    every = frozenset(key for new in wanted.values() for key in new)
    return story.with_table(table, changed, metadata=metadata, cells=every)


def _differing(story: Story, column: str, new: Mapping[int, Any]) -> dict[int, Any]:
    old = story.table[column]
    return {key: value for key, value in new.items() if value != old.at[key]}


def _assigned(table: pd.DataFrame, cells: Mapping[str, Mapping[int, Any]]) -> pd.DataFrame:
    new = table.copy(deep=False)
    for column, values in cells.items():
        if not values:
            continue
        places = [place_of(table.index, key) for key in values]
        if table[column].dtype == object:
            filled = table[column].to_numpy(copy=True)
            for place, value in zip(places, values.values(), strict=True):
                filled[place] = value  # one by one: NumPy would take a tuple for a row of values
            new[column] = pd.Series(filled, index=table.index, dtype=object, copy=False)
        else:
            series = table[column].copy()
            series.iloc[places] = schema.array(list(values.values()), series.dtype)
            new[column] = series
    return new


def with_new(story: Story, passages: Iterable[Passage]) -> tuple[Story, list[int]]:
    """Add passages at the end, under keys that were never used; also return those keys.

    Their kind is told by the language. In a story that has no start, one that has the name where it wants to start
    becomes the start, and so does the first passage at all.
    """
    rows = [replace(each, kind=kind_of(story.language, each.passage_id, each.tags)) for each in passages]
    index = pd.RangeIndex(story.next_key, story.next_key + len(rows), name="key")
    table = pd.concat([story.table, rows_of(rows, index)])
    new = with_start_by_name(story.with_table(table, cells=frozenset(index)))
    is_first = (
        new.start_key is None and new.metadata.declared_start is None and not (story.table["kind"] == "story").any()
    )
    readable = [key for key, row in zip(index, rows, strict=True) if row.kind == "story"]
    return (with_start(new, readable[0]) if is_first and readable else new), index.tolist()


def without(story: Story, keys: Collection[int]) -> Story:
    """Remove passages. Where the start goes, the next passage of its name takes over; else its name is remembered."""
    start, table, gone = story.start_key, story.table.drop(index=list(keys)), frozenset(keys)
    if start is None or start not in keys:
        return story.with_table(table, cells=gone)
    name = story.name(start)
    declared = replace(story.metadata, declared_start=None if name == _DEFAULT_START else name)
    return with_start_by_name(story.with_table(table, metadata=declared, cells=gone))


def with_start_by_name(story: Story) -> Story:
    """Let a story that has no start begin where it says, or at ``Start``, if it has that passage by now.

    So the story starts where it would after it was saved and read again.
    """
    if story.start_key is not None:
        return story
    keys = story.keys_by_name.get(story.metadata.declared_start or _DEFAULT_START)
    if not keys or story.table.at[keys[0], "kind"] != "story":
        return story
    return with_start(story, keys[0])


def with_start(story: Story, key: int) -> Story:
    """Begin at a passage."""
    cells = {key: True}
    if story.start_key is not None:
        cells = {story.start_key: False} | cells
    metadata = None if story.metadata.declared_start is None else replace(story.metadata, declared_start=None)
    return with_cells(story, {"is_start": cells}, metadata=metadata)
