"""Walks a Snowman passage's nodes and gathers its program."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from operator import attrgetter
from typing import Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.colours import colour
from gamebook_lab.languages.javascript.outcomes import outcomes
from gamebook_lab.languages.javascript.parser import Parsed, parse_code
from gamebook_lab.languages.javascript.uses import Root, Uses, find_uses, is_within
from gamebook_lab.languages.shared.builder import Builder
from gamebook_lab.languages.shared.html import Attribute, Tag
from gamebook_lab.languages.shared.links import is_address
from gamebook_lab.languages.snowman import nodes
from gamebook_lab.languages.snowman.blocks import MAX_DEPTH, Blocks
from gamebook_lab.languages.snowman.certain import certain
from gamebook_lab.story.program import Access, AccessKind, Choice, ChoiceKind, Condition, Program, Slot, Span

STORES: Final = frozenset({"s", "story.state", "Story.state", "Story.store", "story.store", "State.store"})
SHOWS: Final = frozenset({"story.show", "Story.show", "story.goto", "Story.goto", "story.goTo", "Story.goTo"})
INCLUDES: Final = frozenset(
    {
        "story.render", "Story.render", "Story.include", "story.include", "renderToSelector",
        "Story.renderPassageToSelector", "Passage.render",
    }
)  # fmt: skip
_WAYS: Final = SHOWS | INCLUDES
_PLACE: Final = "passage.name"
NAMING: Final = frozenset(
    {
        "hasVisited", "visited", "History.hasVisited", "History.visited", "story.passage", "Story.passage",
        "Story.getPassageByName", "story.getPassageByName", "Story.removePassage",
    }
)  # fmt: skip
_FETCHING: Final = frozenset({"story.passage", "Story.passage", "Story.getPassageByName", "story.getPassageByName"})
"""They give a passage, to be shown as likely as not."""
_KNOWN: Final = _WAYS | NAMING | frozenset({"either", "Utils.either", "Utils.randomInt", "_.random", "print"})
_KNOWN_OWNERS: Final = frozenset(
    {"Math", "JSON", "Number", "String", "Array", "Object", "Date", "console", "parseInt", "_"}
)
_FLOW_WORDS: Final = frozenset(
    {"for", "while", "do", "switch", "function", "return", "try", "class", "var", "let", "const"}
)
_MOVING: Final = frozenset({"show", "goto", "goTo", "trigger", "click", "$", "jQuery", "restore", "undo", "redo"})
_SNIPPET: Final = re.compile(r"<%[=\-_]?")


def program(text: str, tree: nodes.Tree) -> Program:
    """Derive the program of a passage from its tree."""
    builder = Builder(text)
    builder.problems.extend(tree.problems)
    facts = Facts(builder)
    for index, node in enumerate(tree.nodes):
        if isinstance(node, nodes.Html):
            facts.tag(node.tag, _words(tree.nodes, index))
        else:
            facts.node(node)
    facts.finish()
    builder.certain.extend(certain(text, tree.nodes, lambda node: resolve(node) is not None))
    return builder.build()


class Facts:
    """Gathers the facts of one passage; its blocks follow the braces over all snippets."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.text = builder, builder.text
        self.blocks = Blocks(builder.text)

    def node(self, node: nodes.Node) -> None:
        """Gather the facts of one node; nodes come in order."""
        match node:
            case nodes.Prose():
                self.builder.prose(node.start, node.stop)
            case nodes.Comment():
                self.builder.token(node.start, node.stop, "comment")
            case nodes.Code():
                self.builder.token(node.start, node.inside.start, "macro")
                self.builder.token(node.inside.stop, node.stop, "macro")
                self.code(node.inside)
            case nodes.Link():
                self._link(node)
            case nodes.Element():
                self._element(node)

    def finish(self) -> None:
        """Note the conditions, and braces that match nothing."""
        self.builder.conditions.extend(self.blocks.asked)
        for span in self.blocks.stray:
            self.builder.problem("} closes nothing", *span)
        if self.blocks.is_too_deep:
            self.builder.problem(f"Conditions are nested more than {MAX_DEPTH} deep", 0, len(self.text))

    # ---- code

    def code(self, span: Span, *, is_target: bool = False) -> None:
        """Read a snippet: its conditions, what it uses, where it leads."""
        parsed = parse_code(self.text, *span)
        conditions = [] if is_target else self.blocks.read(parsed.lexemes)
        self._note(parsed, conditions, is_condition=is_target)
        if is_target and len(parsed.nodes) == 1:
            self._may_lead(parsed.nodes[0], "-in-snippet")
        words = {lexeme.text for lexeme in parsed.lexemes if lexeme.kind == "name"}
        if words & _FLOW_WORDS or any(lexeme.text == "=>" for lexeme in parsed.lexemes):
            self.builder.opaque("<% %>", *span, may_move=bool(words & _MOVING))

    def script(self, what: str, span: Span) -> None:
        """Read JavaScript, which stays opaque: only what it names is found."""
        parsed = parse_code(self.text, *span)
        may_move = any(lexeme.text in _MOVING for lexeme in parsed.lexemes)
        self.builder.opaque(what, *span, may_move=may_move)
        self._note(parsed, [], is_opaque=True)

    def _note(
        self, parsed: Parsed, conditions: list[Span], *, is_condition: bool = False, is_opaque: bool = False
    ) -> None:
        colour(parsed.lexemes, self.builder)
        if parsed.problem is not None:
            self.builder.problems.append(parsed.problem)
        if parsed.is_too_deep and not is_opaque:
            self.builder.unread(parsed.lexemes[0].start, parsed.lexemes[-1].stop)
        found = find_uses(parsed.nodes, resolve)
        starts = sorted(conditions)
        targets = [call.arguments[0] for call in found.calls if call.arguments and js.path(call.callee) in _WAYS]
        for use in found.uses:
            value = self.text[use.value.start : use.value.stop] if use.value is not None else None
            kind = AccessKind.WRITE if use.is_write else AccessKind.READ
            is_asked = not use.is_write and (
                is_condition or _is_within(use.span, starts) or is_within(use.span, targets)
            )
            access = Access(use.name, kind, use.span, False, value, is_asked, use.flows_to)  # noqa: FBT003 - a NamedTuple
            self.builder.accesses.append(access)
        for pair in found.comparisons:
            self._comparison(pair)
        for call in found.calls:
            self._call(call)
        if not is_opaque:
            self._opaque_calls(found)

    def _comparison(self, pair: js.Binary) -> None:
        """``passage.name === "Cellar"`` names a passage."""
        for one, other in ((pair.left, pair.right), (pair.right, pair.left)):
            if js.path(one) == _PLACE and isinstance(other, js.Text):
                slot = Slot(Span(other.start + 1, other.stop - 1), other.quoting)
                self.builder.reference(other.value, slot, is_required=False)

    def _call(self, call: js.Call) -> None:
        name = js.path(call.callee)
        first = call.arguments[0] if call.arguments else None
        is_way = name in _WAYS
        if not is_way and name not in NAMING:
            return
        target = first.value if isinstance(first, js.Text) else None
        slot = Slot(Span(first.start + 1, first.stop - 1), first.quoting) if isinstance(first, js.Text) else None
        if target is not None and slot is not None:
            self.builder.reference(target, slot, is_required=is_way, may_lead=name in _FETCHING)
        if is_way and first is not None:
            if target is None:
                self._may_lead(first)
            computed = ChoiceKind.INCLUDE if name in INCLUDES else ChoiceKind.COMPUTED
            plain = ChoiceKind.INCLUDE if name in INCLUDES else ChoiceKind.GOTO
            kind = plain if target is not None else computed
            span = Span(call.start, call.stop)
            self.builder.choices.append(Choice(kind, span, target, slot, conditions=self.blocks.at(call.start)))

    def _may_lead(self, target: js.Node, suffix: str = "") -> None:
        """Note the names that a computed target may come to."""
        for node in outcomes(target):
            slot = Slot(Span(node.start + 1, node.stop - 1), node.quoting + suffix)
            self.builder.reference(node.value, slot, is_required=False, may_lead=True)

    def _opaque_calls(self, found: Uses) -> None:
        for call in found.calls:
            name = js.path(call.callee)
            owner = name.partition(".")[0]
            is_state = any(name.startswith(f"{store}.") for store in STORES)
            if name and not (name in _KNOWN or owner in _KNOWN_OWNERS or owner in found.local_names or is_state):
                self.builder.opaque(f"{name}()", call.start, call.stop, may_move=True)

    # ---- links

    def _link(self, node: nodes.Link) -> None:
        link = node.link
        place = node.start
        for part in sorted(part for part in (link.target, link.label, link.setter) if part is not None):
            self.builder.token(place, part.start, "link")
            place = part.stop
        self.builder.token(place, node.stop, "link")
        kind, target, slot = self._target(link.target, "link")
        label, label_slot = self._label(link.label) if link.label is not None else (target, slot)
        if link.label is None and slot is not None:
            self.builder.prose(*slot.span)
        effects = self._effects(link.setter) if link.setter is not None else ()
        here = self.blocks.at(node.start)
        self.builder.choices.append(
            Choice(kind, Span(node.start, node.stop), target, slot, label, label_slot, here, effects)
        )

    def _target(self, span: Span, quoting: str) -> tuple[ChoiceKind, str | None, Slot | None]:
        source = self.text[span.start : span.stop]
        if "<%" in source:
            self._snippets(span)
            return ChoiceKind.COMPUTED, None, None
        name = html.unescape(source) if quoting.startswith("attribute") else source
        slot = Slot(span, quoting)
        self.builder.token(*span, "target")
        if is_address(name):
            return ChoiceKind.EXTERNAL, name, slot
        self.builder.reference(name, slot, is_required=True)
        return ChoiceKind.LINK, name, slot

    def _label(self, span: Span) -> tuple[str | None, Slot | None]:
        source = self.text[span.start : span.stop]
        if "<%" in source:
            self._snippets(span)
            return None, None
        self.builder.prose(*span)
        return source, Slot(span, "label")

    def _snippets(self, span: Span) -> None:
        place = span.start
        while (opened := _SNIPPET.search(self.text, place, span.stop)) is not None:
            place = self.text.find("%>", opened.end(), span.stop)
            if place < 0:
                self.builder.problem("<% is not closed", *opened.span(), "Add %>")
                return
            self.code(Span(opened.end(), place), is_target=True)

    def _effects(self, span: Span) -> tuple[str, ...]:
        parsed = parse_code(self.text, *span)
        self._note(parsed, [])
        return tuple(self.text[node.start : node.stop] for node in parsed.nodes)

    def tag(self, tag: Tag, words: Span | None) -> None:
        """Read an HTML tag; ``words`` are what its element holds, if nothing else."""
        place = tag.start
        for attribute in tag.attributes:
            if attribute.value is None:
                continue
            source = self.text[attribute.value.start : attribute.value.stop]
            if attribute.name == "data-passage" or "<%" in source or (tag.name, attribute.name) == ("a", "href"):
                self.builder.token(place, attribute.value.start, "html")
                place = attribute.value.stop
                self._attribute(tag, attribute, source, words)
        self.builder.token(place, tag.stop, "html")

    def _attribute(self, tag: Tag, attribute: Attribute, source: str, words: Span | None) -> None:
        assert attribute.value is not None
        span = Span(tag.start, tag.stop)
        here: tuple[Condition, ...] = self.blocks.at(tag.start)
        quoting = f"attribute-{attribute.quote}"
        label: tuple[str | None, Slot | None] = (None, None)
        if words is not None:
            label = (self.text[words.start : words.stop], Slot(words, "prose"))
        if attribute.name == "data-passage":
            kind, target, slot = self._target(attribute.value, quoting)
            self.builder.choices.append(Choice(kind, span, target, slot, *label, here))
        elif "<%" in source:
            self._snippets(attribute.value)
        else:
            self.builder.token(*attribute.value, "html")
            if is_address(source):
                slot = Slot(attribute.value, quoting)
                self.builder.choices.append(Choice(ChoiceKind.EXTERNAL, span, source, slot, *label, here))

    def _element(self, node: nodes.Element) -> None:
        self.builder.token(node.start, node.inside.start, "html")
        self.builder.token(node.inside.stop, node.stop, "html")
        if node.name == "script":
            self.script("<script>", node.inside)
        else:
            self.builder.token(*node.inside, "code")


def resolve(node: js.Node) -> Root | None:
    """The story variable that a node names: ``s.x``, ``story.state.x``, ``s["x"]``."""
    if not isinstance(node, js.Member) or js.path(node.object) not in STORES:
        return None
    if isinstance(node.key, js.Text):
        return Root(node.key.value, Span(node.key.start + 1, node.key.stop - 1))
    if isinstance(node.key, str):
        return Root(node.key, Span(node.key_start, node.key_start + len(node.key)))
    return None


def _is_within(span: Span, conditions: list[Span]) -> bool:
    """Tell whether a span lies in one of these, which are sorted and apart."""
    index = bisect_right(conditions, span.start, key=attrgetter("start")) - 1
    return index >= 0 and span.stop <= conditions[index].stop


def _words(row: tuple[nodes.Node, ...], index: int) -> Span | None:
    """The words between a tag and the closing tag right after them."""
    if len(row) <= index + 2:
        return None
    words, closing = row[index + 1], row[index + 2]
    if isinstance(words, nodes.Prose) and isinstance(closing, nodes.Html) and closing.tag.is_closing:
        return Span(words.start, words.stop)
    return None
