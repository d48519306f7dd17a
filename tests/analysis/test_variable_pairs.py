"""Where variables are set and read: every pair that can happen, against all playthroughs one by one."""

from __future__ import annotations

from hypothesis import given, settings

import gamebook_lab as gb
from gamebook_lab.analysis.coverage import coverage, covered
from gamebook_lab.analysis.levels import level
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.suites import find_suite
from gamebook_lab.analysis.variable_pairs import _facts
from gamebook_lab.analysis.walks import Walks
from tests.analysis.generated import all_walks, passages
from tests.analysis.stories import by_name, space_of

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


def rows(space, ways):
    table = covered(space, ways, ["pair"])
    return {(row["what"], row["passage_id"]): row for row in table.to_dict("records")}


def test_pairs__what_is_set_anew_does_not_count():
    space = gb.explore(gb.parse_twee(STORY))
    found = rows(space, [space.paths()[0]])
    assert set(found) == {
        ("$key, set before the first passage", "Door"),
        ("$key, set in Key", "Door"),
        ("$key, set in Well", "Door"),
    }
    assert sum(row["is_covered"] for row in found.values()) == 1
    assert {row["shortest"] for row in found.values()} == {1, 2, 3}
    assert all(row["is_covered"] for row in rows(space, space.paths()).values())


def test_pairs__both_denominators():
    space = gb.explore(gb.parse_twee(STORY.replace("[[Take the key|Key]]", "")))
    row = by_name(coverage(space, []), "level")["pair"]
    assert (row["n_written"], row["n_reachable"], row["n_covered"]) == (3, 1, 0)


def test_pairs__a_limit_is_said():
    space = gb.explore(gb.parse_twee(STORY), max_states=2)
    assert "limit" in coverage(space, [], ["pair"])["note"].iloc[0]


def test_pairs__are_attributed_to_passages_that_are_moved_on_from():
    space = gb.explore(
        gb.parse_twee(
            ':: StoryData\n{"format": "SugarCube", "start": "A"}\n\n:: A\n[[B]]\n\n:: B\n<<set $x to 1>><<goto "C">>\n\n'
            ':: C\n[[D]]\n\n:: D\n<<goto "E">>\n\n:: E\n<<if $x>>[[F]]<</if>>\n\n:: F\nOver.\n'
        )
    )
    assert set(rows(space, [])) == {("$x, set in B", "E")}


def by_hand(space, walks):
    """Pairs that some walks meet, looked up step by step: what was written last, and what each situation asks for."""
    facts, graph = _facts(space), play_graph(space)
    found = set()
    for start, edges in walks:
        last = {}
        nodes = [start, *graph.indices[edges].tolist()]
        made = [facts.begun.of[slice(*facts.begun.first[start : start + 2])]] + [
            facts.made.of[slice(*facts.made.first[facts.way[edge] : facts.way[edge] + 2])] for edge in edges
        ]
        for node, definitions in zip(nodes, made, strict=True):
            last |= {facts.variable[at]: int(at) for at in definitions}
            first, stop = facts.uses.first[facts.situation[node] : facts.situation[node] + 2]
            found |= {
                (last[facts.uses.of[at]], int(facts.places[at]))
                for at in range(first, stop)
                if facts.uses.of[at] in last
            }
    return found


@settings(max_examples=30)
@given(passages())
def test_pairs__what_can_happen_is_what_all_playthroughs_do(story):
    space = space_of(story, "P0")
    walks = all_walks(space)
    table = coverage(space, Walks.of(play_graph(space), walks), ["pair"])
    assert table["n_reachable"].iloc[0] == table["n_covered"].iloc[0] == len(by_hand(space, walks))
    assert table["n_written"].iloc[0] >= table["n_reachable"].iloc[0]


@settings(max_examples=20)
@given(passages(circles=True))
def test_pairs__every_way_meets_its_pair_and_none_is_shorter(story):
    space = space_of(story, "P0")
    what = level(space, "pair")
    for item in range(len(what)):
        start, edges = what.way(item)
        assert len(edges) == what.nearest.steps[item]
        assert item in what.met_by(Walks.of(play_graph(space), [(start, edges)]))[1]
        if edges:
            assert item not in what.met_by(Walks.of(play_graph(space), [(start, edges[:-1])]))[1]


@settings(max_examples=15)
@given(passages(circles=True))
def test_pairs__a_suite_covers_them_all(story):
    space = space_of(story, "P0")
    suite = find_suite(space, ("choice", "pair"))
    table = suite.coverage().set_index("level").loc[["choice", "pair"]]
    assert table["n_covered"].tolist() == table["n_reachable"].tolist()
    assert suite.lower_bound <= len(suite)
    assert suite.n_covered == suite.n_items
    assert suite.plan["n_new"].sum() <= suite.n_items
