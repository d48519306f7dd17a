"""Suites cover all that can be covered, with few playthroughs, and say how few there could be."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings

from gamebook_lab.analysis.coverage import coverage
from gamebook_lab.analysis.levels import level
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.suites import find_suite
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.engine.exploration import play
from tests.analysis.generated import all_walks, passages
from tests.analysis.stories import space_of, to


def covers_all(suite, names):
    table = coverage(suite.space, suite.walks, names)
    return table["n_covered"].tolist() == table["n_reachable"].tolist()


def test_find_suite__a_diamond_takes_two():
    suite = find_suite(space_of({"Start": to("A", "B"), "A": to("End"), "B": to("End"), "End": {}}))
    assert len(suite) == suite.lower_bound == 2
    assert suite.is_optimal
    assert suite.walks.is_complete.all()
    assert "no fewer would do" in repr(suite)


def test_find_suite__a_circle_is_swept_in_one_go():
    suite = find_suite(
        space_of({"Hub": to("A", "B", "C", "Out"), "A": to("Hub"), "B": to("Hub"), "C": to("Hub"), "Out": {}}, "Hub")
    )
    assert len(suite) == 1
    assert suite.walks.n_choices.tolist() == [7]
    assert suite.walks.is_complete.all()


def test_find_suite__a_playthrough_is_not_much_longer_than_asked():
    story = {"Hub": to(*(f"P{i}" for i in range(30)), "Out"), **{f"P{i}": to("Hub") for i in range(30)}, "Out": {}}
    suite = find_suite(space_of(story, "Hub"), longest=10)
    assert covers_all(suite, ["choice"])
    assert 4 <= len(suite) <= 7
    assert suite.walks.n_choices.max() <= 13


def test_find_suite__who_is_caught_stops_when_all_is_seen():
    suite = find_suite(space_of({"Start": to("Trap", "End"), "Trap": to("Trap"), "End": {}}))
    assert covers_all(suite, ["choice"])
    assert sorted(suite.walks.is_complete.tolist()) == [False, True]


def test_find_suite__a_story_without_choices():
    suite = find_suite(space_of({"Start": {}}))
    assert (len(suite), suite.lower_bound, suite.n_items) == (0, 0, 0)
    assert len(find_suite(space_of({"Start": {}}), "passage")) == 1


def test_find_suite__a_level_is_needed():
    with pytest.raises(ValueError, match="at least one"):
        find_suite(space_of({"Start": {}}), ())


def fewest(space, name):
    """The size of a smallest suite, by trying all."""
    walks = Walks.of(play_graph(space), all_walks(space))
    walk, item = level(space, name).met_by(walks)
    met = {frozenset(item[walk == at].tolist()) for at in range(len(walks))}
    met = [each for each in met if not any(each < other for other in met)]
    everything = set(item.tolist())
    sizes = range(len(met) + 1)
    return next(n for n in sizes if any(set().union(*some) == everything for some in combinations(met, n)))


@settings(max_examples=30)
@given(passages())
@pytest.mark.parametrize("name", ["choice", "passage", "ending"])
def test_find_suite__is_as_small_as_can_be(name, story):
    space = space_of(story, "P0")
    suite = find_suite(space, name)
    assert covers_all(suite, [name])
    assert len(suite) == suite.lower_bound == fewest(space, name)


@settings(max_examples=20)
@given(passages())
def test_find_suite__greedy_alone_covers_all_and_its_bound_holds(story):
    space = space_of(story, "P0")
    suite = find_suite(space, improve_seconds=0)
    assert covers_all(suite, ["choice"])
    assert suite.lower_bound <= fewest(space, "choice") <= len(suite)


@settings(max_examples=30)
@given(passages(circles=True))
def test_find_suite__circles_and_all(story):
    space = space_of(story, "P0")
    suite = find_suite(space, ("choice", "ending"))
    assert covers_all(suite, ["choice", "ending"])
    assert suite.lower_bound <= len(suite)
    for way in suite:
        play(space.story, way)
