"""Facts of macros that decide what is shown: ``<<if>>``, ``<<switch>>``, ``<<for>>``."""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.colours import colour
from gamebook_lab.languages.javascript.lexemes import Dialect, Lexeme, lexemes
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.expressions import is_place
from gamebook_lab.languages.sugarcube.macros import Macros
from gamebook_lab.languages.sugarcube.places import Place, negated
from gamebook_lab.languages.sugarcube.tags import MacroTag
from gamebook_lab.story.program import AccessKind, Condition, Slot, Span

MAX_BRANCHES: Final = 64
"""Branches of one macro that the last one is told to exclude; more are a problem, since every one is listed each time."""
MAX_SUBJECT: Final = 500
"""Characters of what ``<<switch>>`` compares that are repeated in the condition of each case."""


def _remember(macros: Macros, before: list[Condition], condition: Condition) -> None:
    """Keep a branch's condition for those after it."""
    if len(before) < MAX_BRANCHES:
        before.append(condition)
        if len(before) == MAX_BRANCHES:
            message = f"There are {MAX_BRANCHES} branches or more; conditions from here on are told incompletely"
            macros.builder.problem(message, *condition.span, "Divide them over several macros")


def _noted(macros: Macros, condition: Condition) -> Condition:
    macros.builder.conditions.append(condition)
    return condition


def read_if(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<if>>``: each branch stands under its condition, and under the negated ones before it."""
    before: list[Condition] = []
    for clause in node.clauses:
        condition = _branch(macros, clause.tag)
        here = [negated(each) for each in before]
        if condition is not None:
            here.append(condition)
            _remember(macros, before, condition)
        macros.walk(clause.body, place.under(*here))


def _branch(macros: Macros, tag: MacroTag) -> Condition | None:
    """The condition of an ``<<if>>`` or ``<<elseif>>``; None for ``<<else>>``."""
    span = macros.inside(tag)
    if tag.name == "else":
        if span.start < span.stop:
            hint = "Write <<elseif condition>>" if macros.source(span).startswith("if") else "Remove what follows"
            macros.builder.problem("<<else>> takes no condition", *span, hint)
        return None
    if span.start == span.stop:
        macros.builder.problem(f"<<{tag.name}>> has no condition", tag.start, tag.stop)
        return None
    parsed, _ = macros.expressions.expression(span, is_condition=True)
    if isinstance(parsed.expression, js.Assign):
        macros.builder.problem("A condition sets a variable", *span, 'Write "is" to compare')
    return _noted(macros, Condition(macros.source(span), is_negated=False, span=span))


def read_switch(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<switch>>``: each case is a comparison with its subject."""
    span = macros.inside(node.clauses[0].tag)
    if span.start == span.stop:
        macros.builder.problem("<<switch>> has no expression", node.start, node.clauses[0].tag.stop)
    parsed, _ = macros.expressions.expression(span, is_condition=True)
    is_passage = is_place(parsed.expression)
    before: list[Condition] = []
    macros.walk(node.clauses[0].body, place.shown(is_shown=False))
    for clause in node.clauses[1:]:
        if clause.tag.name == "default":
            macros.walk(clause.body, place.under(*(negated(each) for each in before)))
            continue
        condition = _case(macros, clause.tag, macros.source(span)[:MAX_SUBJECT], is_passage=is_passage)
        _remember(macros, before, condition)
        macros.walk(clause.body, place.under(condition))


def _case(macros: Macros, tag: MacroTag, subject: str, *, is_passage: bool) -> Condition:
    found = macros.arguments(tag)
    for argument in found:
        if argument.kind == "expression":
            macros.expressions.expression(argument.inside, is_condition=True, suffix=argument.suffix)
        elif argument.kind == "text" and is_passage:
            slot = Slot(argument.inside, argument.quoting)
            macros.builder.reference(argument.value, slot, is_required=False)
    macros.read([argument for argument in found if argument.kind != "expression"])
    text = " or ".join(f"{subject} is {macros.text[each.start : each.stop]}" for each in found)
    return _noted(macros, Condition(text, is_negated=False, span=macros.inside(tag)))


def read_for(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<for>>`` in its three forms: a condition, three parts, a range."""
    span = macros.inside(node.clauses[0].tag)
    found = [each for each in lexemes(macros.text, *span, Dialect.SUGAR) if each.kind != "comment"]
    ranged = next((each for each in found if each.kind == "name" and each.text == "range"), None)
    semicolons = [each.start for each in found if each.text == ";" and each.kind == "operator"]
    if ranged is not None:
        _range(macros, found, ranged, span)
    elif semicolons:
        place = _three_parts(macros, span, semicolons, place)
    elif span.start < span.stop:
        macros.expressions.expression(span, is_condition=True)
        place = place.under(_noted(macros, Condition(macros.source(span), is_negated=False, span=span)))
    macros.bodies(node, place)


def _range(macros: Macros, found: list[Lexeme], ranged: Lexeme, span: Span) -> None:
    before = [each for each in found if each.start < ranged.start]
    colour(before, macros.builder)
    macros.builder.token(ranged.start, ranged.stop, "keyword")
    for each in before:
        if each.kind == "variable":
            macros.expressions.variable(Span(each.start, each.stop), AccessKind.WRITE)
    macros.expressions.expression(Span(ranged.stop, span.stop), is_condition=True)


def _three_parts(macros: Macros, span: Span, semicolons: list[int], place: Place) -> Place:
    first = semicolons[0]
    second = semicolons[1] if len(semicolons) > 1 else span.stop
    macros.expressions.code(Span(span.start, first))
    macros.expressions.code(Span(min(second + 1, span.stop), span.stop))
    condition = trim(macros.text, Span(first + 1, second))
    if condition.start == condition.stop:
        return place
    macros.expressions.expression(condition, is_condition=True)
    return place.under(_noted(macros, Condition(macros.source(condition), is_negated=False, span=condition)))
