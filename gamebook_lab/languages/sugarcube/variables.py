"""Facts of macros that set, print or ask for variables."""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.javascript.colours import colour
from gamebook_lab.languages.javascript.lexemes import Dialect, Lexeme, lexemes
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.links import sources
from gamebook_lab.languages.sugarcube.macros import Macros
from gamebook_lab.languages.sugarcube.places import Place
from gamebook_lab.languages.sugarcube.tags import MacroTag
from gamebook_lab.story.program import AccessKind, Span

_MARKUP_SIGNS: Final = ("[[", "[\\[", "<<", "<\\<", "data-passage")


def read_set(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<set>>`` and ``<<run>>``."""
    span = macros.inside(node.clauses[0].tag)
    if span.start == span.stop:
        macros.builder.problem(f"<<{node.name}>> has no expression", node.start, node.stop)
    parsed, moves = macros.expressions.code(span)
    if parsed.is_code:
        macros.builder.opaque(f"<<{node.name}>>", *span, may_move=False)
    macros.links.moves(moves, place)
    if place.click is not None and not moves:
        place.click.effects.extend(sources(macros.text, parsed))


def read_unset(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<unset>>``."""
    _each_variable(macros, node.clauses[0].tag, (AccessKind.WRITE,))
    if place.click is not None:
        place.click.effects.append(f"unset {macros.source(macros.inside(node.clauses[0].tag))}")


def read_capture(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<capture>>``, which keeps the values that variables have now."""
    _each_variable(macros, node.clauses[0].tag, (AccessKind.READ, AccessKind.WRITE))
    macros.bodies(node, place)


def _each_variable(macros: Macros, tag: MacroTag, kinds: tuple[AccessKind, ...]) -> None:
    found = lexemes(macros.text, *tag.arguments, Dialect.SUGAR)
    colour(found, macros.builder)
    for lexeme in found:
        if lexeme.kind == "variable":
            for kind in kinds:
                macros.expressions.variable(Span(lexeme.start, lexeme.stop), kind)


def read_print(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<print>>``; what prints markup may print a link."""
    span = macros.inside(node.clauses[0].tag)
    if span.start == span.stop:
        macros.builder.problem(f"<<{node.name}>> has no expression", node.start, node.stop)
    parsed, moves = macros.expressions.expression(span)
    macros.links.moves(moves, place)
    if any(_is_markup(lexeme) for lexeme in parsed.lexemes):
        macros.builder.opaque(f"<<{node.name}>>", node.start, node.stop, may_move=True)


def read_input(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """The reader chooses a value for the variable whose name is the first argument."""
    found = macros.arguments(node.clauses[0].tag)
    if found:
        macros.receiver(found[0], node)
    else:
        macros.builder.problem(f"<<{node.name}>> names no variable", node.start, node.stop)
    macros.read(found[1:])
    for clause in node.clauses[1:]:
        _option(macros, clause.tag)
        macros.walk(clause.body, place.shown(is_shown=False))


def _option(macros: Macros, tag: MacroTag) -> None:
    if tag.name == "optionsfrom":
        macros.expressions.expression(macros.inside(tag))
        return
    found = macros.arguments(tag)
    for argument in found[:1]:
        macros.links.argument_label(argument)
    macros.read(found[1:])


def _is_markup(lexeme: Lexeme) -> bool:
    """A string that, printed, would become a link or a macro."""
    is_string = lexeme.kind in {"string", "template", "head", "middle", "tail"}
    return is_string and any(sign in lexeme.text for sign in _MARKUP_SIGNS)
