"""Decisions that make no difference are left out, and what is drawn beside them keeps its probability."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

import gamebook_lab as gb
from gamebook_lab.engine.idle import Went, without_idle

HALF = Fraction(1, 2)
BAR = """:: StoryData
{"format":"SugarCube"}

:: StoryInit
<<set $notes to []>>

:: StoryCaption
<<if $notes.length gt 0>><<note $notes.length>><</if>>

:: Widgets [widget]
<<widget "note">>Notes: <<= _args[0]>><</widget>>

:: Start
<<run $notes.push("seen")>>[[On|Gate]]

:: Gate
<<if $notes.includes("seen")>>[[Draw]]<</if>>

:: Draw
<<set _luck to random(1, 4)>><<if _luck is 4>>[[Won]]<<else>>[[Draw]] [[Lost]]<</if>>

:: Won
Hooray.

:: Lost
Oh.
"""


def ways(outcome, *kinds):
    """All ways of a run with two options at each place; a draw where ``kinds`` has None."""
    weight = HALF ** kinds.count(None)
    return [Went(key, key, weight, at, kinds) for at in product((0, 1), repeat=len(kinds)) for key in [outcome(*at)]]


def test_idle__decision_before_a_draw():
    left = without_idle(ways(lambda bar, luck: luck, "bar", None))
    assert [(way.key, way.weight, way.open) for way in left] == [(0, HALF, set()), (1, HALF, set())]


def test_idle__decision_after_a_draw():
    left = without_idle(ways(lambda luck, bar: luck, None, "bar"))
    assert [(way.key, way.weight, way.open) for way in left] == [(0, HALF, set()), (1, HALF, set())]


def test_idle__decision_that_matters_after_one_outcome_alone__stays():
    left = without_idle(ways(lambda luck, bar: (luck, bar and luck), None, "bar"))
    assert [(way.key, way.open) for way in left] == [((0, 0), set()), ((1, 0), {1}), ((1, 1), {1})]


def test_idle__decision_that_turns_the_odds__stays():
    left = without_idle(ways(lambda bar, one, two: one & two if bar else one, "bar", None, None))
    assert all(way.open == {0} for way in left)
    assert len(left) == 8


def test_idle__one_of_two_decisions():
    left = without_idle(ways(lambda idle, real: real, "idle", "real"))
    assert [(way.key, way.open) for way in left] == [(0, {1}), (1, {1})]


def test_explore__a_side_bar_that_nobody_knows_leaves_luck_its_probability():
    space = gb.explore(gb.parse_twee(BAR))
    assert space.is_exact
    # (1/4) / (1/4 + 3/4 * 1/2): of those who draw, luck or the reader ends it
    found = space.endings().set_index("passage_id")["probability"]
    assert found.to_dict() == {"Won": pytest.approx(0.4), "Lost": pytest.approx(0.6)}
    assert set(space.choices()["verdict"]) == {"reachable"}
