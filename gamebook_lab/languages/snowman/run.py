"""One run of a Snowman passage: its template from top to bottom, and the page that it draws."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.javascript import templates as st
from gamebook_lab.languages.javascript.host import MISSING, Host
from gamebook_lab.languages.javascript.values import ThrownError, to_text
from gamebook_lab.languages.shared.finder import Finder
from gamebook_lab.languages.shared.links import is_address, read_link
from gamebook_lab.languages.shared.marks import goes_on
from gamebook_lab.languages.shared.nesting import MOST_NESTED, end
from gamebook_lab.languages.shared.running import Running, Stage
from gamebook_lab.languages.snowman.natives import NAMES
from gamebook_lab.languages.snowman.reading import SCRIPTS, Read
from gamebook_lab.languages.snowman.template import Event, Go, Ready, Say, Shown, Words
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.play import Offer, Page, Place, Turn
from gamebook_lab.story.program import ChoiceKind, Span

if TYPE_CHECKING:
    from gamebook_lab.languages.snowman.player import SnowmanPlayer

__all__ = ["Run"]

_TAG: Final = re.compile(r"<[^<>]*>")
_PASSAGE: Final = re.compile(r"\bdata-passage\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_RUNS: Final = re.compile(r"<script|\son[a-z]+\s*=|javascript:(?!void)|<tw-link", re.IGNORECASE)
"""Tags that run code on the page, which nobody follows."""


class Run(Running):
    """One ``enter`` or ``click``."""

    def __init__(self, player: SnowmanPlayer, turn: Turn, here: str) -> None:
        super().__init__(turn, here, player.numbers.bounds(turn.detail))
        self.player = player
        self.ready: Ready | None = None
        self.depth = 0

    def lookup(self, name: str) -> Any:
        """Value of a name: Snowman's own, or unknown."""
        return NAMES.get(name, MISSING)

    def stray(self, what: str, span: Span) -> Any:  # noqa: ARG002
        """Meet a call of what nobody knows; where that could run code of the story's, it was not evaluated at all."""
        return UNKNOWN

    # ---- running a passage

    def can_skip(self, *, acts: bool, writes: frozenset[str], includes: frozenset[str]) -> bool:
        """Tell whether a part need not be run: nothing of it can be chosen, and nothing that it writes matters."""
        if self.turn.detail == "text":
            return False
        reaches = [self.player.reach(name) for name in includes]
        if acts or any(each.acts for each in reaches):
            return False
        return not any(map(self.turn.matters, writes.union(*(each.writes for each in reaches))))

    def passage(self, name: str) -> None:
        """Run a passage as Snowman renders it: its own names are its alone."""
        self.turn.tick()
        ready, act = self.player.ready(name)
        around, self.stage, self.ready, frame, self.frame = (
            (self.stage, self.ready),
            Stage(name),
            ready,
            self.frame,
            None,
        )
        self.depth += 1
        try:
            if act is not None:
                act(self)
            else:
                self.unread(ready)
        except ThrownError as error:
            if self.turn.either(2, f"an error: {error}"[:80], self.stage.place(Span(0, 0))):
                self.canvas.clear()
        except RecursionError:  # so deep that only a passage further out has room to say so
            end(self.turn, "code inside itself", self.stage.place(Span(0, 0)))
        finally:
            (self.stage, self.ready), self.frame = around, frame
            self.depth -= 1

    def unread(self, ready: Ready) -> None:
        """A template whose flow of control is not known: each of its pieces is shown, or is not."""
        for event in ready.events.values():
            self.event(event)
        for piece in ready.pieces:
            if isinstance(piece, Say) or self.turn.either(2, "<% %>", self.stage.place(piece.span)) == 0:
                self.run_piece(piece)

    def run_piece(self, piece: Say | Shown | Go | Event) -> None:
        """Draw one piece of the template."""
        match piece:
            case Say():
                self.canvas.say(piece.text)
            case Shown():
                self.shown_piece(piece)
            case Go():
                self.way(piece)
            case Event():
                self.event(piece)

    def shown_piece(self, piece: Shown) -> None:
        """Show a value, or another passage."""
        if piece.embeds is not None:
            self.embed(self.evaluated(Shown(piece.span, piece.embeds, self.player.code(piece.embeds))), piece.span)
            return
        self.shown(self.evaluated(piece), piece.span, is_amid=piece.is_amid)

    def evaluated(self, piece: Shown) -> Any:
        """Value of an expression."""
        self.turn.tick()
        found = self.player.read(piece.node)
        if piece.code is None or found.is_wild:
            self.scripts("<%= %>", piece.span, found)
            return UNKNOWN
        return piece.code(self)

    def shown(self, value: Any, span: Span, *, is_amid: bool = False) -> None:
        """Write a value into the page: links in it are links. ``is_amid``: the beginning of a mark stands before it."""
        text = to_text(value)
        if text is UNKNOWN:
            self.turn.opaque("<%= %>", self.stage.place(span))
            self.canvas.say("?")
            if self.player.holds_markup:
                self.part(span)
            return
        finder, place = Finder(text), 0
        while (begun := text.find("[[", place)) >= 0:
            link = read_link(finder, begun)
            if link is None:
                self.part(span)
                break
            self.said(text[place:begun], span)
            label = link.label or link.target
            self.go(self.stage.place(span), text[slice(*link.target)], text[slice(*label)], None)
            place = link.stop
        self.said(text[place:], span)
        if ("[[" not in text and goes_on(text)) or (is_amid and text[:1].isalpha() | text.startswith("[")):
            self.part(span)

    def part(self, span: Span) -> None:
        """Meet what may be a part of a link: it may lead anywhere."""
        self.offer(Offer(self.stage.place(span), "", ChoiceKind.COMPUTED, ("code", ())), is_shown=False)

    def said(self, text: str, span: Span) -> None:
        """Write HTML into the page: a tag may be a link, or run code."""
        place = self.stage.place(span)
        for tag in _TAG.finditer(text) if "<" in text else ():
            passage = _PASSAGE.search(tag.group())
            if passage is not None:
                self.go(place, html.unescape(passage[1] or passage[2] or ""), "", None)
            elif _RUNS.search(tag.group()):
                self.offer(Offer(place, "", ChoiceKind.COMPUTED, ("code", ())), is_shown=False)
        self.canvas.say(_TAG.sub("", text))

    def embed(self, name: Any, span: Span) -> None:
        """Run another passage in place."""
        place = self.stage.place(span)
        if name is UNKNOWN:
            way = self.turn.either(len(self.player.names) + 1, "story.render()", place)
            name = self.player.names[way - 1] if way else ""
        if not isinstance(name, str) or name not in self.player.passages:
            return
        reach = self.player.reach(name)
        if self.can_skip(acts=reach.acts, writes=reach.writes, includes=frozenset()):
            return
        if self.depth > MOST_NESTED:
            end(self.turn, "passages shown in each other without end", place)
        self.passage(name)

    # ---- ways on

    def way(self, piece: Go) -> None:
        """Offer a link."""
        target = self.words(piece.target)
        plain = all(isinstance(each, Say) for each in piece.label)
        label = self.words(piece.label) if plain or self.turn.detail == "text" else ""
        self.go(self.stage.place(piece.span), target, label if isinstance(label, str) else "", piece.setter, piece.kind)

    def go(
        self, place: Place, target: Any, label: str, setter: Span | None, kind: ChoiceKind = ChoiceKind.LINK
    ) -> None:
        """Offer a way to a passage."""
        if kind is ChoiceKind.COMPUTED and isinstance(target, str) and is_address(target):
            kind = ChoiceKind.EXTERNAL
        self.offer(Offer(place, label, kind, ("go", target, setter)))

    def words(self, found: Words) -> Any:
        """A label or target; unknown where a part of it is."""
        parts = [each.text if isinstance(each, Say) else to_text(self.evaluated(each)) for each in found]
        return UNKNOWN if UNKNOWN in parts else "".join(parts)

    # ---- what is not followed

    def event(self, event: Event) -> None:
        """Code that is not followed has run, or will while the page is shown."""
        self.scripts(event.what, event.span, event.found)

    def scripts(self, what: str, span: Span, found: Read) -> None:
        """Whatever it may write is unknown; where it may go is offered, and what it may draw is drawn or not."""
        reach = self.player.reach(SCRIPTS) if found.is_wild else None
        for name in sorted(found.writes | (reach.writes if reach is not None else frozenset())):
            self.values[name] = UNKNOWN
        place = self.stage.place(span)
        self.turn.opaque(what, place)
        moves = found.may_move or (reach is not None and reach.acts)
        if moves:
            targets = () if reach is not None and reach.acts else found.targets
            self.offer(Offer(place, "", ChoiceKind.COMPUTED, ("code", targets)), is_shown=False)

    def page(self) -> Page:
        """The page, after everything was run."""
        self.finish()
        return self.canvas.page(self.here, goto=self.goto)


def _as_run(host: Host) -> Run:
    assert isinstance(host, Run)
    return host


def run_piece(host: Host, index: int) -> None:
    """Draw a piece of the template that is run."""
    run = _as_run(host)
    assert run.ready is not None
    run.run_piece(run.ready.pieces[index])


def skip(host: Host, statement: st.Statement) -> bool:
    """Tell whether a statement need not be run."""
    run = _as_run(host)
    assert run.ready is not None
    event = run.ready.events.get(statement.span.start)
    part = run.ready.parts[statement.span.start]
    if event is not None and not isinstance(statement, (st.Odd, st.Piece)):
        run.event(event)
        if isinstance(statement, st.Do):
            return True
    acts = part.acts or (part.prints and run.player.holds_markup)
    return run.can_skip(acts=acts, writes=frozenset(name for name, _ in part.sets), includes=part.includes)


def odd(host: Host, statement: st.Statement) -> None:
    """Meet a statement that was not read."""
    run = _as_run(host)
    assert run.ready is not None
    run.event(run.ready.events[statement.span.start])
