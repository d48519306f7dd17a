"""An expression of Chapbook as the player runs it: its tree, and which variables it may read and write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from gamebook_lab.languages.chapbook.code import GLOBALS, NAME, RESERVED, resolve
from gamebook_lab.languages.chapbook.natives import NAMES
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript import statement_nodes as kinds
from gamebook_lab.languages.javascript.arrays import ARRAY_METHODS
from gamebook_lab.languages.javascript.counting import may_go_on
from gamebook_lab.languages.javascript.evaluate import Code, compile_expression, compile_test
from gamebook_lab.languages.javascript.host import Library
from gamebook_lab.languages.javascript.parser import parse_expression
from gamebook_lab.languages.javascript.statements import statement_nodes
from gamebook_lab.languages.javascript.texts import STRING_METHODS
from gamebook_lab.languages.javascript.uses import Root, find_uses
from gamebook_lab.languages.shared.deeds import HERE
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, visits_of
from gamebook_lab.story.program import Span

__all__ = ["MACHINERY", "STATE", "VAGUE", "VISITED", "Formula", "expression", "formula", "named", "program"]

MACHINERY: Final = {"passage.visits": HERE, "passage.from": PREVIOUS, "trail.length": TURNS, "trail": HISTORY}
"""What Chapbook counts, by the name that an expression asks it by."""
VAGUE: Final = ("now.", "browser.", "config.", "sound.", "engine.version", "random.fraction", "passage.fromText")
VISITED: Final = "trail.includes"
STATE: Final = {"engine.state.get": False, "engine.state.set": True, "engine.state.setDefault": True}
_MOVING: Final = frozenset({"go", "engine.go", "restart", "engine.restart"})
_METHODS: Final = frozenset(
    {
        *ARRAY_METHODS,
        *STRING_METHODS,
        "toFixed",
        "toString",
        "toLocaleString",
        "toPrecision",
        "valueOf",
        "hasOwnProperty",
    }
)


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
    may_move: bool = False
    """It may take the reader elsewhere, or never end: then nothing follows."""
    is_vague: bool = False
    """It asks for something that nobody knows: the time, the page, a fraction by chance."""
    code: Code | None = field(default=None, repr=False, compare=False)
    test: Code | None = field(default=None, repr=False, compare=False)
    """The same as a condition."""


def expression(text: str, span: Span) -> Formula:
    """Read an expression that stands in a text."""
    parsed = parse_expression(text, *span)
    is_read = len(parsed.nodes) == 1 and parsed.problem is None
    return formula(text, span, parsed.nodes[0] if is_read else None)


def program(text: str, span: Span) -> Formula | None:
    """Read a script as one formula; None if it is not followed, as where code of others runs."""
    found = statement_nodes(text, *span)
    if found is None or "&lt;" in text[slice(*span)] or "&amp;" in text[slice(*span)]:
        return None
    made = formula(text, span, kinds.Block(*span, tuple(found)))
    return None if made.code is None or made.is_wild else made


def strings(trees: Iterable[js.Node]) -> Iterator[str]:
    """All strings in some code."""
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        if isinstance(node, js.Text):
            yield node.value
        elif isinstance(node, js.Template):
            yield from node.strings
        waiting.extend(node.children)


def _defined(tree: js.Node) -> set[str]:
    """Names of the functions that a script makes for itself."""
    found: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, kinds.Define):
            found.add(node.name)
        elif isinstance(node, kinds.Declare) and isinstance(node.target, js.Name):
            found.add(node.target.name)
        waiting.extend(node.children)
    return found


def formula(text: str, span: Span, node: js.Node | None) -> Formula:
    """Make a formula of a node; of None if it could not be read."""
    found = find_uses([] if node is None else [node], named)
    reads = {use.name for use in found.uses if not use.is_write and use.name not in found.local_names}
    writes = {use.name for use in found.uses if use.is_write and use.name not in found.local_names}
    for call in found.calls:
        if js.path(call.callee) == VISITED:
            first = call.arguments[0] if call.arguments else None
            reads.add(visits_of(first.value) if isinstance(first, js.Text) else HISTORY)
        elif (is_write := STATE.get(js.path(call.callee))) is not None:
            name = _root(call)
            node = node if name else None
            reads.add(name)
            writes |= {name} if is_write else set()
    reads.discard(VISITED)
    may_move = any(js.path(call.callee) in _MOVING for call in found.calls) or (
        node is not None and may_go_on([node], named)
    )
    own = found.local_names if node is None else found.local_names | _defined(node)
    is_wild = node is None or any(_is_wild(call, own) for call in found.calls)
    code, test = (None, None) if node is None else (compile_expression(node), compile_test(node))
    source = text[span.start : span.stop]
    return Formula(
        source,
        span,
        node,
        frozenset(reads),
        frozenset(writes),
        is_wild or code is None,
        may_move,
        node is not None and _is_vague(node),
        code,
        test,
    )


def _is_vague(tree: js.Node) -> bool:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        name = js.path(node)
        if name.startswith(VAGUE) or (isinstance(node, js.Name) and name in GLOBALS and name not in NAMES):
            return True
        waiting.extend(node.children)
    return False


def _root(call: js.Call) -> str:
    """The variable that ``engine.state.get("name.member")`` names; empty where it is computed."""
    first = call.arguments[0] if call.arguments else None
    found = NAME.match(first.value) if isinstance(first, js.Text) else None
    return found.group() if found is not None else ""


def named(node: js.Node) -> Root | None:
    """The variable that a node names, Chapbook's own counts among them."""
    name = js.path(node)
    if name == VISITED:
        return Root(VISITED, Span(node.start, node.stop))
    if name in MACHINERY:
        return Root(MACHINERY[name], Span(node.start, node.stop))
    if isinstance(node, js.Member) and js.path(node.object) in {"window", "globalThis"}:
        return None if "." in name or name in GLOBALS or name in RESERVED else Root(name, Span(node.start, node.stop))
    return resolve(node)


def _is_wild(call: js.Call, local_names: set[str]) -> bool:
    """Tell whether a call may run code of the story's own."""
    name = js.path(call.callee)
    if not name:
        return not isinstance(call.callee, js.Member) or call.callee.key not in _METHODS
    root, _, rest = name.rpartition(".")
    if name in STATE or name in {"go", "engine.go"}:
        return False
    if not root:
        return not call.is_new and name not in NAMES and name not in local_names
    owner = NAMES.get(root)
    if isinstance(owner, Library):
        return rest not in owner.functions
    return rest not in _METHODS or name.partition(".")[0] in RESERVED - {"trail"}
