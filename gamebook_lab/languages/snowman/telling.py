"""What Snowman's code can tell of the numbers of variables, and of its counts: see ``javascript/telling.py``.

Code that is not followed needs no care: a run takes it for doing anything, whatever the values.
"""

from __future__ import annotations

from collections.abc import Iterable

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript import templates as st
from gamebook_lab.languages.javascript.telling import ALL, Context, Walk
from gamebook_lab.languages.snowman.facts import STORES
from gamebook_lab.languages.snowman.reading import VISITED, named, texts_of
from gamebook_lab.story.play import visits_of

__all__ = ["Telling"]


class Telling(Walk):
    """Goes through templates."""

    def __init__(self) -> None:
        super().__init__(named)

    def statements(self, row: Iterable[st.Statement]) -> None:
        """Go through statements; what their pieces tell is not among it."""
        for each in row:
            match each:
                case st.Do():
                    self.run([each.node], "nothing")
                case st.If():
                    self.run([each.test], "truth")
                    self.statements((*each.yes, *each.no))
                case st.Loop():
                    self.run([] if each.test is None else [each.test], "truth")
                    self.statements((*each.first, *each.after, *each.body))
                case st.ForOf():
                    self.run([each.items], "value")
                    self.statements(each.body)

    def inner(self, node: js.Node, context: Context) -> None:
        """Look at what is neither a variable nor a step."""
        if js.path(node) in STORES:  # the whole state, in other hands
            self.sees(ALL)
        elif counters := _counters(node):
            for counter in counters:
                if context == "value" and not _is_truth(node):
                    self.sees(counter)
                else:
                    self.asks(counter)
        else:
            super().inner(node, context)

    def is_told(self, node: js.Node, constant: float) -> bool:
        """Note what a comparison tells, of a count of visits too."""
        counters = () if _is_truth(node) else _counters(node)
        for counter in counters:
            self.compares(counter, constant)
        return bool(counters) or super().is_told(node, constant)


def _counters(node: js.Node) -> list[str]:
    """The counts that a call asks for, if that is all it does."""
    if not isinstance(node, js.Call) or js.path(node.callee) not in VISITED or len(node.arguments) != 1:
        return []
    return [visits_of(each.value) for each in texts_of(node.arguments[0])]


def _is_truth(node: js.Node) -> bool:
    return isinstance(node, js.Call) and js.path(node.callee).rpartition(".")[2] == "hasVisited"
