"""Plays over again what is known as data: a witness of the engine, or the steps before an edit.

A witness was found by runs that skip what cannot matter. Played for a reader, words and all, a passage may draw more.
So each step is first played as the engine played it, to see which decisions the witness is about; then these are
found again, in order, among those of the reader's run. Where several would fit, they are tried until what is
offered and written is the same; the others are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from gamebook_lab.engine.deciding import DecidingTurn, Decision, UndecidedError
from gamebook_lab.engine.playthrough import Pick, Playthrough
from gamebook_lab.engine.recording import Reads
from gamebook_lab.engine.relevance import Relevance, relevance
from gamebook_lab.engine.situations import Arrival, Location, arrive, leads_to
from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.story.bounds import agrees
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Value
from gamebook_lab.story.play import Page

if TYPE_CHECKING:
    from gamebook_lab.engine.moments import Moment
    from gamebook_lab.engine.playing import Playing

__all__ = ["follow", "play_again"]

_MOST_TRIES: Final = 64
_NOT_FOLLOWED: Final = "The way to here was found with other passages or options: it can be followed only this far."


def follow(playing: Playing, way: Playthrough, known: Relevance | None) -> str:
    """Play a witness; gives a notice if that was not possible to its end."""
    what = known or relevance(playing.player, playing.names, way.detail, reduce=True)
    shadow = _Shadow(playing, what)
    if not _match(playing, shadow, None, (way.start, way.steps[0].arrival if way.steps else None)):
        playing.begin(playing.usual)
        return _NOT_FOLLOWED
    for at, step in enumerate(way.steps, 1):
        following = way.steps[at] if at < len(way) else None
        for number, pick in enumerate(step.picks):
            is_last = number == len(step.picks) - 1
            answers = step.answers if is_last else ()
            arrival = following.arrival if is_last and following is not None else None
            nth = _position(playing.page, pick)
            if nth is None or not _match(playing, shadow, nth, (answers, arrival)):
                return _NOT_FOLLOWED
    return ""


class _Shadow:
    """The state of the witness, as the engine knows it: only what matters."""

    def __init__(self, playing: Playing, what: Relevance) -> None:
        self.player, self.names, self.what = playing.player, playing.names, what
        self.values: dict[str, Value] = {}
        self.page: Page | None = None

    def step(self, nth: int | None, answers: Sequence[int], arrival: Sequence[int] | None) -> list[Decision] | None:
        """Take one click and, if the witness goes on from there, arrive; gives what was decided, None if it cannot be."""

        def click(turn: DecidingTurn) -> Location:
            if nth is None:
                self.player.begin(turn)
                return self.player.start
            assert self.page is not None
            return leads_to(self.player.click(self.page, self.page.offers[nth], turn))

        if nth is not None and (self.page is None or nth >= len(self.page.offers)):
            return None
        decisions: list[Decision] = []
        try:
            place = self._run(click, answers, decisions)
            self.page = place if isinstance(place, Page) else None
            if arrival is not None and isinstance(place, str) and place in self.names:
                come = self._run(lambda turn: arrive(self.player, self.names, place, turn), arrival, decisions)
                self.page = come.page if isinstance(come, Arrival) else None
        except (EndlessPassageError, UndecidedError):
            return None
        return decisions

    def _run(
        self, play: Callable[[DecidingTurn], object], answers: Sequence[int], decisions: list[Decision]
    ) -> Location | Arrival:
        reads = Reads(lambda name: self.values.get(name, UNSET), self.what.matters, self.what.detail)
        turn = DecidingTurn(reads, lambda number, _: answers[number] if number < len(answers) else None)
        result = play(turn)
        self.values.update(turn.written)
        decisions += turn.decisions
        return result  # type: ignore[return-value]

    def agrees(self, moment: Moment) -> bool:
        """Tell whether a reader's moment is this state, as far as it is known."""
        if self.page is not None:
            places = [(offer.place, offer.kind) for offer in moment.page.offers] if moment.page else []
            if places != [(offer.place, offer.kind) for offer in self.page.offers]:
                return False
            return all(
                value is UNKNOWN or agrees(value, moment.values.get(name, UNSET)) for name, value in self.values.items()
            )
        return True


def _match(
    playing: Playing, shadow: _Shadow, nth: int | None, answers: tuple[Sequence[int], Sequence[int] | None]
) -> bool:
    """Take one step of the witness; False if the reader's run cannot be made to agree."""
    wanted = shadow.step(nth, *answers)
    if wanted is None:
        return False
    at, most = playing.at, 0
    for skips in range(_MOST_TRIES):
        match = _Matching(playing, wanted, skips)
        if nth is None:
            playing.begin(match.decide)
        else:
            if playing.at != at:
                playing.go_to(at)
            playing.click(nth, match.decide)
        if playing.moment is not None and match.n_found == len(wanted) and shadow.agrees(playing.moment):
            return True
        most = max(most, match.n_choices)
        if skips.bit_length() > most:  # there was nothing more to pass over
            break
    if nth is not None:
        playing.go_to(at)
    return False


class _Matching:
    """Finds the decisions of a witness among those of a run, passing over those that ``skips`` has a bit for."""

    def __init__(self, playing: Playing, wanted: Sequence[Decision], skips: int) -> None:
        self.playing, self.wanted, self.skips = playing, wanted, skips
        self.n_found = self.n_choices = 0

    def decide(self, number: int, asked: Decision) -> int:
        """Answer as the witness has it; what it does not speak of is drawn."""
        if self.n_found < len(self.wanted) and self.wanted[self.n_found].is_like(asked):
            is_skipped = self.skips >> self.n_choices & 1
            self.n_choices += 1
            if not is_skipped:
                self.n_found += 1
                return self.wanted[self.n_found - 1].answer
        drawn = self.playing.usual(number, asked) if asked.kind == "chance" else 0
        return drawn or 0


def play_again(playing: Playing, moments: Sequence[Moment]) -> str:
    """Play a changed story with the clicks and decisions of before; gives a notice where it goes another way."""

    def as_before(moment: Moment) -> Callable[[int, Decision], int | None]:
        def decide(number: int, asked: Decision) -> int | None:
            if number < len(moment.decisions):
                before = moment.decisions[number]
                if (before.kind, before.weights) == (asked.kind, asked.weights):
                    return before.answer
            return playing.usual(number, asked)

        return decide

    if not moments:
        playing.begin(playing.usual)
        return ""
    playing.begin(as_before(moments[0]))
    for before, moment in pairwise(moments):
        if playing.waiting is not None:
            return "After the edit something new must be decided: the playthrough goes on from there."
        assert moment.pick is not None
        nth = _position(playing.page, moment.pick, _rank(before.page, moment.pick))
        if nth is None:
            where = f" in “{playing.moment.passage}”" if playing.moment and playing.moment.passage else ""
            return f"After the edit “{moment.pick.label}” is not offered any more{where}: the playthrough goes on from there."
        playing.click(nth, as_before(moment))
    return ""


def _position(page: Page | None, pick: Pick, rank: int = 0) -> int | None:
    """Find an offer again: where it was, or by its label, or by where it stands in the text."""
    if page is None:
        return None
    if pick.nth < len(page.offers) and page.offers[pick.nth][:2] == (pick.place, pick.label):
        return pick.nth
    same = [nth for nth, offer in enumerate(page.offers) if offer.label == pick.label and pick.label]
    if same:
        return same[min(rank, len(same) - 1)]
    place = (pick.place.passage, pick.place.span.start)
    starts = [(offer.place.passage, offer.place.span.start) for offer in page.offers]
    return starts.index(place) if place in starts else None


def _rank(page: Page | None, pick: Pick) -> int:
    """Which of the offers with its label it was."""
    return sum(offer.label == pick.label for offer in page.offers[: pick.nth]) if page else 0
