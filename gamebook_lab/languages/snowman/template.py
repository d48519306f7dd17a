"""A Snowman passage made ready to be played: its template as statements, with numbered pieces of text among them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript import templates as st
from gamebook_lab.languages.javascript.counting import goes_through, loop_ends
from gamebook_lab.languages.javascript.evaluate import Code, compile_expression
from gamebook_lab.languages.javascript.lexemes import Lexeme, lexemes
from gamebook_lab.languages.javascript.parser import parse_code
from gamebook_lab.languages.javascript.purity import is_pure
from gamebook_lab.languages.javascript.telling import Telling as Told
from gamebook_lab.languages.javascript.template_code import declared
from gamebook_lab.languages.shared.deeds import NOTHING, Deed, Deeds
from gamebook_lab.languages.shared.html import Attribute, Tag
from gamebook_lab.languages.shared.links import is_address
from gamebook_lab.languages.shared.marks import WHOLE, kinds_of
from gamebook_lab.languages.shared.playing import Source
from gamebook_lab.languages.snowman import nodes
from gamebook_lab.languages.snowman.facts import resolve
from gamebook_lab.languages.snowman.natives import NAMES
from gamebook_lab.languages.snowman.parser import parse
from gamebook_lab.languages.snowman.reading import ANYWHERE, SCRIPTS, Read, look_through, read_of
from gamebook_lab.languages.snowman.telling import Telling
from gamebook_lab.story.program import ChoiceKind, Span

__all__ = ["KEPT", "Event", "Go", "Ready", "Say", "Shown", "prepare"]

KEPT: Final = 16_384
"""Passages that are remembered: of a story that has more, each is read anew whenever all are asked for."""
_SNIPPET: Final = re.compile(r"<%[=\-_]?((?:[^%]|%(?!>))*)%>")
_ANY_CALL: Final = js.Call(0, 0, js.Name(0, 0, ""), ())
"""Stands for code that may write whatever it likes."""
_TAG_BREAKS: Final = frozenset({"br", "p", "div", "li", "hr", "tr", "h1", "h2", "h3", "ul"})
_AMID: Final = re.compile(r"(?:<(?:[A-Za-z][^<>]*+)?|\[)\Z")
_LONGEST_TAG: Final = 500
_EMPHASIS: Final = re.compile(r"\*+|~~|`|^#+ |^[-*] ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Say:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """``<%= value %>``, or the same inside a link. ``embeds``: the passage that ``story.render("X")`` shows."""

    span: Span
    node: js.Node | None
    code: Code | None = field(repr=False, compare=False)
    embeds: js.Node | None = None
    is_amid: bool = False
    """It may be a part of a tag, or of a link."""


Words = tuple[Say | Shown, ...]


@dataclass(frozen=True, slots=True)
class Go:
    """A link, with what its setter runs."""

    span: Span
    kind: ChoiceKind
    target: Words
    label: Words
    setter: Span | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Code that is not followed: it may write now or at any time while the page is shown, and offer a way on."""

    what: str
    span: Span
    found: Read


Piece = Say | Shown | Go | Event


@dataclass(frozen=True, slots=True)
class Ready:
    """A whole passage; ``statements`` is None where its code is not plain, and then ``pieces`` come in any order."""

    pieces: tuple[Piece, ...]
    statements: tuple[st.Statement, ...] | None
    deeds: Deeds
    parts: dict[int, Deed]
    """What each statement may do, by where it starts: to know which need not be run."""
    opaques: tuple[tuple[str, Span], ...]
    events: dict[int, Event]
    """What is not read, by where it starts."""
    kinds: frozenset[str]
    """What the strings in its code may add to a link, where they are shown, here or elsewhere."""
    is_cutting: bool
    """Its code may take strings apart."""
    tells: frozenset[Told]
    """What its code can tell of numbers."""
    shows: frozenset[Told]
    """What is told by the values that it shows."""


@lru_cache(maxsize=KEPT)
def prepare(source: Source) -> Ready:
    """Make a passage ready."""
    return _Preparing(source.text).run()


class _Preparing:
    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[Piece] = []
        self.lexemes: list[Lexeme] = []
        self.opaques: list[tuple[str, Span]] = []
        self.all: list[Deed] = []
        self.parts: dict[int, Deed] = {}
        self.events: dict[int, Event] = {}
        self.locals: frozenset[str] = NOTHING
        self.kinds: frozenset[str] = NOTHING
        self.is_cutting = False
        self.telling, self.showing = Telling(), Telling()
        self.of_locals: frozenset[str] = NOTHING
        """Variables that the template's own names may depend on."""

    def run(self) -> Ready:
        for node in parse(self.text).nodes:
            self.node(node)
        found = st.read_statements(self.text, self.lexemes)
        if found is None:
            self.opaques.append(("<% %>", Span(0, len(self.text))))
            self.unread()
        else:
            self.locals = declared(found)
            reads = [read_of(node) for node in st.expressions(found)]
            for each in reads:
                self.strings(each)
            self.telling.statements(found)
            if any(not self.locals.isdisjoint(each.names) for each in reads):
                self.of_locals = NOTHING.union(*(each.reads for each in reads))
            for statement in found:
                self.statement(statement, NOTHING)
        for event in self.events.values():
            self.strings(event.found)
        return Ready(
            tuple(self.pieces),
            found,
            Deeds(tuple(self.all)),
            self.parts,
            tuple(dict.fromkeys(self.opaques)),
            self.events,
            self.kinds,
            self.is_cutting,
            frozenset(self.telling.found),
            frozenset(self.showing.found),
        )

    def unread(self) -> None:
        """All of the code may do anything that it mentions; all of the text may be shown."""
        code = [each for each in self.lexemes if each.kind != "piece"]
        found = look_through(self.text, code)
        self.events[0] = Event("<% %>", Span(0, len(self.text)), found)
        self.all.append(self.event(self.events[0], found.reads))
        self.all += [self.piece(piece, found.reads) for piece in self.pieces]

    # ---- nodes

    def node(self, node: nodes.Node) -> None:
        match node:
            case nodes.Prose():
                self.add(Say(_EMPHASIS.sub("", html.unescape(self.text[node.start : node.stop]))), node)
            case nodes.Code():
                if node.is_shown:
                    is_amid = _AMID.search(self.text[max(0, node.start - _LONGEST_TAG) : node.start]) is not None
                    self.kinds |= kinds_of("[") if is_amid else NOTHING
                    self.add(replace(self.shown(node.inside), is_amid=is_amid), node)
                else:
                    self.code(lexemes(self.text, *node.inside))
            case nodes.Link():
                self.link(node)
            case nodes.Element() if node.name == "script":
                self.odd("<script>", Span(node.start, node.stop), node.inside)
            case nodes.Html():
                self.tag(node.tag, node)

    def code(self, found: Sequence[Lexeme]) -> None:
        """Add a snippet's code, which ends a statement where it ends: ``<% a() %><% b() %>`` are two."""
        if found and self.lexemes and self.lexemes[-1].kind != "piece" and found[0].text != "else":
            self.lexemes.append(Lexeme("operator", found[0].start, found[0].start, ";"))
        self.lexemes += found

    def add(self, piece: Piece, node: nodes.Node) -> None:
        self.lexemes.append(Lexeme("piece", node.start, node.stop, str(len(self.pieces))))
        self.pieces.append(piece)

    def odd(self, what: str, span: Span, code: Span) -> None:
        found = look_through(self.text, lexemes(self.text, *code))
        self.strings(found)
        self.opaques.append((what, span))
        self.add(Event(what, span, found), nodes.Node(*span))

    def shown(self, span: Span) -> Shown:
        parsed = parse_code(self.text, *span)
        node = parsed.nodes[0] if len(parsed.nodes) == 1 and parsed.problem is None else None
        for each in parsed.nodes:
            self.strings(read_of(each))
        if node is None or (found := read_of(node)).is_wild:
            self.opaques.append(("<%= %>", span))
        elif found.embeds is not None:
            self.telling.run([found.embeds], "value")
            return Shown(span, node, None, found.embeds)
        if node is not None:
            (self.showing if is_pure(node) else self.telling).run([node], "value")
        return Shown(span, node, None if node is None else compile_expression(node))

    def words(self, span: Span) -> Words:
        """Text with ``<%= %>`` in it."""
        made: list[Say | Shown] = []
        place = span.start
        for snippet in _SNIPPET.finditer(self.text, *span):
            made += [Say(self.text[place : snippet.start()]), self.shown(Span(*snippet.span(1)))]
            place = snippet.end()
        made.append(Say(self.text[place : span.stop]))
        return tuple(each for each in made if not isinstance(each, Say) or each.text)

    def link(self, node: nodes.Link) -> None:
        link = node.link
        target = self.words(link.target)
        label = target if link.label is None else self.words(link.label)
        self.add(Go(Span(node.start, node.stop), _kind(target), target, label, link.setter), node)

    def tag(self, tag: Tag, node: nodes.Node) -> None:
        span = Span(tag.start, tag.stop)
        if self.is_made(tag):
            self.opaques.append((f"<{tag.name}>", span))
            self.add(Event(f"<{tag.name}>", span, Read(is_wild=True, may_move=True)), node)
            return
        for attribute in () if tag.is_closing else tag.attributes:
            if attribute.value is None:
                continue
            value = self.text[attribute.value.start : attribute.value.stop]
            if attribute.name == "data-passage":
                self.target(span, attribute, node)
                return
            if attribute.name.startswith("on") or value.strip().lower().startswith("javascript:"):
                if value.replace(" ", "").rstrip(";").lower() not in {"javascript:void(0)", "javascript:"}:
                    self.odd(f"<{tag.name}>", span, attribute.value)
                    return
            elif (tag.name, attribute.name) == ("a", "href") and is_address(value):
                self.add(Go(span, ChoiceKind.EXTERNAL, (Say(value),), ()), node)
                return
        self.add(Say("\n" if tag.name in _TAG_BREAKS else ""), node)

    def is_made(self, tag: Tag) -> bool:
        """Tell whether code writes attributes into a tag, not just their values."""
        values = [each.value for each in tag.attributes if each.value is not None]
        return any(
            not any(span.start <= found.start() < span.stop for span in values)
            for found in _SNIPPET.finditer(self.text, tag.start, tag.stop)
        )

    def target(self, span: Span, attribute: Attribute, node: nodes.Node) -> None:
        assert attribute.value is not None
        target = tuple(
            Say(html.unescape(each.text)) if isinstance(each, Say) else each for each in self.words(attribute.value)
        )
        self.add(Go(span, _kind(target), target, ()), node)

    # ---- what each may do

    def strings(self, found: Read) -> None:
        """Note what strings may add to a link."""
        self.kinds |= found.kinds
        self.is_cutting = self.is_cutting or found.is_cutting

    def reads(self, found: Read) -> frozenset[str]:
        return found.reads if self.locals.isdisjoint(found.names) else found.reads | self.of_locals

    def statement(self, each: st.Statement, conditions: frozenset[str]) -> Deed:
        """Note what a statement may do; gives all that it and those in it do as one."""
        inner: list[Deed] = []
        match each:
            case st.Piece():
                inner.append(self.piece(self.pieces[each.index], conditions))
            case st.Do():
                inner.append(self.done(self.known(read_of(each.node), each.span), each, conditions))
            case st.Odd():
                found = look_through(self.text, lexemes(self.text, *each.span))
                self.strange(each, found)
                inner.append(self.event(self.events[each.span.start], conditions))
            case st.If():
                inner += self.row((each.yes, each.no), each, each.test, conditions)
            case st.Loop():
                inner += [self.statement(one, conditions) for one in each.first]
                steps = [step.node for step in each.after if isinstance(step, st.Do)]
                ends = loop_ends(each.test, steps, self.inside(each.body), resolve)
                inner += self.row((each.after, each.body), each, each.test, conditions, ends=ends)
            case st.ForOf():
                ends = each.of_keys or goes_through(self.inside(each.body), resolve)
                inner += self.row((each.body,), each, each.items, conditions, ends=ends)
        if isinstance(each, (st.Piece, st.Do, st.Odd)):
            self.all += inner
        whole = Deed(
            sets=tuple(pair for deed in inner for pair in deed.sets),
            acts=any(deed.acts for deed in inner),
            includes=NOTHING.union(*(deed.includes for deed in inner)),
            prints=any(deed.prints for deed in inner),
        )
        self.parts[each.span.start] = whole
        return whole

    def row(
        self,
        rows: tuple[tuple[st.Statement, ...], ...],
        around: st.Statement,
        test: js.Node | None,
        conditions: frozenset[str],
        *,
        ends: bool = True,
    ) -> list[Deed]:
        """Note what stands under a test, and what the test itself may do; a loop that may not end acts."""
        found = self.known(read_of(test), Span(test.start, test.stop)) if test is not None else Read()
        inner = conditions | self.reads(found)
        if found.is_wild:
            self.strange(around, found)
            made = [self.event(self.events[around.span.start], conditions)]
        else:
            sets = tuple((name, inner) for name in sorted(found.writes))
            made = [Deed(conditions, inner if not ends else NOTHING, inner, sets, acts=not ends)]
        self.all += made
        return made + [self.statement(one, inner) for row in rows for one in row]

    def inside(self, row: tuple[st.Statement, ...]) -> Iterator[js.Node]:
        """What is run in some statements; a call of nobody knows what where that is not all known."""
        yield from st.expressions(row)
        waiting = list(row)
        while waiting:
            each = waiting.pop()
            match each:
                case st.If():
                    waiting += [*each.yes, *each.no]
                case st.Loop() | st.ForOf():
                    waiting += each.body
                case st.Piece():
                    yield from self.inside_piece(self.pieces[each.index])
                case st.Odd():
                    yield _ANY_CALL

    def inside_piece(self, piece: Piece) -> Iterator[js.Node]:
        found = (*piece.target, *piece.label) if isinstance(piece, Go) else (piece,)
        for each in found:
            if isinstance(each, Shown):
                yield _ANY_CALL if each.node is None or each.embeds is not None else each.node
            elif isinstance(each, Event):
                yield _ANY_CALL

    def known(self, found: Read, span: Span) -> Read:
        """Note names of which nothing is known: they read as unknown."""
        for name in sorted(found.names - self.locals - NAMES.keys()):
            self.opaques.append((name, span))
        return found

    def done(self, found: Read, each: st.Statement, conditions: frozenset[str]) -> Deed:
        if found.is_wild:
            self.strange(each, found)
            return self.event(self.events[each.span.start], conditions)
        reads = self.reads(found)
        makes = not self.locals.isdisjoint(found.names)
        return Deed(
            conditions, reads if makes else NOTHING, reads, tuple((name, reads) for name in sorted(found.writes)), makes,
            prints="print" in found.names,
        )  # fmt: skip

    def strange(self, each: st.Statement, found: Read) -> None:
        what = self.text[each.span.start : each.span.stop].split("(")[0][:30].strip()
        self.opaques.append((what, each.span))
        self.events[each.span.start] = Event(what, each.span, found)

    def event(self, event: Event, conditions: frozenset[str]) -> Deed:
        found = event.found
        includes = frozenset({SCRIPTS, ANYWHERE} if found.may_move else {SCRIPTS})
        return Deed(
            conditions, found.reads, found.reads, tuple((name, found.reads) for name in sorted(found.writes)),
            found.may_move, includes,
        )  # fmt: skip

    def piece(self, piece: Piece, conditions: frozenset[str]) -> Deed:
        match piece:
            case Say():
                return Deed(conditions)
            case Shown():
                return self.value(piece, conditions)
            case Event():
                return self.event(piece, conditions)
            case Go():
                return self.way(piece, conditions)

    def value(self, piece: Shown, conditions: frozenset[str]) -> Deed:
        found = self.known(read_of(piece.node), piece.span) if piece.node is not None else Read(is_wild=True)
        reads = self.reads(found)
        sets = tuple((name, reads) for name in sorted(found.writes))
        if piece.embeds is not None:
            name = piece.embeds.value if isinstance(piece.embeds, js.Text) else ANYWHERE
            return Deed(conditions, reads, reads, sets, includes=frozenset({name}))
        includes = frozenset({SCRIPTS}) if found.is_wild else NOTHING
        changes = piece.node is not None and not self.locals.isdisjoint(found.names) and not is_pure(piece.node)
        acts = WHOLE in found.kinds or changes
        prints = bool(found.reads or found.names or found.kinds or piece.is_amid)
        return Deed(conditions, reads if acts else NOTHING, reads, sets, acts, includes, prints)

    def way(self, piece: Go, conditions: frozenset[str]) -> Deed:
        parts = [self.value(each, NOTHING) for each in piece.target if isinstance(each, Shown)]
        self.telling.run([each.node for each in piece.target if isinstance(each, Shown) and each.node], "value")
        labels = [self.value(each, NOTHING) for each in piece.label if isinstance(each, Shown)]
        decides = NOTHING.union(*(deed.shows for deed in parts))
        shows = NOTHING.union(*(deed.shows for deed in labels))
        sets = [pair for deed in (*parts, *labels) for pair in deed.sets]
        includes = NOTHING.union(*(deed.includes for deed in (*parts, *labels)))
        if piece.setter is not None:
            found = look_through(self.text, lexemes(self.text, *piece.setter))
            self.strings(found)
            sets += [(name, found.reads) for name in sorted(found.writes)]
            statements = st.read_statements(self.text, lexemes(self.text, *piece.setter))
            self.telling.statements(statements or ())
            if statements is None or any(read_of(each).is_wild for each in st.expressions(statements)):
                includes |= {SCRIPTS}
                self.opaques.append(("setter", piece.setter))
        return Deed(conditions, decides, shows, tuple(sets), acts=True, includes=includes)


def _kind(target: Words) -> ChoiceKind:
    if len(target) != 1 or not isinstance(target[0], Say):
        return ChoiceKind.COMPUTED
    return ChoiceKind.EXTERNAL if is_address(target[0].text) else ChoiceKind.LINK
