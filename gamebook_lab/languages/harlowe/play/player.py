"""Harlowe's :class:`~gamebook_lab.story.play.Player`."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gamebook_lab.languages.harlowe.play import clicks, dom, units, world
from gamebook_lab.languages.harlowe.play.commands import Moved, Stopped
from gamebook_lab.languages.harlowe.play.dom import Box, Live
from gamebook_lab.languages.harlowe.play.run import Run
from gamebook_lab.languages.harlowe.play.specials import Output
from gamebook_lab.languages.harlowe.play.units import Source
from gamebook_lab.story.bulk import unscanned
from gamebook_lab.story.play import TURNS, Move, Offer, Page, Place, arrive, leave, visits_of
from gamebook_lab.story.program import ChoiceKind, Span

if TYPE_CHECKING:
    from gamebook_lab.story.play import Detail, Summary, Turn
    from gamebook_lab.story.story import Story

_NOT_CLICKED = frozenset([ChoiceKind.UNDO, ChoiceKind.RESTART, ChoiceKind.LOAD, ChoiceKind.EXTERNAL])

_NAMED: Final = "\0passage "


class Player:
    """Plays one Harlowe story."""

    def __init__(self, story: Story) -> None:
        columns = (story.table[name].tolist() for name in ("passage_id", "text", "tags"))
        self._passages = [
            world.Passage(str(name), str(text), tuple(tags)) for name, text, tags in zip(*columns, strict=True)
        ]
        self._version = version_of(story.metadata.format_version)
        self._all_names = frozenset(each.name for each in self._passages)
        self.start = story.name(story.start_key) if story.start_key is not None else None
        """Name of the first passage."""

    def prepare(self, go_on: Callable[[], object]) -> None:
        """Read all texts."""
        for passage in unscanned(self._passages):
            go_on()
            world.look_at(passage)

    @cached_property
    def world(self) -> world.World:
        """What is known of the whole story."""
        return world.make(self._passages, self.start, self._version)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {each.text: name for name, each in self.world.passages.items()}

    def begin(self, turn: Turn) -> None:
        """Run the passages tagged ``startup``."""
        for passage in self.world.startup:
            run = Run(self.world, turn, self.start or passage.name, Box())
            _guarded(run, lambda run=run, passage=passage: run.fill(run.root, Source(passage.text), None, passage.name))  # type: ignore[misc]

    def enter(self, passage: str, turn: Turn) -> Page:
        """Arrive at a passage: header, the passage itself, footer."""
        arrive(turn, passage, self.world.caps.get)
        run = Run(self.world, turn, passage, Box())

        def work() -> None:
            here = self.world.passages[passage]
            for each in (*self.world.headers, here, *self.world.footers):
                if each is here or each.name != passage:
                    run.root.children.append(box := Box())
                    run.fill(box, Source(each.text), None, each.name)
            clicks.settle(run)

        goes_to = _guarded(run, work)
        if goes_to is not None:
            leave(turn, passage)
        return self._page(run, goes_to)

    def click(self, page: Page, offer: Offer, turn: Turn) -> Page | Move:
        """Click an offer."""
        token = offer.token
        assert isinstance(token, tuple)
        if token[0] == "go":
            leave(turn, page.passage)
            return Move(str(token[1]))
        assert isinstance(page.token, tuple)
        run = Run(self.world, turn, page.passage, dom.thaw(page.token, self._lengthened))
        lives = [(each, path) for each, path in dom.walk(run.root) if isinstance(each, Live)]
        live, path = lives[token[1]]

        def work() -> None:
            clicks.perform(run, live, path)
            clicks.settle(run)

        goes_to = _guarded(run, work)
        if goes_to is not None:
            leave(turn, page.passage)
            return Move(goes_to)
        return self._page(run, None)

    def _page(self, run: Run, goes_to: str | None) -> Page:
        """Make a page of what is shown."""
        text = dom.tidy(dom.words(run.root)) if run.is_text else None
        offers: list[Offer] = []
        is_live = False
        lives = [(each, path) for each, path in dom.walk(run.root) if isinstance(each, Live)]
        for number, (live, path) in enumerate(lives):
            how = live.action.how
            is_live = is_live or how not in {"go", "leave"}
            run.boxes = [*path]
            if not clicks.is_offered(run, live) or (run.is_stopped and live.kind not in _NOT_CLICKED):
                continue
            token = ("go", live.action.target) if how == "go" else ("on", number)
            offers.append(Offer(live.place, live.label, live.kind, None if live.kind in _NOT_CLICKED else token))
        frozen = None
        if goes_to is None and is_live:
            kept = self._temporaries(run.root)
            keeping = dom.Keeping(
                lambda name: kept is None or name in kept,
                lambda name: dom.normal(name) in self.world.hook_names,
                self._shortened,
            )
            frozen = dom.freeze(run.root, keeping)
        return Page(run.passage, () if goes_to is not None else tuple(offers), goes_to, text, frozen)

    def _shortened(self, source: Source) -> Source:
        """Write a passage's name in place of its text, so that pages stay small."""
        name = self._names.get(source.text)
        return source if name is None else source._replace(text=_NAMED + name)

    def _lengthened(self, source: Source) -> Source:
        if not source.text.startswith(_NAMED):
            return source
        found = self.world.passages.get(source.text.removeprefix(_NAMED))
        return source if found is None else source._replace(text=found.text)

    def _temporaries(self, root: Box) -> frozenset[str] | None:
        """Temporary variables that code on the page may read later; None: all."""
        found: set[str] = set()
        for element in dom.everything(root):
            source = element.action.source if isinstance(element, Live) else element.source
            if isinstance(element, Live):
                found |= world.names_in(element.action.target)
            elif element.name is None:
                continue
            if source is not None:
                for node in units.unit(source.text).content(source.number):
                    if world.is_open(node, self.world.holds_markup):
                        return None
                    found |= world.variables(node)
        return frozenset(found)

    def summary(self, passage: str | None) -> Summary:
        """Tell what playing a passage may do."""
        from gamebook_lab.languages.harlowe.play import summaries

        return summaries.summary(self.world, passage)

    def sources(self, passage: str | None) -> frozenset[str]:
        """Passages whose text may be run for this one."""
        from gamebook_lab.languages.harlowe.play import summaries

        return summaries.sources(self.world, passage)

    def assumes(self, passage: str, detail: Detail) -> Hashable:
        """What runs depend on beside their texts: which passages there are, and what other code may do with hooks and variables."""
        world = self.world
        counters = tuple(world.caps.get(name) for name in (visits_of(passage), TURNS))
        writes = self.summary(passage).writes
        bounds = frozenset((name, each) for name, each in world.bounds[detail].items() if name in writes)
        return world.version, world.start, self._all_names, world.holds_markup, world.hook_names, counters, bounds

    def opaques(self, passage: str) -> tuple[tuple[str, Span], ...]:
        """What of a passage is not modelled."""
        from gamebook_lab.languages.harlowe.play import opaque

        return opaque.find(self.world, passage)


def version_of(written: str) -> int:
    """Major version of Harlowe: 1, 2 or 3; 3 where it is not given."""
    first = written.strip().split(".")[0]
    return int(first) if first in {"1", "2"} else 3


def _guarded(run: Run, work: Callable[[], None]) -> str | None:
    """Do some work; give the passage that it moves to."""
    try:
        work()
    except RecursionError:  # expressions that are deep in hooks that are deep
        run.end(Place(run.passage, Span(0, 0)))
    except Moved as moved:
        return moved.passage
    except Stopped:
        run.is_stopped = True
    except Output:
        pass
    return run.moves_to
