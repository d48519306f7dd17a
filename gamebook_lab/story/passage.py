"""One passage as a record, for building tables; everything else works on the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """The fields of a row of ``story.table``; see :data:`gamebook_lab.story.schema.PASSAGES`."""

    passage_id: str
    text: str = ""
    tags: tuple[str, ...] = ()
    kind: str = "story"
    x: float | None = None
    y: float | None = None
    width: float | None = None
    height: float | None = None
    file: str | None = None
    line: int | None = None
    is_start: bool = False
