"""A story in Twine 2 JSON as a tree: the object that was read, and its text. Immutable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from gamebook_lab.formats.encoding import UTF8, Encoding
from gamebook_lab.formats.protocol import Document, Origin, read_there
from gamebook_lab.story.problems import Problem

Object = Mapping[str, Any]
SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "title": ("name",),
        "ifid": ("ifid",),
        "format": ("format",),
        "format_version": ("format-version", "formatVersion"),
        "start": ("start",),
        "tag_colors": ("tag-colors", "tagColors"),
        "zoom": ("zoom",),
        "creator": ("creator",),
        "creator_version": ("creator-version", "creatorVersion"),
        "style": ("style",),
        "script": ("script",),
        "passages": ("passages",),
    }
)
KNOWN_KEYS: Final = frozenset(key for keys in SPELLINGS.values() for key in keys)
_PASSAGE_KEYS: Final = frozenset({"name", "tags", "metadata", "text"})
_POSITION_KEYS: Final = frozenset({"position", "size"})
_INDENT: Final = re.compile(r"[\[{][ \t]*\r?\n([ \t]+)")


def key_of(name: str, value: Object) -> str:
    """Key under which an object has a field of the story."""
    return next((key for key in SPELLINGS[name] if key in value), SPELLINGS[name][0])


@dataclass(frozen=True)
class JsonTree:
    """Source of a story that was read from JSON. See :class:`gamebook_lab.formats.protocol.Tree`."""

    text: str = field(default="", repr=False)
    value: Object = field(default_factory=dict, repr=False)
    keys: tuple[int | None, ...] = ()
    """Key of each item of ``passages``; None for an item that is no passage."""
    code_keys: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Keys of the passages in ``script`` and ``style``."""
    lines: tuple[int, ...] = ()
    """1-based line at which each item of ``passages`` begins."""
    name: str | None = None
    encoding: Encoding = UTF8
    origin: Origin = field(default_factory=Origin)
    format: str = "twine-json"
    index: int = 0
    first: JsonTree | None = field(default=None, repr=False, compare=False)
    """As read, if this one was made of it since."""

    @property
    def path(self) -> Path | None:
        """File that it was read from; None for text."""
        return self.origin.path

    @property
    def fingerprint(self) -> str:
        """Digest of the bytes that were read."""
        return self.origin.fingerprint

    @property
    def documents(self) -> tuple[Document, ...]:
        """The file as written."""
        return (Document(self.text, self.name, self.encoding),)

    @property
    def places(self) -> Mapping[int, tuple[str | None, int]]:
        """File and line of each passage by key, in reading order: code first."""
        places = {key: (self.name, 1) for role in ("style", "script") for key in self.code_keys.get(role, ())}
        rows = zip(self.keys, self.lines, strict=True)
        return places | {key: (self.name, line) for key, line in rows if key is not None}

    @property
    def leftovers(self) -> tuple[Problem, ...]:
        """What passages have beyond the documented keys, and items that are no passages."""
        return tuple(_leftovers(self))

    @property
    def as_read(self) -> JsonTree:
        """The tree that reading the file gave."""
        return self.first or self

    def at(self, origin: Origin, name: str | None = None) -> JsonTree:
        """Return the same tree as read from there."""
        return replace(self, origin=origin, name=name or self.name, first=read_there(self.first, origin))


def write(value: Object, old: str) -> str:
    """Write an object with the indentation and line ends of the text that it was read from."""
    indent = _INDENT.search(old, 0, 10_000)
    if old and indent is None:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    else:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent[1] if indent else 2)
    end = "\r\n" if "\r\n" in old else "\n"
    return text.replace("\n", end) + (old[len(old.rstrip()) :] if old else end)


def _leftovers(tree: JsonTree) -> Iterator[Problem]:
    items = tree.value.get("passages")
    for key, item in zip(tree.keys, items if isinstance(items, list) else (), strict=False):
        if key is None:
            yield Problem("GB506", "An item of passages that is no passage was left out", file=tree.name)
            continue
        extra = sorted(item.keys() - _PASSAGE_KEYS)
        details = item.get("metadata")
        extra += sorted(details.keys() - _POSITION_KEYS) if isinstance(details, dict) else []
        if extra:
            name = str(item.get("name", ""))
            message = f"Keys of the passage {name!r} were left out: {', '.join(extra)}"
            yield Problem("GB506", message, key=key, passage_id=name, file=tree.name)
