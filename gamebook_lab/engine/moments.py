"""The steps of a person's playthrough, as they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from gamebook_lab.engine.deciding import Decision, Question
from gamebook_lab.engine.hidden import hidden_choices
from gamebook_lab.engine.playthrough import Pick
from gamebook_lab.engine.recording import Unclear
from gamebook_lab.engine.situations import Arrival
from gamebook_lab.engine.stops import Stop
from gamebook_lab.story.frozen import Value
from gamebook_lab.story.play import Page
from gamebook_lab.story.program import ChoiceKind
from gamebook_lab.story.story import Story

__all__ = ["UNCLICKED", "Changed", "Moment", "Waiting", "is_same", "standing"]

_LEAVES: Final = frozenset({ChoiceKind.RESTART, ChoiceKind.UNDO, ChoiceKind.LOAD})
UNCLICKED: Final = _LEAVES | {ChoiceKind.EXTERNAL}
"""Kinds of offers that no player clicks."""


class Changed(NamedTuple):
    """A variable that a step changed."""

    variable: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a playthrough stands after one click. Immutable."""

    pick: Pick | None
    """What was clicked; None at the beginning."""
    decisions: tuple[Decision, ...]
    """What was drawn and decided on the way here."""
    passages: tuple[str, ...]
    """Those that were entered: more than one where the story moved on by itself, none where the click stayed."""
    page: Page | None
    """None: there is nothing to read here; :attr:`message` says why."""
    text: str
    """The words in front of the reader: those of the page, or of the one before where a click left them as they were."""
    n_around: int
    """So many of its last lines stand around the passage, as in :class:`~gamebook_lab.story.play.Page`."""
    passage: str | None
    """The passage that the reader is in, or would be if it existed."""
    values: Mapping[str, Value]
    """All variables that were ever written, the machinery's among them."""
    changes: tuple[Changed, ...]
    unclear: tuple[Unclear, ...]
    """What is not modelled in it, so that the words shown may be wrong."""
    stop: Stop
    message: str
    """Why the playthrough stops here; empty if it does not."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A click (or the beginning) that cannot go on until the reader has decided something."""

    nth: int | None
    decided: tuple[Decision, ...]
    question: Question


def standing(story: Story, arrival: Arrival | None, values: Mapping[str, Value]) -> tuple[Stop, str]:
    """Tell whether a playthrough goes on after arriving, and if not, why, in words."""
    if arrival is None:
        return Stop.ENDLESS, "This never comes to an end: it was stopped after very many steps."
    page = arrival.page
    if page is None and arrival.goes_to is None:
        return Stop.MISSING, "The story has no passage to start with."
    if page is None and arrival.goes_to in story.keys_by_name:
        return Stop.ENDLESS, "The story moves on by itself time and again: it may never end."
    if page is None:
        return Stop.MISSING, f"There is no passage “{arrival.goes_to}”."
    if any(offer.kind not in UNCLICKED for offer in page.offers):
        return Stop.GOES_ON, ""
    if any(offer.kind in _LEAVES for offer in page.offers):
        return Stop.ENDING, "The playthrough ends here."
    waits = any(hidden.why == "condition" for hidden in hidden_choices(story, page, values, frozenset()))
    if waits:
        return Stop.STUCK, "The reader is stuck: this passage has ways on, and offers none of them now."
    return Stop.ENDING, "The playthrough ends here."


def is_same(one: Moment, other: Moment) -> bool:
    """Tell whether a click went as it did before."""
    return one.pick == other.pick and one.decisions == other.decisions and one.page == other.page
