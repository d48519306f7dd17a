"""One run of a Chapbook passage: its assignments, its blocks, its steps, and the page that they draw."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.languages.chapbook import steps
from gamebook_lab.languages.chapbook.formula import Formula
from gamebook_lab.languages.chapbook.prepare import prepare
from gamebook_lab.languages.chapbook.scope import Scope
from gamebook_lab.languages.chapbook.scripts import SCRIPTS
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript.values import ThrownError, freeze, thaw, to_text
from gamebook_lab.languages.shared.canvas import Canvas
from gamebook_lab.languages.shared.marks import kinds_of, may_be_made
from gamebook_lab.languages.shared.nesting import MOST_NESTED, end
from gamebook_lab.languages.shared.playing import Source
from gamebook_lab.languages.shared.running import Stage
from gamebook_lab.story.frozen import UNKNOWN, UNSET
from gamebook_lab.story.language import code_kind
from gamebook_lab.story.play import PREVIOUS, Move, Offer, Page, Place, Turn
from gamebook_lab.story.program import ChoiceKind, Span

if TYPE_CHECKING:
    from gamebook_lab.languages.chapbook.player import ChapbookPlayer

__all__ = ["Run"]

MAX_CHOICES: Final = 100
"""Values of one menu."""
_TAG: Final = re.compile(r"<[^<>]*>")


class Run(Scope):
    """One ``enter`` or ``click``."""

    def __init__(self, player: ChapbookPlayer, turn: Turn, here: str) -> None:
        super().__init__(player, turn, here)
        self.depth = 0
        self.typed: list[str] = []
        """What the script that is run has written so far."""

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
        """Run a passage as Chapbook renders it."""
        self.turn.tick()
        source = self.player.passages[name]
        if not code_kind(source.tags):
            with self.on(Stage(name)):
                self.render(prepare(source))

    @contextmanager
    def on(self, stage: Stage) -> Iterator[None]:
        """Run another text for a while."""
        around, self.stage = self.stage, stage
        self.depth += 1
        try:
            yield
        finally:
            self.stage = around
            self.depth -= 1

    def render(self, ready: steps.Ready) -> None:
        """Set the variables, then run the blocks. An error ends it, and what stands there then is not followed.

        Code that is too deep ends it as well: where it is met, there is no room any more to say so, but a passage further out has some.
        """
        try:
            for each in ready.assigns:
                self.assigned(each)
            self.sections(ready.sections)
        except ThrownError as error:
            if self.turn.either(2, f"an error: {error}"[:80], self.stage.place(Span(0, 0))):
                self.canvas.clear()
        except RecursionError:
            end(self.turn, "code inside itself", self.stage.place(Span(0, 0)))

    def assigned(self, node: steps.Assign) -> None:
        """Run a line of the vars section."""
        writes = node.value.writes.union(node.path[:1], node.condition.writes if node.condition is not None else ())
        is_wild = node.value.is_wild or (node.condition is not None and node.condition.is_wild)
        includes = frozenset({SCRIPTS} if is_wild else ())
        moves = node.value.may_move or (node.condition is not None and node.condition.may_move)
        if self.can_skip(acts=moves, writes=writes, includes=includes):
            return
        if node.condition is None or self.holds(node.condition):
            value = self.value(node.value)
            if node.path:
                self.store_path(node.path, value, node.span)

    def store_path(self, path: tuple[str, ...], value: Any, span: Span) -> None:
        """Set a variable or a member of one."""
        if len(path) == 1:
            self.values[path[0]] = value
        else:
            self.assign(".".join(path), value, span)

    def sections(self, found: tuple[steps.Section, ...]) -> None:
        """Run the blocks; one that need not be run is still tested where a later ``[else]`` asks for it."""
        prints = self.player.holds_markup
        runs = [
            not self.can_skip(
                acts=each.is_acting or (prints and each.is_printing), writes=each.writes, includes=each.includes
            )
            for each in found
        ]
        tested = list(runs)
        is_wanted = False
        for index in range(len(found) - 1, -1, -1):
            if not found[index].tests:
                continue
            tested[index] = runs[index] or is_wanted
            is_wanted = tested[index] and found[index].tests[0].kind not in {"if", "unless", "ifalways", "ifnever"}
        outcome: bool | None = None
        for section, is_run, is_tested in zip(found, runs, tested, strict=True):
            for strange in section.unknown:
                self.strange(strange)
            is_shown = True
            for test in section.tests if is_tested else ():
                outcome = self.outcome(test, outcome)
                is_shown = is_shown and bool(outcome)
            if is_run and is_shown:
                self.section(section)

    def outcome(self, test: steps.Test, before: bool | None) -> bool | None:
        """What a test comes to, given what the last one did."""
        if test.kind in {"ifalways", "ifnever"}:
            return test.kind == "ifalways"
        if test.kind == "else":
            if before is None:
                raise ThrownError("no [if] before [else]")
            return not before
        if test.formula is None:
            return before
        holds = self.holds(test.formula)
        self.decided(test.asked, holds=holds)
        return holds is (test.kind == "if")

    def section(self, section: steps.Section) -> None:
        """Run one block that is shown."""
        self.canvas.hidden += section.is_hidden
        self.canvas.say("\n")
        if section.script is not None:
            self.script(section.script)
        for step in section.steps:
            self.step(step)
        self.canvas.hidden -= section.is_hidden

    def script(self, code: steps.Script) -> None:
        """Run code; where it is not followed it may change whatever it mentions, show anything, and go where it says."""
        if code.followed is not None:
            before, self.typed = self.typed, []
            self.value(code.followed)
            self.frame = None
            text, self.typed = "".join(self.typed), before
            self.render_typed(text, code.span)
            return
        for name in sorted(code.writes):
            self.values[name] = UNKNOWN
        self.may_stray = True
        self.stray("[JavaScript]", code.span)
        if code.may_move:
            known = tuple(name for name in code.targets if name in self.player.passages)
            self.anywhere("[JavaScript]", code.span, known or None)
        elif self.player.holds_tags or (code.is_writing and self.player.holds_markup):
            self.anywhere("[JavaScript]", code.span, None)
        self.turn.opaque("[JavaScript]", self.stage.place(code.span))

    # ---- steps

    def step(self, step: steps.Step) -> None:
        """Run one step."""
        self.turn.tick()
        place = self.stage.place(step.span)
        try:
            match step:
                case steps.Say():
                    self.canvas.say(step.text)
                case steps.Show():
                    self.show(step, place)
                case steps.Go():
                    self.offer(Offer(place, self.label(step.label), step.kind, ("go", self.words(step.target))))
                case steps.Back():
                    before = self.turn.read(PREVIOUS)
                    target = self.here if before is UNSET else before
                    self.offer(Offer(place, self.label(step.label, "Back"), ChoiceKind.RETURN, ("go", target)))
                case steps.Restart():
                    self.offer(Offer(place, self.label(step.label, "Restart"), ChoiceKind.RESTART))
                case steps.Embed():
                    self.embed(self.value(step.target), place)
                case steps.Reveal():
                    self.reveal(step, place)
                case steps.Menu():
                    self.menu(step, place)
                case steps.Box():
                    self.canvas.input(step.variable)
                case steps.Handler():
                    self.offer(
                        Offer(place, "", ChoiceKind.COMPUTED, ("code", (step.targets, tuple(sorted(step.writes)))))
                    )
                case steps.Strange():
                    self.strange(step)
        except ThrownError:
            self.canvas.say(self.source(step.span))  # Chapbook shows an insert that fails as it stands

    def source(self, span: Span) -> str:
        """Text as it stands."""
        return self.player.passages[self.stage.passage].text[span.start : span.stop] if self.stage.whole is None else ""

    def show(self, step: steps.Show, place: Place) -> None:
        """Show a variable."""
        if not self.canvas.has_text and not self.player.holds_tags:
            return
        value = self.path(step.path)
        text = to_text(value) if value is not UNSET and value is not None else f"{{{step.path}}}"
        if text is UNKNOWN:
            self.turn.opaque(f"{{{step.path}}}", place)
            self.canvas.say("?")
            if self.player.holds_tags:
                self.tagged(step.span)
            return
        self.canvas.say(text)
        if "<" in text and may_be_made(kinds_of(text), is_cut=False):
            self.tagged(step.span)

    def tagged(self, span: Span) -> None:
        """Meet HTML that may lead on, or be a part of such."""
        self.anywhere("HTML", span, None)

    def words(self, line: steps.Line | Formula) -> Any:
        """Words of a target or label; unknown where an insert's value is."""
        if isinstance(line, Formula):
            return to_text(self.value(line))
        if not line.steps:
            return line.source
        around, self.canvas = self.canvas, Canvas(has_text=True)
        try:
            for step in line.steps:
                if isinstance(step, steps.Show) and to_text(self.path(step.path)) is UNKNOWN:
                    return UNKNOWN
                self.step(step)
            return "".join(piece for piece in self.canvas.pieces if isinstance(piece, str))
        finally:
            self.canvas = around

    def label(self, given: steps.Line | Formula | None, default: str = "") -> str:
        """A label as shown; where only choices count, what is not plain is not asked for."""
        if given is None:
            return default
        if isinstance(given, Formula) and isinstance(given.node, js.Text):
            return given.node.value
        if self.turn.detail == "choices":
            return given.source if isinstance(given, steps.Line) and not given.steps else ""
        label = self.words(given)
        return label if isinstance(label, str) else ""

    def embed(self, target: Any, place: Place) -> None:
        """Run another passage in place."""
        if target is UNKNOWN:
            way = self.turn.either(len(self.player.names) + 1, "{embed passage}", place)
            target = self.player.names[way - 1] if way else ""
        if not isinstance(target, str) or target not in self.player.passages:
            return
        reach = self.player.reach(target)
        if self.can_skip(acts=reach.acts, writes=reach.writes, includes=frozenset()):
            return
        if self.depth > MOST_NESTED:
            end(self.turn, "passages embedded in each other without end", place)
        self.passage(target)

    def reveal(self, step: steps.Reveal, place: Place) -> None:
        """Offer a reveal link."""
        label = self.label(step.label)
        if step.text is not None:
            text = self.value(step.text)
            node = step.text.node
            is_plain = isinstance(node, js.Text) and step.text.source[1:-1] == text and self.stage.whole is None
            start = self.stage.place(step.text.span).span.start + 1 if is_plain else -1
            self.offer(Offer(place, label, ChoiceKind.REVEAL, ("text", (text, start))))
        elif step.passage is not None:
            name = self.value(step.passage)
            if name is UNKNOWN or name in self.player.passages:
                self.offer(Offer(place, label, ChoiceKind.REVEAL, ("passage", name)))
            else:
                self.canvas.say(label)

    def menu(self, step: steps.Menu, place: Place) -> None:
        """Offer the values of a menu, and set the first if none is set."""
        choices = self.value(step.choices)
        if step.variable is None:
            return
        path = str(self.value(step.variable))
        if not isinstance(choices, list) or id(choices) in self.spoiled or len(choices) > MAX_CHOICES:
            self.assign(path, UNKNOWN, step.span)
            self.turn.opaque("a menu of unknown choices", place)
            return
        if choices and self.path(path) in (UNSET, None):
            self.assign(path, choices[0], step.span)
        for each in choices:
            label = to_text(each)
            self.offer(
                Offer(place, label if isinstance(label, str) else "", ChoiceKind.REVEAL, ("set", (path, freeze(each)))),
                is_shown=False,
            )

    def strange(self, step: steps.Strange) -> None:
        """Meet an insert or modifier that only scripts can have made; without such scripts it is just text."""
        if self.player.has_extensions:
            self.may_stray = True
            self.stray(step.what, step.span)
        else:
            self.canvas.say(step.what)

    def written(self, text: Any, span: Span) -> None:
        """Show what a script writes; markup in it would be read."""
        place = self.stage.place(span)
        if text is UNKNOWN:
            self.turn.opaque("write()", place)
            if self.player.holds_markup:
                self.anywhere("write()", span, None)
        else:
            self.typed.append(text)

    def render_typed(self, text: str, span: Span) -> None:
        """Show what a script has written, as if it stood there: links and inserts in it count."""
        if "[" in text or "{" in text:
            with self.on(Stage(self.stage.passage, 0, self.stage.place(span).span)):
                self.sections(prepare(Source("", (), "\n" + text)).sections)
        else:
            self.canvas.say(_TAG.sub("", text))
            if "<" in text and may_be_made(kinds_of(text), is_cut=False):
                self.tagged(span)

    # ---- header, footer, clicks

    def margin(self, name: str) -> None:
        """Show a part of the header or footer, which is text like a passage's."""
        value = self.variable(name)
        if isinstance(value, str):
            with self.on(Stage(self.here, 0, Span(0, 0))):
                self.render(prepare(Source("", (), value)))
        elif value is UNKNOWN:
            self.may_stray = True
            self.stray(name, Span(0, 0))

    def page(self) -> Page:
        """The page, after everything was run."""
        self.finish()
        return self.canvas.page(self.here, goto=self.goto)

    def clicked(self, page: Page, offer: Offer, kind: str, what: Any) -> Page | Move:
        """Run what a click runs, other than following a link."""
        if kind == "set":
            self.assign(what[0], thaw(what[1]), offer.place.span)
            self.finish()
            return page
        if kind == "code":
            return self.handled(page, offer, *what)
        if kind == "text" and isinstance(what[0], str):
            text, start = what
            stage = Stage(offer.place.passage, start) if start >= 0 else Stage(offer.place.passage, 0, offer.place.span)
            with self.on(stage):
                self.render(prepare(Source("", (), text)))
        elif kind == "passage":
            self.embed(what, offer.place)
        else:
            self.may_stray = True
            self.stray("{reveal link}", offer.place.span)
        self.finish()
        return self.canvas.instead(page, offer, goto=self.goto)

    def handled(self, page: Page, offer: Offer, targets: tuple[str, ...], names: tuple[str, ...]) -> Page | Move:
        """Run code that a tag holds: anything that it mentions may have changed."""
        for name in names:
            self.values[name] = UNKNOWN
        self.stage = Stage(offer.place.passage, 0, offer.place.span)
        self.may_stray = True
        self.stray("code in a tag", offer.place.span)
        if self.goto is None:
            self.anywhere(
                "code in a tag", offer.place.span, tuple(name for name in targets if name in self.player.passages)
            )
        self.finish()
        return page if self.goto is None else Move(self.goto)

    def target(self, target: Any, place: Place) -> str:
        """Where a link leads; anywhere, if nobody knows."""
        if isinstance(target, str):
            return target
        names = self.player.names
        return names[self.turn.either(len(names), "a link to a computed passage", place)] if names else ""
