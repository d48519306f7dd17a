"""What the map's Python and JavaScript sides say to each other. ``story_map.js`` has the same in JSDoc.

Numbers in bulk travel as binary buffers beside a message, in the order given here.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from gamebook_lab.widgets.many import Copied

# ---- from the browser


class Hello(TypedDict):
    """A view has opened, or has missed something, and wants everything."""

    type: Literal["hello"]


class Select(TypedDict):
    """A passage was clicked (``open``: double-clicked, to be edited)."""

    type: Literal["select"]
    key: int | None
    open: bool


class Move(TypedDict):
    """Passages were dragged: key, x and y of each, in pixels."""

    type: Literal["move"]
    moves: list[tuple[int, float, float]]


class Tidy(TypedDict):
    """Every passage is to be laid out anew: by what leads where, or with those of each first tag together."""

    type: Literal["tidy"]
    by: Literal["links", "tags"]


class Describe(TypedDict):
    """The pointer rests on a passage."""

    type: Literal["describe"]
    key: int


# ---- to the browser


class Rows(TypedDict):
    """Passages that are new or differ, and those that are gone.

    Buffers: ``keys`` Int32 (n); ``boxes`` Float32 (n, 4): x, y, width, height;
    ``edge_counts`` Uint32 (n): targets of each; ``edges`` Int32: key of each target, -1 where it does not exist.
    """

    type: Literal["rows"]
    base: int | None
    """Revision that this brings up to date; None: this is everything."""
    revision: int
    names: list[str]
    tags: list[tuple[str, ...]]
    kinds: list[str]
    broken: list[list[str]]
    """For each passage the names of targets that do not exist, in the order of its -1 edges."""
    start: int | None
    selected: int | None
    removed: list[int]
    tag_colors: dict[str, str]


class Problems(TypedDict):
    """Worst severity by passage. Buffers: keys Int32 (n); severities Uint8 (n): 1 info, 2 warning, 3 error."""

    type: Literal["problems"]


class Reach(TypedDict):
    """What exploring says of each passage. Buffers: keys Int32 (n); Uint8 (n), as ``verdict_rows.REACH`` counts."""

    type: Literal["reach"]
    note: str
    """How far it is, and how sure; for people."""


class Coverage(TypedDict):
    """What some playthroughs or sessions come to. Buffers: keys Int32 (n); how many come there Uint32 (n)."""

    type: Literal["coverage"]
    what: str | None
    """What is counted, in the plural; None: there are none any more."""
    total: int
    show: bool
    """Colour by it at once."""


class Selected(TypedDict):
    """The session's selection has changed."""

    type: Literal["selected"]
    key: int | None


class Description(TypedDict):
    """What to show of a passage beside the pointer."""

    type: Literal["description"]
    key: int
    words: int
    first: str


class Notice(TypedDict):
    """Something could not be done; for people."""

    type: Literal["notice"]
    text: str


ToBrowser = Rows | Problems | Reach | Coverage | Selected | Description | Notice | Copied
