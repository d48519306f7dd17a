"""Choices that a passage has and does not offer now, and what they wait for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from gamebook_lab.story.frozen import UNSET, Value
from gamebook_lab.story.play import Page, Place, visits_of
from gamebook_lab.story.program import AccessKind, Choice, ChoiceKind, Condition, Program, Span
from gamebook_lab.story.story import Story

__all__ = ["Blocking", "HiddenChoice", "Reading", "hidden_choices"]

_SHOWN: Final = frozenset({
    ChoiceKind.LINK, ChoiceKind.GOTO, ChoiceKind.REVEAL, ChoiceKind.RETURN, ChoiceKind.COMPUTED,
})  # fmt: skip
_MOST_INCLUDED: Final = 64

Why: TypeAlias = Literal["condition", "taken", "revealed", "unknown"]


class Reading(NamedTuple):
    """A variable that a condition reads, as it is now."""

    variable: str
    value: Value
    is_temporary: bool
    """It lived only while the passage ran: its value is not known any more."""


class Blocking(NamedTuple):
    """One of the conditions around a choice that is not offered."""

    condition: Condition
    holds: bool | None
    """As far as that shows in what else is offered here; None: it does not."""
    readings: tuple[Reading, ...]
    """Each variable that it reads, once."""


class HiddenChoice(NamedTuple):
    """A choice that is not offered."""

    place: Place
    kind: ChoiceKind
    label: str | None
    target: str | None
    why: Why
    """``taken``: it could be taken once, and was; ``revealed``: something offered now brings it."""
    conditions: tuple[Blocking, ...]
    """Outermost first: not all of them hold."""
    revealed_by: str
    """Label of the offer that brings it."""


def hidden_choices(
    story: Story, page: Page, values: Mapping[str, Value], clicked: Collection[Place]
) -> list[HiddenChoice]:
    """List what the page's passage has among its choices, or what it includes, and does not offer.

    Parameters
    ----------
    story
        The story.
    page
        What the reader has in front of them.
    values
        All variables as they are now. A condition that stood before a change of them may have seen others.
    clicked
        Places of all that was clicked so far.
    """
    offered = {offer.place for offer in page.offers}
    found = []
    for name, program in _shown(story, page.passage):
        holds = _known_to_hold(name, program, offered)
        for choice in program.choices:
            place = Place(name, choice.span)
            if choice.kind in _SHOWN and place not in offered:
                conditions = _blocking(program, choice.conditions, holds, values)
                hidden = _hidden(choice, place, conditions, page, clicked)
                if choice.kind is not ChoiceKind.GOTO or hidden.why == "condition":  # others are what a link does
                    found.append(hidden)
    return found


def _shown(story: Story, passage: str) -> Iterator[tuple[str, Program]]:
    """Programs of a passage and of what it includes by name."""
    names = [passage]
    for name in names:
        if name not in story.keys_by_name:
            continue
        program = story.program(name)
        yield name, program
        for choice in program.choices:
            if choice.kind is ChoiceKind.INCLUDE and choice.target and choice.target not in names:
                names.append(choice.target)
        del names[_MOST_INCLUDED:]


def _hidden(
    choice: Choice, place: Place, conditions: tuple[Blocking, ...], page: Page, clicked: Collection[Place]
) -> HiddenChoice:
    around = [offer.label for offer in page.offers if _encloses(offer.place, place)]
    why: Why = "unknown"
    if around:
        why = "revealed"
    elif place in clicked and (choice.is_once or not conditions):
        why = "taken"
    elif conditions:
        why = "condition"
    return HiddenChoice(
        place, choice.kind, choice.label, choice.target, why, conditions, around[0] if around else ""
    )  # fmt: skip


def _encloses(outer: Place, inner: Place) -> bool:
    return (
        outer.passage == inner.passage and outer.span.start <= inner.span.start and inner.span.stop <= outer.span.stop
    )


def _known_to_hold(name: str, program: Program, offered: Collection[Place]) -> dict[Span, bool]:
    """Tell by what is offered which conditions came true, and which of those with an else did not."""
    return {
        condition.span: not condition.is_negated
        for choice in program.choices
        if Place(name, choice.span) in offered
        for condition in choice.conditions
    }


def _blocking(
    program: Program, conditions: tuple[Condition, ...], known: Mapping[Span, bool], values: Mapping[str, Value]
) -> tuple[Blocking, ...]:
    found = []
    for condition in conditions:
        readings = _readings(program, condition.span, values)
        holds = known.get(condition.span)
        if any(reading.is_temporary for reading in readings):
            holds = None  # it may come out differently each time round a loop
        found.append(Blocking(condition, holds if holds is None else holds is not condition.is_negated, readings))
    unsure = [at for at, each in enumerate(found) if not each.holds]
    if len(unsure) == 1:
        found[unsure[0]] = found[unsure[0]]._replace(holds=False)
    return tuple(found)


def _readings(program: Program, span: Span, values: Mapping[str, Value]) -> tuple[Reading, ...]:
    """Find what stands in a condition: variables, and passages whose visits are asked for."""
    found: dict[str, Reading] = {}
    for access in program.accesses:
        if access.kind is AccessKind.READ and span.start <= access.span.start < span.stop:
            value = values.get(access.variable, UNSET)
            found[access.variable] = Reading(access.variable, value, access.is_temporary)
    for reference in program.references:
        if not reference.is_required and span.start <= reference.slot.span.start < span.stop:
            variable = visits_of(reference.name)
            found[variable] = Reading(variable, values.get(variable, 0), is_temporary=False)
    return tuple(found.values())
