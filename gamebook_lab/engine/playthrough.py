"""A playthrough as a list of clicks, and its replay: the witness of a verdict is checked, not believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gamebook_lab.engine.recording import Reads, RecordingTurn
from gamebook_lab.engine.relevance import Relevance
from gamebook_lab.engine.situations import Location, arrive, leads_to
from gamebook_lab.errors import PlayError
from gamebook_lab.story.frozen import UNSET, Value
from gamebook_lab.story.play import Detail, Offer, Page, Place, Player
from gamebook_lab.story.program import WAYS_ON

__all__ = ["Played", "Playthrough", "Step", "replay"]


class Pick(NamedTuple):
    """One offer that is clicked."""

    nth: int
    """Its position on the page."""
    place: Place
    label: str


class Step(NamedTuple):
    """What happens from one state to the next."""

    passage: str
    arrival: tuple[int, ...]
    """What was drawn and decided on arriving, in order: the index of each outcome."""
    picks: tuple[Pick, ...]
    """What is clicked: reveals, and last what leads on. Empty where the story moves on by itself."""
    answers: tuple[int, ...]
    """What was drawn and decided by the last click."""


@dataclass(frozen=True, slots=True)
class Playthrough:
    """A way from the beginning to some state."""

    detail: Detail
    start: tuple[int, ...]
    """What was drawn and decided before the first passage."""
    steps: tuple[Step, ...]

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def labels(self) -> list[str]:
        """What the reader clicks, in order."""
        return [pick.label for step in self.steps for pick in step.picks]


@dataclass(frozen=True, slots=True)
class Played:
    """Where a replay came to."""

    places: tuple[Location, ...]
    """The location before each step, and last where it ended."""
    values: tuple[dict[str, Value], ...]
    """What was written so far, at each of these."""


def replay(player: Player, names: frozenset[str], relevance: Relevance, way: Playthrough) -> Played:
    """Play a playthrough with the real values of all variables that matter, and check each step.

    Raises
    ------
    PlayError
        If it cannot be played so: an offer is not there, or what is drawn does not fit.
    """
    values: dict[str, Value] = {}
    detail = relevance.detail

    def run(answers: Sequence[int], play: Callable[[RecordingTurn], object], at: int) -> object:
        reads = Reads(lambda name: values.get(name, UNSET), relevance.matters, detail)
        turn = RecordingTurn(reads, {}, answers)
        result = play(turn)
        if turn.answers != list(answers):
            raise PlayError(f"step {at}: what is drawn there is not what was expected")
        values.update(turn.written)
        return result

    run(way.start, player.begin, 0)
    place: Location = player.start
    places: list[Location] = [place]
    history = [dict(values)]
    for at, step in enumerate(way.steps, 1):
        place = _take(player, names, place, step, at, run)
        places.append(place)
        history.append(dict(values))
    return Played(tuple(places), tuple(history))


def _take(  # noqa: PLR0917 -- one caller
    player: Player,
    names: frozenset[str],
    place: Location,
    step: Step,
    at: int,
    run: Callable[[Sequence[int], Callable[[RecordingTurn], object], int], object],
) -> Location:
    page: Page | None
    if isinstance(place, Page):
        page, goes_to = place, None
    elif place is None or place not in names:
        raise PlayError(f"step {at}: there is nothing to play at {place!r}")
    else:
        begins = place
        arrival = run(step.arrival, lambda turn: arrive(player, names, begins, turn), at)
        if arrival is None and not step.picks:
            return None  # as the playthrough has it
        if arrival is None:
            raise PlayError(f"step {at}: {place!r} never ends")
        page, goes_to = arrival.page, arrival.goes_to  # type: ignore[attr-defined]
    if not step.picks:
        if goes_to is None and (page is None or any(offer.kind in WAYS_ON for offer in page.offers)):
            raise PlayError(f"step {at}: the story does not move on by itself there")
        return page if goes_to is None else str(goes_to)  # play stops on that page, as was drawn on arriving
    result: Location = page
    for number, pick in enumerate(step.picks):
        offer = _offered(page, pick, at)
        here, answers = page, step.answers if number == len(step.picks) - 1 else ()
        clicked = run(answers, lambda turn, here=here, offer=offer: player.click(here, offer, turn), at)  # type: ignore[misc]
        result = leads_to(clicked)  # type: ignore[arg-type]
        page = result if isinstance(result, Page) else None
    return result


def _offered(page: Page | None, pick: Pick, at: int) -> Offer:
    if page is None or pick.nth >= len(page.offers):
        raise PlayError(f"step {at}: {pick.label!r} is not offered there")
    offer = page.offers[pick.nth]
    if (offer.place, offer.label) != (pick.place, pick.label):
        raise PlayError(f"step {at}: {offer.label!r} is offered there, not {pick.label!r}")
    return offer
