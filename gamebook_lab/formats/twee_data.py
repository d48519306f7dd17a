"""The ``StoryData`` passage of Twee: JSON about the story as a whole.

By the Twee 3 specification 3.0.2; the spellings ``formatVersion`` and ``tagColors`` of some tools are
understood. Broken JSON is read as far as it goes, and an edit changes only the values that differ.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from gamebook_lab.formats.jsontext import (
    REMOVED,
    JsonError,
    Member,
    first_half,
    read_whole_object,
    salvage,
    set_members,
)
from gamebook_lab.formats.twee_header import write_number
from gamebook_lab.story.metadata import Metadata

_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ifid": ("ifid",),
        "format": ("format",),
        "format_version": ("format-version", "formatVersion"),
        "start": ("start",),
        "tag_colors": ("tag-colors", "tagColors"),
        "zoom": ("zoom",),
    }
)
_KNOWN: Final = frozenset(key for keys in _SPELLINGS.values() for key in keys)


class DataProblem(NamedTuple):
    """Something in StoryData that was not understood, at an offset of its text."""

    message: str
    offset: int


@dataclass(frozen=True, slots=True)
class StoryData:
    """What StoryData says. ``metadata`` has no title: that is another passage."""

    metadata: Metadata = field(default_factory=Metadata)
    start: str | None = None
    members: Mapping[str, Member] = field(default_factory=dict)
    problems: tuple[DataProblem, ...] = ()


def parse_data(text: str) -> StoryData:
    """Read StoryData as it stands in the file; never fails."""
    problems: list[DataProblem] = []
    members: Mapping[str, Member]
    try:
        members = read_whole_object(text)
    except JsonError as error:
        members = salvage(text, sorted(_KNOWN))
        got = ", ".join(sorted(members)) or "nothing"
        problems.append(
            DataProblem(f"StoryData is not valid JSON ({error.message}); read around it: {got}", error.offset)
        )
    half = first_half(text)
    if half is not None:
        message = f"{text[half : half + 6]} in StoryData is half of a character; it was read as U+FFFD"
        problems.append(DataProblem(message, half))
    fields = {name: _field(name, members, problems) for name in _SPELLINGS}
    extra = {key: member.value for key, member in members.items() if key not in _KNOWN}
    start = fields.pop("start") or None
    fields["ifid"] = fields["ifid"].upper()
    metadata = Metadata(**fields, extra=MappingProxyType(extra))
    return StoryData(metadata, start, members, tuple(problems))


def _field(name: str, members: Mapping[str, Member], problems: list[DataProblem]) -> Any:
    key = _key(name, members)
    member = members.get(key)
    if name == "zoom":
        value: Any = None if member is None else read_zoom(member.value)
    elif name == "tag_colors":
        value = _colors(member)
    else:
        value = member.value if member is not None and isinstance(member.value, str) else ""
    if member is not None and value in (None, "") and member.value not in (None, ""):
        problems.append(
            DataProblem(f"The key {key} in StoryData should be a {_EXPECTED.get(name, 'text')}", member.start)
        )
    return value


_EXPECTED: Final = {"zoom": "number"}


def _key(name: str, members: Mapping[str, Member]) -> str:
    spellings = _SPELLINGS[name]
    return next((key for key in spellings if key in members), spellings[0])


def _colors(member: Member | None) -> Mapping[str, str]:
    value = member.value if member is not None else None
    pairs = value.items() if isinstance(value, dict) else ()
    return MappingProxyType({tag: color for tag, color in pairs if isinstance(color, str)})


def read_zoom(value: object) -> float | None:
    """Read a zoom level, which some tools write as text; None if it is no positive number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 < number < 1e6 else None


def update_data(text: str, old: StoryData, metadata: Metadata, start: str | None) -> str:
    """Make StoryData say something else, changing only the values that differ."""
    changes = _changes(old, metadata, start)
    if not changes:
        return text
    if "{" in text:
        return set_members(text, old.members, changes)
    return new_data({key: value for key, value in changes.items() if value is not REMOVED})


def new_data(members: Mapping[str, Any]) -> str:
    """Write StoryData afresh, on lines, as the specification recommends."""
    return json.dumps(dict(members), ensure_ascii=False, allow_nan=False, indent=2)


def _changes(old: StoryData, metadata: Metadata, start: str | None) -> dict[str, Any]:
    """New value by key for what differs."""
    before, after = _values(old.metadata, old.start), _values(metadata, start)
    changes = {
        _key(name, old.members): REMOVED if value is None else value
        for name, value in after.items()
        if before[name] != value
    }
    for key in {*old.metadata.extra, *metadata.extra} - _KNOWN:
        if old.metadata.extra.get(key, REMOVED) != metadata.extra.get(key, REMOVED):
            changes[key] = metadata.extra.get(key, REMOVED)
    order = {key: index for index, key in enumerate([*old.metadata.extra, *metadata.extra])}
    return dict(sorted(changes.items(), key=lambda item: order.get(item[0], -1)))


def _values(metadata: Metadata, start: str | None) -> dict[str, Any]:
    return {
        "ifid": metadata.ifid or None,
        "format": metadata.format or None,
        "format_version": metadata.format_version or None,
        "start": start,
        "tag_colors": dict(metadata.tag_colors) or None,
        "zoom": None if metadata.zoom is None else json.loads(write_number(metadata.zoom)),
    }
