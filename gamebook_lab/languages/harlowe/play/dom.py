"""A page while it is run: hooks, words and what can be clicked, as a tree; and the frozen form in ``Page.token``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from gamebook_lab.languages.harlowe.play.units import Source
from gamebook_lab.languages.harlowe.play.values import Part
from gamebook_lab.story.frozen import Value, exact
from gamebook_lab.story.play import Place
from gamebook_lab.story.program import ChoiceKind

UNSEEN: Final = frozenset(["click", "clickgoto", "live", "after", "event", "more", "leave"])
"""What is clicked elsewhere than where it stands, or not at all: its label is not among the words there."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a click does. ``how`` tells which fields count."""

    how: str
    target: str = ""
    source: Source | None = None
    parts: tuple[Part, ...] = ()
    values: tuple[Value, ...] = ()
    at: int = 0


@dataclass(slots=True)
class Live:
    """Something to click."""

    place: Place
    label: str
    kind: ChoiceKind
    action: Action


@dataclass(slots=True)
class Box:
    """A hook on the page."""

    name: str | None = None
    source: Source | None = None
    is_hidden: bool = False
    children: list[Element] = field(default_factory=list)
    scope: dict[str, Value] = field(default_factory=dict)


Element: TypeAlias = Box | Live | str


def walk(box: Box, path: tuple[Box, ...] = ()) -> Iterator[tuple[Element, tuple[Box, ...]]]:
    """All elements that are shown, in order, each with the boxes around it."""
    path = (*path, box)
    for each in list(box.children):
        yield each, path
        if isinstance(each, Box) and not each.is_hidden:
            yield from walk(each, path)


def everything(box: Box) -> Iterator[Box | Live]:
    """All boxes and what can be clicked, hidden or not."""
    yield box
    for each in box.children:
        if isinstance(each, Box):
            yield from everything(each)
        elif isinstance(each, Live):
            yield each


def named(box: Box, name: str) -> Iterator[tuple[Box, tuple[Box, ...]]]:
    """Hooks of a name, hidden ones too, outermost first."""
    wanted = normal(name)
    waiting: list[tuple[Box, tuple[Box, ...]]] = [(box, ())]
    while waiting:
        here, path = waiting.pop()
        if here.name is not None and normal(here.name) == wanted:
            yield here, path
        waiting.extend((each, (*path, here)) for each in reversed(here.children) if isinstance(each, Box))


def normal(name: str) -> str:
    """Hook names are compared as macro names are."""
    return name.lower().replace("-", "").replace("_", "")


def words(box: Box) -> str:
    """Words shown, with blanks and line breaks as they came."""
    found = []
    for each, _ in walk(box):
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, Live) and each.action.how not in UNSEEN:
            found.append(each.label)
    return "".join(found)


def tidy(shown: str) -> str:
    """Leave single blanks and line breaks only."""
    lines = (" ".join(line.split()) for line in shown.split("\n"))
    return "\n".join(line for line in lines if line)


Frozen: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a frozen page keeps."""

    keeps: Callable[[str], bool]
    """Whether code that may run later reads a temporary variable."""
    has_name: Callable[[str], bool]
    """Whether code of the story speaks of hooks of a name."""
    shorten: Callable[[Source], Source]
    """Names a passage in place of its text."""


def freeze(box: Box, keeping: Keeping) -> Frozen:
    """Make a box a value: without what no later click could find or read."""
    inside: list[Any] = []
    for each in box.children:
        if isinstance(each, Box):
            name, _, _, scope, within = frozen = freeze(each, keeping)
            if name is not None or (within and (scope or _has_own(each))):
                inside.append(frozen)
            else:
                inside += within
        elif isinstance(each, Live):
            action = each.action
            if action.source is not None:
                action = replace(action, source=keeping.shorten(action.source))
            inside.append((each.place, each.label, each.kind, action, exact((action.values, action.parts))))
        elif each:
            inside.append(each)
    # With its exact key beside each value: Python takes 1 and True for the same.
    scope = tuple((name, value, exact(value)) for name, value in sorted(box.scope.items()) if keeping.keeps(name))
    if box.name is not None and keeping.has_name(box.name):
        source = None if box.source is None else keeping.shorten(box.source)
        return (box.name, source, box.is_hidden, scope, _joined(inside))
    return (None, None, box.is_hidden, scope, () if box.is_hidden else _joined(inside))


def _joined(inside: list[Any]) -> tuple[Any, ...]:
    """Join words that touch."""
    found: list[Any] = []
    for each in inside:
        if isinstance(each, str) and found and isinstance(found[-1], str):
            found[-1] += each
        else:
            found.append(each)
    return tuple(found)


def _has_own(box: Box) -> bool:
    """Whether a click needs to know where the box ends: what its link adds or takes away."""
    return any(isinstance(each, Live) and each.action.how not in {"go", "leave"} for each in box.children)


def thaw(frozen: Frozen, lengthen: Callable[[Source], Source]) -> Box:
    """Make a box of what :func:`freeze` made; ``lengthen`` undoes its ``shorten``."""
    name, source, is_hidden, scope, inside = frozen
    children: list[Element] = []
    for each in inside:
        if isinstance(each, str):
            children.append(each)
        elif isinstance(each[0], Place):
            place, label, kind, action, _ = each
            if action.source is not None:
                action = replace(action, source=lengthen(action.source))
            children.append(Live(place, label, kind, action))
        else:
            children.append(thaw(each, lengthen))
    whole = None if source is None else lengthen(source)
    return Box(name, whole, is_hidden, children, {name: value for name, value, _ in scope})
