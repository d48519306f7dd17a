"""What is offered tells which conditions hold: their outcomes, read off the situations of a state graph.

A choice that is offered shows that all conditions around it hold (in an else part: fail). One that is not, on arriving
at its passage, shows that the innermost does not hold, if those around it are shown to. Where a click leads tells of the
conditions inside what is clicked.

Does not cover: conditions with no choice under them, which decide words only.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, TypeAlias

from gamebook_lab.engine.situations import Branch
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.table import Way
from gamebook_lab.story.program import WAYS_ON, Choice, ChoiceKind, Program

__all__ = ["Outcome", "Spot", "ToldConditions"]

Spot: TypeAlias = tuple[str, int, int]
"""A stretch of a passage's text."""
Outcome: TypeAlias = tuple[int, bool]
"""A condition, by number, and whether it holds."""
_BY_ITSELF: Final = frozenset({ChoiceKind.GOTO, ChoiceKind.COMPUTED})


class ToldConditions:
    """Conditions around a story's choices, and what tells of them. Outcomes that can be told are numbered."""

    def __init__(self, space: Space) -> None:
        self._keeps_reveals = space.detail == "text"
        self._spots: dict[Spot, int] = {}
        self._texts: list[str] = []
        self._told: set[Outcome] = set()
        self._under: dict[Spot, tuple[Outcome, ...]] = {}
        self._leads: dict[tuple[Spot, str], tuple[Outcome, ...]] = {}
        self._plain: dict[str, list[tuple[Spot, tuple[Outcome, ...]]]] = {}
        """Of each passage: links that stand there whenever their conditions hold."""
        self._moves: dict[tuple[str, str], list[tuple[Outcome, ...]]] = {}
        for key, program in space.story.programs.items():
            for choice in program.choices:
                if choice.conditions and choice.kind in {*WAYS_ON, ChoiceKind.REVEAL}:
                    self._add(space.story.name(key), program, choice)
        ordered = sorted(self._told, key=lambda each: (each[0], not each[1]))
        self._number = {outcome: at for at, outcome in enumerate(ordered)}

    @property
    def n_outcomes(self) -> int:
        """Two of each condition, whether they can be told or not."""
        return 2 * len(self._texts)

    @property
    def rows(self) -> list[tuple[Spot, str]]:
        """Of each outcome that can be told: where its condition stands, and what it says."""
        spots = list(self._spots)
        return [(spots[row], f"{self._texts[row]} ({'holds' if holds else 'fails'})") for row, holds in self._number]

    def of_branch(self, branch: Branch, is_arrival: bool) -> list[int]:
        """Outcomes that show in what is offered."""
        clicks = [click for way in branch.ways for click in way.clicks] + list(branch.others)
        offered = {(click.offer.place.passage, *click.offer.place.span) for click in clicks}
        shown = {outcome for spot in offered for outcome in self._under.get(spot, ())}
        for step in pairwise(branch.passages):
            shown.update(outcome for around in self._moves.get(step, ()) for outcome in around)
        # what is not there after a click may just have been replaced, and a passage may be left before its end
        is_whole = is_arrival and (bool(clicks) or not branch.ways)
        for passage in branch.passages[-1:] if is_whole else ():
            for spot, (*outer, (row, holds)) in self._plain.get(passage, ()):
                if spot not in offered and all(each in shown for each in outer):
                    shown.add((row, not holds))
        return [self._number[outcome] for outcome in shown if outcome in self._number]

    def of_way(self, way: Way) -> list[int]:
        """Outcomes that show in where a click leads."""
        if way.leading is None or way.outcome is None or not way.leading.clicks or not isinstance(way.outcome.to, str):
            return []
        place = way.leading.clicks[-1].offer.place
        return [
            self._number[outcome] for outcome in self._leads.get(((place.passage, *place.span), way.outcome.to), ())
        ]

    def _add(self, passage: str, program: Program, choice: Choice) -> None:
        outer: list[Outcome] = []
        inner: list[Outcome] = []
        for each in choice.conditions:
            row = self._spots.setdefault((passage, *each.span), len(self._spots))
            if row == len(self._texts):
                self._texts.append(each.text)
            # a condition inside what is clicked decides where the click leads, not whether it is offered
            is_inner = choice.span.start <= each.span.start < choice.span.stop
            (inner if is_inner else outer).append((row, not each.is_negated))
        spot = (passage, *choice.span)
        self._under.setdefault(spot, tuple(outer))
        if choice.target and inner:
            self._leads.setdefault((spot, choice.target), tuple(inner))
            self._told.update(inner)
        if choice.kind is not ChoiceKind.REVEAL or self._keeps_reveals:
            self._told.update(outer)
        if choice.kind is ChoiceKind.LINK and outer and not choice.is_once and not _is_inside(program, choice):
            self._told.add((outer[-1][0], not outer[-1][1]))
            self._plain.setdefault(passage, []).append((spot, tuple(outer)))
        if choice.kind in _BY_ITSELF and choice.target:
            self._moves.setdefault((passage, choice.target), []).append(tuple(outer))


def _is_inside(program: Program, choice: Choice) -> bool:
    """Tell whether another choice's markup holds it: then a click must bring it first."""
    start, stop = choice.span
    return any(
        other.span != choice.span and other.span.start <= start and stop <= other.span.stop for other in program.choices
    )
