"""Splits a passage in two, and merges two into one. Merging what was split gives the same text again."""

from __future__ import annotations

from typing import Final

from gamebook_lab.errors import EditError
from gamebook_lab.story.edits import checked
from gamebook_lab.story.edits.choices import with_link
from gamebook_lab.story.edits.joints import construct_at, is_joint
from gamebook_lab.story.edits.passages import beside
from gamebook_lab.story.edits.renames import renamed_references
from gamebook_lab.story.edits.rows import with_cells, with_new, with_start, without
from gamebook_lab.story.places import place
from gamebook_lab.story.program import Choice, ChoiceKind, Program
from gamebook_lab.story.story import Story

_BETWEEN: Final = "\n\n"


def split_passage(story: Story, passage: str | int, at: int, new_name: str) -> Story:
    """Move the text after an offset to a new passage, and link to it from where the cut was.

    Line breaks at the cut stay with the first part, so that the new passage begins with its first line. The new passage
    has the same tags, and stands to the right on the map.

    Parameters
    ----------
    passage
        Name or key.
    at
        Offset in the text, in characters.
    new_name
        Name of the new passage.

    Raises
    ------
    EditError
        If the offset is outside the text, or inside markup, code or a condition; if the name cannot be used; or if the
        passage is code or style.
    UnknownPassageError
        If there is no such passage.
    """
    key = story.key(passage)
    checked.story_passage(story, key)
    name, text = checked.new_name(story, new_name), story.text(key)
    if not 0 <= at <= len(text):
        raise EditError(f"offset {at} is not in the text of {story.name(key)!r}, which has {len(text)} characters")
    while at < len(text) and text[at] == "\n":
        at += 1
    head, tail = text[:at], text[at:]
    whole = story.program(key)
    if not is_joint(_parsed(story, key, head), _parsed(story, key, tail), whole, at):
        msg = (
            f"{place(text, at)} of {story.name(key)!r} lies inside {construct_at(whole, at)}; "
            "split between two paragraphs instead, outside of it"
        )
        raise EditError(msg)
    story, _ = with_new(story, [beside(story, key, name, tail)])
    new = with_link(story, key, head, story.language.link(None, name))
    link = new.program(key).choices[-1]
    if link.conditions:
        msg = (
            f"{place(text, at)} of {story.name(key)!r} lies inside the condition {link.conditions[-1]}, which does not end; "
            "split before it begins, or end it first"
        )
        raise EditError(msg)
    return new


def merge_passages(story: Story, first: str | int, second: str | int) -> Story:
    """Put the second passage's text into the first one, and remove the second.

    If the first ends with a plain link to the second, the text takes the place of that link; if nothing in it leads
    there, the text follows after a blank line. Links to the second lead to the first then. The first also gets the
    second's tags, and is the start if the second was.

    Parameters
    ----------
    first, second
        Names or keys.

    Raises
    ------
    EditError
        If they are one passage or of different kinds; if the first leads to the second in any other way (it would lead
        to itself then); or if markup or a condition would reach across the seam.
    UnknownPassageError
        If there is no such passage.
    """
    one, two = story.key(first), story.key(second)
    _mergeable(story, one, two)
    text = _without_last_link(story, one, two)
    at = len(text)
    merged = with_cells(story, {"text": {one: text + story.text(two)}})
    if not is_joint(_parsed(story, one, text), story.program(two), merged.program(one), at):
        msg = (
            f"merging {story.name(one)!r} and {story.name(two)!r} would change what they say: {construct_at(merged.program(one), at)} "
            f"reaches across the seam; close it at the end of {story.name(one)!r} first"
        )
        raise EditError(msg)
    if story.key(story.name(two)) == two:
        merged = with_cells(merged, {"text": renamed_references(merged, story.name(two), story.name(one))})
    tags = tuple(dict.fromkeys((*story.record(one).tags, *story.record(two).tags)))
    merged = with_cells(merged, {"tags": {one: tags}})
    if story.start_key == two:
        merged = with_start(merged, one)
    return without(merged, {two})


def _mergeable(story: Story, one: int, two: int) -> None:
    if one == two:
        raise EditError(f"{story.name(one)!r} cannot be merged with itself; name two passages")
    kinds = [story.record(key).kind for key in (one, two)]
    if kinds[0] != kinds[1]:
        msg = f"{story.name(one)!r} is a {kinds[0]} passage and {story.name(two)!r} a {kinds[1]} passage; merge two of a kind"
        raise EditError(msg)


def _without_last_link(story: Story, one: int, two: int) -> str:
    """Text of the first passage up to where the second's text goes.

    Raises
    ------
    EditError
        If it leads to the second other than by a plain link at its end.
    """
    text, name = story.text(one), story.name(two)
    if story.key(name) != two:  # links of that name lead to another passage
        return _followed(text)
    leading = [choice for choice in story.program(one).choices if choice.target == name]
    if not leading:
        return _followed(text)
    last = leading[-1]
    if len(leading) == 1 and _is_plain(last) and not text[last.span.stop :].strip():
        return text[: last.span.start]
    blocking = leading[0] if len(leading) > 1 else last
    msg = (
        f"{story.name(one)!r} leads to {name!r} at {place(text, blocking.span.start)} other than by one plain link at its end, "
        "and would lead to itself after merging; delete or retarget that choice first"
    )
    raise EditError(msg)


def _is_plain(choice: Choice) -> bool:
    return choice.kind is ChoiceKind.LINK and not choice.conditions and not choice.effects and not choice.is_once


def _followed(text: str) -> str:
    return text.rstrip("\n") + _BETWEEN if text else text


def _parsed(story: Story, key: int, text: str) -> Program:
    return story.language.parse(text, name=story.name(key), tags=story.record(key).tags)
