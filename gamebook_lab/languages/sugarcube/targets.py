"""What a link's target or label says: a name, a string, an expression or a web address.

SugarCube takes a target as the name of a passage if there is such a passage, else evaluates it,
and if that fails takes it as a name after all. One passage cannot know the others, so we decide
by the text: it is an expression only if it reads as one from end to end, uses a variable or
something that SugarCube defines (``setup.x``, ``previous()``), and no other bare name.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.lexemes import Dialect
from gamebook_lab.languages.javascript.parser import parse_expression
from gamebook_lab.languages.sugarcube.vocabulary import COMPUTING_CALLS, KNOWN_OWNERS
from gamebook_lab.story.program import Slot, Span

_SIGN: Final = re.compile(
    r"(?<![\w$])[$_][$A-Za-z_]|\A[\"'`]|\b(?:setup|settings|State|SugarCube|Story)\b[.\[]"
    rf"|\b(?:{'|'.join(sorted(COMPUTING_CALLS))})\("
)
_ADDRESS: Final = re.compile(r"(?:file|https?|mailto|ftp|irc|news):[^\s'\"]+\Z", re.IGNORECASE)
_OWNERS: Final = KNOWN_OWNERS | COMPUTING_CALLS | {"setup", "SugarCube", "window"}


class Target(NamedTuple):
    """``kind`` is ``name``, ``address`` or ``expression``; ``name`` is what the first two say."""

    kind: str
    name: str
    slot: Slot


def read_target(text: str, span: Span, *, quoting: str = "link") -> Target:
    """Tell what a link's target or label says, as the module describes."""
    source = text[span.start : span.stop]
    slot = Slot(span, quoting)
    if source.startswith("~"):
        return Target("name", source[1:], slot)
    if _ADDRESS.match(source):
        return Target("address", source, slot)
    if _SIGN.search(source) is None:
        return Target("name", source, slot)
    tree = parse_expression(text, span.start, span.stop, Dialect.SUGAR).expression
    if isinstance(tree, nodes.Text) and tree.value.strip():
        return Target("name", tree.value, Slot(Span(tree.start + 1, tree.stop - 1), f"{tree.quoting}-in-{quoting}"))
    if tree is not None and _is_computed(tree):
        return Target("expression", "", slot)
    return Target("name", source, slot)


def _is_computed(tree: nodes.Node) -> bool:
    """It has something to compute, and knows all of its names."""
    is_computed = False
    for node in nodes.every([tree]):
        if isinstance(node, nodes.Name):
            if node.name not in _OWNERS:
                return False
            is_computed = True
        is_computed = is_computed or isinstance(node, nodes.Variable)
    return is_computed
