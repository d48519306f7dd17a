"""At any limit the result is partial and says so; what is not modelled is never taken for known."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict

import numpy as np
import pytest
from json_language import JsonLanguage, JsonPlayer, json_story

from gamebook_lab.analysis.findings import findings
from gamebook_lab.engine import cache, explorer, packing, recording, relevance, states
from gamebook_lab.engine.exploration import explore, play
from gamebook_lab.engine.limits import n_bytes
from gamebook_lab.engine.playthrough import Playthrough
from gamebook_lab.engine.stops import Stop
from gamebook_lab.errors import PlayError

COUNTER = {
    "P0": {
        "choices": [
            {"to": "P0", "do": [["add", "a", 1, 0, 40]]},
            {"to": "P0", "do": [["add", "b", 1, 0, 40]]},
            {"to": "P1", "if": [["a", "==", 40], ["b", "==", 40]]},
        ]
    },
    "P1": {"choices": []},
}


def counter():
    return json_story(COUNTER, "P0")


def test_explore__counts_to_the_end():
    space = explore(counter())
    assert (space.n_states, space.n_edges) == (41 * 41 + 1, 41 * 41 * 2 + 1)
    assert space.is_exact
    last = space.n_states - 1
    assert space.stop[last] == Stop.ENDING
    assert len(space.witness(last)) == 81
    assert play(counter(), space.witness(last)).places[-1] == "P1"


def test_explore__moves_fields_that_grow_late(monkeypatch):
    monkeypatch.setattr(explorer, "_FEW", 0)
    monkeypatch.setattr(cache, "_widths", OrderedDict())
    assert explore(counter()).n_states == 41 * 41 + 1


@pytest.mark.parametrize(
    ("limit", "name"), [({"max_states": 100}, "max_states"), ({"seconds": 0}, "seconds"), ({"memory": 1}, "memory")]
)
def test_explore__stops_at_a_limit(limit, name):
    space = explore(counter(), **limit)
    assert space.limit == name
    assert not space.is_exact
    assert (space.stop[space.n_explored :] == Stop.UNKNOWN).all()
    assert space.n_states <= 110


def test_explore__seconds_are_those_of_the_clock():
    assert explore(counter(), seconds=0.001, clock=lambda: 7.0).is_complete, "no time has passed by it"
    ticks = itertools.count()
    assert explore(counter(), seconds=3, clock=lambda: float(next(ticks))).limit == "seconds"


def test_explore__a_partial_result_is_the_same_on_any_number_of_threads():
    one, two = (explore(counter(), max_states=500, threads=threads) for threads in (1, 2))
    assert np.array_equal(one.target, two.target)
    assert np.array_equal(one.situation, two.situation)


def many_variables(passages):
    """One passage after another, each with a counter of its own; and then these passages."""
    n = 10
    counting = {
        f"C{at}": {
            "choices": [
                {"to": f"C{at}", "do": [["add", f"c{at}", 1, 0, 200]], "if": [[f"c{at}", "<", 200]]},
                {"to": f"C{at + 1}" if at + 1 < n else "P0"},
            ]
        }
        for at in range(n)
    }
    return json_story({**passages, **counting}, "C0")


def test_explore__memory_goes_as_far_whatever_an_earlier_version_needed(monkeypatch):
    monkeypatch.setattr(cache, "_widths", OrderedDict())
    never = [[f"c{at}", "==", 1] for at in range(10)]
    counts = [{"to": "P0", "do": [["add", name, 1, 0, 80]]} for name in "ab"]
    end = {"to": "P1", "if": [["a", "==", 80], ["b", "==", 80], *never]}
    story = json_story({"P0": {"choices": [*counts, end]}, "P1": {}}, "P0")
    first = explore(story, memory=130_000)
    assert first.limit == "memory"
    assert first.n_explored > 0
    assert explore(many_variables({"P0": {}})).is_complete
    again = explore(story, memory=130_000)
    assert again.limit == "memory"
    assert np.array_equal(first.target, again.target)
    assert np.array_equal(first.situation, again.situation)


def test_explore__stops_when_told_to_and_says_how_far_it_is():
    stop, said = threading.Event(), []

    def progress(now):
        said.append(now)
        stop.set()

    space = explore(counter(), progress=progress, stop=stop)
    assert space.limit == "stopped"
    assert len(said) == 1
    assert said[0].n_states == space.n_states


def test_explore__an_unknown_decision_goes_either_way_and_is_not_exact():
    story = json_story(
        {"P0": {"enter": [["guess", "a", 2]], "choices": [{"to": "P1", "if": [["a", "==", 1]]}]}, "P1": {}}, "P0"
    )
    space = explore(story)
    assert space.is_complete
    assert not space.is_exact
    assert [each.what for each in space.unclear] == ["guess"]
    assert set(space.target.tolist()) == {1, -1 - Stop.STUCK}
    assert np.isnan(space.edge_probability()).all()


def test_explore__an_unknown_decision_that_changes_nothing_keeps_it_exact():
    story = json_story({"P0": {"enter": [["guess", "a", 2]], "choices": [{"to": "P1"}]}, "P1": {}}, "P0")
    assert explore(story).is_exact


def test_explore__gotos_that_never_end_are_found():
    space = explore(json_story({"P0": {"goto": [[], "P1"]}, "P1": {"goto": [[], "P0"]}}, "P0"))
    assert space.stop.tolist() == [Stop.ENDLESS]


def test_explore__a_passage_that_never_ends_is_found(monkeypatch):
    monkeypatch.setattr(recording, "MOST_STEPS", 3)
    space = explore(
        json_story({"P0": {"enter": [["set", "a", 1]] * 5, "choices": [{"to": "P0", "if": [["a", "==", 1]]}]}}, "P0")
    )
    assert space.stop.tolist() == [Stop.ENDLESS]
    assert [(each.what, each.place.passage) for each in space.unclear] == [
        ("code that runs for more than 3 steps", "P0")
    ]


def test_explore__broken_links_and_stuck_readers():
    story = json_story({"P0": {"choices": [{"to": "nowhere"}]}}, "P0")
    assert explore(story).stop.tolist() == [Stop.MISSING]
    story = json_story({"P0": {"choices": [{"to": "P0", "if": [["a", "==", 1]]}]}}, "P0")
    assert explore(story).stop.tolist() == [Stop.STUCK]


def test_explore__more_chance_than_is_tried_is_not_complete(monkeypatch):
    monkeypatch.setattr(recording, "MOST_OUTCOMES", 2)
    story = json_story(
        {"P0": {"enter": [["roll", "a", 3]], "choices": [{"to": "P1", "if": [["a", "==", 2]]}]}, "P1": {}}, "P0"
    )
    assert not explore(story).is_complete


def test_explore__a_story_without_a_start_has_no_states():
    space = explore(json_story({"P0": {}}, "elsewhere"))
    assert (space.n_states, space.n_edges) == (0, 0)


def test_play__refuses_what_is_not_offered():
    space = explore(counter())
    way = space.witness(space.n_states - 1)
    with pytest.raises(PlayError, match="is not offered there"):
        play(counter(), Playthrough(way.detail, way.start, way.steps[-1:]))


@pytest.mark.parametrize(("size", "n"), [("2GB", 2 * 10**9), ("512 MiB", 2**29), (1000, 1000), ("1.5k", 1500)])
def test_n_bytes__reads_sizes(size, n):
    assert n_bytes(size) == n


@pytest.mark.parametrize("size", ["", "many", -1, True, "2XB"])
def test_n_bytes__refuses_what_is_no_size(size):
    with pytest.raises(ValueError, match="memory is"):
        n_bytes(size)


@pytest.mark.parametrize("wrong", [{"detail": "all"}, {"threads": 0}])
def test_explore__refuses_options_that_make_no_sense(wrong):
    with pytest.raises(ValueError, match="is "):
        explore(counter(), **wrong)


def test_explore__goes_on_beyond_what_arrays_reserve(monkeypatch):
    monkeypatch.setattr(states, "_RESERVED", 0)
    monkeypatch.setattr(states, "_FEWEST", 8)
    space = explore(counter())
    monkeypatch.undo()
    expected = explore(counter())
    assert np.array_equal(space.target, expected.target)
    assert np.array_equal(space.situation, expected.situation)


def test_states__a_story_of_a_few_thousand_reserves_no_more_than_some_of_them():
    held = states.States(packing.Layout.of([30]))
    held.make_room(5_000, 9_000)
    assert 5_000 <= len(held.words) <= 100_000
    assert 9_000 <= len(held.target) <= 200_000
    assert held.bytes_to_hold(5_000, 9_000) == 5_000 * (8 + 4) + 9_000 * 4 + 16_384 * 4


class Counted:
    """Calls something as before, and sets ``stop`` at the third time."""

    def __init__(self, what, stop):
        self.what, self.stop, self.n = what, stop, 0

    def __call__(self, *args, **kwargs):
        self.n += 1
        if self.n == 3:
            self.stop.set()
        return self.what(*args, **kwargs)

    def __get__(self, owner, _kind=None):
        return lambda *args, **kwargs: self(owner, *args, **kwargs)


@pytest.mark.parametrize(
    ("of", "name"),
    [(JsonLanguage, "parse"), (JsonPlayer, "sources"), (JsonPlayer, "summary"), (relevance, "_needed")],
    ids=["parsing", "reading what is included", "summing up", "liveness"],
)
def test_explore__can_be_stopped_before_there_are_states(of, name, monkeypatch):
    stop = threading.Event()
    counted = Counted(getattr(of, name), stop)
    monkeypatch.setattr(of, name, counted)
    story = json_story({f"P{at}": {"choices": [{"to": f"P{at + 1}"}]} for at in range(200)}, "P0")
    space = explore(story, stop=stop)
    assert (space.limit, space.n_states, space.is_complete) == ("stopped", 0, False)
    if name != "_needed":  # which is asked for all passages before the work on them begins
        assert counted.n == 3
    assert findings(space).passages["verdict"].unique().tolist() == ["unknown"]
    monkeypatch.undo()
    assert explore(story).n_states == 200


def test_explore__goes_on_with_what_was_parsed_before_it_was_stopped(monkeypatch):
    stop = threading.Event()
    counted = Counted(JsonLanguage.parse, stop)
    monkeypatch.setattr(JsonLanguage, "parse", counted)
    story = json_story({f"P{at}": {"choices": [{"to": f"P{at + 1}"}]} for at in range(200)}, "P0")
    explore(story, stop=stop)
    explore(story)
    assert counted.n == 200
