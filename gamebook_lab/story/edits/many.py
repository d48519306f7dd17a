"""What an author does to many passages at once: one edit, one step of undo."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import count

from gamebook_lab.errors import EditError
from gamebook_lab.story.edits import checked
from gamebook_lab.story.edits.renames import renamed_references
from gamebook_lab.story.edits.rows import with_cells, with_new, without
from gamebook_lab.story.story import Story

__all__ = ["delete_passages", "import_passages", "tag_passages"]


def tag_passages(
    story: Story, passages: Iterable[str | int], *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Story:
    """Give passages some tags more, and take others away.

    Parameters
    ----------
    passages
        By name or key.
    add
        New tags come after those that a passage has.
    remove
        Tags to take away; a passage need not have them.

    Raises
    ------
    EditError
        If a tag is empty or holds a space.
    UnknownPassageError
        If there is no such passage.
    """
    more, less = checked.tags_of(add), frozenset(remove)
    tags = {}
    for key in map(story.key, passages):
        kept = tuple(tag for tag in story.record(key).tags if tag not in less)
        tags[key] = tuple(dict.fromkeys((*kept, *more)))
    return with_cells(story, {"tags": tags})


def delete_passages(story: Story, passages: Iterable[str | int]) -> Story:
    """Remove passages; links to them are broken then, as by :func:`~gamebook_lab.story.edits.delete_passage`.

    Raises
    ------
    UnknownPassageError
        If there is no such passage.
    """
    keys: Collection[int] = {story.key(passage) for passage in passages}
    return without(story, keys) if keys else story


def import_passages(story: Story, other: Story, *, x: float | None = None, y: float | None = None) -> Story:
    """Add all passages of another story at the end of this one.

    A name that is taken gets the first number that is free, and what was brought along links to it by that name.

    Parameters
    ----------
    other
        Whose passages; its title and settings stay out.
    x, y
        Where the leftmost and the topmost of them go on the map, in pixels; without, they stay where they were.

    Raises
    ------
    EditError
        If it has no passages, a name cannot be linked to in this story's format, or no file could hold what they say.
    """
    if not len(other):
        raise EditError("there is no passage in what is to be added; expected Twee, such as ':: Name' and a text below")
    checked.passages_of(other)
    other = replace(other, language=story.language, _programs={}, _earlier={})
    taken = {*story.keys_by_name, *other.keys_by_name}
    for key in other.table.index.tolist():
        name = other.name(key)
        if name in story.keys_by_name:
            new = next(each for number in count(2) if (each := f"{name} {number}") not in taken)
            taken.add(new)
            texts = renamed_references(other, name, new) if other.key(name) == key else {}
            other = with_cells(other, {"text": texts, "passage_id": {key: new}})
    left, top = float(other.table["x"].min()), float(other.table["y"].min())
    moved = [
        replace(
            row,
            x=row.x if row.x is None or x is None else row.x - left + x,
            y=row.y if row.y is None or y is None else row.y - top + y,
            file=None, line=None, is_start=False,
        )
        for row in map(other.record, other.table.index.tolist())
    ]  # fmt: skip
    for row in moved:
        story.language.link(None, row.passage_id)
    return with_new(story, moved)[0]
