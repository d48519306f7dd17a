"""The state graph says what a naive exploration says, on stories that nobody made up with care."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_language import json_story
from naive import Naive

import gamebook_lab as gb
from gamebook_lab.engine import cache, explorer
from gamebook_lab.engine.exploration import explore, play
from gamebook_lab.engine.stops import Stop
from gamebook_lab.story.frozen import UNSET

VARIABLES = st.sampled_from(["a", "b", "c", "d"])
SMALL = st.integers(0, 2)
CONDITIONS = st.lists(st.tuples(VARIABLES, st.sampled_from(["==", "!=", "<", ">="]), SMALL), max_size=2)
SETS = st.tuples(st.just("set"), VARIABLES, SMALL)
ADDS = st.tuples(st.just("add"), VARIABLES, st.sampled_from([-1, 1]), st.just(0), st.just(2))
ROLLS = st.tuples(st.just("roll"), VARIABLES, st.integers(2, 3))
STATEMENTS = st.lists(st.one_of(SETS, SETS, ADDS, ADDS, ROLLS), max_size=2)


@st.composite
def stories(draw, *, forward=False):
    n = draw(st.integers(2, 6))
    passages = {"begin": {"enter": draw(STATEMENTS)}}

    def target(at):
        return draw(st.sampled_from([f"P{to}" for to in range(at + 1 if forward else 0, n)] + ["nowhere"]))

    def choice(at):
        return {"to": target(at), "if": draw(CONDITIONS), "do": draw(STATEMENTS)}

    for at in range(n):
        said = {"enter": draw(STATEMENTS), "choices": [choice(at) for _ in range(draw(st.integers(0, 3)))]}
        if draw(st.integers(0, 4)) == 0:
            said["goto"] = [draw(CONDITIONS), target(at)]
        if draw(st.integers(0, 3)) == 0:
            said["reveals"] = [
                {"if": draw(CONDITIONS), "choices": [{"to": target(at), "do": draw(STATEMENTS)}]}
                for _ in range(draw(st.integers(1, 2)))
            ]
        passages[f"P{at}"] = said
    return passages


def goto_terminates(passages):
    """Naive takes a second visit in one arrival for endless; so leave out stories where values may end it."""
    for name in passages:
        seen, at = set(), name
        while at in passages and passages[at].get("goto"):
            if at in seen:
                return False
            seen.add(at)
            at = passages[at]["goto"][1]
    return True


def depths(space):
    depth = np.zeros(space.n_states, int)
    for state, parent in enumerate(space.parent.tolist()):
        if parent >= 0:
            depth[state] = depth[parent] + 1
    return depth


def lengths(space):
    found = {}
    for state, depth in enumerate(depths(space).tolist()):
        for branch in space.explorer.table.situations[space.situation[state]].branches:
            for name in branch.passages:
                found.setdefault(name, depth)
    return found


def choices(space):
    ways = (space.ways[way] for way in np.unique(space.edge_way()).tolist())
    return {
        (way.branch.passages[-1], way.leading.clicks[-1].offer.label)
        for way in ways
        if way.leading and way.leading.clicks
    }


def ends(space):
    """Passages where play stops: states that stop, and branches that do."""
    found = set()
    for state in np.flatnonzero((space.stop > 0) & (space.stop != Stop.MISSING)).tolist():
        found.add(space.explorer.table.situations[space.situation[state]].branches[0].passages[-1:])
    for edge in np.flatnonzero(space.target < -1).tolist():
        found.add(space.ways[space.edge_way()[edge]].branch.passages[-1:])
    return {each[0] for each in found if each}


def ending_probabilities(space):
    """By back-substitution along the passages' order, which all edges follow."""
    mass = np.zeros(space.n_states)
    mass[space.initial] = space.initial_probability
    probability, ways, found = space.edge_probability(), space.edge_way(), {}

    def order(state):
        return int(space.places[space.location[state]].removeprefix("P"))

    def add(key, amount):
        found[key] = found.get(key, 0) + amount

    for state in sorted(range(space.n_states), key=order):
        edges = range(space.indptr[state], space.indptr[state + 1])
        if not edges:
            add(space.explorer.table.situations[space.situation[state]].branches[0].passages[-1], mass[state])
        for edge in edges:
            to, amount = space.target[edge], mass[state] * probability[edge]
            if to >= 0:
                mass[to] += amount
            else:
                add(None if to == -1 else ways_passage(space, ways[edge]), amount)
    return found


def ways_passage(space, way):
    return space.ways[way].branch.passages[-1]


@settings(max_examples=200)
@given(stories().filter(goto_terminates), st.booleans())
def test_explore__finds_what_a_naive_exploration_finds(passages, reduce):
    naive = Naive(passages, "P0")
    space = explore(json_story(passages, "P0"), reduce=reduce, threads=1)
    assert space.is_exact
    assert lengths(space) == naive.length
    assert choices(space) == naive.choices
    assert ends(space) == naive.ends
    if not reduce:
        assert space.n_states <= len(naive.n_steps)


@settings(max_examples=60)
@given(stories().filter(goto_terminates))
def test_explore__is_the_same_however_fields_grow(passages):
    story = json_story(passages, "P0")
    with mock.patch.dict(cache._widths, clear=True):
        packed = explore(story, threads=1)
        expected = explore(story, threads=1)  # with fields as wide as they were in the end
    with mock.patch.dict(cache._widths, clear=True), mock.patch.object(explorer, "_FEW", 0):
        moved = explore(story, threads=1)
    for other in (expected, moved):
        assert np.array_equal(packed.target, other.target)
        assert np.array_equal(packed.location, other.location)
        assert [packed.values(state) for state in range(packed.n_states)] == [
            other.values(state) for state in range(other.n_states)
        ]


@settings(max_examples=100)
@given(stories(forward=True), st.booleans())
def test_explore__ending_probabilities_are_those_of_a_naive_exploration(passages, reduce):
    space = explore(json_story(passages, "P0"), reduce=reduce, threads=1)
    expected = Naive(passages, "P0").ending_probabilities("P0")
    found = ending_probabilities(space)
    assert sum(found.values()) == pytest.approx(1, abs=1e-12)
    assert {key: value for key, value in found.items() if value} == pytest.approx(
        {key: float(value) for key, value in expected.items()}, abs=1e-12
    )


@settings(max_examples=60)
@given(stories().filter(goto_terminates))
def test_witness__plays_to_its_state(passages):
    story = json_story(passages, "P0")
    space = explore(story, threads=1)
    for state in range(space.n_states):
        played = play(story, space.witness(state))
        place = space.places[space.location[state]]
        assert played.places[-1] == place
        for name, value in space.values(state).items():
            assert played.values[-1].get(name, UNSET) == value


@settings(max_examples=30)
@given(stories())
def test_explore__is_the_same_on_any_number_of_threads(passages):
    one, two = (explore(json_story(passages, "P0"), threads=threads) for threads in (1, 2))
    assert one.n_states == two.n_states
    assert np.array_equal(one.target, two.target)
    assert np.array_equal(one.location, two.location)
    assert np.array_equal(one.stop, two.stop)


def test_playthrough__over_an_edge_where_play_stops_as_drawn_replays():
    roll = {"enter": [["roll", "x", 2]], "choices": [{"to": "End", "if": [["x", "==", 1]]}]}
    space = explore(json_story({"Start": {"choices": [{"to": "Roll"}]}, "Roll": roll, "End": {}}, "Start"))
    stops = [edge for edge in range(space.n_edges) if space.target[edge] < -1]
    assert stops
    for edge in stops:
        played = play(space.story, space.witness(int(space.edge_source()[edge]), edge=edge))
        assert played.places[-1].passage == "Roll"


@pytest.mark.parametrize(
    "added", [":: Other\n<<set $coins to 3>><<if $coins>>[[End]]<</if>>\n", ":: Elsewhere\nA new place.\n"]
)
def test_explore__what_may_do_anything_rests_on_the_whole_story(added):
    head = ':: StoryData\n{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B11", "format": "SugarCube", "start": "Start"}\n\n'
    body = ":: Start\n<<nobodys>>[[Other]]\n\n:: End\nThe end.\n\n"
    story = gb.parse_twee(head + body + ":: Other\nHere.\n")
    assert explore(story, threads=1).n_states > 0
    edited = gb.parse_twee(head + body + added + ("" if "Other" in added else "\n:: Other\nHere.\n"))
    again = explore(edited, threads=1)
    cache._locations.clear()
    fresh = explore(edited, threads=1)
    assert (again.n_states, again.target.tolist()) == (fresh.n_states, fresh.target.tolist())
    assert [again.values(state) for state in range(again.n_states)] == [
        fresh.values(state) for state in range(fresh.n_states)
    ]


def test_explore__to_ask_for_a_passage_is_not_to_go_there():
    head = ':: StoryData\n{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B12", "format": "SugarCube", "start": "Hall"}\n\n'
    body = (
        ":: Hall\n<<set $x to random(1, 4)>>[[Stairs]]\n\n"
        ":: Stairs\n<<if $x is 1>>[[A|Attic]]<</if>>[[B|Attic]]\n\n"
        ':: Attic\n<<if visited("Stairs")>>[[Roof]]<</if>>\n\n:: Roof\nThe end.\n'
    )
    space = explore(gb.parse_twee(head + body), threads=1)
    assert space.is_exact
    assert [space.places[at] for at in space.location.tolist()].count("Attic") == 1
