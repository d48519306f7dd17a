"""Plays a playthrough on a story that has changed since, as far as it goes, and notes where it goes another way.

An offer is found again by its label and, where that is gone or stands several times, by where it stood. Unlike
:func:`~gamebook_lab.engine.playthrough.replay`, which refuses whatever differs, this goes on wherever it can.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from gamebook_lab.engine.playthrough import Pick, Playthrough, Step
from gamebook_lab.engine.recording import Reads, RecordingTurn
from gamebook_lab.engine.relevance import Relevance
from gamebook_lab.engine.situations import Arrival, Branch, Location, arrive, interpret, leads_to
from gamebook_lab.engine.stops import Stop
from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.story.frozen import UNSET, Value
from gamebook_lab.story.play import Page, Player
from gamebook_lab.story.program import WAYS_ON

__all__ = ["Difference", "Retraced", "retrace"]

Kind = Literal["not offered", "label", "drawn", "moves on", "stays", "missing", "endless"]


class Difference(NamedTuple):
    """Something that is not as the playthrough has it."""

    step: int
    """Number of the step, from 1 on; 0: before the first."""
    kind: Kind
    """``label``: clicked all the same, under another label. ``drawn``: chance has other outcomes, and the playthrough went
    on with what they gave. After any other kind it goes no further."""
    expected: str
    found: tuple[str, ...]
    """What there is instead: labels offered, or a passage."""


@dataclass(frozen=True, slots=True)
class Retraced:
    """How far a playthrough went."""

    passages: tuple[str, ...]
    """Where the reader was at each step taken, and last where the playthrough came to."""
    differences: tuple[Difference, ...]
    is_through: bool
    """All steps could be taken."""
    stop: Stop
    """How play stops there, if all steps could be taken; 0: it goes on."""


class _EndError(Exception):
    """The playthrough goes no further."""


def retrace(
    player: Player, names: frozenset[str], relevance: Relevance, way: Playthrough, judge: Callable[[Branch], Stop]
) -> Retraced:
    """Play a playthrough as far as it goes; never raises, whatever the story is now."""
    tracing = _Tracing(player, names, relevance)
    try:
        tracing.run(way)
        stop = tracing.stop(judge)
    except _EndError:
        return Retraced(tuple(tracing.passages), tuple(tracing.differences), is_through=False, stop=Stop.GOES_ON)
    return Retraced(tuple(tracing.passages), tuple(tracing.differences), is_through=True, stop=stop)


class _Tracing:
    def __init__(self, player: Player, names: frozenset[str], relevance: Relevance) -> None:
        self.player, self.names, self.relevance = player, names, relevance
        self.values: dict[str, Value] = {}
        self.passages: list[str] = []
        self.differences: list[Difference] = []
        self.place: Location = player.start
        self.number = 0

    def run(self, way: Playthrough) -> None:
        """Take all steps."""
        self._run(way.start, self.player.begin)
        for self.number, step in enumerate(way.steps, 1):
            self._step(step)

    def stop(self, judge: Callable[[Branch], Stop]) -> Stop:
        """Tell how play stops where the steps have led."""
        place = self.place
        if place is None:
            return Stop.ENDLESS
        if isinstance(place, str) and place not in self.names:
            self.passages.append(place)
            return Stop.MISSING
        reads = Reads(lambda name: self.values.get(name, UNSET), self.relevance.matters, self.relevance.detail)
        branches = interpret(self.player, self.names, place, reads).branches
        single = branches[0] if len(branches) == 1 else None
        stands = place.passage if isinstance(place, Page) else place
        self.passages.append(single.passages[-1] if single is not None and single.passages else stands)
        return Stop.GOES_ON if single is None or single.ways else judge(single)

    def _step(self, step: Step) -> None:
        page, goes_to = self._arrive(step)
        if not step.picks:
            if goes_to is None and (page is None or any(offer.kind in WAYS_ON for offer in page.offers)):
                self._end("stays", step.passage, _labels(page))
            self.place = page if goes_to is None else goes_to
            return
        if goes_to is not None:
            self._end("moves on", step.picks[0].label, (goes_to,))
        for at, pick in enumerate(step.picks):
            answers = step.answers if at == len(step.picks) - 1 else ()
            page = self._click(page, pick, answers)

    def _arrive(self, step: Step) -> tuple[Page | None, str | None]:
        place = self.place
        if isinstance(place, Page):
            self.passages.append(place.passage)
            return place, None
        if place is None or place not in self.names:
            self._end("missing" if place else "endless", step.passage, (place,) if place else ())
        assert isinstance(place, str)
        begins = place
        arrival = self._run(step.arrival, lambda turn: arrive(self.player, self.names, begins, turn))
        if not isinstance(arrival, Arrival):
            if not step.picks:  # as the playthrough has it
                self.passages.append(begins)
                return Page(begins, ()), None
            self._end("endless", step.passage, (begins,))
        assert isinstance(arrival, Arrival)
        self.passages.append(arrival.passages[-1] if arrival.passages else begins)
        return arrival.page, arrival.goes_to

    def _click(self, page: Page | None, pick: Pick, answers: Sequence[int]) -> Page | None:
        nth = None if page is None else _position(page, pick)
        if page is None or nth is None:
            self._end("not offered", pick.label, _labels(page))
        assert page is not None
        assert nth is not None
        offer, here = page.offers[nth], page
        if offer.label != pick.label:
            self.differences.append(Difference(self.number, "label", pick.label, (offer.label,)))
        result = self._run(answers, lambda turn: self.player.click(here, offer, turn))
        self.place = leads_to(result)  # type: ignore[arg-type]
        return self.place if isinstance(self.place, Page) else None

    def _run(self, answers: Sequence[int], play: Callable[[RecordingTurn], object]) -> object:
        reads = Reads(lambda name: self.values.get(name, UNSET), self.relevance.matters, self.relevance.detail)
        turn = RecordingTurn(reads, {}, answers)
        try:
            result = play(turn)
        except EndlessPassageError:
            return None
        except IndexError:  # an outcome that there is no more
            return self._run((), play) if answers and self._drew(answers, ()) else None
        if turn.answers != list(answers) or any(
            answer >= n for answer, n in zip(turn.answers, turn.options, strict=False)
        ):
            self._drew(answers, turn.answers)
        self.values.update(turn.written)
        return result

    def _drew(self, wanted: Sequence[int], found: Sequence[int]) -> bool:
        self.differences.append(Difference(self.number, "drawn", str(list(wanted)), (str(list(found)),)))
        return True

    def _end(self, kind: Kind, expected: str, found: tuple[str, ...]) -> None:
        self.differences.append(Difference(self.number, kind, expected, found))
        raise _EndError


def _labels(page: Page | None) -> tuple[str, ...]:
    return () if page is None else tuple(offer.label for offer in page.offers)


def _position(page: Page, pick: Pick) -> int | None:
    """Find an offer again: by its label (of several, the one that stands nearest), or by where it stood, or its number."""
    same = [nth for nth, offer in enumerate(page.offers) if offer.label == pick.label and pick.label]
    if same:
        return min(same, key=lambda nth: (abs(nth - pick.nth), nth))
    passage, start = pick.place.passage, pick.place.span.start
    there = [nth for nth, offer in enumerate(page.offers) if offer.place == (passage, offer.place.span)]
    exact = [nth for nth in there if page.offers[nth].place.span.start == start]
    for nth in (*(nth for nth in exact if nth == pick.nth), *exact, *(nth for nth in there if nth == pick.nth)):
        return nth
    return None
