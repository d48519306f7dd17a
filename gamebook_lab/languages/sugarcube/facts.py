"""Walks a passage's tree and gathers its program: prose, choices, variables, conditions, colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.certain import certain
from gamebook_lab.languages.sugarcube.dispatch import read_macro
from gamebook_lab.languages.sugarcube.expressions import Expressions
from gamebook_lab.languages.sugarcube.links import Destination, Label, Links
from gamebook_lab.languages.sugarcube.macros import Macros
from gamebook_lab.languages.sugarcube.places import Place, Way
from gamebook_lab.story.program import ChoiceKind, Program, Slot, Span

MOVABLE_TAGS: Final = frozenset({"a", "button", "span", "div", "tw-link", "li", "p", "em", "strong", "b", "i"})
"""HTML elements whose words are taken as a link's label."""


def program(text: str, tree: nodes.Tree, *, is_interface: bool = False, is_widgets: bool = False) -> Program:
    """Derive the program of a passage from its tree.

    Parameters
    ----------
    text, tree
        The passage, and what the parser made of it.
    is_interface
        It is ``StoryInterface``, where ``data-passage`` shows a passage instead of leading to it.
    is_widgets
        Macros that it defines can be called from the beginning.
    """
    builder = Builder(text)
    builder.problems.extend(tree.problems)
    facts = _Facts(builder, is_interface=is_interface)
    facts.walk(tree.nodes, Place())
    if not is_interface:
        builder.certain.extend(certain(facts.macros.finder, tree.nodes, is_widgets=is_widgets))
    return builder.build()


class _Facts:
    def __init__(self, builder: Builder, *, is_interface: bool) -> None:
        self.builder = builder
        self.text = builder.text
        self.is_interface = is_interface
        self.expressions = Expressions(builder)
        self.links = Links(builder, self.expressions)
        self.macros = Macros(builder, Finder(builder.text), self.expressions, self.links, self.walk)

    def walk(self, children: Sequence[nodes.Node], place: Place) -> None:
        """Gather the facts of siblings; the tree's depth is bounded, so this may recurse."""
        for index, node in enumerate(children):
            match node:
                case nodes.Prose():
                    self.prose(node.start, node.stop, place)
                case nodes.Macro():
                    read_macro(self.macros, node, place)
                case nodes.Link():
                    self.link(node, place)
                case nodes.Naked():
                    self.naked(node)
                case nodes.Html():
                    label = self.html_label(children, index)
                    self.links.tag(node.tag, label, place, is_interface=self.is_interface)
                case nodes.Verbatim():
                    self.verbatim(node, place)
                case nodes.Element():
                    self.element(node, place)
                case nodes.Address():
                    self.address(node, place)
                case nodes.Unread():
                    self.builder.unread(node.start, node.stop)
                case nodes.Comment():
                    self.builder.token(node.start, node.stop, "comment")
                case _:
                    self.builder.token(node.start, node.stop, "markup")

    def prose(self, start: int, stop: int, place: Place) -> None:
        if place.is_shown:
            self.builder.prose(start, stop)

    def link(self, node: nodes.Link, place: Place) -> None:
        label, to, effects = self.links.brackets(node.brackets)
        if to is not None:
            way = Way(to.kind, to.target, to.slot, place.conditions)
            self.links.choice(Span(node.start, node.stop), way, label, effects)

    def naked(self, node: nodes.Naked) -> None:
        self.expressions.expression(Span(node.start, node.stop))

    def html_label(self, children: Sequence[nodes.Node], index: int) -> Label:
        """The words of an element that holds nothing else."""
        node = children[index]
        if not isinstance(node, nodes.Html) or len(children) <= index + 2 or node.tag.name not in MOVABLE_TAGS:
            return Label()
        words, closing = children[index + 1], children[index + 2]
        if isinstance(words, nodes.Prose) and isinstance(closing, nodes.Html) and closing.tag.is_closing:
            slot = Slot(Span(words.start, words.stop), "prose")
            return Label(self.text[words.start : words.stop], slot)
        return Label()

    def verbatim(self, node: nodes.Verbatim, place: Place) -> None:
        self.builder.token(node.start, node.inside.start, "markup")
        self.builder.token(*node.inside, "code")
        self.builder.token(node.inside.stop, node.stop, "markup")
        self.prose(*node.inside, place)

    def element(self, node: nodes.Element, place: Place) -> None:
        self.builder.token(node.start, node.inside.start, "html")
        self.builder.token(node.inside.stop, node.stop, "html")
        if node.name == "script":
            self.links.moves(self.expressions.script("<script>", node.inside), place)
            return
        self.builder.token(*node.inside, "code")
        if node.name == "html":
            self.builder.opaque("<html>", node.start, node.stop, may_move=False)

    def address(self, node: nodes.Address, place: Place) -> None:
        self.builder.token(node.start, node.stop, "link")
        span = Span(node.start, node.stop)
        words, slot = self.text[node.start : node.stop], Slot(span, "prose")
        to = Destination(ChoiceKind.EXTERNAL, words, slot)
        self.links.choice(span, Way(to.kind, to.target, to.slot, place.conditions), Label(words, slot))
        self.prose(node.start, node.stop, place)
