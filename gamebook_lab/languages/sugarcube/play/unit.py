"""Compiles one passage's text, by itself: what to run, what clicks run, which widgets it defines."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Self

from gamebook_lab.languages.javascript.values import ThrownError
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.shared.html import Tag
from gamebook_lab.languages.shared.nesting import MOST_NESTED, end
from gamebook_lab.languages.shared.trimming import trim
from gamebook_lab.languages.sugarcube import nodes
from gamebook_lab.languages.sugarcube.parser import parse
from gamebook_lab.languages.sugarcube.play.code import Snippet, code, expression, killed
from gamebook_lab.languages.sugarcube.play.effects import Effect
from gamebook_lab.languages.sugarcube.play.run import Run
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.program import ChoiceKind, Span

Action = Callable[[Run], None]
_UNITS: Final = 16_384
"""Passages whose compiled form is kept, so that an edit compiles one."""
_BREAKING: Final = frozenset({"br", "p", "div", "li", "hr", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table"})


@dataclass(slots=True)
class Piece:
    """One compiled node."""

    run: Action
    effect: Effect
    span: Span
    is_shown_only: bool
    """It can neither offer, move nor write."""
    kills: frozenset[str] = frozenset()
    """Story variables that it writes whatever happens, and does not read."""


class Body:
    """Pieces in a row."""

    __slots__ = ("active", "is_calm", "pieces")

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = tuple(pieces)
        self.active = tuple(each for each in pieces if not each.is_shown_only)
        self.is_calm = not any(each.effect.throws for each in pieces if each.is_shown_only)

    def run(self, run: Run) -> None:
        """Run them: all for their words, else those that matter. What is only shown matters where it may be markup."""
        run.turn.tick()
        if run.bodies >= MOST_NESTED:
            span = self.pieces[0].span if self.pieces else Span(0, 0)
            end(run.turn, "markup inside itself without end", run.place(span))
        run.bodies += 1
        is_all = run.is_text or bool(run.player.marking)
        run.is_doubtful |= run.widgets > 0 and not is_all and not self.is_calm
        try:
            for piece in self.pieces if is_all else self.active:
                if run.is_text or run.needs(piece.effect):
                    try:
                        piece.run(run)
                    except ThrownError as error:
                        run.fail(str(error))
                    except RecursionError:  # so deep that only a body further out has room to say so
                        run.stray("markup inside itself", piece.span)
                elif run.widgets and not run.is_doubtful:
                    run.is_doubtful = run.player.resolved(piece.effect).throws
        finally:
            run.bodies -= 1


class Contents(str):
    """What stands in a container widget where it is called: text, which is run as a part of its passage where it is printed."""

    __slots__ = ("body", "source")
    body: Body
    source: str | tuple[str, str]

    def __new__(cls, text: str, body: Body) -> Self:
        """Keep the text's compiled form with it."""
        made = super().__new__(cls, text)
        made.body, made.source = body, ""
        return made

    def standing_in(self, source: str | tuple[str, str]) -> Contents:
        """The same, in the passage that calls the widget."""
        made = Contents(self, self.body)
        made.source = source
        return made


@dataclass(slots=True)
class Click:
    """What a click runs."""

    run: Action | None
    effect: Effect
    stays: str = ""
    """``keep``, ``replace``, ``append`` or ``prepend`` where it stays in the passage: what becomes of the link."""
    choose: Callable[[Run, Any], None] | None = None
    """What the choice of a value runs."""


@dataclass(slots=True)
class Widget:
    """A macro that the story defines."""

    body: Body
    effect: Effect
    is_container: bool


@dataclass(slots=True, eq=False)
class Unit:
    """A compiled passage. The same text gives the same unit: see :func:`unit_of`."""

    body: Body
    effect: Effect
    clicks: list[Click]
    widgets: dict[str, Widget]
    opaques: list[tuple[str, Span]]
    calls: list[tuple[str, Span]]
    """Macros that are not SugarCube's: the story's widgets, or nobody knows what."""


@lru_cache(maxsize=_UNITS)
def unit_of(text: str) -> Unit:
    """Compile a passage's markup."""
    return Compiler(text).unit()


class _Apart:
    """An effect of its own while a part is compiled."""

    __slots__ = ("effects",)

    def __init__(self, effects: list[Effect]) -> None:
        self.effects = effects

    def __enter__(self) -> Effect:
        effect = Effect()
        self.effects.append(effect)
        return effect

    def __exit__(self, *_: object) -> None:
        self.effects.pop()


@dataclass(slots=True)
class Compiler:
    """Compiles the nodes of one text; what macros do is in modules of their own."""

    text: str
    finder: Finder = field(init=False)
    clicks: list[Click] = field(default_factory=list)
    widgets: dict[str, Widget] = field(default_factory=dict)
    opaques: list[tuple[str, Span]] = field(default_factory=list)
    calls: list[tuple[str, Span]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=lambda: [Effect()])
    elements: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """HTML elements that are open, with the selectors that find them."""
    is_clicked: bool = False
    """Compiling what a link's click runs."""
    loops: int = 0
    """Loops around."""
    branches: int = 0
    """Conditions and loops around, inside the click."""
    way: ChoiceKind | None = None
    """What the click does to the whole story."""

    def __post_init__(self) -> None:
        self.finder = Finder(self.text)

    def unit(self) -> Unit:
        """Compile all of the text."""
        body = self.body(parse(self.text).nodes)
        return Unit(body, self.effects[0], self.clicks, self.widgets, self.opaques, self.calls)

    @property
    def effect(self) -> Effect:
        """Of the piece that is being compiled."""
        return self.effects[-1]

    @property
    def inside(self) -> tuple[str, ...]:
        """Selectors of the elements around."""
        return tuple(selector for _, selectors in self.elements for selector in selectors)

    def apart(self) -> _Apart:
        """Gather the effect of a part by itself; the caller merges it."""
        return _Apart(self.effects)

    def body(self, children: Sequence[nodes.Node]) -> Body:
        """Compile siblings."""
        pieces: list[Piece] = []
        for index, node in enumerate(children):
            with self.apart() as effect:
                action = self.attempt(node, children, index)
            is_idle = not (effect.offers or effect.wild or effect.writes or effect.uses or effect.breaks)
            is_shown_only = is_idle and not effect.elements
            if is_shown_only:
                effect.shown_habits |= effect.habits
                effect.habits = frozenset()
            self.effect.merge(effect)
            if action is not None:
                span, kills = Span(node.start, node.stop), frozenset[str]()
                if isinstance(node, nodes.Macro) and node.name == "set":
                    kills = killed(self.text, trim(self.text, node.clauses[0].tag.arguments))
                pieces.append(Piece(action, effect, span, is_shown_only, kills))
        return Body(pieces)

    def attempt(self, node: nodes.Node, children: Sequence[nodes.Node], index: int) -> Action | None:
        """Compile one node; one that is too deep may do anything."""
        span = Span(node.start, node.stop)
        try:
            return self.action(node, children, index)
        except RecursionError:
            self.opaque("markup inside itself", span)
            self.effect.offers = self.effect.wild = True
            return lambda run: run.stray("markup inside itself", span)

    def clicked(self, children: Sequence[nodes.Node]) -> tuple[Body, Effect, ChoiceKind | None]:
        """Compile what a click runs; tells also whether that restarts the story or the like."""
        around = self.is_clicked, self.branches, self.way, self.loops
        self.is_clicked, self.branches, self.way, self.loops = True, 0, None, 0
        with self.apart() as effect:
            body = self.body(children)
        found = self.way
        self.is_clicked, self.branches, self.way, self.loops = around
        return body, effect, found

    def action(self, node: nodes.Node, children: Sequence[nodes.Node], index: int) -> Action | None:
        """Compile one node."""
        from gamebook_lab.languages.sugarcube.play import leads, macros

        match node:
            case nodes.Prose():
                return self.words(self.text[node.start : node.stop])
            case nodes.Verbatim():
                return self.words(self.text[node.inside.start : node.inside.stop])
            case nodes.Macro():
                return macros.compile_macro(self, node)
            case nodes.Link():
                return leads.compile_link(self, node)
            case nodes.Naked():
                return self.naked(node)
            case nodes.Html():
                return leads.compile_html(self, node.tag, children, index)
            case nodes.Address():
                return leads.compile_address(self, node)
            case nodes.Element():
                return self.element(node)
            case nodes.Unread():
                return self.unread(node)
            case nodes.Mark():
                return self.words("\n") if self.text.startswith("----", node.start) else None
        return None

    def unread(self, node: nodes.Unread) -> Action:
        """What is nested too deeply to be read may do anything."""
        what, span = "deeply nested code", Span(node.start, node.stop)
        self.opaque(what, span)
        self.effect.offers = self.effect.wild = True
        return lambda run: run.stray(what, span)

    def words(self, text: str) -> Action:
        """Words for the reader."""
        return lambda run: run.show(text)

    def element(self, node: nodes.Element) -> Action | None:
        """An element whose content is no markup."""
        if node.name == "script":
            return self.script(node.inside, is_sugared=False)
        if node.name == "html":
            self.opaque("<html>", Span(node.start, node.stop))
            return lambda run: run.opaque("<html>", Span(node.start, node.stop))
        return None

    # ---- code

    def opaque(self, what: str, span: Span) -> None:
        """Note what is not modelled."""
        self.opaques.append((what, span))

    def expression(self, span: Span, *, is_test: bool = False) -> Snippet:
        """Compile an expression; what it writes is part of the effect, what it reads the caller's business."""
        return self.noted(expression(self.text, *span, is_test=is_test), span)

    def code(self, span: Span) -> Snippet:
        """Compile statements."""
        snippet = self.noted(code(self.text, *span), span)
        self.effect.shows |= snippet.reads  # also where nothing comes of it, as in <<run $a>>
        return snippet

    def noted(self, snippet: Snippet, span: Span) -> Snippet:
        """Note what code may do."""
        for what in snippet.strange:
            self.opaque(what, span)
        if snippet.way is not None:
            self.leave(snippet.way, span)
        if snippet.effect is not None:
            self.effect.merge(snippet.effect)
        return snippet

    def leave(self, way: ChoiceKind, span: Span) -> None:
        """Note code that restarts and the like: modelled only where a click does it whatever happens."""
        if self.is_clicked and not self.branches:
            self.way = self.way or way
        else:
            self.opaque(way.value, span)
            self.effect.offers = self.effect.wild = True

    def value(self, snippet: Snippet, span: Span) -> Callable[[Run], Any]:
        """What runs it; code that is not understood may do anything."""
        return snippet.run or (lambda run: run.stray("code", span))

    def naked(self, node: nodes.Naked) -> Action:
        """A variable in the words."""
        span = Span(node.start, node.stop)
        snippet = self.expression(span)
        self.effect.shows |= snippet.reads
        return self.printing(snippet, span, span, otherwise=self.text[node.start : node.stop])

    def printing(
        self, snippet: Snippet, code: Span, span: Span, *, otherwise: str = "", is_escaped: bool = False
    ) -> Action:
        """Print the value of some code, as markup; ``is_escaped`` without macros and tags."""
        value, made_of = self.value(snippet, code), snippet.made_of
        throws = snippet.effect is not None and snippet.effect.throws
        if made_of == {"_contents"}:
            self.effect.offers = True
        else:
            self.effect.prints |= {made_of}

        def run(run: Run) -> None:
            found = value(run)
            run.is_doubtful |= throws and found is UNKNOWN
            if is_escaped and isinstance(found, str):
                found = found.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            run.player.print(run, found, span, otherwise, made_of)

        return run

    def script(self, span: Span, *, is_sugared: bool) -> Action:
        """JavaScript."""
        from gamebook_lab.languages.javascript.lexemes import Dialect

        dialect = Dialect.SUGAR if is_sugared else Dialect.PLAIN
        snippet = self.noted(code(self.text, *span, dialect), span)
        self.effect.shows |= snippet.reads
        return self.value(snippet, span)

    def click(self, action: Action | None, effect: Effect, stays: str = "") -> int:
        """Keep what a click runs; gives its number. What it may do counts for whatever offers it."""
        self.clicks.append(Click(action, effect, stays))
        self.effect.merge(effect)
        return len(self.clicks) - 1


def plain(text: str) -> str:
    """Attribute text as the reader's browser has it."""
    return html.unescape(text)


def is_breaking(tag: Tag) -> bool:
    """An element that begins a line."""
    return tag.name in _BREAKING
