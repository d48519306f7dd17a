"""What a SugarCube passage, or a widget of it, does whenever it is run: see :class:`~gamebook_lab.story.program.Certain`.

SugarCube shows the error of a macro and goes on behind it, so that what stands before does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.arguments import Argument, read_arguments
from gamebook_lab.languages.sugarcube.targets import read_target
from gamebook_lab.languages.sugarcube.vocabulary import (
    CODE_MACROS,
    CONTAINERS,
    EXPRESSION_MACROS,
    INPUTS,
    PARENTS,
    PLAIN_MACROS,
)
from gamebook_lab.story.program import Certain, Span

__all__ = ["certain"]

_SHOWS: Final = frozenset({"include", "display"})
_THROUGH: Final = frozenset({"nobr", "silent", "silently", "capture"})
"""Macros whose body is run where it stands."""
_OWN: Final = (
    frozenset(CONTAINERS) | EXPRESSION_MACROS | CODE_MACROS | INPUTS | PLAIN_MACROS | PARENTS.keys() | _SHOWS
    | {"goto", "back", "return", "actions", "choice"}
)  # fmt: skip
_MAY_THROW: Final = frozenset(".([`")


def certain(
    finder: Finder, children: Sequence[nodes.Node], *, is_widgets: bool, within: str | None = None
) -> Iterator[Certain]:
    """Find it among siblings; the tree's depth is bounded, so this may recurse.

    Parameters
    ----------
    finder
        Of the passage's text.
    children
        Its nodes.
    is_widgets
        Macros that it defines can be called from the beginning.
    within
        The widget whose body this is.
    """
    for node in children:
        if not isinstance(node, nodes.Macro):
            continue
        if node.name in _THROUGH:
            yield from certain(finder, node.clauses[0].body, is_widgets=is_widgets, within=within)
        elif node.name == "widget":
            given = _arguments(finder, node) if is_widgets and within is None else []
            if given and given[0].kind == "text":
                yield from certain(finder, node.clauses[0].body, is_widgets=False, within=given[0].value)
        elif node.name in _SHOWS or node.name == "goto":
            given = _arguments(finder, node)
            name = _name(finder.text, given[0]) if given else None
            if name is not None:
                yield Certain("goes" if node.name == "goto" else "shows", name, Span(node.start, node.stop), within)
        elif node.name not in _OWN and not any(_may_fail(finder.text, each) for each in _arguments(finder, node)):
            tag = node.clauses[0].tag
            yield Certain("calls", node.name, Span(tag.start, tag.stop), within)


def _arguments(finder: Finder, node: nodes.Macro) -> list[Argument]:
    return read_arguments(finder, *node.clauses[0].tag.arguments)[0]


def _name(text: str, given: Argument) -> str | None:
    """The passage that an argument names, whatever the values."""
    if given.brackets is None:
        return given.value if given.kind == "text" else None
    if given.brackets.target is None or given.brackets.setter is not None:
        return None
    target = read_target(text, given.brackets.target)
    return target.name if target.kind == "name" else None


def _may_fail(text: str, given: Argument) -> bool:
    """Tell whether computing an argument may throw, so that the macro is not called."""
    return given.kind == "link" or (
        given.kind == "expression" and not _MAY_THROW.isdisjoint(text[given.start : given.stop])
    )
