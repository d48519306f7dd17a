"""Statistics of playthroughs and of a story's shape, against plain counting and shapes worked out by hand."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from gamebook_lab.analysis.length_distribution import length_distribution
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.playthrough_table import playthrough_table
from gamebook_lab.analysis.similarity import similarity
from gamebook_lab.analysis.structure import FEATURES, PATTERNS, branching, features, patterns
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.errors import LimitError
from gamebook_lab.kernels.edit_distance import edit_distance
from tests.analysis.generated import all_walks, passages
from tests.analysis.stories import by_name, space_of, to


def everything(space):
    return Walks.of(play_graph(space), all_walks(space))


def test_playthrough_table__words_and_shares():
    space = space_of({"Start": to("A", "B"), "A": to("Start2"), "B": to("End"), "Start2": to("End"), "End": to()})
    table = playthrough_table(space, everything(space))
    assert table["n_choices"].tolist() == [3, 2]
    assert table["n_passages"].tolist() == [4, 3]
    assert table["share_of_passages"].tolist() == [0.8, 0.6]
    assert table["stop"].tolist() == ["ending", "ending"]
    assert (table["n_words"] == table["n_words_seen"]).all()  # nothing is read twice
    words = dict(zip(space.story.passages["passage_id"], space.story.passages["n_words"], strict=True))
    assert table["n_words"].iloc[1] == words["Start"] + words["B"] + words["End"]
    assert table["share_of_words"].iloc[1] == pytest.approx(table["n_words"].iloc[1] / sum(words.values()))


def test_playthrough_table__what_is_read_again_is_seen_once():
    space = space_of({"Hub": to("A", "Out"), "A": to("Hub"), "Out": to()}, "Hub")
    graph = play_graph(space)
    hub, a = int(graph.indptr[0]), int(graph.indptr[1])
    row = playthrough_table(space, Walks.of(graph, [(0, [hub, a, hub, a, hub + 1])])).iloc[0]
    assert row["n_words"] > row["n_words_seen"]
    assert row["n_passages"] == 3


@settings(max_examples=25)
@given(passages())
def test_length_distribution__counts_as_one_by_one(story):
    space = space_of(story, "P0")
    table = length_distribution(space)
    lengths = Counter(len(way) for _, way in all_walks(space))
    assert {row["n_steps"]: row["n_playthroughs"] for row in table.to_dict("records") if row["n_playthroughs"]} == dict(
        lengths
    )
    assert table["cumulative"].iloc[-1] == pytest.approx(1.0)


def test_length_distribution__circles():
    table = length_distribution(space_of({"Hub": to("Hub", "Out"), "Out": to()}, "Hub"))
    assert table["n_playthroughs"].tolist()[:4] == [0, 1, 1, 1]
    assert table["probability"].tolist()[:4] == [0.0, 0.5, 0.25, 0.125]
    assert table["cumulative"].iloc[-1] >= 0.999
    assert len(length_distribution(space_of({"Hub": to("Hub", "Out"), "Out": to()}, "Hub"), longest=5)) == 6


def test_similarity__of_a_diamond():
    space = space_of({"Start": to("A", "B"), "A": to("End"), "B": to("End"), "End": to()})
    (row,) = similarity(space, everything(space), "passage").to_dict("records")
    assert (row["jaccard"], row["edit_distance"], row["likeness"]) == (0.5, 1, pytest.approx(2 / 3))
    assert len(similarity(space, [])) == 0


def test_similarity__too_many_are_refused():
    space = space_of({"Start": to()})
    with pytest.raises(LimitError, match="sample"):
        similarity(space, Walks.of(play_graph(space), [(0, [])] * 2_001))


@pytest.mark.parametrize(
    ("one", "other", "n"), [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2)]
)
@pytest.mark.parametrize("distance", [edit_distance, edit_distance.py_func])
def test_edit_distance__known_words(distance, one, other, n):
    import numpy as np

    assert distance(*(np.array([*map(ord, word)], np.int32) for word in (one, other))) == n


SHAPES = {
    "time cave": {"S": to("A", "B"), "A": to("C", "D"), "B": to("E", "F"), "C": to("G", "H"), **{x: to() for x in "DEFGH"}},
    "branch and bottleneck": {
        "S": to("A", "B"), "A": to("M"), "B": to("M"), "M": to("C", "D"), "C": to("N"), "D": to("N"), "N": to("E", "F"),
        "E": to("O"), "F": to("O"), "O": to(),
    },
    "open map": {"S": to("A", "B"), "A": to("S", "C"), "B": to("S", "C"), "C": to("A", "B", "End"), "End": to()},
    "sorting hat": {
        "S": to("A", "B", "C"), **{f"{t}{i}": to(f"{t}{i + 1}") for t in "ABC" for i in range(1, 6)},
        "A": to("A1"), "B": to("B1"), "C": to("C1"), **{f"{t}6": to() for t in "ABC"},
    },
}  # fmt: skip


@pytest.mark.parametrize("pattern", SHAPES)
def test_patterns__the_textbook_shape_fits_best(pattern):
    table = patterns(space_of(SHAPES[pattern], "S"))
    assert table["pattern"].iloc[0] == pattern, table.to_string()


def test_patterns__a_loop_that_grows():
    grow = {
        "Day": {"enter": [["add", "n", 1, 0, 4]], "choices": [{"to": "Work", "if": [["n", "<", 3]]}, {"to": "Rest", "if": [["n", "<", 4]]}, {"to": "End", "if": [["n", "==", 4]]}]},
        "Work": to("Day"), "Rest": to("Day"), "End": to(),
    }  # fmt: skip
    space = space_of(grow, "Day")
    values = dict(zip(*(features(space)[name] for name in ("feature", "value")), strict=True))
    assert values["growing"] == 1.0
    assert values["largest_circle"] == 0.75


def test_features__each_is_a_share_and_defined():
    assert {mark.removeprefix("not ") for marks in PATTERNS.values() for mark in marks} <= set(FEATURES)
    assert features(space_of({"Start": to()}))["value"].between(0, 1).all()


@settings(max_examples=20)
@given(passages(circles=True))
def test_features__are_shares_whatever_the_story(story):
    space = space_of(story, "P0")
    assert features(space)["value"].between(0, 1).all()
    assert patterns(space)["score"].between(0, 1).all()


def test_branching__ways_in_and_out():
    rows = by_name(branching(space_of({"Start": to("A", "B", "B"), "A": to("B"), "B": to()})))
    assert (rows["Start"]["n_ways_out"], rows["B"]["n_ways_in"], rows["B"]["depth"]) == (2, 2, 1)
    assert rows["Start"]["most_offers"] == 3
