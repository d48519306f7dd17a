"""Derives a passage's :class:`~gamebook_lab.story.program.Program` from its syntax tree.

Conditions are the source of what decides whether a hook is shown: of ``(if:)`` and its kin, of ``(event:)``,
of a ``$variable`` or custom macro before a hook (which may hold a boolean, an ``(if:)``, or only a style), and
the ``?name`` of a hidden hook, which something must show. ``(else:)`` stands under the failure of the conditions before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from gamebook_lab.languages.harlowe import accesses, calls, names, targets, tree
from gamebook_lab.languages.harlowe.certain import certain
from gamebook_lab.languages.harlowe.context import Chain, Click, Use, Where
from gamebook_lab.languages.harlowe.parser import parse
from gamebook_lab.languages.shared.unread import named_in
from gamebook_lab.story.program import (
    Access,
    Certain,
    Choice,
    ChoiceKind,
    Condition,
    Opaque,
    Program,
    Reference,
    Slot,
    Span,
    SyntaxProblem,
    Token,
)

_HIDDEN_MARKUP: Final = re.compile(r"\[\[|\((?:link|go-?to|click|display)", re.IGNORECASE)
"""What makes a string, which Harlowe renders as markup wherever it is shown, able to lead elsewhere."""


def program(text: str) -> Program:
    """Read a passage of prose."""
    nodes, problems, tokens = parse(text)
    reader = Reader(text)
    reader.body(nodes, Where(), Chain())
    reader.certain.extend(certain(nodes))
    return reader.program(problems, tokens)


class Reader:
    """Walks a tree and collects its facts. Recursion is bounded by the tree's depth."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.choices: list[Choice] = []
        self.references: list[Reference] = []
        self.accesses: list[Access] = []
        self.opaques: list[Opaque] = []
        self.problems: list[SyntaxProblem] = []
        self.prose: list[Span] = []
        self.asked: list[Condition] = []
        """Conditions of ``(if:)`` and its like."""
        self.certain: list[Certain] = []
        self.possible_names: list[str] = []
        self.is_storylet = False
        self.offers_storylets = False

    def program(self, problems: tuple[SyntaxProblem, ...], tokens: tuple[Token, ...]) -> Program:
        """Sort what was found."""
        return Program(
            choices=tuple(sorted(self.choices, key=lambda choice: choice.span)),
            references=tuple(sorted(self.references, key=lambda reference: reference.slot.span)),
            accesses=tuple(sorted(dict.fromkeys(self.accesses), key=lambda access: access.span)),
            opaques=tuple(sorted(self.opaques, key=lambda opaque: opaque.span)),
            problems=tuple(sorted([*problems, *self.problems], key=lambda problem: problem.span)),
            prose=tuple(sorted(self.prose)),
            tokens=tokens,
            possible_names=tuple(dict.fromkeys(self.possible_names)),
            is_storylet=self.is_storylet,
            offers_storylets=self.offers_storylets,
            conditions=tuple(sorted(dict.fromkeys(self.asked), key=lambda condition: condition.span)),
            certain=tuple(self.certain),
        )

    def source(self, node: tree.Node) -> str:
        """Write a node as the author did."""
        return self.text[node.start : node.stop]

    def condition(self, node: tree.Node, *, is_negated: bool = False) -> Condition:
        """Make a condition of an expression."""
        return Condition(self.source(node), is_negated, node.span)

    # ---- prose

    def body(self, nodes: Iterable[tree.Markup], where: Where, chain: Chain) -> None:
        """Read siblings; ``chain`` carries what an ``(else:)`` among them refers to."""
        for node in nodes:
            if isinstance(node, tree.Text):
                if not self.text[node.start : node.stop].isspace():
                    self.prose.append(node.span)
            elif isinstance(node, tree.Verbatim):
                if node.inner.start < node.inner.stop:
                    self.prose.append(node.inner)
            elif isinstance(node, tree.Style):
                self.body(node.children, where, chain)
            elif isinstance(node, tree.Attached):
                self.attached(node, where, chain)
            elif isinstance(node, tree.Macro):
                self.lone_macro(node, where)
            elif isinstance(node, tree.RawElement):
                if node.name == "script":
                    self.opaques.append(Opaque("script", node.span, may_move=True))
            elif isinstance(node, tree.Variable | tree.Hook | tree.Link | tree.Unread):
                self.expression(node, where, Use(is_condition=where.is_target))

    def lone_macro(self, node: tree.Macro, where: Where) -> None:
        """Read a call that is attached to nothing."""
        if node.name in names.CHANGERS and not where.is_target:
            message = f"Nothing follows that this {self.text[node.start : node.name_span.stop]}:) could change."
            self.problems.append(SyntaxProblem(message, node.span, "Put a [hook] right behind it."))
        calls.call(self, node, where, Use(is_condition=where.is_target))

    def hook(self, node: tree.Hook, where: Where) -> None:
        """Read a hook's content."""
        if node.is_hidden and node.name is not None and node.name_span is not None:
            where = where.under(Condition(f"?{node.name}", is_negated=False, span=node.name_span))
        self.body(node.children, where, Chain())

    def link(self, node: tree.Link, where: Where, start: int | None = None) -> None:
        """Read a ``[[link]]``."""
        source = self.text[node.target.start : node.target.stop]
        label = self.text[node.label.start : node.label.stop]
        slot = Slot(node.target, {"right": "bare", "left": "left"}.get(node.form, "simple"))
        label_slot = Slot(node.label, {"right": "label", "left": "label-right"}.get(node.form, "simple"))
        name = (
            targets.named_by_simple(source or label)
            if node.form == "simple" or not source
            else targets.named_by(source)
        )
        self.body(
            node.label_markup, where._replace(is_target=name is None and node.form == "simple", click=None), Chain()
        )
        span = Span(node.start if start is None else start, node.stop)
        if name is None:
            if node.form != "simple":
                self.reading(node.target, where._replace(is_target=True))
            self.choices.append(Choice(ChoiceKind.COMPUTED, span, None, None, label, label_slot, where.conditions))
            return
        self.choices.append(Choice(ChoiceKind.LINK, span, name, slot, label, label_slot, where.conditions))
        self.references.append(Reference(name, slot, is_required=True))

    def reading(self, span: Span, where: Where) -> None:
        """Record what markup that is not shown reads."""
        n_prose = len(self.prose)
        nodes = parse(self.text, *span).nodes
        self.body(nodes, where._replace(click=None), Chain())
        del self.prose[n_prose:]
        if len(nodes) == 1 and isinstance(nodes[0], tree.Macro):
            calls.may_lead(self, nodes[0], "-markup-in-link")

    def markup_string(self, span: Span, value: str, where: Where) -> None:
        """Read a string that is shown as a label; without escapes, what it reads is known by place."""
        if targets.is_plain(value) or self.text[span.start : span.stop] != value:
            if value.strip() and not where.is_target:
                self.prose.append(span)
            return
        n_prose = len(self.prose)
        self.body(parse(self.text, *span).nodes, where._replace(click=None), Chain())
        if where.is_target:
            del self.prose[n_prose:]

    # ---- changers

    def attached(self, node: tree.Attached, where: Where, chain: Chain) -> None:
        """Read changers and what they change."""
        click: Click | None = None
        conditions: list[Condition] = []
        reveals: tree.Macro | None = None
        for changer in node.changers:
            conditions += self.conditions_of(changer, where, chain)
            if not isinstance(changer, tree.Macro) or not isinstance(node.target, tree.Hook):
                continue
            if changer.name in names.LINKS or changer.name in names.CLICKS:
                click = self.click_of(changer, node.span, where)
            elif changer.name == "linkrevealgoto":
                reveals = changer
                label = calls.literal_of(changer.arguments[0]) if changer.arguments else None
                click = Click(node.span, label.text if label else None, label.slot if label else None, is_once=False)
        inner = where.under(*conditions)
        if isinstance(node.target, tree.Link):
            self.link(node.target, inner, node.start)
        elif isinstance(node.target, tree.Macro):
            calls.call(self, node.target, inner, Use(), node.start)
        elif isinstance(node.target, tree.Variable):
            accesses.read(self, node.target, Use())
        else:
            self.hook(node.target, inner._replace(click=click) if click else inner)
            if click is not None:
                self.clicked(click, reveals, inner)

    def clicked(self, click: Click, reveals: tree.Macro | None, where: Where) -> None:
        """Record the link of a hook that was read."""
        if reveals is not None:
            calls.link_reveal_goto(self, reveals, where, click)
        elif not click.has_moved:
            effects = click.effects_under(where.conditions)
            choice = Choice(
                ChoiceKind.REVEAL, click.span, None, None, click.label, click.label_slot, where.conditions, effects,
                click.is_once,
            )  # fmt: skip
            self.choices.append(choice)

    def click_of(self, changer: tree.Macro, span: Span, where: Where) -> Click:
        """Read the label of a link that runs a hook."""
        label, slot = calls.label_of(self, changer, where, Use())
        is_once = names.LINKS.get(changer.name, names.CLICKS.get(changer.name, False))
        return Click(span, label, slot, is_once)

    def conditions_of(self, changer: tree.Macro | tree.Variable, where: Where, chain: Chain) -> tuple[Condition, ...]:
        """Read one changer; return the conditions that it puts on its hook."""
        if isinstance(changer, tree.Variable):
            accesses.read(self, changer, Use(is_condition=True))
            chain.conditions = [self.condition(changer)]
            return (chain.conditions[0],)
        if changer.name in {"else", "elseif"}:
            return self.otherwise(changer, where, chain)
        if changer.name in {"if", "unless"}:
            self.expressions(changer.arguments, where, Use(is_condition=True))
            given = [self.condition(value, is_negated=changer.name == "unless") for value in changer.arguments[:1]]
            chain.conditions = given
            self.asked += [each._replace(is_negated=False) for each in given]
            return tuple(given)
        if changer.name in names.LINKS or changer.name in names.CLICKS or changer.name == "linkrevealgoto":
            return ()  # Read with its hook.
        if changer.name in names.CHANGERS:
            calls.call(self, changer, where, Use())
            return self.when(changer)
        calls.call(self, changer, where, Use(is_condition=True))
        chain.conditions = [self.condition(changer)]
        return (chain.conditions[0],)

    def when(self, changer: tree.Macro) -> tuple[Condition, ...]:
        """Condition of an ``(event: when ...)``."""
        if changer.name != "event" or not changer.arguments:
            return ()
        value = changer.arguments[0]
        if isinstance(value, tree.Lambda) and value.clauses:
            return (self.condition(value.clauses[0][1]),)
        return (self.condition(value),)

    def otherwise(self, changer: tree.Macro, where: Where, chain: Chain) -> tuple[Condition, ...]:
        """Read an ``(else:)`` or ``(else-if:)``."""
        self.expressions(changer.arguments, where, Use(is_condition=True))
        if chain.conditions is None:
            written = self.text[changer.start : changer.name_span.stop]
            message = f"This {written}:) has no (if:) before it."
            self.problems.append(SyntaxProblem(message, changer.span, "Put it behind the hook of an (if:)."))
        given = [*chain.otherwise()]
        if changer.name == "elseif" and changer.arguments:
            own = self.condition(changer.arguments[0])
            given.append(own)
            self.asked.append(own)
            chain.extend(own)
        return tuple(given)

    # ---- expressions

    def expressions(self, nodes: Iterable[tree.Expression], where: Where, use: Use) -> None:
        """Read several values that are used alike."""
        for node in nodes:
            self.expression(node, where, use)

    def expression(self, node: tree.Expression, where: Where, use: Use) -> None:
        """Read a value."""
        if isinstance(node, tree.Variable):
            accesses.read(self, node, use)
        elif isinstance(node, tree.Macro):
            calls.call(self, node, where, use)
        elif isinstance(node, tree.String):
            if _HIDDEN_MARKUP.search(node.value):
                self.opaques.append(Opaque("markup in a string", node.span, may_move=True))
        elif isinstance(node, tree.Hook):
            self.hook(node, where)
        elif isinstance(node, tree.Link):
            self.link(node, where)
        elif isinstance(node, tree.Assignment):
            accesses.assign(self, node, where)
        elif isinstance(node, tree.Typed):
            accesses.write(self, node, None, where)
        elif isinstance(node, tree.Bind):
            accesses.bind(self, node, where)
        elif isinstance(node, tree.Lambda):
            accesses.lambda_(self, node, where, use)
        elif isinstance(node, tree.Identifier):
            if node.name == "it" and node.start < node.stop:
                accesses.read_it(self, use)
        elif isinstance(node, tree.Unread):
            self.opaques.append(Opaque("deeply nested code", node.span, may_move=True))
            self.possible_names += named_in(self.text[node.start : node.stop])
        else:
            self.parts(node, where, use)

    def parts(self, node: tree.Expression, where: Where, use: Use) -> None:
        """Read the values that a value is made of."""
        if isinstance(node, tree.Binary):
            self.visits(node)
            self.expressions((node.left, node.right), where, use)
        elif isinstance(node, tree.Property):
            if node.owner is None:
                accesses.read_it(self, use)
            else:
                self.expression(node.owner, where, use)
            if not isinstance(node.key, str):
                self.expression(node.key, where, use)
        elif isinstance(node, tree.Group):
            self.expression(node.inner, where, use)
        elif isinstance(node, tree.Unary | tree.Spread):
            self.expression(node.operand, where, use)
        elif isinstance(node, tree.Broken):
            self.expressions(node.parts, where, use)

    def visits(self, node: tree.Binary) -> None:
        """Find passages named in a comparison with ``(history:)``, or with the name of ``(passage:)``."""
        for one, other in ((node.left, node.right), (node.right, node.left)):
            is_searched = _is_history(one) and node.operator in (_CONTAINS if one is node.left else _IS_IN)
            if is_searched or (node.operator in _EQUALS and _is_place(one)):
                for name in _alternatives(other):
                    literal = calls.literal_of(name)
                    if literal:
                        self.references.append(Reference(literal.text, literal.slot, is_required=False))


_CONTAINS: Final = frozenset({"contains", "does not contain"})
_IS_IN: Final = frozenset({"is in", "is not in"})
_EQUALS: Final = frozenset({"is", "is not"})


def _is_history(node: tree.Expression) -> bool:
    return isinstance(node, tree.Macro) and node.name == "history"


def _is_here(node: tree.Expression) -> bool:
    """Tell whether a value is ``(passage:)``, the passage where the reader is."""
    return isinstance(node, tree.Macro) and node.name == "passage" and not node.arguments


def _is_place(node: tree.Expression) -> bool:
    """Tell whether a value is the name of a passage where the reader is or was: ``(passage:)'s name``, ``(history:)'s last``."""
    if not isinstance(node, tree.Property) or node.owner is None:
        return False
    return _is_history(node.owner) or (node.key == "name" and _is_here(node.owner))


def _alternatives(node: tree.Expression) -> tuple[tree.Expression, ...]:
    """A value, or each of those in ``any of (a: "Hall", "Cellar")``."""
    if not isinstance(node, tree.Property) or node.key not in {"any", "all"}:
        return (node,)
    owner = node.owner
    return owner.arguments if isinstance(owner, tree.Macro) and owner.name in {"a", "array"} else ()
