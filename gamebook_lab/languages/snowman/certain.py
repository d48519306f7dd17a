"""What a Snowman passage does whenever it is run: see :class:`~gamebook_lab.story.program.Certain`.

An error ends a template: behind code that may fail, or whose flow of control is its own, nothing is sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.parser import parse_code
from gamebook_lab.languages.javascript.purity import cannot_throw
from gamebook_lab.languages.snowman import nodes
from gamebook_lab.story.program import Certain, Span

__all__ = ["certain"]

_SHOWS: Final = ("story.render", "Story.render")
_GOES: Final = ("story.show", "Story.show")


def certain(text: str, row: Sequence[nodes.Node], is_variable: Callable[[js.Node], bool]) -> Iterator[Certain]:
    """Find it, in order; ``is_variable`` tells what names a variable of the story."""
    if not any(name in text for name in (*_SHOWS, *_GOES)):
        return
    for node in row:
        if isinstance(node, nodes.Code):
            parsed = parse_code(text, *node.inside)
            if parsed.is_code or parsed.problem is not None:
                return
            for tree in parsed.nodes:
                name = _named(tree, _SHOWS if node.is_shown else _GOES)
                if name is not None:
                    yield Certain("shows" if node.is_shown else "goes", name, Span(tree.start, tree.stop))
                elif not _is_safe(tree, is_variable):
                    return
        elif (isinstance(node, nodes.Element) and node.name == "script") or (
            isinstance(node, (nodes.Link, nodes.Html)) and "<%" in text[node.start : node.stop]
        ):
            return


def _named(node: js.Node, calls: tuple[str, ...]) -> str | None:
    """The passage that a call of one of these functions names."""
    if not isinstance(node, js.Call) or js.path(node.callee) not in calls or len(node.arguments) != 1:
        return None
    first = node.arguments[0]
    return first.value if isinstance(first, js.Text) else None


def _is_safe(node: js.Node, is_variable: Callable[[js.Node], bool]) -> bool:
    """Tell whether a statement cannot fail: a value, or one given to a variable."""
    if isinstance(node, js.Update):
        return is_variable(node.operand)
    if isinstance(node, js.Assign):
        return is_variable(node.target) and cannot_throw(node.value, is_variable)
    return cannot_throw(node, is_variable)
