"""Facts of macros that lead on: links, jumps, inclusions."""

from __future__ import annotations

from typing import Final

from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.arguments import Argument
from gamebook_lab.languages.sugarcube.links import Destination, Label
from gamebook_lab.languages.sugarcube.macros import Macros
from gamebook_lab.languages.sugarcube.places import Click, Place, Way
from gamebook_lab.languages.sugarcube.vocabulary import REVEALS
from gamebook_lab.story.program import ChoiceKind, Span

_TRANSITIONS: Final = frozenset({"t8n", "transition"})


def read_link(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """A link whose body runs on a click; a jump in there is where it leads."""
    found = macros.arguments(node.clauses[0].tag)
    if not found:
        macros.builder.problem(f"<<{node.name}>> has no label", node.start, node.clauses[0].tag.stop)
    label, to = _link_arguments(macros, found, node)
    click = Click()
    if to is not None:
        click.ways.append(Way(to.kind, to.target, to.slot, place.conditions))
    is_reveal = node.name in REVEALS
    macros.bodies(node, place.clicked(click, is_shown=place.is_shown and is_reveal))
    ways = click.ways or [Way(ChoiceKind.REVEAL, None, None, place.conditions)]
    for way in ways:
        macros.links.choice(Span(node.start, node.stop), way, label, tuple(click.effects), is_once=is_reveal)


def _link_arguments(macros: Macros, found: list[Argument], node: nodes.Macro) -> tuple[Label, Destination | None]:
    if not found:
        return Label(), None
    first, rest = found[0], found[1:]
    if first.brackets is not None:
        label, to, _ = macros.links.brackets(first.brackets)
        macros.read(rest)
        return label, to
    label = macros.links.argument_label(first)
    if node.name in REVEALS or not rest or rest[0].value in _TRANSITIONS:
        macros.read(rest)
        return label, None
    _, to = macros.links.argument_target(rest[0])
    macros.read(rest[1:])
    return label, to


def read_goto(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<goto>>``."""
    found = macros.arguments(node.clauses[0].tag)
    if not found:
        macros.builder.problem("<<goto>> names no passage", node.start, node.stop)
        return
    _, to = macros.links.argument_target(found[0])
    macros.read(found[1:])
    kind = ChoiceKind.GOTO if to.kind is ChoiceKind.LINK else to.kind
    macros.links.way(to._replace(kind=kind), Span(node.start, node.stop), place)


def read_include(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<include>>`` and its older name ``<<display>>``."""
    found = macros.arguments(node.clauses[0].tag)
    if not found:
        macros.builder.problem(f"<<{node.name}>> names no passage", node.start, node.stop)
        return
    _, to = macros.links.argument_target(found[0])
    macros.read(found[1:])
    way = Way(ChoiceKind.INCLUDE, to.target, to.slot, place.conditions)
    macros.links.choice(Span(node.start, node.stop), way, Label())


def read_back(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<back>>`` and ``<<return>>``, with a label and a passage of their own or without."""
    found = macros.arguments(node.clauses[0].tag)
    label, to = _link_arguments(macros, found, node)
    target, slot = (to.target, to.slot) if to is not None else (None, None)
    way = Way(ChoiceKind.RETURN, target, slot, place.conditions)
    macros.links.choice(Span(node.start, node.stop), way, label)


def read_actions(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """One link for each argument, gone once it was taken."""
    for argument in macros.arguments(node.clauses[0].tag):
        effects: tuple[str, ...] = ()
        if argument.brackets is not None:
            label, found, effects = macros.links.brackets(argument.brackets)
            to = found or Destination(ChoiceKind.COMPUTED)
        else:
            label, to = macros.links.argument_target(argument)
            macros.builder.prose(*argument.inside)
        way = Way(to.kind, to.target, to.slot, place.conditions)
        macros.links.choice(Span(argument.start, argument.stop), way, label, effects, is_once=True)


def read_choice(macros: Macros, node: nodes.Macro, place: Place) -> None:
    """``<<choice "passage" "label">>``: the passage comes first."""
    found = macros.arguments(node.clauses[0].tag)
    if not found:
        macros.builder.problem("<<choice>> names no passage", node.start, node.stop)
        return
    effects: tuple[str, ...] = ()
    if found[0].brackets is not None:
        label, where, effects = macros.links.brackets(found[0].brackets)
        to = where or Destination(ChoiceKind.COMPUTED)
    else:
        label, to = macros.links.argument_target(found[0])
    if len(found) > 1:
        label = macros.links.argument_label(found[1])
    macros.read(found[2:])
    way = Way(to.kind, to.target, to.slot, place.conditions)
    macros.links.choice(Span(node.start, node.stop), way, label, effects, is_once=True)
