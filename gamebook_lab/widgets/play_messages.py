"""What the play pane and its script say to each other."""

from __future__ import annotations

from typing import Literal, TypedDict

# ---- script to Python


class Hello(TypedDict):
    """A view appeared."""

    type: Literal["hello"]
    view: str


class Choose(TypedDict):
    """Click an offer, or answer what is asked, by its number."""

    type: Literal["choose", "answer"]
    nth: int


class Press(TypedDict):
    """A button of the bar. ``reroll``: begin again with other dice; ``jump``: play to the selected passage."""

    type: Literal["back", "forward", "restart", "reroll", "jump"]


class Go(TypedDict):
    """Go to a step of the trail."""

    type: Literal["go"]
    at: int


class Dice(TypedDict):
    """Who rolls from now on."""

    type: Literal["dice"]
    is_asked: bool


class Follow(TypedDict):
    """Whether map and editor follow the reader."""

    type: Literal["follow"]
    is_on: bool


class Locate(TypedDict):
    """Show a stretch of a passage's text in the editor."""

    type: Literal["locate"]
    passage: str
    start: int
    stop: int


# ---- Python to script


class Making(TypedDict):
    """The story is being made ready."""

    type: Literal["making"]


class Failed(TypedDict):
    """It could not be."""

    type: Literal["failed"]


class Selected(TypedDict):
    """The passage that is selected in map and editor, if the reader can be taken there."""

    type: Literal["selected"]
    name: str | None


class OfferEntry(TypedDict):
    """Something to click; ``missing`` is the passage that it leads to, if there is none of this name."""

    label: str
    kind: str
    missing: str | None


class ReadingEntry(TypedDict):
    """A variable that a condition reads."""

    name: str
    value: str


class ConditionEntry(TypedDict):
    """One condition around a choice that is not offered."""

    text: str
    holds: bool | None
    readings: list[ReadingEntry]


class HiddenEntry(TypedDict):
    """A choice that is not offered."""

    label: str
    target: str | None
    kind: str
    why: str
    revealed_by: str
    conditions: list[ConditionEntry]
    passage: str
    start: int
    stop: int


class VariableEntry(TypedDict):
    """A variable now; ``before`` is what it was, if the last step changed it."""

    name: str
    value: str
    before: str | None


class StepEntry(TypedDict):
    """One step of the trail."""

    at: int
    label: str | None
    passage: str


class AlternativeEntry(TypedDict):
    """One way that a decision may go."""

    effect: str
    chance: str


class QuestionEntry(TypedDict):
    """What the reader must decide before the story can go on. ``n`` counts the alternatives that are not listed too."""

    kind: Literal["chance", "either"]
    what: str
    passage: str | None
    start: int
    stop: int
    n: int
    alternatives: list[AlternativeEntry]


class UnclearEntry(TypedDict):
    """Something in what is shown that is not modelled."""

    what: str
    passage: str
    start: int
    stop: int


class State(TypedDict):
    """All that the pane shows."""

    type: Literal["state"]
    passage: str | None
    via: list[str]
    lines: list[str]
    around: list[str]
    """Lines that stand around the passage: the story's caption or sidebar."""
    offers: list[OfferEntry]
    hidden: list[HiddenEntry]
    variables: list[VariableEntry]
    memory: list[VariableEntry]
    """What the story's machinery remembers by itself."""
    trail: list[StepEntry]
    at: int
    n_steps: int
    """Steps in all: the trail lists the last ones."""
    question: QuestionEntry | None
    unclear: list[UnclearEntry]
    stop: str
    message: str
    notice: str
    seed: int
    is_asked: bool
    is_following: bool
