"""What a Chapbook passage does whenever it is run: see :class:`~gamebook_lab.story.program.Certain`.

An error in the vars section, a modifier or a script ends a passage: where there may be one, nothing behind it is sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gamebook_lab.languages.chapbook import nodes
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.parser import parse_expression, parse_properties
from gamebook_lab.languages.javascript.purity import cannot_throw
from gamebook_lab.story.program import Certain, Span

__all__ = ["certain"]

_PLAIN: Final = re.compile(r"(?:continued?|cont(?:'d)?|append|align\s.*)\Z", re.IGNORECASE)
_EMBEDS: Final = re.compile(r"embed\s+passage\b", re.IGNORECASE)


def certain(text: str, tree: nodes.Tree) -> Iterator[Certain]:
    """Find it, in order."""
    found = [node for block in tree.blocks for node in block.nodes if _embeds(text, node)]
    if not found or not all(_is_safe(text, each) for each in tree.assignments):
        return
    for block in tree.blocks:
        if not all(_PLAIN.match(text, each.start, each.stop) for each in block.modifiers):
            return
        for node in block.nodes:
            if isinstance(node, nodes.Insert) and _embeds(text, node):
                _, first, _ = parse_properties(
                    text, node.arguments.start + 1, node.arguments.stop, has_first=text[node.arguments.start] == ":"
                )
                if isinstance(first, js.Text):
                    yield Certain("shows", first.value, Span(node.start, node.stop))


def _embeds(text: str, node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Insert) or node.arguments.start == node.arguments.stop:
        return False
    return _EMBEDS.match(text, *node.keyword) is not None


def _is_safe(text: str, node: nodes.Assignment) -> bool:
    """Tell whether a line of the vars section cannot fail, whatever the values."""
    parsed = parse_expression(text, *node.value)
    is_plain = node.condition is None and not {".", "["}.intersection(text[node.name.start : node.name.stop])
    return is_plain and parsed.expression is not None and cannot_throw(parsed.expression)
