"""What the map shows of a story, as rows of plain values; and those rows in the columns that the browser gets.

Everything here is pure: :class:`MapData` is immutable, and an edit makes a new one in time
that grows with the edit, but for copying an index.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from gamebook_lab.story.passage import Passage
from gamebook_lab.story.program import Program
from gamebook_lab.story.records import records_of
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.excerpt import first_words
from gamebook_lab.widgets.layout import DEFAULT_SIZE, Boxes, layout
from gamebook_lab.widgets.map_messages import Description, Rows
from gamebook_lab.widgets.verdict_rows import REACH

if TYPE_CHECKING:
    from gamebook_lab.analysis.passage_readings import PassageReadings

SEVERITY_CODES: Final[Mapping[str, int]] = {"info": 1, "warning": 2, "error": 3}
_LEAST_SIZE: Final = 20.0
APART: Final = 150.0
"""Pixels between the groups of a map that is laid out by tag."""


class Row(NamedTuple):
    """One passage on the map; sizes in pixels."""

    name: str
    tags: tuple[str, ...]
    kind: str
    is_start: bool
    x: float
    y: float
    width: float
    height: float
    targets: tuple[str, ...]
    """Names of the passages that its choices lead to, each once."""


@dataclass(frozen=True, slots=True)
class MapData:
    """All passages by key, each with a place."""

    rows: Mapping[int, Row]
    names: Mapping[str, int]
    """First key of each name."""
    sources: Mapping[str, frozenset[int]]
    """Keys of the passages whose choices lead to a name, by that name."""


class Patch(NamedTuple):
    """What differs between two: keys of the rows to send, and those that are gone."""

    keys: list[int]
    removed: list[int]


def read(story: Story) -> MapData:
    """Take all that the map shows from a story, and lay out what has no place."""
    rows = _placed(_rows(story))
    names = {name: keys[0] for name, keys in story.keys_by_name.items()}
    return MapData(rows, names, _with_links({}, {}, rows, rows))


def update(data: MapData, story: Story, changed: Iterable[int]) -> tuple[MapData, Patch]:
    """Follow an edit.

    Parameters
    ----------
    data
        As before the edit.
    story
        As after it.
    changed
        Keys of the passages that were added, removed or altered.

    Returns
    -------
    data, patch
        The patch also has passages whose links now resolve otherwise.
    """
    records = story.records.of(frozenset(changed))
    removed = sorted(key for key in changed if key in data.rows and key not in records)
    fresh = {key: _row(record, _targets(story.program(key))) for key, record in records.items()}
    rows = dict(data.rows)
    for key in removed:
        del rows[key]
    for key, row in fresh.items():
        rows[key] = _kept_in_place(row, data.rows.get(key))
    if any(math.isnan(rows[key].x) for key in fresh):
        rows = dict(_placed(rows))
    keys = {key for key in fresh if rows[key] != data.rows.get(key)}
    sources = _with_links(data.sources, data.rows, rows, [*removed, *fresh])
    moved = _moved(data, story, [*removed, *fresh], rows)
    if not moved:
        return MapData(rows, data.names, sources), Patch(sorted(keys), removed)
    keys.update(*(sources.get(name, ()) for name in moved))
    names = dict(data.names)
    for name, first in moved.items():
        if first is None:
            del names[name]
        else:
            names[name] = first
    return MapData(rows, names, sources), Patch(sorted(keys), removed)


def _with_links(
    sources: Mapping[str, frozenset[int]], old: Mapping[int, Row], new: Mapping[int, Row], changed: Iterable[int]
) -> Mapping[str, frozenset[int]]:
    """Keys by the names that they lead to, after these rows have changed; the same if their links are as they were."""
    changes: dict[str, set[int]] = {}
    for key in changed:
        was, is_now = (frozenset(rows[key].targets if key in rows else ()) for rows in (old, new))
        for name in was ^ is_now:
            changes.setdefault(name, set()).add(key)
    if not changes:
        return sources
    now = {name: sources.get(name, frozenset()) ^ keys for name, keys in changes.items()}
    linked = {**sources, **now}
    for name, keys in now.items():
        if not keys:  # else every beginning of a name that was ever typed would stay
            del linked[name]
    return linked


def _moved(data: MapData, story: Story, changed: Iterable[int], rows: Mapping[int, Row]) -> dict[str, int | None]:
    """Names of these passages, before and after, that now are of another first key, or of none any more."""
    names = {each[key].name for key in changed for each in (data.rows, rows) if key in each}
    firsts = {name: next(iter(story.keys_by_name.get(name, ())), None) for name in names}
    return {name: key for name, key in firsts.items() if data.names.get(name) != key}


def columns(data: MapData, keys: Iterable[int]) -> tuple[list[bytes], Rows]:
    """Put rows into the columns and buffers of a :class:`~gamebook_lab.widgets.map_messages.Rows` message.

    What is not about rows (revision, selection ...) is left empty, for the widget to fill in.
    """
    chosen = list(keys)
    rows = [data.rows[key] for key in chosen]
    edges = [[data.names.get(name, -1) for name in row.targets] for row in rows]
    buffers = [
        np.asarray(chosen, "<i4").tobytes(),
        np.asarray([(row.x, row.y, row.width, row.height) for row in rows], "<f4").tobytes(),
        np.asarray([len(targets) for targets in edges], "<u4").tobytes(),
        np.asarray([target for targets in edges for target in targets], "<i4").tobytes(),
    ]
    message = Rows(
        type="rows",
        base=None,
        revision=0,
        names=[safe_text(row.name) for row in rows],
        tags=[tuple(map(safe_text, row.tags)) for row in rows],
        kinds=[row.kind for row in rows],
        broken=[[safe_text(name) for name in row.targets if name not in data.names] for row in rows],
        start=next((key for key, row in data.rows.items() if row.is_start), None),
        selected=None,
        removed=[],
        tag_colors={},
    )
    return buffers, message


def severities(severity_by_key: Mapping[int, str]) -> list[bytes]:
    """Put the worst severity of each passage into the buffers of a ``Problems`` message."""
    return [
        np.asarray(list(severity_by_key), "<i4").tobytes(),
        np.asarray([SEVERITY_CODES[severity] for severity in severity_by_key.values()], "u1").tobytes(),
    ]


def reach(reach_by_key: Mapping[int, str]) -> list[bytes]:
    """Put what exploring says of each passage into the buffers of a ``Reach`` message."""
    return [
        np.asarray(list(reach_by_key), "<i4").tobytes(),
        np.asarray([REACH.index(each) for each in reach_by_key.values()], "u1").tobytes(),
    ]


def coverage(names: Mapping[str, int], read: PassageReadings | None) -> list[bytes]:
    """Put how many come to each passage into the buffers of a ``Coverage`` message; what the story has no more is left out."""
    counts = {names[name]: n for name, n in read.by_passage.items() if name in names} if read is not None else {}
    return [np.asarray(list(counts), "<i4").tobytes(), np.asarray(list(counts.values()), "<u4").tobytes()]


def tidied(data: MapData) -> dict[int, tuple[float, float]]:
    """Lay every passage out anew; return where each goes, in pixels."""
    loose = {key: row._replace(x=float("nan"), y=float("nan")) for key, row in data.rows.items()}
    return {key: (round(row.x), round(row.y)) for key, row in _placed(loose).items()}


def tidied_by_tag(data: MapData) -> dict[int, tuple[float, float]]:
    """Lay every passage out anew, those that share their first tag together; return where each goes, in pixels.

    Groups stand in the order in which they first appear, from left to right and then below, passages without a tag
    last; inside each, passages stand in layers.
    """
    groups: dict[str | None, dict[int, Row]] = {}
    for key, row in data.rows.items():
        tag = row.tags[0] if row.tags and row.kind == "story" else None
        groups.setdefault(tag, {})[key] = row._replace(x=float("nan"), y=float("nan"))
    untagged = groups.pop(None, None)
    blocks = [_placed(rows) for rows in [*groups.values(), *([untagged] if untagged else [])]]
    places: dict[int, tuple[float, float]] = {}
    sizes = [_extent(rows) for rows in blocks]
    limit = max([*(width for width, _ in sizes), math.sqrt(sum((w + APART) * (h + APART) for w, h in sizes) * 1.6)])
    left = top = shelf = 0.0
    for rows, (width, height) in zip(blocks, sizes, strict=True):
        if left and left + width > limit:
            left, top, shelf = 0.0, top + shelf + APART, 0.0
        x0, y0 = min(row.x for row in rows.values()), min(row.y for row in rows.values())
        places.update((key, (round(row.x - x0 + left), round(row.y - y0 + top))) for key, row in rows.items())
        left, shelf = left + width + APART, max(shelf, height)
    return places


def _extent(rows: Mapping[int, Row]) -> tuple[float, float]:
    left, top = min(row.x for row in rows.values()), min(row.y for row in rows.values())
    return max(row.x + row.width for row in rows.values()) - left, max(
        row.y + row.height for row in rows.values()
    ) - top


def describe(story: Story, key: int) -> Description:
    """Say what a passage is about: its number of words, and the first of them."""
    from gamebook_lab.story.words import words_of

    first = safe_text(first_words(story, key))
    return Description(type="description", key=key, words=words_of(story, [key])[0], first=first)


def _rows(story: Story) -> dict[int, Row]:
    programs = story.programs
    return {key: _row(record, _targets(programs[key])) for key, record in records_of(story.table).items()}


def _row(passage: Passage, targets: tuple[str, ...]) -> Row:
    x, y = (float("nan") if value is None else value for value in (passage.x, passage.y))
    width, height = (
        DEFAULT_SIZE if value is None else max(value, _LEAST_SIZE) for value in (passage.width, passage.height)
    )
    return Row(passage.passage_id, passage.tags, passage.kind, passage.is_start, x, y, width, height, targets)


def _targets(program: Program) -> tuple[str, ...]:
    return tuple(dict.fromkeys(choice.target for choice in program.choices if choice.target is not None))


def _kept_in_place(row: Row, before: Row | None) -> Row:
    """A passage that never was placed stays where it was drawn."""
    if before is None or not (math.isnan(row.x) or math.isnan(row.y)):
        return row
    return row._replace(x=before.x, y=before.y)


def _placed(rows: Mapping[int, Row]) -> Mapping[int, Row]:
    boxes = Boxes(*np.asarray([row[4:8] for row in rows.values()], "float64").reshape(-1, 4).T)
    if not (np.isnan(boxes.x) | np.isnan(boxes.y)).any():
        return rows
    at = {row.name: index for index, row in reversed(list(enumerate(rows.values())))}
    pairs = [(index, at[target]) for index, row in enumerate(rows.values()) for target in row.targets if target in at]
    sources, targets = np.asarray(pairs, "int64").reshape(-1, 2).T
    start = next((index for index, row in enumerate(rows.values()) if row.is_start), None)
    apart = np.asarray([row.kind != "story" for row in rows.values()], bool)
    x, y = layout(boxes, sources, targets, start=start, apart=apart)
    return {key: row._replace(x=float(x[at_row]), y=float(y[at_row])) for at_row, (key, row) in enumerate(rows.items())}
