"""One run: the values it works with, what it offers and shows, and how it speaks to the turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from gamebook_lab.languages.javascript.host import Host
from gamebook_lab.languages.javascript.values import MAX_DEPTH, ThrownError, freeze, thaw, to_text
from gamebook_lab.languages.sugarcube.play.effects import Effect
from gamebook_lab.languages.sugarcube.play.natives import names_of
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Map, Value, exact
from gamebook_lab.story.play import Offer, Page, Place, Turn
from gamebook_lab.story.program import ChoiceKind, Span

if TYPE_CHECKING:
    from gamebook_lab.languages.sugarcube.play.player import SugarCubePlayer
    from gamebook_lab.languages.sugarcube.play.unit import Body


class BreakError(Exception):
    """``<<break>>``."""


class ContinueError(Exception):
    """``<<continue>>``."""


def lines_of(words: Sequence[str]) -> list[str]:
    """Lines that are not blank, with single blanks."""
    lines = (" ".join(line.split()) for line in "".join(words).split("\n"))
    return [line for line in lines if line]


class Run(Host):
    """See the module."""

    def __init__(self, player: SugarCubePlayer, turn: Turn, passage: str) -> None:
        super().__init__()
        self.player, self.turn, self.passage = player, turn, passage
        self.source: str | tuple[str, str] = passage
        """Whose text is run: a passage's, or (its name, text) for markup that was printed there."""
        self.is_text = turn.detail == "text"
        self.forms = player.forms(turn.detail)
        self.values: dict[str, Any] = {}
        self.before: dict[str, Value] = {}
        """Arrays and objects as they were read."""
        self.written: dict[str, None] = {}
        self.temporary: dict[str, Any] = {}
        self.offers: list[Offer] = []
        self.words: list[str] = []
        self.n_inside: int | None = None
        """Pieces of the words that stand in the passage; None: all do."""
        self.goto: str | None = None
        self.bodies = 0
        self.hidden = 0
        self.span = Span(0, 0)
        """Of the markup that printed what is run, if something did."""
        self.useful: dict[int, bool] = {}
        self.inside: tuple[str, ...] = ()
        """Selectors of the elements that are open."""
        self.elements: set[str] = set()
        """Selectors that find something on the page."""
        self.kept: list[Offer] = []
        """In a click: the other offers of the page, but for those that were removed."""
        self.captured: frozenset[str] = frozenset()
        """Variables that clicks are to find as they were where the link was made."""
        self.hidden_words = 0
        self.n_errors = 0
        """Errors that were shown instead of what should have been."""
        self.widgets = 0
        """Widgets of the story's that are being run inside each other."""
        self.is_doubtful = False
        """Something in such a widget was not run, or is not known, that may have been an error."""
        self._failing: bool | None = None
        self.afterwards: list[tuple[Any, Span]] = []
        """Functions that scripts want called once the passage stands."""
        self.done: list[tuple[Body, str | tuple[str, str], tuple[tuple[str, Value], ...]]] = []
        """What ``<<done>>`` holds back until all of the page stands, with where it stands and what it captured."""
        self.is_live = False
        """The page stands, so that its elements can be changed."""
        self.is_stopped = False

    # ---- names

    def lookup(self, name: str) -> Any:
        """What a name stands for."""
        mark = name[0]
        if mark == "$" and len(name) > 1:
            if name == "$args":
                return self.temporary.get("_args", UNSET)
            if name not in self.values:
                found = self.turn.read(name)
                if isinstance(found, (tuple, Map)):
                    self.before[name] = found
                self.values[name] = thaw(found)
            return self.values[name]
        if mark == "_" and len(name) > 1:
            return self.temporary.get(name, UNSET)
        return names_of(self, name)

    def store(self, name: str, value: Any) -> None:
        """Write a variable."""
        if name[0] == "$":
            self.values[name] = value
            self.written[name] = None
        elif name[0] == "_":
            self.temporary[name] = value

    def delete(self, name: str) -> None:
        """Unset a variable."""
        if name[0] == "$":
            self.store(name, UNSET)
        else:
            self.temporary.pop(name, None)

    def finish(self) -> None:
        """Tell the turn what was written, and what was changed inside."""
        for name, old in self.before.items():
            if name not in self.written and self.turn.matters(name):
                new = self.forms.write(name, self.frozen(self.values[name]))
                if exact(new) != exact(old):
                    self.turn.write(name, new)
        for name in self.written:
            if self.turn.matters(name):
                self.turn.write(name, self.forms.write(name, self.frozen(self.values[name])))

    def frozen(self, value: Any, _depth: int = 0) -> Value:
        """Freeze a value; what is spoiled is unknown."""
        if not self.spoiled:
            return freeze(value)
        if id(value) in self.spoiled:
            return UNKNOWN
        if _depth > MAX_DEPTH:
            return UNKNOWN
        if isinstance(value, list):
            return tuple(self.frozen(each, _depth + 1) for each in value)
        if isinstance(value, dict):
            return Map(tuple((name, self.frozen(each, _depth + 1)) for name, each in value.items()))
        return freeze(value)

    # ---- the turn

    def tick(self) -> None:
        """Count a step."""
        self.turn.tick()

    def place(self, span: Span) -> Place:
        """Where a piece of the running text stands."""
        return Place(self.source, span) if isinstance(self.source, str) else Place(self.source[0], self.span)

    def either(self, n: int, what: str, span: Span) -> int:
        """Ask the turn for a way."""
        return self.turn.either(n, what, self.place(span))

    def decided(self, span: Span, *, holds: bool) -> None:
        """Tell the turn how a condition came out."""
        self.turn.condition(self.place(span), holds=holds)

    def chance(self, weights: Sequence[int]) -> int:
        """Ask the turn for a draw."""
        return self.turn.chance(weights)

    def stray(self, what: str, span: Span) -> Any:
        """Do what code may do that nobody knows."""
        self.player.anything(self, what, span)
        return UNKNOWN

    def opaque(self, what: str, span: Span) -> None:
        """Something that is only shown, and not modelled."""
        self.turn.opaque(what, self.place(span))

    # ---- what comes out

    def show(self, text: Any) -> None:
        """Words for the reader."""
        if self.is_text and not self.hidden and not self.hidden_words and isinstance(text, str):
            self.words.append(text)

    def text(self) -> str | None:
        """What was shown: single blanks and line breaks."""
        return "\n".join(lines_of(self.words)) if self.is_text else None

    def n_around(self) -> int:
        """Count the last lines of the text that stand around the passage."""
        return 0 if self.n_inside is None else len(lines_of(self.words[self.n_inside :]))

    def words_of(self, body: Body) -> str:
        """What a body would show, by itself."""
        around, self.words, is_text, offers = self.words, [], self.is_text, self.offers
        self.offers = []
        try:
            body.run(self)
            return "".join(self.words).strip()
        finally:
            self.words, self.is_text, self.offers = around, is_text, offers

    def said(self, label: Callable[[Run], Any]) -> str:
        """A link's label; where words are not wanted, only one that reads nothing."""
        if not self.is_text and getattr(label, "is_constant", False) is False:
            return ""
        found = to_text(label(self))
        return found if isinstance(found, str) else ""

    def offer(self, span: Span, label: str, kind: ChoiceKind, token: Any, inside: tuple[str, ...]) -> None:
        """Something to click."""
        if not self.hidden:
            elements = (*self.inside, *inside) if self.player.changes else ()
            self.offers.append(Offer(self.place(span), label, kind, (elements, token)))

    def go(self, target: str, number: int) -> tuple[Any, ...]:
        """What a click needs that leads to a passage."""
        return ("go", target, self.source if number >= 0 else "", number, self._captured() if number >= 0 else (), None)

    def stay(self, number: int, value: Value = None) -> tuple[Any, ...]:
        """What a click needs that stays."""
        return ("stay", "", self.source, number, self._captured(), value)

    def _captured(self) -> tuple[tuple[str, Value], ...]:
        return tuple((name, self.frozen(self.lookup(name))) for name in sorted(self.captured))

    def take(self, name: str) -> None:
        """Note that a link was taken that is offered once."""
        self.values[self._taken(name)] = True
        self.written[self._taken(name)] = None

    def is_taken(self, name: str) -> Any:
        """Tell whether it was taken before."""
        found = self.turn.read(self._taken(name))
        return False if found is UNSET else found

    def _taken(self, name: str) -> str:
        return name if " " in name else f"{name} {self.passage}"

    def move(self, target: str, span: Span) -> None:
        """The story goes on by itself once this passage is done; not to a passage that is not there."""
        if not self.player.has(target):
            self.fail(f"there is no passage {target!r}")
            return
        if self.goto is None or (self.goto != target and self.either(2, "more than one <<goto>>", span) == 1):
            self.goto = target

    # ---- bodies

    def needs(self, effect: Effect) -> bool:
        """Tell whether a piece must be run though its words are not wanted."""
        found = self.useful.get(id(effect))
        if found is None:
            found = self.useful[id(effect)] = self.player.is_useful(effect, self.turn)
        return found

    # ---- clicks

    def memory(self) -> Any:
        """What clicks on this page depend on."""
        temporary = (
            sorted((name, self.frozen(value)) for name, value in self.temporary.items() if value is not UNSET)
            if self.offers
            else []
        )
        elements = frozenset(self.elements) if self.player.changes else None
        return (tuple(temporary), elements)

    def recall(self, page: Page) -> None:
        """Go on with a page."""
        temporary, elements = cast("tuple[Any, Any]", page.token)
        self.temporary = {name: thaw(value) for name, value in temporary}
        self.elements = set(elements or ())
        self.offers = list(page.offers)

    @contextmanager
    def capturing(self, captured: tuple[tuple[str, Value], ...]) -> Iterator[None]:
        """With the values that variables had where the link was made."""
        before = {name: self.lookup(name) for name, _ in captured}
        self.captured = frozenset(before)
        for name, value in captured:
            self.values[name] = self.temporary[name] = thaw(value)
        try:
            yield
        finally:
            for name, value in before.items():
                self.values[name] = self.temporary[name] = value

    def attempt(self, click: Any, value: Value) -> None:
        """Run what a click runs; an error ends it."""
        try:
            if click.choose is not None:
                click.choose(self, thaw(value))
            elif click.run is not None:
                click.run(self)
        except (BreakError, ContinueError):
            pass  # of a loop that is long over
        except ThrownError as error:
            self.fail(str(error))

    def fail(self, what: str) -> None:
        """Show an error."""
        self.n_errors += 1
        self.show(f"Error: {what}")

    def fails(self, span: Span) -> bool:
        """Decide whether widgets fail that may; one answer for all of a page, since where some fail, others offer no more."""
        if self._failing is None:
            self._failing = self.either(2, "an error in a widget", span) == 0
        return self._failing

    def guarded(self, function: Any, span: Span) -> None:
        """Call a function of the story's; an error ends it."""
        try:
            function(self, [], span)
        except ThrownError as error:
            self.fail(str(error))

    def delayed(self, body: Body) -> None:
        """Run a body once the page stands."""
        self.done.append((body, self.source, self._captured()))

    def finish_page(self) -> None:
        """Run what was to wait for the page: whatever it shows goes nowhere, but into elements that are there."""
        while self.done:
            body, source, captured = self.done.pop(0)
            around, self.source = self.source, source
            self.hidden += 1
            try:
                with self.capturing(captured):
                    body.run(self)
            finally:
                self.hidden -= 1
                self.source = around

    def change(self, name: str, selector: Any, body: Body, span: Span) -> None:
        """Change what an element holds."""
        if not self.is_live:
            return  # the page does not stand yet: an error in SugarCube too
        is_simple = (
            isinstance(selector, str) and selector[:1] in {"#", "."} and selector[1:].replace("-", "_").isidentifier()
        )
        is_around = is_simple and selector in self.player.standing
        if is_simple and selector not in self.elements and not is_around:
            return
        if not is_simple and self.either(2, "selector", span) == 0:  # nobody knows whether there is such an element
            return
        if name in {"replace", "remove"}:
            self.offers = [each for each in self.offers if not self._goes(each, selector, span, is_simple=is_simple)]
            self.kept = [each for each in self.kept if not self._goes(each, selector, span, is_simple=is_simple)]
        around, hidden = self.inside, self.hidden
        self.inside = (selector,) if is_simple else ()
        self.hidden = 0
        n_offers = len(self.offers)
        try:
            body.run(self)
        finally:
            self.inside, self.hidden = around, hidden
        if is_around and len(self.offers) > n_offers:  # they stay there when the reader moves on
            self.turn.give_up(f"links in {selector}", self.place(span))

    def _goes(self, offer: Offer, selector: Any, span: Span, *, is_simple: bool) -> bool:
        if is_simple:
            return selector in cast("tuple[Any, Any]", offer.token)[0]
        return self.either(2, "selector", span) == 1
