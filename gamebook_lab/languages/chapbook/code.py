"""What expressions and scripts of Chapbook say: variables by their bare names, and ``engine``'s calls."""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.colours import colour
from gamebook_lab.languages.javascript.outcomes import outcomes
from gamebook_lab.languages.javascript.parser import Parsed, parse_code, parse_expression
from gamebook_lab.languages.javascript.uses import Root, Uses, find_uses, is_within
from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.story.program import Access, AccessKind, Choice, ChoiceKind, Condition, Slot, Span

NAME: Final = re.compile(r"(?:[^\W\d]|\$)[\w$]*+")
RESERVED: Final = frozenset({"browser", "config", "engine", "now", "passage", "random", "sound", "story", "trail"})
"""Names that Chapbook itself sets."""
GLOBALS: Final = frozenset(
    [
        "Array",
        "Boolean",
        "Date",
        "Error",
        "Function",
        "Infinity",
        "Intl",
        "JSON",
        "Map",
        "Math",
        "NaN",
        "Number",
        "Object",
        "Promise",
        "RegExp",
        "Set",
        "String",
        "Symbol",
        "alert",
        "arguments",
        "clearInterval",
        "clearTimeout",
        "console",
        "document",
        "event",
        "fetch",
        "globalThis",
        "isFinite",
        "isNaN",
        "localStorage",
        "location",
        "navigator",
        "parseFloat",
        "parseInt",
        "self",
        "setInterval",
        "setTimeout",
        "super",
        "this",
        "undefined",
        "window",
        "write",
        "go",
        "restart",
        "passageNamed",
        "let",
        "of",
        "async",
        "static",
        "get",
        "set",
    ]
)
_KNOWN: Final = frozenset(
    {"isFinite", "isNaN", "parseFloat", "parseInt", "Boolean", "Date", "Number", "String", "Array"}
)
_KNOWN_OWNERS: Final = RESERVED | {"Math", "JSON", "Number", "Object", "String", "Array", "Date", "console"}
_PLACES: Final = frozenset({"passage.name", "passage.from"})
_GOES: Final = frozenset({"go", "engine.go", "engine.actions.go"})
_RESTARTS: Final = frozenset({"restart", "engine.restart"})
_NAMING: Final = frozenset({"passageNamed", "engine.story.passageNamed", "trail.includes"})
_MOVING: Final = frozenset({"go", "restart", "location", "engine", "dispatchEvent", "click"})


class Code:
    """Reads the code of one passage into its builder."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.text = builder, builder.text

    def expression(self, span: Span, *, is_condition: bool = False, flows_to: str | None = None) -> Parsed:
        """Read one expression."""
        parsed = parse_expression(self.text, *span)
        self.note(parsed, is_condition=is_condition, flows_to=flows_to)
        return parsed

    def script(self, what: str, span: Span, conditions: tuple[Condition, ...] = ()) -> None:
        """Read JavaScript, which stays opaque: only what it asks of ``engine`` is found."""
        parsed = parse_code(self.text, *span)
        may_move = any(lexeme.text in _MOVING for lexeme in parsed.lexemes)
        self.builder.opaque(what, *span, may_move=may_move)
        self.note(parsed, is_script=True, conditions=conditions)

    def note(
        self,
        parsed: Parsed,
        *,
        is_condition: bool = False,
        flows_to: str | None = None,
        is_script: bool = False,
        conditions: tuple[Condition, ...] = (),
    ) -> None:
        """Add all that a parsed stretch says."""
        colour(parsed.lexemes, self.builder)
        if parsed.problem is not None:
            self.builder.problems.append(parsed.problem)
        if parsed.is_too_deep and not is_script:
            self.builder.unread(parsed.lexemes[0].start, parsed.lexemes[-1].stop)
        found = find_uses(parsed.nodes, _no_root if is_script else resolve)
        targets = [call.arguments[0] for call in found.calls if call.arguments and js.path(call.callee) in _GOES]
        for use in found.uses:
            is_asked = is_condition or is_within(use.span, targets)
            if use.name in found.local_names:
                continue
            value = self.text[use.value.start : use.value.stop] if use.value is not None else None
            kind = AccessKind.WRITE if use.is_write else AccessKind.READ
            self.access(use.name, kind, use.span, value, is_condition=is_asked, flows_to=use.flows_to or flows_to)
        for pair in found.comparisons:
            self._comparison(pair)
        for call in found.calls:
            self._call(call, conditions)
        if not is_script:
            self._opaque_calls(found)

    def access(
        self,
        name: str,
        kind: AccessKind,
        span: Span,
        value: str | None = None,
        *,
        is_condition: bool = False,
        flows_to: str | None = None,
    ) -> None:
        """Note one use of a variable."""
        is_read = kind is AccessKind.READ
        self.builder.accesses.append(
            Access(
                name,
                kind,
                span,
                value=value,
                is_condition=is_condition and is_read,
                flows_to=flows_to if is_read else None,
            )
        )

    def root(self, span: Span) -> Span | None:
        """The variable's own name in ``player.name``; None where the name is Chapbook's."""
        found = NAME.match(self.text, *span)
        return Span(*found.span()) if found is not None and found.group() not in RESERVED else None

    def named(self, span: Span, kind: AccessKind, value: str | None = None, *, is_condition: bool = False) -> None:
        """Note a use of the variable that is written, members included, at ``span``."""
        root = self.root(span)
        if root is None:
            return
        name = self.text[root.start : root.stop]
        if root != span and kind is AccessKind.WRITE:
            self.access(name, AccessKind.READ, root, flows_to=name)
            value = None
        self.access(name, kind, root, value, is_condition=is_condition)

    def _comparison(self, pair: js.Binary) -> None:
        for one, other in ((pair.left, pair.right), (pair.right, pair.left)):
            if js.path(one) in _PLACES and isinstance(other, js.Text):
                self.builder.reference(other.value, slot(other), is_required=False)

    def _call(self, call: js.Call, conditions: tuple[Condition, ...]) -> None:
        name = js.path(call.callee)
        first = call.arguments[0] if call.arguments else None
        span = Span(call.start, call.stop)
        if name in _RESTARTS:
            self.builder.choices.append(Choice(ChoiceKind.RESTART, span, conditions=conditions))
        elif name in _GOES and isinstance(first, js.Text):
            self.builder.reference(first.value, slot(first), is_required=True)
            self.builder.choices.append(Choice(ChoiceKind.GOTO, span, first.value, slot(first), conditions=conditions))
        elif name in _GOES:
            self.may_lead(first)
            self.builder.choices.append(Choice(ChoiceKind.COMPUTED, span, conditions=conditions))
        elif name in _NAMING and isinstance(first, js.Text):
            self.builder.reference(first.value, slot(first), is_required=False)
        elif name.startswith("engine.state.") and isinstance(first, js.Text):
            self._state(name, first, call.arguments)

    def may_lead(self, target: js.Node | None) -> None:
        """Note the names that a computed target may come to."""
        for node in outcomes(target):
            self.builder.reference(node.value, slot(node), is_required=False, may_lead=True)

    def _state(self, name: str, first: js.Text, arguments: tuple[js.Node, ...]) -> None:
        span = Span(first.start + 1, first.stop - 1)
        if name == "engine.state.get":
            self.named(span, AccessKind.READ)
        elif name in {"engine.state.set", "engine.state.setDefault"}:
            value = self.text[arguments[1].start : arguments[1].stop] if len(arguments) > 1 else None
            self.named(span, AccessKind.WRITE, value)

    def _opaque_calls(self, found: Uses) -> None:
        for call in found.calls:
            name = js.path(call.callee)
            if "." not in name and name and name not in _KNOWN | _GOES | _RESTARTS | _NAMING | found.local_names:
                self.builder.opaque(f"{name}()", call.start, call.stop, may_move=True)


def slot(node: js.Text) -> Slot:
    """The slot between a string's quotes."""
    return Slot(Span(node.start + 1, node.stop - 1), node.quoting)


def resolve(node: js.Node) -> Root | None:
    """The story variable that a node names: any name that is not JavaScript's or Chapbook's own."""
    if isinstance(node, js.Name) and node.name not in GLOBALS and node.name not in RESERVED:
        return Root(node.name, Span(node.start, node.stop))
    return None


def _no_root(node: js.Node) -> None:
    """In a script, a bare name is as likely a variable of its own."""
