"""Facts of everything that leads on: bracketed links, HTML links, and what macros take as a passage."""

from __future__ import annotations

import html
from typing import Final, NamedTuple

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.parser import Parsed
from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.shared.html import Attribute, Tag
from gamebook_lab.languages.sugarcube.arguments import Argument
from gamebook_lab.languages.sugarcube.brackets import Brackets
from gamebook_lab.languages.sugarcube.expressions import Expressions, Move, text_slot
from gamebook_lab.languages.sugarcube.places import Place, Way
from gamebook_lab.languages.sugarcube.targets import Target, read_target
from gamebook_lab.story.program import Choice, ChoiceKind, Slot, Span

_MEDIA: Final = frozenset({"img", "image", "audio", "video", "source", "track"})
_EXPRESSION_PREFIXES: Final = ("@", "sc-eval:")


class Label(NamedTuple):
    """What the reader clicks; ``text`` is None where it is computed or a picture."""

    text: str | None = None
    slot: Slot | None = None


class Destination(NamedTuple):
    """Where something leads; ``kind`` is link, computed or external."""

    kind: ChoiceKind
    target: str | None = None
    slot: Slot | None = None


class Links:
    """Reads the links of one passage into its builder."""

    def __init__(self, builder: Builder, expressions: Expressions) -> None:
        self.builder = builder
        self.text = builder.text
        self.expressions = expressions

    # ---- choices

    def choice(
        self, span: Span, way: Way, label: Label, effects: tuple[str, ...] = (), *, is_once: bool = False
    ) -> None:
        """Add one choice."""
        self.builder.choices.append(
            Choice(way.kind, span, way.target, way.slot, label.text, label.slot, way.conditions, effects, is_once)
        )

    def moves(self, moves: list[Move], place: Place) -> None:
        """Add what code does with the reader's place: to the click that runs it, or at once."""
        for move in moves:
            self.way(Destination(move.kind, move.target, move.slot), move.span, place)

    def way(self, to: Destination, span: Span, place: Place) -> None:
        """Add a jump: a link's, if it stands in what a click runs."""
        if place.click is not None:
            kind = ChoiceKind.LINK if to.kind is ChoiceKind.GOTO else to.kind
            place.click.ways.append(Way(kind, to.target, to.slot, place.conditions))
        else:
            self.choice(span, Way(to.kind, to.target, to.slot, place.conditions), Label())

    # ---- bracketed links

    def brackets(self, found: Brackets) -> tuple[Label, Destination | None, tuple[str, ...]]:
        """Colour and read bracketed markup; return its label, where it leads and what it sets."""
        self.frame(found)
        effects = self.effects(found.setter) if found.setter is not None else ()
        if found.picture is not None:
            self.picture(found.picture)
        if found.target is None:
            return Label(), None, effects
        target = read_target(self.text, found.target)
        to = self.destination(target, found.target)
        if found.picture is not None:
            return Label(), to, effects
        if found.label is not None:
            return self._label(found.label), to, effects
        if target.kind == "expression":
            return Label(), to, effects
        self.builder.prose(*target.slot.span)
        return Label(target.name, target.slot), to, effects

    def frame(self, found: Brackets) -> None:
        """Colour the brackets and dividers: whatever of the markup is none of its parts."""
        parts = [found.target, found.label, found.setter, found.picture]
        place = found.start
        for start, stop in sorted(part for part in parts if part is not None and part.start < part.stop):
            self.builder.token(place, start, "link")
            place = stop
        self.builder.token(place, found.stop, "link")

    def _label(self, span: Span) -> Label:
        said = read_target(self.text, span, quoting="label")
        if said.kind == "expression":
            self.expressions.expression(span, suffix="-in-link")
            return Label()
        self.builder.prose(*said.slot.span)
        return Label(
            said.name if not self.text.startswith("~", span.start) else self.text[span.start : span.stop], said.slot
        )

    def destination(self, target: Target, span: Span) -> Destination:
        """Note where a target leads."""
        if target.kind == "expression":
            self.builder.possible_names.append(self.text[span.start : span.stop])
            self.expressions.target(span, "-in-link")
            return Destination(ChoiceKind.COMPUTED)
        self.builder.token(*target.slot.span, "target")
        if target.kind == "address":
            return Destination(ChoiceKind.EXTERNAL, target.name, target.slot)
        self.builder.reference(target.name, target.slot, is_required=True)
        return Destination(ChoiceKind.LINK, target.name, target.slot)

    def picture(self, span: Span) -> None:
        """A picture may be a passage that holds one."""
        source = self.text[span.start : span.stop]
        target = read_target(self.text, span)
        if target.kind == "expression":
            self.expressions.expression(span, suffix="-in-link")
            return
        self.builder.token(*span, "string")
        if not any(mark in source for mark in "./:\\"):
            self.builder.reference(target.name, target.slot, is_required=False)

    def effects(self, span: Span, suffix: str = "") -> tuple[str, ...]:
        """Read a setter; return the source of each of its statements."""
        parsed, _ = self.expressions.code(span, suffix=suffix)
        return sources(self.text, parsed)

    # ---- macro arguments

    def argument_label(self, argument: Argument) -> Label:
        """Read an argument that the reader sees and clicks."""
        if argument.kind in {"text", "constant"}:
            self.builder.token(argument.start, argument.stop, "string")
            self.builder.prose(*argument.inside)
            self.expressions.naked(*argument.inside)
            return Label(argument.value, Slot(argument.inside, argument.quoting))
        if argument.kind == "link":
            return Label()
        self.expressions.expression(argument.inside, suffix=argument.suffix)
        return Label()

    def argument_target(self, argument: Argument) -> tuple[Label, Destination]:
        """Read an argument that names a passage; a bracketed link has a label too."""
        if argument.brackets is not None:
            label, to, _ = self.brackets(argument.brackets)
            return label, to or Destination(ChoiceKind.COMPUTED)
        if argument.kind == "expression":
            target = self.expressions.target(argument.inside, argument.suffix)
            if isinstance(target, js.Text):
                return Label(), self.named(target.value, text_slot(target, argument.suffix))
            return Label(), Destination(ChoiceKind.COMPUTED)
        slot = Slot(argument.inside, argument.quoting)
        self.builder.token(argument.start, argument.stop, "target")
        return Label(argument.value, slot), self.named(argument.value, slot)

    def named(self, name: str, slot: Slot) -> Destination:
        """Note a passage that the story needs."""
        self.builder.reference(name, slot, is_required=True)
        return Destination(ChoiceKind.LINK, name, slot)

    # ---- HTML

    def tag(self, tag: Tag, label: Label, place: Place, *, is_interface: bool) -> None:
        """Read an HTML tag: what its attributes evaluate, and where a click on it leads."""
        special: list[Span] = []
        to: Destination | None = None
        effects: tuple[str, ...] = ()
        for attribute in tag.attributes:
            if attribute.value is None:
                continue
            if attribute.name.startswith(_EXPRESSION_PREFIXES):
                special.append(attribute.value)
                to = self.evaluated(attribute) or to
            elif attribute.name in {"data-passage", "data-init-passage"}:
                special.append(attribute.value)
                to = self._attribute_target(attribute, tag)
            elif attribute.name == "data-setter":
                special.append(attribute.value)
                effects = self.effects(attribute.value, f"-in-{attribute.quote}")
            elif attribute.name == "href" and tag.name == "a":
                to = self._address(attribute) or to
        self._html_tokens(tag, special)
        if to is not None:
            kind = ChoiceKind.INCLUDE if is_interface and to.kind is ChoiceKind.LINK else to.kind
            self.choice(Span(tag.start, tag.stop), Way(kind, to.target, to.slot, place.conditions), label, effects)

    def _html_tokens(self, tag: Tag, special: list[Span]) -> None:
        place = tag.start
        for span in special:
            self.builder.token(place, span.start, "html")
            place = span.stop
        self.builder.token(place, tag.stop, "html")

    def evaluated(self, attribute: Attribute) -> Destination | None:
        """``@data-passage="expression"``; any other evaluated attribute only reads."""
        assert attribute.value is not None
        suffix = f"-in-{attribute.quote}"
        if not attribute.name.endswith("data-passage"):
            self.expressions.expression(attribute.value, suffix=suffix)
            return None
        target = self.expressions.target(attribute.value, suffix)
        if isinstance(target, js.Text):
            return self.named(target.value, text_slot(target, suffix))
        return Destination(ChoiceKind.COMPUTED)

    def _attribute_target(self, attribute: Attribute, tag: Tag) -> Destination | None:
        assert attribute.value is not None
        target = read_target(self.text, attribute.value)
        if target.kind == "expression":
            self.expressions.target(attribute.value, f"-in-{attribute.quote}")
            return Destination(ChoiceKind.COMPUTED)
        name = html.unescape(self.text[attribute.value.start : attribute.value.stop])
        slot = Slot(attribute.value, f"attribute-{attribute.quote}")
        self.builder.token(*attribute.value, "target")
        if tag.name in _MEDIA:
            self.builder.reference(name, slot, is_required=False)
            return None
        return self.named(name, slot)

    def _address(self, attribute: Attribute) -> Destination | None:
        assert attribute.value is not None
        target = read_target(self.text, attribute.value)
        slot = Slot(attribute.value, f"attribute-{attribute.quote}")
        return Destination(ChoiceKind.EXTERNAL, target.name, slot) if target.kind == "address" else None


def sources(text: str, parsed: Parsed) -> tuple[str, ...]:
    """Source of each statement, the operands of a comma each for itself."""
    found: list[str] = []
    for statement in parsed.nodes:
        node, last = statement, []
        while isinstance(node, js.Binary) and node.operator == ",":
            last.append(node.right)
            node = node.left
        found += [text[part.start : part.stop] for part in (node, *reversed(last))]
    return tuple(found)
