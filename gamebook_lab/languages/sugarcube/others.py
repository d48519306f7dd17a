"""Facts of the macros that are left: widgets, scripts, what only shows something, the story's own."""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.arguments import Argument
from gamebook_lab.languages.sugarcube.expressions import NAME
from gamebook_lab.languages.sugarcube.macros import Macros
from gamebook_lab.languages.sugarcube.places import Place, Way
from gamebook_lab.story.program import Span

_SILENT: Final = frozenset({"silently", "silent"})


def read_plain(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """A macro that only shows, hides or plays something."""
    for clause in node.clauses:
        macros.read(macros.arguments(clause.tag))
        macros.walk(clause.body, place.shown(is_shown=_is_shown(node, place)))


def _is_shown(node: nodes.Macro, place: Place) -> bool:
    if node.name in _SILENT:
        return False
    return place.is_shown or (place.click is not None and node.name in {"append", "prepend", "replace"})


def read_widget(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<widget>>``, which defines a macro of the story."""
    found = macros.arguments(node.clauses[0].tag)
    if not found:
        macros.builder.problem("<<widget>> has no name", node.start, node.clauses[0].tag.stop)
    macros.builder.definitions.extend(argument.value for argument in found[:1])
    macros.read(found)
    macros.bodies(node, place)


def read_script(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<script>>``, which stays opaque."""
    language = macros.arguments(node.clauses[0].tag)
    macros.read(language)
    if node.raw is not None:
        is_sugared = bool(language) and language[0].value.lower() == "twinescript"
        moves = macros.expressions.script("<<script>>", node.raw, is_sugared=is_sugared)
        macros.links.moves(moves, place)


def read_unknown(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """A macro of the story's own: it may do anything with what it is given."""
    tag = node.clauses[0].tag
    macros.builder.opaque(f"<<{node.name}>>", tag.start, tag.stop, may_move=True)
    for argument in macros.arguments(tag):
        _unknown_argument(macros, argument, node, place)
    if place.click is not None:
        place.click.effects.append(macros.text[tag.start : tag.stop])
    macros.bodies(node, place)


def _unknown_argument(macros: Macros, argument: Argument, node: nodes.Macro, place: Place) -> None:
    if argument.brackets is not None:
        label, to, effects = macros.links.brackets(argument.brackets)
        if to is not None:
            way = Way(to.kind, to.target, to.slot, place.conditions)
            macros.links.choice(Span(argument.start, argument.stop), way, label, effects)
    elif argument.kind == "text" and NAME.match(argument.value) and argument.quoting != "bareword":
        macros.receiver(argument, node)
    else:
        macros.read([argument])
