"""What Chapbook's code can tell of the numbers of variables, and of its counts: see ``javascript/telling.py``.

Code that is not followed needs no care: a run takes it for doing anything, whatever the values.
"""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.chapbook.code import NAME
from gamebook_lab.languages.chapbook.formula import STATE, VISITED, named
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.telling import ALL, Context, Walk
from gamebook_lab.story.play import visits_of

__all__ = ["Telling"]

_EVERYTHING: Final = frozenset({"window", "globalThis", "self"})
"""Names that give all variables into other hands, where they stand by themselves."""


class Telling(Walk):
    """Goes through formulas and scripts."""

    def __init__(self) -> None:
        super().__init__(named)

    def inner(self, node: js.Node, context: Context) -> None:
        """Look at what is neither a variable nor a step."""
        name = js.path(node.callee) if isinstance(node, js.Call) else ""
        if isinstance(node, js.Call) and (name == VISITED or name in STATE):
            first = node.arguments[0] if node.arguments else None
            root = NAME.match(first.value) if isinstance(first, js.Text) else None
            if name in STATE and not STATE[name]:
                self.sees(ALL if root is None else root.group())
            elif name == VISITED and isinstance(first, js.Text):
                self.asks(visits_of(first.value))
            self.push(node.arguments)
        elif isinstance(node, js.Name) and node.name in _EVERYTHING:
            self.sees(ALL)
        else:
            super().inner(node, context)
