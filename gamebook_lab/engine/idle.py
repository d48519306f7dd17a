"""Decisions on what nobody knows that make no difference: whichever way they go, the same follows, and as often.

A side bar that shows one thing or another, by a variable that matters to nobody, is such a decision. It is left out, so
that it does not keep what is drawn by chance after it from having a known probability.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Generic, TypeVar

__all__ = ["Went", "without_idle"]

T = TypeVar("T")
D = TypeVar("D", bound=Hashable)

_DEEPEST: Final = 64
"""Answers of a run beyond which nothing is left out: it would take long, and nobody writes such passages."""


@dataclass(eq=False)
class Went(Generic[T, D]):
    """One way that a run went.

    Parameters
    ----------
    run
        The run.
    key
        What it came to: equal for runs that come to the same.
    weight
        Probability of what was drawn; ways of a decision count 1 each.
    answers
        What was drawn and decided, in order.
    decided
        Of each answer: what it decided on; None for a draw.
    """

    run: T
    key: Hashable
    weight: Fraction
    answers: tuple[int, ...]
    decided: tuple[D | None, ...]
    open: set[int] = field(init=False)
    """Places in ``answers`` of decisions that make a difference, as far as is known by now."""
    alike: list[T] = field(init=False, default_factory=list)
    """Runs that were left out for this one, which comes to the same."""

    def __post_init__(self) -> None:
        self.open = {at for at, what in enumerate(self.decided) if what is not None}


def without_idle(ways: Sequence[Went[T, D]]) -> list[Went[T, D]]:
    """Leave out what follows decisions that make no difference, but for their first way.

    Parameters
    ----------
    ways
        All ways in which the runs went: none is missing.

    Returns
    -------
    list of Went
        Those that are left, in their order; :attr:`Went.open` says what still decides.
    """
    left = list(ways)
    deepest = max((len(way.answers) for way in ways), default=0)
    if deepest > _DEEPEST:
        return left
    for at in reversed(range(deepest)):
        by_prefix: dict[tuple[int, ...], list[Went[T, D]]] = {}
        for way in left:
            if len(way.answers) > at and way.decided[at] is not None:
                by_prefix.setdefault(way.answers[:at], []).append(way)
        gone = {id(way) for group in by_prefix.values() for way in _idle(group, at)}
        left = [way for way in left if id(way) not in gone]
    return left


def _idle(group: list[Went[T, D]], at: int) -> list[Went[T, D]]:
    """Ways to leave out, of all those that follow one decision."""
    options: dict[int, list[Went[T, D]]] = {}
    for way in group:
        options.setdefault(way.answers[at], []).append(way)
    first, *others = options.values()
    if not others or any(_outcomes(ways, at) != _outcomes(first, at) for ways in others):
        return []
    kept = {way.key: way for way in reversed(first)}
    for way in first:
        way.open.discard(at)
    gone = [way for ways in others for way in ways]
    for way in gone:
        kept[way.key].alike += [way.run, *way.alike]
    return gone


def _outcomes(ways: list[Went[T, D]], at: int) -> dict[Hashable, tuple[Fraction, bool]]:
    """What the ways come to, with the weight of each, and whether a later decision has a hand in it."""
    found: dict[Hashable, tuple[Fraction, bool]] = {}
    for way in ways:
        weight, is_open = found.get(way.key, (Fraction(0), False))
        found[way.key] = weight + way.weight, is_open or any(each > at for each in way.open)
    return found
