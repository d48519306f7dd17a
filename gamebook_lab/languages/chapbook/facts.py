"""Walks a Chapbook passage's tree and gathers its program."""

from __future__ import annotations

import re
from typing import Final

from gamebook_lab.languages.chapbook import nodes
from gamebook_lab.languages.chapbook.certain import certain
from gamebook_lab.languages.chapbook.code import Code
from gamebook_lab.languages.chapbook.inserts import Inserts
from gamebook_lab.languages.chapbook.parser import parse_text
from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.shared.html import Tag
from gamebook_lab.languages.shared.links import is_address
from gamebook_lab.story.program import AccessKind, Choice, ChoiceKind, Condition, Program, Slot, Span

_CONDITIONAL: Final = re.compile(r"(?:if|unless|ifalways|ifnever)\s|else\Z", re.IGNORECASE)
_WORD: Final = re.compile(r"\S++\s*+")
_HARMLESS: Final = re.compile(
    r"(?:after\s.*|align\s.*|append|continued?|cont(?:'d)?|note(?:\s+to\s+myself)?|n\.?b\.?|todo|fixme|css|javascript)\Z",
    re.IGNORECASE | re.DOTALL,
)
_HIDDEN: Final = re.compile(r"(?:note(?:\s+to\s+myself)?|n\.?b\.?|todo|fixme)\Z", re.IGNORECASE)


def program(text: str, tree: nodes.Tree) -> Program:
    """Derive the program of a passage from its tree."""
    builder = Builder(text)
    builder.problems.extend(tree.problems)
    _Facts(builder).run(tree)
    builder.certain.extend(certain(text, tree))
    return builder.build()


class _Facts:
    def __init__(self, builder: Builder) -> None:
        self.builder, self.text = builder, builder.text
        self.code = Code(builder)
        self.inserts = Inserts(builder, self.code, self.inner_text)
        self.finder = Finder(builder.text)
        self.state: Condition | None = None
        """What ``[else]`` would negate."""
        self.depth = 0

    def run(self, tree: nodes.Tree) -> None:
        for assignment in tree.assignments:
            self.assignment(assignment)
        if tree.divider is not None:
            self.builder.token(*tree.divider, "markup")
        for block in tree.blocks:
            self.block(block)

    def source(self, span: Span) -> str:
        return self.text[span.start : span.stop]

    # ---- the vars section

    def assignment(self, node: nodes.Assignment) -> None:
        self.builder.token(*node.name, "variable")
        if node.condition is not None:
            self.code.expression(node.condition, is_condition=True)
        root = self.code.root(node.name)
        if node.name.start == node.name.stop:
            self.builder.problem("A line of the vars section names no variable", node.start, node.stop)
        if node.value.start == node.value.stop:
            self.builder.problem("A line of the vars section has no value", node.start, node.stop)
        self.code.expression(node.value, flows_to=self.source(root) if root is not None else None)
        self.code.named(node.name, AccessKind.WRITE, self.source(node.value))

    # ---- blocks

    def block(self, block: nodes.Block) -> None:
        for mark in block.marks:
            self.builder.token(*mark, "macro")
        conditions: list[Condition] = []
        names: list[str] = []
        for modifier in block.modifiers:
            span = Span(modifier.start, modifier.stop)
            source = self.source(span)
            names.append(source.lower())
            if _CONDITIONAL.match(source):
                condition = self.condition(span, source)
                conditions += [condition] if condition is not None else []
                continue
            self.builder.token(*span, "macro")
            if not _HARMLESS.match(source):
                self.builder.opaque(f"[{source}]", *span, may_move=False)
        self.body(block, tuple(conditions), names)

    def condition(self, span: Span, source: str) -> Condition | None:
        """Follow an ``[if]``, ``[unless]`` or ``[else]``; ``[else]`` negates the last of them."""
        word = _WORD.match(source)
        assert word is not None
        kind = word.group().strip().lower()
        self.builder.token(span.start, span.start + len(word.group().rstrip()), "macro")
        if kind == "else":
            if self.state is None:
                self.builder.problem("[else] stands before any [if]", *span, "Add [if condition] before it")
                return None
            self.state = self.state._replace(is_negated=not self.state.is_negated)
            return self.state
        inner = Span(span.start + word.end(), span.stop)
        self.code.expression(inner, is_condition=kind in {"if", "unless"})
        if kind in {"if", "unless"}:
            self.state = Condition(self.source(inner), kind == "unless", inner)
            self.builder.conditions.append(self.state._replace(is_negated=False))
        else:
            self.state = Condition("true", kind == "ifnever", inner)
        return self.state

    def body(self, block: nodes.Block, conditions: tuple[Condition, ...], names: list[str]) -> None:
        start = block.nodes[0].start if block.nodes else block.stop
        if "javascript" in names:
            self.code.script("[JavaScript]", Span(start, block.stop), conditions)
        elif "css" in names:
            self.builder.token(start, block.stop, "code")
        elif any(_HIDDEN.match(name) for name in names):
            self.builder.token(start, block.stop, "comment")
        else:
            for node in block.nodes:
                self.node(node, conditions)

    def inner_text(self, span: Span, conditions: tuple[Condition, ...]) -> None:
        """Text inside a string of an insert: links and inserts work there too."""
        if self.depth:
            self.builder.opaque("{reveal link}", *span, may_move=True)
            return
        self.depth += 1
        found, problems = parse_text(self.finder, *span)
        self.builder.problems.extend(problems)
        for node in found:
            self.node(node, conditions)
        self.depth -= 1

    def node(self, node: nodes.Node, conditions: tuple[Condition, ...]) -> None:
        match node:
            case nodes.Prose():
                self.builder.prose(node.start, node.stop)
            case nodes.Link():
                self.link(node, conditions)
            case nodes.Insert():
                self.inserts.insert(node, conditions)
            case nodes.Html():
                self.tag(node.tag, conditions)
            case nodes.Comment():
                self.builder.token(node.start, node.stop, "comment")
            case _:
                self.builder.token(node.start, node.stop, "markup")

    def link(self, node: nodes.Link, conditions: tuple[Condition, ...]) -> None:
        link, suffix = node.link, "-in-string" if self.depth else ""
        target, place = self.source(link.target), Slot(link.target, "link" + suffix)
        kind = ChoiceKind.EXTERNAL if is_address(target) else ChoiceKind.LINK
        shown = link.label or link.target
        label = self.source(shown), (place if link.label is None else Slot(shown, "label" + suffix))
        self.builder.prose(*shown)
        begun = node.start
        for part in sorted(part for part in (link.label, link.target) if part is not None):
            self.builder.token(begun, part.start, "link")
            begun = part.stop
        self.builder.token(begun, node.stop, "link")
        self.builder.token(*link.target, "target")
        if kind is ChoiceKind.LINK:
            self.builder.reference(target, place, is_required=True)
        self.builder.choices.append(Choice(kind, Span(node.start, node.stop), target, place, *label, conditions))

    def tag(self, tag: Tag, conditions: tuple[Condition, ...]) -> None:
        self.builder.token(tag.start, tag.stop, "html")
        for attribute in tag.attributes:
            if attribute.value is None:
                continue
            target, place = self.source(attribute.value), Slot(attribute.value, f"attribute-{attribute.quote}")
            span = Span(tag.start, tag.stop)
            if (tag.name, attribute.name) == ("a", "href") and is_address(target):
                self.builder.choices.append(Choice(ChoiceKind.EXTERNAL, span, target, place, conditions=conditions))
