"""Facts of inserts: ``{name}``, ``{embed passage: 'X'}``, ``{cycling link for: 'v', choices: [...]}`` ..."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from gamebook_lab.languages.chapbook import nodes
from gamebook_lab.languages.chapbook.code import NAME, Code, slot
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.parser import parse_properties
from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.shared.links import is_address
from gamebook_lab.story.program import AccessKind, Choice, ChoiceKind, Condition, Slot, Span

_PATH: Final = re.compile(r"(?:[^\W\d]|\$)[\w$]*+(?:\.[\w$]++)*(?:\[[^\]\s]++\])?")
_BLANKS: Final = re.compile(r"\s+")
_TARGETED: Final = ("embed passage", "link to")
_INPUTS: Final = ("cycling link", "dropdown menu", "text input")
_SHOWS: Final = (
    "ambient sound", "no ambient sound", "sound effect", "embed image", "embed flickr", "embed youtube", "embed unsplash",
    "theme switcher",
)  # fmt: skip


class Arguments(NamedTuple):
    """What an insert is given."""

    first: js.Node | None
    others: dict[str, js.Node]

    def text(self, key: str) -> js.Text | None:
        """A named argument that is a plain string."""
        found = self.others.get(key)
        return found if isinstance(found, js.Text) else None


ReadText = Callable[[Span, tuple[Condition, ...]], None]


class Inserts:
    """Reads the inserts of one passage into its builder; ``read_text`` reads text inside a string."""

    def __init__(self, builder: Builder, code: Code, read_text: ReadText) -> None:
        self.builder, self.text, self.code, self.read_text = builder, builder.text, code, read_text

    def insert(self, node: nodes.Insert, conditions: tuple[Condition, ...]) -> None:
        """Gather the facts of one insert."""
        inside = self.text[node.start + 1 : node.stop - 1].strip()
        if not _BLANKS.search(inside):
            self.variable(node)
            return
        keyword = _BLANKS.sub(" ", self.text[node.keyword.start : node.keyword.stop]).lower()
        reader = next((read for name, read in _READERS if keyword.startswith(name)), None)
        is_known = reader is not None or keyword.startswith(_INPUTS + _SHOWS)
        if not is_known and node.arguments.start == node.arguments.stop and not NAME.match(keyword):
            self.builder.prose(node.start, node.stop)
            return
        self.builder.token(node.start, node.keyword.stop, "macro")
        self.builder.token(node.stop - 1, node.stop, "macro")
        given = self._arguments(node, is_target=keyword.startswith(_TARGETED))
        if reader is not None:
            reader(self, node, given, conditions)
        elif keyword.startswith(_INPUTS):
            self.input(keyword, given)
        elif not is_known:
            self.builder.opaque(f"{{{keyword}}}", node.start, node.stop, may_move=True)

    def variable(self, node: nodes.Insert) -> None:
        """``{name}`` shows a variable; anything else without blanks is shown as it is."""
        span = Span(node.keyword.start, max(node.keyword.stop, node.arguments.stop))
        if not _PATH.fullmatch(self.text, *span):
            self.builder.prose(node.start, node.stop)
            return
        self.builder.token(node.start, span.start, "markup")
        self.builder.token(*span, "variable")
        self.builder.token(span.stop, node.stop, "markup")
        self.code.named(span, AccessKind.READ)

    def _arguments(self, node: nodes.Insert, *, is_target: bool) -> Arguments:
        start, stop = node.arguments
        if start == stop:
            return Arguments(None, {})
        has_first = self.text[start] == ":"
        parsed, first, properties = parse_properties(self.text, start + 1, stop, has_first=has_first)
        self.builder.token(start, start + 1, "operator")
        self.code.note(parsed, is_condition=is_target)
        return Arguments(first, {each.key: each.value for each in properties if isinstance(each.key, str)})

    # ---- labels and targets

    def _label(self, node: js.Node | None) -> tuple[str | None, Slot | None]:
        if not isinstance(node, js.Text):
            return None, None
        self.builder.prose(node.start + 1, node.stop - 1)
        return node.value, slot(node)

    def named(self, node: js.Node | None) -> tuple[str | None, Slot | None]:
        """A passage that the story needs; where it is computed, the names that it may come to are noted."""
        if not isinstance(node, js.Text):
            self.code.may_lead(node)
            return None, None
        self.builder.reference(node.value, slot(node), is_required=True)
        return node.value, slot(node)

    def _choice(
        self,
        kind: ChoiceKind,
        node: nodes.Insert,
        target: tuple[str | None, Slot | None],
        label: tuple[str | None, Slot | None],
        conditions: tuple[Condition, ...],
        *,
        is_once: bool = False,
    ) -> None:
        span = Span(node.start, node.stop)
        self.builder.choices.append(Choice(kind, span, *target, *label, conditions, is_once=is_once))

    # ---- one kind each

    def embed(self, node: nodes.Insert, given: Arguments, conditions: tuple[Condition, ...]) -> None:
        """``{embed passage: }``."""
        self._choice(ChoiceKind.INCLUDE, node, self.named(given.first), (None, None), conditions)

    def link(self, node: nodes.Insert, given: Arguments, conditions: tuple[Condition, ...]) -> None:
        """``{link to: }``."""
        label = self._label(given.others.get("label"))
        if not isinstance(given.first, js.Text):
            self._choice(ChoiceKind.COMPUTED, node, self.named(given.first), label, conditions)
            return
        where = slot(given.first)
        if label[0] is None and "label" not in given.others:
            label = self._label(given.first)
        if is_address(given.first.value):
            self._choice(ChoiceKind.EXTERNAL, node, (given.first.value, where), label, conditions)
        else:
            self._choice(ChoiceKind.LINK, node, self.named(given.first), label, conditions)

    def back(self, node: nodes.Insert, given: Arguments, conditions: tuple[Condition, ...]) -> None:
        """``{back link}``."""
        label = self._label(given.others.get("label"))
        self._choice(ChoiceKind.RETURN, node, (None, None), _or_default(label, given, "Back"), conditions)

    def restart(self, node: nodes.Insert, given: Arguments, conditions: tuple[Condition, ...]) -> None:
        """``{restart link}``."""
        label = self._label(given.others.get("label"))
        self._choice(ChoiceKind.RESTART, node, (None, None), _or_default(label, given, "Restart"), conditions)

    def reveal(self, node: nodes.Insert, given: Arguments, conditions: tuple[Condition, ...]) -> None:
        """``{reveal link: }`` with a text or a passage."""
        label = self._label(given.first)
        target = self.named(given.others.get("passage"))
        self._choice(ChoiceKind.REVEAL, node, target, label, conditions, is_once=True)
        shown = given.text("text")
        if shown is None:
            return
        span = Span(shown.start + 1, shown.stop - 1)
        if "\\" in self.text[span.start : span.stop]:
            self.builder.opaque("{reveal link}", node.start, node.stop, may_move=True)
        else:
            self.read_text(span, conditions)

    def input(self, keyword: str, given: Arguments) -> None:
        """The reader chooses a value for a variable."""
        if not isinstance(given.first, js.Text):
            return
        span = Span(given.first.start + 1, given.first.stop - 1)
        if not keyword.startswith("text"):
            self.code.named(span, AccessKind.READ)
        self.code.named(span, AccessKind.WRITE)


def _or_default(
    label: tuple[str | None, Slot | None], given: Arguments, default: str
) -> tuple[str | None, Slot | None]:
    return (default, None) if "label" not in given.others else label


_READERS: Final = (
    ("embed passage", Inserts.embed),
    ("link to", Inserts.link),
    ("back link", Inserts.back),
    ("restart link", Inserts.restart),
    ("reveal link", Inserts.reveal),
)
