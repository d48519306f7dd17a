"""Adds, changes and removes single choices."""

from __future__ import annotations

from typing import NamedTuple

from gamebook_lab.errors import EditError
from gamebook_lab.story.edits import checked
from gamebook_lab.story.edits.rows import with_cells
from gamebook_lab.story.edits.splice import splice
from gamebook_lab.story.places import place
from gamebook_lab.story.program import Choice, ChoiceKind, Program, Span
from gamebook_lab.story.story import Story
from gamebook_lab.story.visible import is_visible

ChoiceRef = str | tuple[str | int, int]
"""A ``choice_id`` such as ``"12:0"``, or a passage (name or key) and the choice's order in it."""


class Found(NamedTuple):
    """A choice and where it stands."""

    key: int
    order: int
    choice: Choice


def find_choice(story: Story, choice: ChoiceRef) -> Found:
    """Find a choice.

    Raises
    ------
    EditError
        If there is none.
    UnknownPassageError
        If there is no such passage.
    """
    passage, order = _parts(choice) if isinstance(choice, str) else choice
    key = story.key(passage)
    choices = story.program(key).choices
    if not 0 <= order < len(choices):
        msg = f"passage {story.name(key)!r} has {len(choices)} choices and no choice {order} (counted from 0); see story.choices"
        raise EditError(msg)
    return Found(key, order, choices[order])


def _parts(choice_id: str) -> tuple[int, int]:
    key, _, order = choice_id.partition(":")
    if not (key.isdecimal() and order.isdecimal()):
        msg = f"expected a choice_id such as '12:0' and got {choice_id!r}; take it from story.choices"
        raise EditError(msg)
    return int(key), int(order)


def add_choice(story: Story, passage: str | int, label: str | None, target: str | int) -> Story:
    """Add a link at the end of a passage, on a line of its own.

    Parameters
    ----------
    passage
        Name or key.
    label
        What the reader clicks; None shows the target's name.
    target
        Name or key of the passage that it leads to. A name that no passage has yet makes a broken link.

    Raises
    ------
    EditError
        If the link cannot be written so, or the text ends inside something that swallows it.
    UnknownPassageError
        If there is no such passage.
    """
    key = story.key(passage)
    link = story.language.link(None if label is None else _label(label), _target(story, target))
    text = story.text(key)
    return with_link(story, key, text if not text or text.endswith("\n") else f"{text}\n", link)


def with_link(story: Story, key: int, text: str, link: str) -> Story:
    """Give a passage the text with a link at its end, and see that it is one.

    Raises
    ------
    EditError
        If the text ends inside something that swallows the link.
    """
    new = with_cells(story, {"text": {key: text + link}})
    span = Span(len(text), len(text) + len(link))
    if not any(choice.span == span for choice in new.program(key).choices):
        msg = (
            f"the text of {story.name(key)!r} ends inside markup or code, where a link is not one; "
            "close it first, or write the link by hand where it should stand"
        )
        raise EditError(msg)
    return new


def retarget_choice(story: Story, choice: ChoiceRef, target: str | int) -> Story:
    """Let a choice lead to another passage. What the reader sees of it stays: ``[[Cellar]]`` becomes ``[[Cellar->Attic]]``.

    Parameters
    ----------
    choice
        Its ``choice_id``, or passage and order.
    target
        Name or key. A name that no passage has yet makes a broken link.

    Raises
    ------
    EditError
        If it names no passage (computed, external), or the new name cannot be written there.
    """
    found, name = find_choice(story, choice), _target(story, target)
    old = found.choice
    if old.target_slot is None or old.kind is ChoiceKind.EXTERNAL:
        msg = f"{_what(found)} names no passage: it is {old.kind.value}; change the text at {_where(story, found)} by hand"
        raise EditError(msg)
    if name == old.target:
        return story
    if old.label_slot == old.target_slot:
        assert old.label is not None
        edit = _both(story, found, old.label, name)
    else:
        edit = old.target_slot.span, story.language.encode(name, old.target_slot.quoting)
    return _rewritten(story, found, edit)


def relabel_choice(story: Story, choice: ChoiceRef, label: str) -> Story:
    """Let the reader see another label. Where it leads stays: ``[[Cellar]]`` becomes ``[[Go down->Cellar]]``.

    Parameters
    ----------
    choice
        Its ``choice_id``, or passage and order.
    label
        What the reader clicks.

    Raises
    ------
    EditError
        If it has no written label, or the new one cannot be written there.
    """
    found = find_choice(story, choice)
    if found.choice.label_slot is None:
        msg = f"{_what(found)} has no label that is written as such; change the text at {_where(story, found)} by hand"
        raise EditError(msg)
    if label == found.choice.label:
        return story
    return _rewritten(story, found, label_edit(story, found, _label(label)))


def label_edit(story: Story, found: Found, label: str) -> tuple[Span, str]:
    """What to write where, so that a choice that has a label gets another one.

    Raises
    ------
    EditError
        If the label cannot be written there.
    """
    choice = found.choice
    assert choice.label_slot is not None
    if choice.label_slot == choice.target_slot:
        assert choice.target is not None
        return _both(story, found, label, choice.target)
    return choice.label_slot.span, story.language.encode(label, choice.label_slot.quoting)


def _both(story: Story, found: Found, label: str, target: str) -> tuple[Span, str]:
    """Give label and target a text each, where one served as both."""
    choice = found.choice
    assert choice.target_slot is not None
    if not story.text(found.key).startswith("[[", choice.span.start):
        msg = (
            f"{_what(found)} shows the name of its target, and what stands at {_where(story, found)} has no place for another "
            f"label; replace it by hand, say by {story.language.link(label, target)}"
        )
        raise EditError(msg)
    return choice.target_slot.span, story.language.link_inside(label, target)


def delete_choice(story: Story, choice: ChoiceRef) -> Story:
    """Remove a choice with all of its markup; a line that held nothing else goes with it.

    Raises
    ------
    EditError
        If there is no such choice, or its markup offers other choices too, as a link with two gotos does.
    """
    found = find_choice(story, choice)
    others = _others(story.program(found.key), found.choice)
    if others:
        names = ", ".join(repr(other.target or other.kind.value) for other in others)
        msg = f"{_what(found)} shares its markup with what leads to {names}; change the text at {_where(story, found)} by hand"
        raise EditError(msg)
    text = story.text(found.key)
    return with_cells(story, {"text": {found.key: splice(text, [(_whole_line(text, found.choice.span), "")])}})


def _others(program: Program, choice: Choice) -> list[Choice]:
    """Choices that the very same markup offers."""
    return [each for each in program.choices if each.span == choice.span and each != choice]


def _whole_line(text: str, span: Span) -> Span:
    """Widen a span to its line with one line break, if nothing else stands there."""
    start = text.rfind("\n", 0, span.start) + 1
    stop = text.find("\n", span.stop)
    stop = len(text) if stop < 0 else stop
    if text[start : span.start].strip() or text[span.stop : stop].strip():
        return span
    if stop < len(text):
        return Span(start, stop + 1)
    return Span(max(start - 1, 0), stop)


def unlinked(story: Story, name: str) -> Story:
    """Turn every link that leads to a name alone into its label's text; of nested links, the outermost."""
    texts: dict[int, str] = {}
    for key in story.mentions.keys.get(name, ()):
        edits = _label_texts(story.program(key), name)
        if edits:
            texts[key] = splice(story.text(key), edits)
    return with_cells(story, {"text": texts})


def _label_texts(program: Program, name: str) -> list[tuple[Span, str]]:
    edits: list[tuple[Span, str]] = []
    elsewhere = {choice.span for choice in program.choices if choice.target != name}
    done = 0
    for choice in sorted(program.choices, key=lambda each: (each.span.start, -each.span.stop)):
        is_link = choice.kind is ChoiceKind.LINK and choice.target == name and choice.label is not None
        if is_link and choice.span.start >= done and choice.span not in elsewhere:
            edits.append((choice.span, choice.label or ""))
            done = choice.span.stop
    return edits


def _rewritten(story: Story, found: Found, edit: tuple[Span, str]) -> Story:
    return with_cells(story, {"text": {found.key: splice(story.text(found.key), [edit])}})


def _target(story: Story, target: str | int) -> str:
    if not isinstance(target, str):
        return story.name(target)
    checked.encodable(target, "a target")
    if not target.strip():
        raise EditError("a choice needs the name of the passage that it leads to; give one")
    return target


def _label(label: str) -> str:
    checked.encodable(label, "a label")
    if not is_visible(label):
        raise EditError("a label needs at least one visible character; give it one, or delete the choice")
    return label


def _what(found: Found) -> str:
    label = found.choice.label
    return f"the choice {label!r}" if label else f"choice {found.key}:{found.order}"


def _where(story: Story, found: Found) -> str:
    return f"{place(story.text(found.key), found.choice.span.start)} of {story.name(found.key)!r}"
