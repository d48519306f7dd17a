"""Plays Snowman 1 and 2: templates are run from top to bottom, links are what they leave on the page.

What is kept outside of the state (``window.setup``), and whatever jQuery does to the page, is not followed: it reads as
unknown, and where such code may go is offered as one more way on. ``story.show()`` in the middle of a template is taken for
such a way as well.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.javascript import templates as st
from gamebook_lab.languages.javascript.evaluate import Code, compile_expression
from gamebook_lab.languages.javascript.lexemes import lexemes
from gamebook_lab.languages.javascript.template_code import Act, compile_statements
from gamebook_lab.languages.javascript.values import ThrownError
from gamebook_lab.languages.shared.deeds import NOTHING, Deed, Deeds, Reach, closure, reach_of, summarise
from gamebook_lab.languages.shared.marks import may_be_made
from gamebook_lab.languages.shared.numbers import Numbers
from gamebook_lab.languages.shared.playing import Source, Sources, with_arrival
from gamebook_lab.languages.shared.running import Stage
from gamebook_lab.languages.snowman.reading import ANYWHERE, SCRIPTS, Read, look_through, read_of
from gamebook_lab.languages.snowman.run import Run, odd, run_piece, skip
from gamebook_lab.languages.snowman.template import KEPT, Ready, prepare
from gamebook_lab.story.bulk import unscanned
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.language import code_kind
from gamebook_lab.story.play import Detail, Move, Offer, Page, Summary, Turn, arrive, leave
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story

__all__ = ["SnowmanPlayer"]


class SnowmanPlayer:
    """Plays one story; see :class:`~gamebook_lab.story.play.Player`."""

    def __init__(self, story: Story) -> None:
        self.passages: Final = Sources(story)
        self.title: Final = story.metadata.title
        self.names: Final = tuple(self.passages.by_name)
        code = [source for source in self.passages.by_name.values() if code_kind(source.tags) == "script"]
        self._script_names: Final = frozenset(source.name for source in code)
        self.scripts: Final = [look_through(each.text, lexemes(each.text, 0, len(each.text))) for each in code]
        self.hooks: Final = [each for each in self.scripts if each.has_hooks]
        """Scripts that may run again on any page."""
        self._special: Final = {
            ANYWHERE: Deeds((Deed(includes=frozenset(self.names) | {SCRIPTS}, acts=True),)),
            SCRIPTS: Deeds(tuple(map(_scripted, self.scripts))),
        }
        self._reaches: dict[str, Reach] = {}

    # ---- what is known without running

    def deeds(self, name: str) -> Deeds:
        """What a passage's own text may do."""
        special = self._special.get(name)
        if special is not None:
            return special
        found = self.ready(name)[0].deeds
        return replace(found, parts=tuple(part.marked() for part in found.parts)) if self.holds_markup else found

    @cached_property
    def holds_markup(self) -> bool:
        """A variable may hold a link: then whatever is shown may offer one."""
        ready = [self.ready(name)[0] for name in self.names]
        kinds = NOTHING.union(*(each.kinds for each in self.scripts), *(each.kinds for each in ready))
        return may_be_made(kinds, is_cut=bool(self.scripts) or any(each.is_cutting for each in ready))

    def ready(self, name: str) -> tuple[Ready, Act | None]:
        """A passage made ready."""
        source = self.passages[name]
        return _compiled(source if not code_kind(source.tags) else Source(name, (), ""))

    def prepare(self, go_on: Callable[[], object]) -> None:
        """Read all texts."""
        for name in unscanned(self.names):
            go_on()
            self.ready(name)

    def read(self, node: js.Node | None) -> Read:
        """What an expression may do."""
        return Read(is_wild=True) if node is None else read_of(node)

    def code(self, node: js.Node) -> Code | None:
        """An expression compiled."""
        return compile_expression(node)

    def reach(self, name: str) -> Reach:
        """What a passage may do with all that it includes."""
        if name not in self._reaches:
            self._reaches[name] = reach_of(name, self.deeds)
        return self._reaches[name]

    def summary(self, passage: str | None) -> Summary:
        """What playing a passage may do."""
        if passage is None:
            return summarise(SCRIPTS, self.deeds)
        return with_arrival(passage, summarise(passage, self.deeds, (SCRIPTS,) if self.hooks else ()))

    def sources(self, passage: str | None) -> frozenset[str]:
        """Names of the passages whose text may be run."""
        if passage is None:
            return self._script_names
        found = closure(passage, self.deeds) | (closure(SCRIPTS, self.deeds) if self.hooks else NOTHING)
        return (found | self._script_names if SCRIPTS in found else found) - {ANYWHERE, SCRIPTS}

    @cached_property
    def numbers(self) -> Numbers:
        """Where counters and numbers may stop. Where a value may hold a link, what is only shown is run as well."""
        ready = [self.ready(name)[0] for name in self.names]
        shows = {told for each in ready for told in each.shows}
        tells = {told for each in ready for told in each.tells}
        return Numbers(tells | shows if self.holds_markup else tells, shows)

    def assumes(self, passage: str, detail: Detail) -> Hashable:
        """Whether values may hold links, and where the numbers may stop that runs of the passage write."""
        return self.holds_markup, self.numbers.assumed(detail, passage, self.summary(passage).writes)

    def opaques(self, passage: str) -> tuple[tuple[str, Span], ...]:
        """What in a passage's own text is not modelled."""
        source = self.passages[passage]
        kind = code_kind(source.tags)
        if kind is not None:
            return (("script", Span(0, len(source.text))),) if kind == "script" else ()
        return prepare(source).opaques

    # ---- playing

    @property
    def start(self) -> str | None:
        """Name of the passage where reading starts."""
        return self.passages.start

    def begin(self, turn: Turn) -> None:
        """Run the story's scripts, of which is known only what they may write."""
        turn.tick()
        for name in sorted(NOTHING.union(*(each.writes for each in self.scripts))):
            if turn.matters(name):
                turn.write(name, UNKNOWN)

    def enter(self, passage: str, turn: Turn) -> Page:
        """Arrive at a passage."""
        arrive(turn, passage, partial(self.numbers.cap, turn.detail))
        run = Run(self, turn, passage)
        run.passage(passage)
        for found in self.hooks:
            run.scripts("script", Span(0, 0), found)
        return run.page()

    def click(self, page: Page, offer: Offer, turn: Turn) -> Page | Move:
        """Click one of a page's offers."""
        turn.tick()
        token = offer.token if isinstance(offer.token, tuple) else ("code", ())
        run = Run(self, turn, page.passage)
        run.stage = Stage(offer.place.passage)
        if token[0] == "go":
            target, setter = token[1:]
            if setter is not None:
                self._set(run, setter)
            run.finish()
            leave(turn, page.passage)
            return Move(target if isinstance(target, str) else self._any(offer, turn))
        known = tuple(name for name in token[1] if name in self.passages) or self.names
        way = turn.either(len(known) + 1, "code", offer.place)
        if way == 0:
            return page
        leave(turn, page.passage)
        return Move(known[way - 1])

    def _set(self, run: Run, setter: Span) -> None:
        """Run a link's setter."""
        text = self.passages[run.stage.passage].text[setter.start : setter.stop]
        act = _setter(text)
        try:
            if act is not None:
                act(run)
                return
        except ThrownError:
            return
        run.scripts("setter", setter, look_through(text, lexemes(text, 0, len(text))))

    def _any(self, offer: Offer, turn: Turn) -> str:
        return self.names[turn.either(len(self.names), "a link to a computed passage", offer.place)]


@lru_cache(maxsize=KEPT)
def _compiled(source: Source) -> tuple[Ready, Act | None]:
    ready = prepare(source)
    if ready.statements is None:
        return ready, None
    return ready, compile_statements(ready.statements, run_piece, skip, odd)


@lru_cache(maxsize=4096)
def _setter(text: str) -> Act | None:
    """A setter compiled; None if it is not followed."""
    found = st.read_statements(text, lexemes(text, 0, len(text)))
    if found is None or any(isinstance(each, st.Odd) for each in found):
        return None
    return None if any(read_of(each).is_wild for each in st.expressions(found)) else compile_statements(found)


def _scripted(found: Read) -> Deed:
    sets = tuple((name, found.reads) for name in sorted(found.writes))
    return Deed(shows=found.reads, decides=found.reads, sets=sets, acts=found.may_move)
