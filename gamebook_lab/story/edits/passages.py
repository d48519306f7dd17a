"""Adds, removes and changes whole passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Final

from gamebook_lab.story.edits import checked
from gamebook_lab.story.edits.choices import unlinked
from gamebook_lab.story.edits.rows import with_cells, with_new, with_start, without
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.story import Story

_WIDTH: Final = 100.0  # of a passage on Twine's map
_GAP: Final = 25.0


def add_passage(
    story: Story, name: str, text: str = "", tags: Iterable[str] = (), *, x: float | None = None, y: float | None = None
) -> Story:
    """Add a passage at the end of the story.

    In a story that has no start, a passage with the name that it wants to start at (or ``Start``) becomes the start.

    Parameters
    ----------
    name
        Its name; no other passage may have it.
    text, tags
        What it says, and its tags.
    x, y
        Left and top edge on the map, in pixels; without, it was never placed.

    Raises
    ------
    EditError
        If the name is taken or no link could spell it, or a tag or coordinate is not one.
    """
    passage = Passage(
        checked.new_name(story, name),
        checked.text_of(text),
        checked.tags_of(tags),
        x=checked.coordinate(x),
        y=checked.coordinate(y),
    )
    return with_new(story, [passage])[0]


def duplicate_passage(story: Story, passage: str | int, new_name: str | None = None) -> Story:
    """Add a copy of a passage, beside it on the map. Links in it to itself still lead to the original.

    Parameters
    ----------
    passage
        Name or key.
    new_name
        Name of the copy; without, the passage's with the first free number: ``Cellar 2``.

    Raises
    ------
    EditError
        If the name is taken or no link could spell it.
    UnknownPassageError
        If there is no such passage.
    """
    key = story.key(passage)
    if new_name is None:
        numbered = (f"{story.name(key)} {number}" for number in count(2))
        new_name = next(name for name in numbered if name not in story.keys_by_name)
    return with_new(story, [beside(story, key, checked.new_name(story, new_name), story.text(key))])[0]


def beside(story: Story, key: int, name: str, text: str) -> Passage:
    """Make the record of a passage like this one, to its right on the map."""
    old = story.record(key)
    x = None if old.x is None else old.x + (old.width or _WIDTH) + _GAP
    return Passage(name, text, old.tags, x=x, y=old.y, width=old.width, height=old.height)


def delete_passage(story: Story, passage: str | int, *, unlink: bool = False) -> Story:
    """Remove a passage.

    Links to it are broken then (problem GB101), unless another passage has its name: they lead to that one. If it was
    the start, the story has none, and starts again at the next passage that is given its name.

    Parameters
    ----------
    passage
        Name or key.
    unlink
        Turn every link to it into the plain text of its label. Gotos and code that name it stay, and stay broken,
        and so do links that may lead elsewhere as well.

    Raises
    ------
    UnknownPassageError
        If there is no such passage.
    """
    key = story.key(passage)
    name = story.name(key)
    if unlink and story.keys_by_name[name] == (key,):
        story = unlinked(story, name)
    return without(story, {key})


def set_text(story: Story, passage: str | int, text: str) -> Story:
    r"""Give a passage another text. Line ends become ``\n``.

    Raises
    ------
    EditError
        If no file could hold the text.
    UnknownPassageError
        If there is no such passage.
    """
    return with_cells(story, {"text": {story.key(passage): checked.text_of(text)}})


def set_tags(story: Story, passage: str | int, tags: Iterable[str]) -> Story:
    """Give a passage other tags; its kind follows from them.

    Raises
    ------
    EditError
        If a tag is empty or holds a space.
    UnknownPassageError
        If there is no such passage.
    """
    return with_cells(story, {"tags": {story.key(passage): checked.tags_of(tags)}})


def set_start(story: Story, passage: str | int) -> Story:
    """Begin the story at a passage.

    Raises
    ------
    EditError
        If the passage is code or style, which nobody reads.
    UnknownPassageError
        If there is no such passage.
    """
    key = story.key(passage)
    checked.story_passage(story, key)
    return with_start(story, key)


def move_passage(story: Story, passage: str | int, x: float, y: float) -> Story:
    """Place a passage on the map, by its left and top edge in pixels.

    Raises
    ------
    EditError
        If a coordinate is not finite.
    UnknownPassageError
        If there is no such passage.
    """
    return move_passages(story, {passage: (x, y)})


def move_passages(story: Story, places: Mapping[str | int, tuple[float, float]]) -> Story:
    """Place many passages on the map in one edit.

    Parameters
    ----------
    places
        By name or key, left and top edge in pixels.

    Raises
    ------
    EditError
        If a coordinate is not finite.
    UnknownPassageError
        If there is no such passage.
    """
    by_key = {story.key(passage): place for passage, place in places.items()}
    cells = {
        column: {key: checked.coordinate(place[axis]) for key, place in by_key.items()}
        for axis, column in enumerate(("x", "y"))
    }
    return with_cells(story, cells)
