"""Checks what a caller gives to an edit, before anything changes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from gamebook_lab.errors import EditError
from gamebook_lab.story.story import Story
from gamebook_lab.story.visible import is_visible

NUL: Final = "\0"
_RESERVED: Final = frozenset({"StoryTitle", "StoryData"})


def new_name(story: Story, name: str) -> str:
    """Return a name that a passage can take.

    Raises
    ------
    EditError
        If it is empty, begins or ends with a space, holds a line break, is taken, reserved, or no link can spell it.
    """
    encodable(name, "a passage name")
    if not is_visible(name):
        raise EditError("a passage needs a name of at least one visible character; give it one")
    if name != name.strip() or len(name.splitlines()) != 1:
        msg = f"the name {name!r} begins or ends with a space, or holds a line break; leave them out"
        raise EditError(msg)
    if name in story.keys_by_name:
        msg = f"there is a passage {name!r} already; choose another name, or rename that one first"
        raise EditError(msg)
    if name in _RESERVED:
        msg = f"{name!r} is where story files keep the story's title and settings; choose another name"
        raise EditError(msg)
    story.language.link(None, name)
    return name


def text_of(text: str) -> str:
    r"""Return a text with its line ends as ``\n``.

    Raises
    ------
    EditError
        If it cannot be written to a file.
    """
    encodable(text, "a text")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def tags_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags, each once.

    Raises
    ------
    EditError
        If one is empty or holds a space: story files separate tags by spaces.
    """
    if isinstance(tags, str):
        raise EditError(f"expected a list of tags and got the string {tags!r}; write [{tags!r}]")
    found = tuple(dict.fromkeys(tags))
    for tag in found:
        encodable(tag, "a tag")
        if not tag or tag.split() != [tag]:
            msg = f"the tag {tag!r} is empty or holds a space; write it as one word, such as {'-'.join(tag.split()) or 'dark'!r}"
            raise EditError(msg)
    return found


def coordinate(value: float | None) -> float | None:
    """Return a coordinate on the map.

    Raises
    ------
    EditError
        If it is not a finite number.
    """
    if value is not None and not math.isfinite(value):
        raise EditError(f"a place on the map is a finite number of pixels, not {value}; give another")
    return None if value is None else float(value)


def encodable(text: str, what: str) -> None:
    """Refuse what is no string, and what no file of text can hold: half characters (lone surrogates), zero characters.

    A story that has one already, for it was read so, keeps it.

    Raises
    ------
    EditError
        If ``text`` is such.
    """
    if not isinstance(text, str):
        raise EditError(f"{what} is a string, not {type(text).__name__}; convert it first")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        msg = f"{what} holds half a character at position {error.start}, which no file can hold; remove it"
        raise EditError(msg) from error
    if NUL in text:
        msg = f"{what} holds a zero character (NUL) at position {text.index(NUL)}, which no file of text can hold; remove it"
        raise EditError(msg)


def passages_of(other: Story) -> None:
    """Refuse passages from elsewhere that hold what no file of text can.

    Raises
    ------
    EditError
        If one does; it is named.
    """
    for row in map(other.record, other.table.index.tolist()):
        for text in (row.passage_id, row.text, *row.tags):
            encodable(text, f"the passage {row.passage_id!r}")


def story_passage(story: Story, key: int) -> None:
    """Refuse a passage that is not for readers.

    Raises
    ------
    EditError
        If its kind is not ``story``.
    """
    kind = story.record(key).kind
    if kind != "story":
        msg = f"{story.name(key)!r} is a passage of kind {kind}, which nobody reads; choose one of the story"
        raise EditError(msg)
