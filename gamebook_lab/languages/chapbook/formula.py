"""An expression of Chapbook as the player runs it: its tree, and which variables it may read and write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from gamebook_lab.languages.chapbook.code import RESERVED, resolve
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.evaluate import Code, compile_expression, compile_test
from gamebook_lab.languages.javascript.parser import parse_expression
from gamebook_lab.languages.javascript.uses import Root, find_uses
from gamebook_lab.languages.shared.deeds import HERE
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, visits_of
from gamebook_lab.story.program import Span

__all__ = ["MACHINERY", "Formula", "expression", "formula"]

MACHINERY: Final = {"passage.visits": HERE, "passage.from": PREVIOUS, "trail.length": TURNS, "trail": HISTORY}
"""What Chapbook counts, by the name that an expression asks it by."""
_VISITED: Final = "trail.includes"
_HARMLESS: Final = frozenset({"Math", "JSON", "Number", "String", "Array", "Object", "Date", "console", "trail"})
_FUNCTIONS: Final = frozenset({"parseInt", "parseFloat", "isNaN", "isFinite", "Number", "String", "Boolean", "alert"})


@dataclass(frozen=True, slots=True)
class Formula:
    """One expression; ``node`` is None where it cannot be read, and its value is unknown."""

    source: str
    span: Span
    node: js.Node | None
    reads: frozenset[str]
    writes: frozenset[str]
    is_wild: bool
    """It calls functions that the story's scripts may have made."""
    code: Code | None = field(default=None, repr=False, compare=False)
    test: Code | None = field(default=None, repr=False, compare=False)
    """The same as a condition."""


def expression(text: str, span: Span) -> Formula:
    """Read an expression that stands in a text."""
    parsed = parse_expression(text, *span)
    is_read = len(parsed.nodes) == 1 and parsed.problem is None
    return formula(text, span, parsed.nodes[0] if is_read else None)


def formula(text: str, span: Span, node: js.Node | None) -> Formula:
    """Make a formula of a node; of None if it could not be read."""
    found = find_uses([] if node is None else [node], _resolve)
    reads = {use.name for use in found.uses if not use.is_write and use.name not in found.local_names}
    writes = {use.name for use in found.uses if use.is_write and use.name not in found.local_names}
    for call in found.calls:
        if js.path(call.callee) == _VISITED:
            first = call.arguments[0] if call.arguments else None
            reads.add(visits_of(first.value) if isinstance(first, js.Text) else HISTORY)
    reads.discard(_VISITED)
    is_wild = node is None or any(_is_wild(call, found.local_names) for call in found.calls)
    code, test = (None, None) if node is None else (compile_expression(node), compile_test(node))
    source = text[span.start : span.stop]
    return Formula(source, span, node, frozenset(reads), frozenset(writes), is_wild or code is None, code, test)


def _resolve(node: js.Node) -> Root | None:
    name = js.path(node)
    if name == _VISITED:
        return Root(_VISITED, Span(node.start, node.stop))
    if name in MACHINERY:
        return Root(MACHINERY[name], Span(node.start, node.stop))
    return resolve(node)


def _is_wild(call: js.Call, local_names: set[str]) -> bool:
    """Tell whether a call may run code of the story's own."""
    name = js.path(call.callee)
    if not name:
        return not isinstance(call.callee, js.Member)
    root, _, rest = name.partition(".")
    if not rest:
        return name not in _FUNCTIONS and name not in local_names
    if root in _HARMLESS:
        return False
    return root in RESERVED
