"""What a Harlowe passage, or a custom macro, does whenever it is run: see :class:`~gamebook_lab.story.program.Certain`.

Harlowe shows the error of a macro and goes on behind it. Only the first ``(go-to:)`` counts: nothing behind it is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.story.program import Certain

__all__ = ["certain"]

_COMPUTES: Final = frozenset({"print", "outputdata", "outdata"})
"""Macros that need their value to be computed first."""


def certain(nodes: Iterable[tree.Markup], within: str | None = None) -> Iterator[Certain]:
    """Find it among siblings; ``within`` is the custom macro whose body they are. The tree's depth is bounded."""
    for node in nodes:
        if isinstance(node, tree.Style) or (isinstance(node, tree.Hook) and not node.is_hidden):
            yield from certain(node.children, within)
        elif isinstance(node, tree.Macro):
            yield from _call(node, within)


def _call(node: tree.Macro, within: str | None) -> Iterator[Certain]:
    if node.is_custom:
        if all(isinstance(each, (tree.String, tree.Number, tree.Boolean)) for each in node.arguments):
            yield Certain("calls", node.name, node.span, within)
    elif node.name in {"display", "goto"} and len(node.arguments) == 1:
        target = node.arguments[0]
        if isinstance(target, tree.String):
            yield Certain("goes" if node.name == "goto" else "shows", target.value, node.span, within)
    elif node.name in _COMPUTES:
        for argument in node.arguments:
            if isinstance(argument, tree.Macro) and argument.is_custom:
                yield from _call(argument, within)
    elif node.name == "set" and within is None:
        for each in node.arguments:
            yield from _defined(each)


def _defined(node: tree.Expression) -> Iterator[Certain]:
    """The body of a custom macro that a variable is given."""
    if not isinstance(node, tree.Assignment) or not isinstance(node.target, tree.Variable):
        return
    made = node.value
    if isinstance(made, tree.Macro) and made.name == "macro" and made.arguments and not node.target.is_temporary:
        body = made.arguments[-1]
        if isinstance(body, tree.Hook):
            yield from certain(body.children, node.target.name)
