"""Conditions of a story's text, and how each came out wherever play asked it.

The interpreters say so (:meth:`~gamebook_lab.story.play.Turn.condition`), so it is known of every condition that is asked at
all. With ``detail="choices"`` whatever only decides words is not run: what it asks cannot be seen, and is not counted as
if nobody could come there.

Does not cover: conditions inside expressions (``&&``, ``?:``, ``(cond:)``), of storylets and of code that is not modelled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from gamebook_lab.engine.recording import Asked
from gamebook_lab.engine.space import Space
from gamebook_lab.story.program import WAYS_ON, Program

__all__ = ["AskedConditions", "Spot"]

Spot: TypeAlias = tuple[str, int, int]
"""A stretch of a passage's text."""


class AskedConditions:
    """Outcomes of a story's conditions that a reader may meet or that nobody can, numbered in the story's order."""

    def __init__(self, space: Space) -> None:
        self._texts: dict[Spot, str] = {}
        self._is_seen: dict[Spot, bool] = {}
        """Whether nothing keeps it from being told if it is asked."""
        for key, program in space.story.programs.items():
            self._add(space, space.story.name(key), program)
        self.n_outcomes = 2 * len(self._texts)
        """Two of each condition, whether they are ever told or not."""
        sure, unsure = _told(space)
        told = {spot for spot, _ in sure}
        self.rows = [
            (spot, text, holds)
            for spot, text in self._texts.items()
            for holds in (True, False)
            if (spot, holds) in sure or ((spot in told or self._is_seen[spot]) and (spot, holds) not in unsure)
        ]
        """Of each outcome: where its condition stands, what it says, and whether it holds."""
        self._number = {(spot, holds): at for at, (spot, _, holds) in enumerate(self.rows)}
        self.note = _note(self.n_outcomes - len(self.rows), is_text=space.detail == "text")

    def rows_of(self, asked: Iterable[Asked]) -> list[int]:
        """Outcomes among asked, by number."""
        keys = (((each.place.passage, *each.place.span), each.holds) for each in asked if each.is_sure)
        return [self._number[key] for key in keys if key in self._number]

    def _add(self, space: Space, passage: str, program: Program) -> None:
        opaques = [span for _, span in space.explorer.plan.player.opaques(passage)] if program.conditions else []
        deciding = {each.span for choice in program.choices if choice.kind in WAYS_ON for each in choice.conditions}
        asked = {each.span for each in program.conditions}
        # what is shown behind a variable may be decided by it, or styled: that is known once it is asked
        others = [each for choice in program.choices for each in choice.conditions if each.span not in asked]
        for each in sorted(dict.fromkeys((*program.conditions, *others)), key=lambda condition: condition.span):
            spot = (passage, *each.span)
            if each.span in asked:
                self._texts[spot] = each.text
                is_within = any(span.start <= each.span.start < span.stop for span in opaques)
                self._is_seen[spot] = not is_within and (space.detail == "text" or each.span in deciding)
            elif spot not in self._texts:
                self._texts[spot], self._is_seen[spot] = each.text, False


def _told(space: Space) -> tuple[set[tuple[Spot, bool]], set[tuple[Spot, bool]]]:
    """Outcomes that readers meet, and further ones of which nobody can tell who does."""
    sure: set[tuple[Spot, bool]] = set()
    unsure: set[tuple[Spot, bool]] = set()
    for situation in space.explorer.table.situations:
        for branch in situation.branches:
            outcomes = (outcome for way in branch.ways for outcome in way.outcomes)
            for each in (*branch.asked, *(each for outcome in outcomes for each in outcome.asked)):
                (sure if each.is_sure else unsure).add(((each.place.passage, *each.place.span), each.holds))
    for start in space.begun:  # before the first passage, for every reader or by chance: no playthrough's doing
        unsure.update(((each.place.passage, *each.place.span), each.holds) for each in start.asked)
    return sure, unsure - sure


def _note(n_left_out: int, *, is_text: bool) -> str:
    if is_text:
        return f"{n_left_out:,} outcomes cannot be told from the way a story is played" if n_left_out else ""
    words = f"; {n_left_out:,} more outcomes only decide words or cannot be told" if n_left_out else ""
    return f"conditions that decide more than words{words}; explore with detail='text' to count all" if words else ""
