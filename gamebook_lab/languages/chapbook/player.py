"""Plays Chapbook: the vars section is set, blocks are run in order, and what they draw is the page.

Follows Chapbook 1 and 2: a passage that is embedded or revealed is rendered like any other, its vars section included;
modifiers are found by Chapbook's own patterns; ``random.d6`` gives one and six half as often as the others, as its code has it.

Differs from Chapbook: two variables that hold one array do not share it; ``[after]`` shows its text at once, since the
reader need only wait; the restart link of the footer that stories have by default is not offered. That a variable was
never set is an error in Chapbook: here it is met where the variable is read, so not in what need not be run.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.chapbook.prepare import ANYWHERE, MARGINS, prepare
from gamebook_lab.languages.chapbook.run import Run
from gamebook_lab.languages.chapbook.scripts import SCRIPTS, script
from gamebook_lab.languages.chapbook.steps import Ready
from gamebook_lab.languages.javascript import nodes as js
from gamebook_lab.languages.shared.canvas import Drawn
from gamebook_lab.languages.shared.deeds import NOTHING, Deed, Deeds, Reach, closure, reach_of, summarise
from gamebook_lab.languages.shared.marks import may_be_made
from gamebook_lab.languages.shared.numbers import Numbers
from gamebook_lab.languages.shared.playing import Source, Sources, with_arrival
from gamebook_lab.story.bulk import unscanned
from gamebook_lab.story.frozen import UNKNOWN
from gamebook_lab.story.language import code_kind
from gamebook_lab.story.play import Detail, Move, Offer, Page, Summary, Turn, arrive, leave
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story

__all__ = ["ChapbookPlayer"]


MARGIN: Final = "(header and footer)"


class ChapbookPlayer:
    """Plays one story; see :class:`~gamebook_lab.story.play.Player`."""

    def __init__(self, story: Story) -> None:
        self.passages: Final = Sources(story)
        self.title: Final = story.metadata.title
        sources = self.passages.by_name.values()
        self.names: Final = tuple(self.passages.by_name)
        code = [source for source in sources if code_kind(source.tags) == "script"]
        self.scripts: Final = tuple(script(source.text, Span(0, len(source.text))) for source in code)
        self._script_names: Final = frozenset(source.name for source in code)
        self.margins: Final = tuple(name for name in MARGINS if any(_sets(source.text, name) for source in sources))
        self.has_extensions: Final = any("template" in source.text and "engine" in source.text for source in sources)
        self._reaches: dict[str, Reach] = {}
        self._special: Final = {ANYWHERE: self._anywhere(), SCRIPTS: self._scripted(), MARGIN: self._marginal()}

    # ---- what is known without running

    def _anywhere(self) -> Deeds:
        return Deeds((Deed(includes=frozenset(self.names) | {SCRIPTS}, acts=True),))

    def _scripted(self) -> Deeds:
        reads = frozenset().union(*(each.reads for each in self.scripts))
        writes = frozenset().union(*(each.writes for each in self.scripts))
        sets = tuple((name, reads) for name in sorted(writes))
        acts = self.has_extensions or any(each.may_move for each in self.scripts)
        return Deeds((Deed(shows=reads, sets=sets, acts=acts),))

    def _marginal(self) -> Deeds:
        """What headers and footers may do: what is written to them, where that is plain text."""
        found = (
            [Deed(decides=frozenset(self.margins), shows=frozenset(self.margins), acts=True)] if self.margins else []
        )
        for source in self.passages.by_name.values():
            mentions = sum(source.text.count(name) for name in self.margins)
            if not mentions:
                continue
            values = [each.value for each in prepare(source).assigns if each.path and each.path[0] in self.margins]
            texts = [each.node.value for each in values if isinstance(each.node, js.Text)]
            if mentions > len(texts):
                found.append(Deed(acts=True, includes=frozenset({ANYWHERE})))
            found += [part for text in texts for part in prepare(Source("", (), text)).deeds.parts]
        return Deeds(tuple(found))

    def deeds(self, name: str) -> Deeds:
        """What a passage's own text may do."""
        special = self._special.get(name)
        if special is not None:
            return special
        source = self.passages[name]
        found = Deeds() if code_kind(source.tags) else prepare(source).deeds
        return replace(found, parts=tuple(part.marked() for part in found.parts)) if self.holds_markup else found

    @cached_property
    def holds_tags(self) -> bool:
        """A variable may hold HTML that leads somewhere, or a part of it: then whatever is shown may lead on."""
        kinds = NOTHING.union(*(each.kinds for each in self._ready))
        return may_be_made(kinds, is_cut=any(each.is_cutting for each in self._ready))

    @cached_property
    def holds_markup(self) -> bool:
        """A value that is shown or written may offer something."""
        return self.holds_tags or (
            any(each.writes for each in self._ready) and any(each.has_brackets for each in self._ready)
        )

    @cached_property
    def _ready(self) -> list[Ready]:
        return [prepare(each) for each in self.passages.by_name.values() if not code_kind(each.tags)]

    def prepare(self, go_on: Callable[[], object]) -> None:
        """Read all texts."""
        for source in unscanned(self.passages.by_name.values()):
            go_on()
            if not code_kind(source.tags):
                prepare(source)

    def reach(self, name: str) -> Reach:
        """What a passage may do with all that it includes."""
        if name not in self._reaches:
            self._reaches[name] = reach_of(name, self.deeds)
        return self._reaches[name]

    def summary(self, passage: str | None) -> Summary:
        """What playing a passage may do."""
        if passage is None:
            return summarise(SCRIPTS, self.deeds)
        return with_arrival(passage, summarise(passage, self.deeds, (MARGIN,) if self.margins else ()))

    def sources(self, passage: str | None) -> frozenset[str]:
        """Names of the passages whose text may be run."""
        if passage is None:
            return self._script_names
        found = closure(passage, self.deeds) | (closure(MARGIN, self.deeds) if self.margins else NOTHING)
        return (found | self._script_names if SCRIPTS in found else found) - {ANYWHERE, SCRIPTS, MARGIN}

    @cached_property
    def numbers(self) -> Numbers:
        """Where counters and numbers may stop."""
        tells = {told for each in self._ready for told in each.tells}
        shows = {told for each in self._ready for told in each.shows}
        return Numbers(tells | shows if self.holds_markup else tells, shows)

    def assumes(self, passage: str, detail: Detail) -> Hashable:
        """Whether values may hold markup, and where the numbers may stop that runs of the passage write."""
        return self.holds_tags, self.holds_markup, self.numbers.assumed(detail, passage, self.summary(passage).writes)

    def opaques(self, passage: str) -> tuple[tuple[str, Span], ...]:
        """What in a passage's own text is not modelled."""
        source = self.passages[passage]
        if code_kind(source.tags) == "script":
            return (("script", Span(0, len(source.text))),)
        if code_kind(source.tags):
            return ()
        return prepare(source).opaques

    # ---- playing

    @property
    def start(self) -> str | None:
        """Name of the passage where reading starts."""
        return self.passages.start

    def begin(self, turn: Turn) -> None:
        """Run the story's scripts, of which is known only what they mention."""
        turn.tick()
        for code in self.scripts:
            for name in sorted(code.writes):
                if turn.matters(name):
                    turn.write(name, UNKNOWN)

    def enter(self, passage: str, turn: Turn) -> Page:
        """Arrive at a passage."""
        arrive(turn, passage, partial(self.numbers.cap, turn.detail))
        run = Run(self, turn, passage)
        run.passage(passage)
        for name in self.margins:
            if not run.can_skip(acts=False, writes=NOTHING, includes=frozenset({MARGIN})):
                run.margin(name)
        return run.page()

    def click(self, page: Page, offer: Offer, turn: Turn) -> Page | Move:
        """Click one of a page's offers."""
        turn.tick()
        if isinstance(page.token, Drawn):
            for name in page.token.inputs:
                if turn.matters(name):
                    turn.write(name, UNKNOWN)
        kind, what = offer.token if isinstance(offer.token, tuple) else ("", None)
        run = Run(self, turn, page.passage)
        if kind == "go":
            leave(turn, page.passage)
            return Move(run.target(what, offer.place))
        return run.clicked(page, offer, kind, what)


def _sets(text: str, name: str) -> bool:
    """Tell whether a text may set a part of the header or footer."""
    return name in text or ("config" in text and name.split(".")[1] in text and "state" in text)
