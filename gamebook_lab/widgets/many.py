"""What a widget can do to several passages at once, asked for by its script; the same in the map and in the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, NotRequired, TypedDict

from gamebook_lab.story import edits
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.search import replace as replace_in
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.new_passage import free_place
from gamebook_lab.widgets.session import StorySession

__all__ = ["Copied", "Many", "do_to_many", "twee_of"]


class Many(TypedDict):
    """Do something to several passages. ``value`` is the tag, all the tags to have, the Twee to paste, or what to find."""

    type: Literal["many"]
    act: Literal["tag", "untag", "tags", "replace", "delete", "copy", "save", "paste"]
    keys: list[int]
    value: str
    instead: NotRequired[str]
    """Of ``replace``: what to put in its place."""


class Copied(TypedDict):
    """Answer to ``copy`` and ``save``: the passages as Twee, for the clipboard or for a file."""

    type: Literal["copied"]
    twee: str
    n: int
    is_file: bool


def do_to_many(session: StorySession, message: Many, *, origin: object) -> Copied | None:
    """Do what the script asks for; passages that are gone meanwhile are passed over.

    Raises
    ------
    EditError
        If it cannot be done; nothing has changed then.
    """
    act, value = message["act"], message["value"]
    if act in {"copy", "save"}:
        story = session.story
        keys = _present(story, message["keys"])
        return Copied(type="copied", twee=safe_text(twee_of(story, keys)), n=len(keys), is_file=act == "save")
    if act == "paste":
        paste(session, value, origin=origin)
        return None

    def edit(story: Story) -> Story:
        keys = _present(story, message["keys"])
        if act == "delete":
            return edits.delete_passages(story, keys)
        if act == "replace":
            return replace_in(story, value, message.get("instead", ""), passages=keys)
        tags = value.split()
        if act == "tags":
            others = {tag for has in story.table.loc[keys, "tags"].tolist() for tag in has} - set(tags)
            return edits.tag_passages(story, keys, add=tags, remove=others)
        return edits.tag_passages(story, keys, add=tags if act == "tag" else (), remove=tags if act == "untag" else ())

    labels = {
        "tag": f"Tag {value}", "untag": f"Untag {value}", "tags": "Change tags", "delete": "Delete passages",
        "replace": f"Replace {value}",
    }  # fmt: skip
    session.apply(edit, label=labels[act], origin=origin)
    return None


def paste(session: StorySession, text: str, *, origin: object) -> None:
    """Add the passages of a Twee text to the story, and select the first.

    Raises
    ------
    EditError
        If there are none, or a name does not fit.
    FormatError
        If it is no Twee.
    """
    from gamebook_lab.formats import parse_twee

    brought = parse_twee(text)
    x, y = free_place(session.story, session.selected)
    first = session.story.next_key
    session.apply(
        lambda story: edits.import_passages(story, brought, x=x, y=y),
        label="Add passages", origin=origin, select=lambda story: first if first in story.table.index else None,
    )  # fmt: skip


def twee_of(story: Story, keys: Iterable[int]) -> str:
    """Write some passages as Twee, without the story's title and settings."""
    from gamebook_lab.formats import to_twee

    chosen = story.table.loc[list(keys)].assign(is_start=False)
    whole = to_twee(replace(story.with_table(chosen), metadata=Metadata(), source=None))
    at = whole.find("\n:: ", whole.find(":: StoryData")) + 1 if ":: StoryData" in whole else 0
    return whole[at:]


def _present(story: Story, keys: Iterable[int]) -> list[int]:
    return [key for key in keys if key in story.table.index]
