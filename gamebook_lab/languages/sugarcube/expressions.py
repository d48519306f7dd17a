"""What an expression or a piece of code says about variables, passages and the reader's place."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from gamebook_lab.languages.javascript import nodes
from gamebook_lab.languages.javascript.colours import colour
from gamebook_lab.languages.javascript.lexemes import Dialect
from gamebook_lab.languages.javascript.outcomes import outcomes
from gamebook_lab.languages.javascript.parser import Parsed, parse_code, parse_expression
from gamebook_lab.languages.javascript.uses import Root, Use, Uses, find_uses, is_within
from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.sugarcube.vocabulary import (
    KNOWN_FUNCTIONS,
    KNOWN_OWNERS,
    MOVING_NAMES,
    NAMING_CALLS,
    PLACE_VALUES,
    SCOPED_VARIABLES,
)
from gamebook_lab.story.program import Access, AccessKind, ChoiceKind, Slot, Span

NAME: Final = re.compile(r"[$_][$A-Za-z_][$\w]*+", re.ASCII)
_PLAYS: Final = frozenset({"Engine.play", "Engine.goto", "State.display", "state.display"})
_RESTARTS: Final = frozenset({"Engine.restart", "UI.restart"})
_UNDOES: Final = frozenset({"Engine.backward", "Engine.go", "Engine.goTo", "State.backward"})
_LOADS: Final = frozenset({"UI.saves", "UI.loads"})
_LOADING_METHODS: Final = frozenset({"load", "import", "deserialize", "restore"})
_NAMED_IN_MARKUP: Final = re.compile(r"\"([^\"]++)\"|'([^']++)'|[\[|>]([^\[\]|<>]++)\]\]")
"""What a string of markup may name: its own strings, and the targets of its links."""
_STORES: Final = {
    **dict.fromkeys(("State.variables", "State.active.variables", "V", "state.active.variables", "variables()"), "$"),
    **dict.fromkeys(("State.temporary", "temporary()"), "_"),
}
"""Sigil of the variables that an object holds."""


class Move(NamedTuple):
    """A call that takes the reader elsewhere."""

    kind: ChoiceKind
    span: Span
    target: str | None = None
    slot: Slot | None = None


class Expressions:
    """Reads the expressions of one passage into its builder."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.text = builder.text

    def expression(self, span: Span, *, is_condition: bool = False, suffix: str = "") -> tuple[Parsed, list[Move]]:
        """Read one expression of SugarCube's dialect; ``suffix`` tells where its strings stand."""
        parsed = parse_expression(self.text, span.start, span.stop, Dialect.SUGAR)
        return parsed, self.note(parsed, is_condition=is_condition, suffix=suffix)

    def code(self, span: Span, *, suffix: str = "") -> tuple[Parsed, list[Move]]:
        """Read statements of SugarCube's dialect."""
        parsed = parse_code(self.text, span.start, span.stop, Dialect.SUGAR)
        return parsed, self.note(parsed, suffix=suffix)

    def script(self, what: str, span: Span, *, is_sugared: bool = False) -> list[Move]:
        """Read JavaScript, which stays opaque: only what it names is found."""
        dialect = Dialect.SUGAR if is_sugared else Dialect.PLAIN
        parsed = parse_code(self.text, span.start, span.stop, dialect)
        may_move = any(lexeme.text in MOVING_NAMES for lexeme in parsed.lexemes)
        self.builder.opaque(what, span.start, span.stop, may_move=may_move)
        return self.note(parsed, is_opaque=True)

    def note(
        self, parsed: Parsed, *, is_condition: bool = False, suffix: str = "", is_opaque: bool = False
    ) -> list[Move]:
        """Add all that a parsed stretch says; return the moves it makes."""
        colour(parsed.lexemes, self.builder)
        if parsed.problem is not None:
            self.builder.problems.append(parsed.problem)
        if parsed.is_too_deep and not is_opaque:
            self.builder.unread(parsed.lexemes[0].start, parsed.lexemes[-1].stop)
        found = find_uses(parsed.nodes, resolve)
        targets = [call.arguments[0] for call in found.calls if call.arguments and nodes.path(call.callee) in _PLAYS]
        for use in found.uses:
            is_asked = is_condition or is_within(use.span, targets)
            self.builder.accesses.append(self.access(use, is_condition=is_asked))
        self.comparisons(found, suffix)
        moves = [move for call in found.calls if (move := self.call(call, suffix)) is not None]
        if not is_opaque:
            self.opaque_calls(found)
            self.opaque_stores(found)
        return moves

    def access(self, use: Use, *, is_condition: bool = False) -> Access:
        """Make the record of a use."""
        value = self.text[use.value.start : use.value.stop] if use.value is not None else None
        kind = AccessKind.WRITE if use.is_write else AccessKind.READ
        is_read_for = is_condition and not use.is_write
        return Access(use.name, kind, use.span, is_temporary(use.name), value, is_read_for, use.flows_to)

    def naked(self, start: int, stop: int) -> None:
        """Note the variables in words that SugarCube prints, such as a link's label."""
        for found in NAME.finditer(self.text, start, stop):
            before = self.text[found.start() - 1] if found.start() > start else " "
            if before != "$" and not (found.group()[0] == "_" and (before.isalnum() or before == "_")):
                self.variable(Span(*found.span()), AccessKind.READ)

    def variable(self, span: Span, kind: AccessKind, *, is_condition: bool = False) -> None:
        """Note one use of the variable whose name is at ``span``."""
        name = self.text[span.start : span.stop]
        self.builder.accesses.append(Access(name, kind, span, is_temporary(name), None, is_condition))

    # ---- passages that are named

    def target(self, span: Span, suffix: str = "") -> nodes.Node | None:
        """Read the expression of a computed target; note the names that it may come to."""
        parsed, _ = self.expression(span, is_condition=True, suffix=suffix)
        if not isinstance(parsed.expression, nodes.Text):
            self.may_lead(parsed.expression, suffix)
        return parsed.expression

    def may_lead(self, target: nodes.Node | None, suffix: str) -> None:
        """Note the names that a computed target may come to."""
        for node in outcomes(target):
            self.builder.reference(node.value, text_slot(node, suffix), is_required=False, may_lead=True)

    def name(self, node: nodes.Node, suffix: str, *, may_lead: bool = False) -> None:
        """A string that names a passage, by the way."""
        if isinstance(node, nodes.Text):
            self.builder.reference(node.value, text_slot(node, suffix), is_required=False, may_lead=may_lead)

    def comparisons(self, found: Uses, suffix: str) -> None:
        """``passage() is "Cellar"`` names a passage."""
        for pair in found.comparisons:
            for one, other in ((pair.left, pair.right), (pair.right, pair.left)):
                if is_place(one):
                    self.name(other, suffix)

    def call(self, call: nodes.Call, suffix: str) -> Move | None:
        """Note what a call names; return where it takes the reader, if it does."""
        name, span = nodes.path(call.callee), Span(call.start, call.stop)
        method = call.callee.key if isinstance(call.callee, nodes.Member) else ""
        first = call.arguments[0] if call.arguments else None
        if name in _PLAYS:
            return self._play(first, span, suffix)
        if name in _RESTARTS:
            return Move(ChoiceKind.RESTART, span)
        if name in _UNDOES:
            return Move(ChoiceKind.UNDO, span)
        if name in _LOADS or (name.startswith("Save.") and method in _LOADING_METHODS):
            return Move(ChoiceKind.LOAD, span)
        if name in {"State.getVar", "State.setVar"}:
            self.stored(name == "State.setVar", call.arguments)
        elif name in NAMING_CALLS or method == "wikiPassage":
            for argument in call.arguments:
                self.name(argument, suffix, may_lead=name == "Story.get" or method == "wikiPassage")
        elif method == "wiki":
            self.markup(call.arguments)
        elif method == "includes" and is_place(first) and isinstance(call.callee, nodes.Member):
            for item in call.callee.object.children:
                self.name(item, suffix)
        return None

    def markup(self, arguments: tuple[nodes.Node, ...]) -> None:
        """``$.wiki('<<goto "Hall">>')`` runs markup: whatever it names may be led to."""
        for node in arguments:
            if isinstance(node, nodes.Text):
                found = _NAMED_IN_MARKUP.finditer(node.value)
                self.builder.possible_names.extend(each.group(each.lastindex or 0) for each in found)

    def _play(self, target: nodes.Node | None, span: Span, suffix: str) -> Move:
        if not isinstance(target, nodes.Text):
            self.may_lead(target, suffix)
            return Move(ChoiceKind.COMPUTED, span)
        slot = text_slot(target, suffix)
        self.builder.reference(target.value, slot, is_required=True)
        return Move(ChoiceKind.GOTO, span, target.value, slot)

    def stored(self, is_write: bool, arguments: tuple[nodes.Node, ...]) -> None:
        """``State.getVar("$x")`` and ``State.setVar("$x", value)``."""
        first = arguments[0] if arguments else None
        if not isinstance(first, nodes.Text) or (name := NAME.match(self.text, first.start + 1)) is None:
            return
        value = Span(arguments[1].start, arguments[1].stop) if is_write and len(arguments) > 1 else None
        use = Use(name.group(), Span(*name.span()), is_write, value)
        self.builder.accesses.append(self.access(use))

    def opaque_calls(self, found: Uses) -> None:
        """Calls of functions that are not SugarCube's: they may do anything."""
        for call in found.calls:
            name = nodes.path(call.callee)
            owner = name.partition(".")[0]
            is_known = name in KNOWN_FUNCTIONS or owner in found.local_names
            if not name or is_known or (owner != name and owner in KNOWN_OWNERS) or owner in {"Engine", "Save"}:
                continue
            self.builder.opaque(f"{name}()", call.start, call.stop, may_move=True)

    def opaque_stores(self, found: Uses) -> None:
        """``State.variables[name]``: it may be any variable."""
        for member in found.computed:
            if (store := _store(member.object)) in _STORES:
                self.builder.opaque(f"{store}[]", member.start, member.stop, may_move=False)


def resolve(node: nodes.Node) -> Root | None:
    """The story variable that a node names: ``$x``, ``_x``, ``State.variables.x`` or ``variables()["x"]``."""
    if isinstance(node, nodes.Variable):
        return Root(node.name, Span(node.start, node.stop))
    if not isinstance(node, nodes.Member) or (sigil := _STORES.get(_store(node.object))) is None:
        return None
    if isinstance(node.key, str):
        return Root(sigil + node.key, Span(node.key_start, node.key_start + len(node.key)))
    if isinstance(node.key, nodes.Text) and NAME.fullmatch(sigil + node.key.value):
        return Root(sigil + node.key.value, Span(node.key.start + 1, node.key.stop - 1))
    return None


def _store(node: nodes.Node) -> str:
    """Name of an object that may hold variables; ``variables()`` for a call."""
    if isinstance(node, nodes.Call) and not node.arguments:
        return f"{nodes.path(node.callee)}()"
    return nodes.path(node)


def is_temporary(name: str) -> bool:
    """Tell whether a variable lives for one passage only."""
    return name[0] == "_" or name in SCOPED_VARIABLES


def is_place(node: nodes.Node | None) -> bool:
    """Tell whether a node is the name of a passage where the reader is or was."""
    if isinstance(node, nodes.Call):
        return not node.arguments and nodes.path(node.callee) in PLACE_VALUES
    return node is not None and nodes.path(node) in PLACE_VALUES


def text_slot(node: nodes.Text, suffix: str = "") -> Slot:
    """The slot between a string's quotes."""
    return Slot(Span(node.start + 1, node.stop - 1), node.quoting + suffix)
