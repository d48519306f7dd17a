"""What a story file says about the story as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Metadata:
    """Facts about a whole story. Every field may be missing in a file."""

    title: str = ""
    ifid: str = ""
    """Upper-case UUID that identifies the story, empty if none."""
    format: str = ""
    """Story format, such as ``SugarCube``, as written."""
    format_version: str = ""
    declared_start: str | None = None
    """Name that the file gives as start, kept where no passage has it (see GB103)."""
    zoom: float | None = None
    tag_colors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    creator: str = ""
    creator_version: str = ""
    options: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Whatever else the file has (unknown attributes or JSON keys), kept for writing it again."""
