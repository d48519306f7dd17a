"""Where variables are set and read: every pair that can happen, against all playthroughs one by one."""

from __future__ import annotations

from hypothesis import given, settings

import gamebook_lab as gb
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.variable_pairs import variable_pairs
from gamebook_lab.analysis.walks import Walks
from tests.analysis.generated import all_walks, passages
from tests.analysis.stories import space_of

STORY = """
:: StoryInit
<<set $key to false>>

:: StoryData
{"format": "SugarCube", "start": "Hall"}

:: Hall
[[Take the key|Key]] [[On|Door]]

:: Key
<<set $key to true>>[[Lose it|Well]] [[On|Door]]

:: Well
<<set $key to false>>[[On|Door]]

:: Door
<<if $key>>[[In|Room]]<<else>>[[Home|Room]]<</if>>

:: Room
Over.
"""


def pairs(table):
    return set(zip(table["set_in"], table["read_in"], table["is_covered"], strict=True))


def test_variable_pairs__what_is_set_anew_does_not_count():
    space = gb.explore(gb.parse_twee(STORY))
    one = space.paths()[0]
    table = variable_pairs(space, [one])
    assert set(table["variable"]) == {"$key"}
    assert {(set_in, read_in) for set_in, read_in, _ in pairs(table)} == {
        ("", "Door"),
        ("Key", "Door"),
        ("Well", "Door"),
    }
    assert table["is_covered"].sum() == 1
    assert variable_pairs(space, space.paths())["is_covered"].all()


@settings(max_examples=30)
@given(passages())
def test_variable_pairs__what_can_happen_is_what_all_playthroughs_do(story):
    space = space_of(story, "P0")
    table = variable_pairs(space, Walks.of(play_graph(space), all_walks(space)))
    assert table["is_covered"].all()


@settings(max_examples=15)
@given(passages(circles=True))
def test_variable_pairs__circles_come_to_an_end(story):
    space = space_of(story, "P0")
    variable_pairs(space, [space.witness(state) for state in range(space.n_states)])
