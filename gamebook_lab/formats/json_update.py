"""Puts a story's table and metadata into a JSON object; unknown keys and the order of keys stay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gamebook_lab.formats.arrange import arrange
from gamebook_lab.formats.html_code import TAGS, Part, join_code, split_code
from gamebook_lab.formats.json_read import read_metadata, read_passage
from gamebook_lab.formats.json_tree import KNOWN_KEYS, JsonTree, Object, key_of, write
from gamebook_lab.formats.jsontext import read_array, read_object
from gamebook_lab.formats.lines import Index, normal
from gamebook_lab.formats.twee_header import write_number, write_pair
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.records import records_of
from gamebook_lab.story.story import Story

Row = tuple[int, Passage]


def update_tree(old: JsonTree, story: Story) -> JsonTree:
    """Make a tree that says what ``story`` says."""
    rows = list(records_of(story.table).items())
    items = old.value.get("passages")
    before = dict(zip(old.keys, items if isinstance(items, list) else [], strict=False))
    roles = {key: "passage" if key in before else _role(row) for key, row in rows}
    value = dict(old.value)
    if not old.text:
        value["name"] = story.metadata.title
    _set_metadata(value, story, rows)
    code_keys = {role: _set_code(value, role, [(k, r) for k, r in rows if roles[k] == role]) for role in TAGS}
    plain = [(key, row) for key, row in rows if roles[key] == "passage"]
    new = {key: (key, _passage(before[key], row) if key in before else _new_passage(row)) for key, row in plain}
    parts = arrange([(key, (key, item)) for key, item in _pairs(old)], new, [key for key, _ in plain])
    value["passages"] = [item for _, item in parts]
    text = old.text if value == old.value else write(value, old.text)
    tree = replace(old, text=text, value=value, keys=tuple(key for key, _ in parts), code_keys=code_keys)
    return replace(tree, lines=_lines(text, value["passages"]))


def _pairs(old: JsonTree) -> list[tuple[int | None, Any]]:
    items = old.value.get("passages")
    return list(zip(old.keys, items if isinstance(items, list) else [], strict=False))


def _role(row: Passage) -> str:
    return next((role for role, tag in TAGS.items() if tag in row.tags), "passage")


def _lines(text: str, items: Sequence[Any]) -> tuple[int, ...]:
    """Line of each item, found again in the text."""
    members, _ = read_object(text, text.index("{"))
    index = Index(text)
    found = read_array(text, members["passages"].start)
    assert len(found) == len(items)
    return tuple(index.place(item.start)[0] for item in found)


def _set_code(value: dict[str, Any], role: str, rows: Sequence[Row]) -> tuple[int, ...]:
    parts = [Part(row.passage_id, normal(row.text)) for _, row in rows]
    before = value.get(role)
    if parts != split_code(normal(before) if isinstance(before, str) else "", role):
        value[role] = join_code(parts, role)
    return tuple(key for key, _ in rows)


def _passage(old: Object, row: Passage) -> dict[str, Any]:
    """Set the keys whose meaning differs; a value that says the same another way stays."""
    item = dict(old)
    before = read_passage(old)
    if before.passage_id != row.passage_id:
        item["name"] = row.passage_id
    if before.tags != row.tags:
        item["tags"] = list(row.tags)
    if before.text != normal(row.text):
        item["text"] = normal(row.text)
    changes: dict[str, str | None] = {}
    if write_pair((before.x, before.y)) != write_pair((row.x, row.y)):
        changes["position"] = write_pair((row.x, row.y))
    if write_pair((before.width, before.height)) != write_pair((row.width, row.height)):
        changes["size"] = write_pair((row.width, row.height))
    if changes:
        details = item.get("metadata")
        details = {**(details if isinstance(details, dict) else {}), **changes}
        item["metadata"] = {key: value for key, value in details.items() if value is not None or key not in changes}
    return item


def _new_passage(row: Passage) -> dict[str, Any]:
    return _passage({"name": "", "tags": [], "text": ""}, row)


def _set_metadata(value: dict[str, Any], story: Story, rows: Sequence[Row]) -> None:
    """Set the keys whose meaning differs; a value that says the same another way stays."""
    metadata, old_start = read_metadata(value)
    start = next((row.passage_id for _, row in rows if row.is_start), story.metadata.declared_start)
    if start is None or (start == "Start" and old_start is None):
        start = old_start
    before, after = _values(metadata, old_start), _values(story.metadata, start)
    for name, wanted in after.items():
        if wanted != before[name]:
            _set(value, key_of(name, value), wanted)
    extra = {key: item for key, item in story.metadata.extra.items() if key not in KNOWN_KEYS}
    for key in metadata.extra.keys() - extra.keys():
        del value[key]
    value.update(extra)


def _set(value: dict[str, Any], key: str, wanted: Any) -> None:
    if wanted is None:
        value.pop(key, None)
    else:
        value[key] = wanted


def _values(metadata: Metadata, start: str | None) -> Mapping[str, Any]:
    return {
        "title": metadata.title,
        "ifid": metadata.ifid or None,
        "format": metadata.format or None,
        "format_version": metadata.format_version or None,
        "start": start,
        "tag_colors": dict(metadata.tag_colors) or None,
        "zoom": None if metadata.zoom is None else json.loads(write_number(metadata.zoom)),
        "creator": metadata.creator or None,
        "creator_version": metadata.creator_version or None,
    }
