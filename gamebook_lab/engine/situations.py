"""What can happen at one place of a story, given just the values that it asks for (idea 2 of the design).

A *location* is an arrival at a passage, or a page that a click left in front of the reader. A *situation* is a
location with the values of what playing it read. :func:`interpret` plays it once: every way that arriving may go (a
:class:`Branch`), what the reader is offered there, and every way that each click may go.

A click that writes nothing and only adds offers (a reveal) is looked through: what it brings counts as offered, by way
of it. Other clicks that stay in the passage lead to a page of their own. Where a passage moves on by itself, the next
one belongs to the same branch: the reader did nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from fractions import Fraction
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from gamebook_lab.engine.recording import Asked, Reads, RecordingTurn, Run, Unclear, all_runs
from gamebook_lab.story.frozen import Value, exact
from gamebook_lab.story.play import Move, Offer, Page, Player
from gamebook_lab.story.program import ChoiceKind

__all__ = [
    "Arrival",
    "Branch",
    "Click",
    "Leading",
    "Location",
    "Outcome",
    "Situation",
    "Ways",
    "arrive",
    "begin",
    "interpret",
    "leads_to",
]

Location: TypeAlias = "str | Page | None"
"""Arrival at the passage of that name, or a page in front of the reader; None, where play never comes to an end."""
T = TypeVar("T")
_MOST_GOTOS: Final = 256
"""Passages that may move on by themselves in a row, before what follows is made a state of its own."""
_MOST_PAGES: Final = 32
"""Pages that reveals may make of one, before what follows is made a state of its own."""
_UNCLICKED: Final = frozenset({ChoiceKind.UNDO, ChoiceKind.RESTART, ChoiceKind.LOAD, ChoiceKind.EXTERNAL})


class Outcome(NamedTuple):
    """One way that something goes on."""

    to: Location
    writes: tuple[tuple[str, Value], ...]
    """Sorted by name; everything since the situation began."""
    weight: Fraction
    is_known: bool
    """False: nobody knows how likely this is."""
    answers: tuple[int, ...]
    """What was drawn and decided by the click."""
    asked: tuple[Asked, ...] = ()
    """How conditions came out on the click."""


class Click(NamedTuple):
    """One offer of a page, by its position there."""

    nth: int
    offer: Offer


class Leading(NamedTuple):
    """Something that the reader can do, and what may come of it."""

    clicks: tuple[Click, ...]
    """The reveals on the way, and last the click that leads on. Empty: the story moves on by itself."""
    outcomes: tuple[Outcome, ...]


class Branch(NamedTuple):
    """One way that arriving may go."""

    passages: tuple[str, ...]
    """Where the story moved on by itself: all of its way."""
    texts: tuple[str, ...]
    """With ``detail="text"``: what is shown, first without any reveal."""
    ways: tuple[Leading, ...]
    others: tuple[Click, ...]
    """Offers that lead nowhere from here: undo, restart and the like, and reveals that bring nothing."""
    is_endless: bool
    weight: Fraction
    is_known: bool
    answers: tuple[int, ...]
    reveals: tuple[Click, ...] = ()
    """Offers that were looked through: clicked, they change nothing and only add to the page."""
    asked: tuple[Asked, ...] = ()
    """How conditions came out, those of reveals that were looked through among them."""


class Situation(NamedTuple):
    """All that can happen."""

    branches: tuple[Branch, ...]
    unclear: tuple[Unclear, ...]
    is_cut: bool


class Arrival(NamedTuple):
    """Where arriving came to."""

    passages: tuple[str, ...]
    page: Page | None
    """None: at a passage that does not exist, is not reached yet, or never."""
    goes_to: str | None


Ways: TypeAlias = tuple[Outcome, ...]


def begin(player: Player, reads: Reads) -> Ways:
    """Run what the story runs first: every way to arrive at the start passage."""

    def play(turn: RecordingTurn) -> str | None:
        player.begin(turn)
        return player.start

    return tuple(_outcome(run, run.result) for run in all_runs(reads, {}, play))


def interpret(player: Player, names: frozenset[str], location: str | Page, reads: Reads) -> Situation:
    """Play one situation.

    Parameters
    ----------
    player
        Plays the story.
    names
        All of the story's passages.
    location
        An existing passage to arrive at, or a page.
    reads
        Knows the values, and notes which were asked for.
    """
    if isinstance(location, Page):
        branches: tuple[Branch, ...] = (
            _branch(player, reads, _certain(Arrival((location.passage,), location, None), {})),
        )
    else:

        def come(turn: RecordingTurn) -> Arrival | None:
            way: list[str] = []
            return arrive(player, names, location, turn, way) or Arrival(tuple(way), None, None)

        runs = all_runs(reads, {}, come)
        branches = tuple(_branch(player, reads, run) for run in runs)
    return Situation(branches, tuple(reads.unclear), reads.is_cut)


def arrive(
    player: Player, names: frozenset[str], passage: str, turn: RecordingTurn, way: list[str] | None = None
) -> Arrival | None:
    """Arrive, and follow where the story moves on by itself; None if that never ends. ``way`` is given the passages on it."""
    way = [] if way is None else way
    way.append(passage)
    seen: set[Hashable] = set()
    while len(way) <= _MOST_GOTOS:
        key = (way[-1], frozenset((name, exact(value)) for name, value in turn.written.items()))
        if key in seen:  # the same passage with the same values: for ever, unless chance may end it
            return Arrival(tuple(way[:-1]), None, way[-1]) if turn.options else None
        seen.add(key)
        page = player.enter(way[-1], turn)
        if page.goto is None:
            return Arrival(tuple(way), page, None)
        if page.goto not in names:
            return Arrival(tuple(way), None, page.goto)
        way.append(page.goto)
    return Arrival(tuple(way[:-1]), None, way[-1])


def _branch(player: Player, reads: Reads, run: Run[Arrival | None]) -> Branch:
    arrival = run.result
    is_endless = arrival is None or (arrival.page is None and arrival.goes_to is None)
    passages: tuple[str, ...] = arrival.passages if arrival else ()
    ways: list[Leading] = []
    others: list[Click] = []
    texts: list[str] = []
    reveals: list[Click] = []
    asked = run.asked
    if arrival and arrival.page is not None:
        revealing = _Revealing(player, reads, run.written)
        ways, others, texts = revealing.explore(arrival.page)
        reveals = revealing.reveals
        if revealing.asked:
            asked = tuple(dict.fromkeys((*asked, *revealing.asked)))
    elif arrival and arrival.goes_to is not None:
        ways = [Leading((), (_outcome(_certain(None, run.written), arrival.goes_to),))]
    return Branch(
        passages,
        tuple(texts),
        tuple(ways),
        tuple(others),
        is_endless,
        run.weight,
        run.is_known,
        run.answers,
        tuple(reveals),
        asked,
    )


class _Revealing:
    """Finds all that one page offers, reveals looked through."""

    def __init__(self, player: Player, reads: Reads, written: dict[str, Value]) -> None:
        self.player, self.reads, self.written = player, reads, written
        self.ways: list[Leading] = []
        self.known: set[Hashable] = set()
        self.others: list[Click] = []
        self.reveals: list[Click] = []
        self.asked: dict[Asked, None] = {}

    def explore(self, page: Page) -> tuple[list[Leading], list[Click], list[str]]:
        """Breadth first, so that what is offered comes by the fewest reveals."""
        pages: dict[Page, tuple[Click, ...]] = {page: ()}
        queue = [page]
        for current in queue:
            for nth, offer in enumerate(current.offers):
                before = pages[current]
                if offer.kind in _UNCLICKED:
                    if not before:
                        self.others.append(Click(nth, offer))
                    continue
                brought = self._click(current, before, Click(nth, offer), pages)
                if brought is not None:
                    pages[brought] = (*before, Click(nth, offer))
                    queue.append(brought)
        return self.ways, self.others, [each.text for each in pages if each.text is not None]

    def _click(
        self, page: Page, before: tuple[Click, ...], click: Click, pages: dict[Page, tuple[Click, ...]]
    ) -> Page | None:
        """Play one click; gives the page that it reveals, if it is a reveal to look through and new."""
        runs = all_runs(self.reads, self.written, lambda turn: self.player.click(page, click.offer, turn))
        first = runs[0]
        if len(runs) == 1 and isinstance(first.result, Page) and first.result.goto is None and self._is_idle(first):
            if first.result in pages:
                self.reveals.append(click)
                self.asked.update(dict.fromkeys(first.asked))
                if not before:
                    self.others.append(click)
                return None
            if len(pages) < _MOST_PAGES and _only_adds(page, first.result, click.nth):
                self.reveals.append(click)
                self.asked.update(dict.fromkeys(first.asked))
                return first.result
        outcomes = tuple(_outcome(run, leads_to(run.result)) for run in runs)
        offer = click.offer
        key = (offer.place, offer.label, offer.kind, exact(outcomes))
        if not before or key not in self.known:  # what stood there before the reveal counts once
            self.ways.append(Leading((*before, click), outcomes))
        self.known.add(key)
        return None

    def _is_idle(self, run: Run[Page | Move]) -> bool:
        return len(run.written) == len(self.written) and all(
            name in self.written and exact(self.written[name]) == exact(value) for name, value in run.written.items()
        )


def _only_adds(before: Page, after: Page, nth: int) -> bool:
    """Tell whether all that was offered still is, but for what was clicked."""
    kept = Counter((offer.place, offer.label, offer.kind) for at, offer in enumerate(before.offers) if at != nth)
    kept.subtract((offer.place, offer.label, offer.kind) for offer in after.offers)
    return all(number <= 0 for number in kept.values())


def leads_to(result: Page | Move | None) -> Location:
    """Tell where a click leads: a page that moves on by itself is not worth a location."""
    if isinstance(result, Move):
        return result.passage
    if isinstance(result, Page) and result.goto is not None:
        return result.goto
    return result


def _certain(result: T, written: dict[str, Value]) -> Run[T]:
    return Run(result, written, Fraction(1), is_known=True, answers=())


def _outcome(run: Run[Any], to: Location) -> Outcome:
    return Outcome(to, tuple(sorted(run.written.items())), run.weight, run.is_known, run.answers, run.asked)
