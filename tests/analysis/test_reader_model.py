"""A reader model's weights become probabilities, and counts become weights."""

from __future__ import annotations

import numpy as np
import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.endings import ending_probabilities
from gamebook_lab.analysis.explored import explore
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.reader_model import UNIFORM, ReaderModel
from gamebook_lab.errors import UnknownChoiceError
from tests.analysis.stories import by_name, space_of, to

TWEE = """:: StoryData
{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B11", "format": "SugarCube", "start": "Start"}

:: Start
[[Left]] [[Right]] [[Nowhere]]

:: Left
It ends well.

:: Right
<<if random(1, 4) is 1>>[[Left]]<<else>>[[Deep]] [[Left]]<</if>>

:: Deep
It ends badly.
"""


@pytest.fixture(scope="module")
def space():
    return explore(gb.parse_twee(TWEE), threads=1)


def ending(space, name):
    return by_name(space.endings())[name]["probability"]


def choice_id(space, target, passage="Start"):
    choices = space.story.choices
    return choices.loc[(choices["target"] == target) & (choices["passage_id"] == passage), "choice_id"].iloc[0]


def test_with_reader__weights_by_choice_and_by_label(space):
    # links to nothing are tried and left; of three ways on in four, two are offered
    assert ending(space, "Deep") == pytest.approx(1 / 2 * 3 / 4 * 1 / 2)
    by_id = space.with_reader(ReaderModel({choice_id(space, "Right"): 3}))
    assert ending(by_id, "Deep") == pytest.approx(3 / 4 * 3 / 4 * 1 / 2)
    by_label = space.with_reader(ReaderModel({("Start", "Right"): 3, ("Right", "Deep"): 0.5}))
    assert ending(by_label, "Deep") == pytest.approx(3 / 4 * 3 / 4 * 1 / 3)
    assert by_label.endings()["probability"].sum() == pytest.approx(1.0)
    assert ending(space, "Deep") == pytest.approx(3 / 16)  # the first is as it was


def test_with_reader__weight_0_is_never_taken_and_stays_reachable(space):
    never = space.with_reader(ReaderModel({choice_id(space, "Right"): 0}))
    rows = by_name(never.passages())
    assert (rows["Right"]["verdict"], rows["Right"]["expected_visits"]) == ("reachable", 0.0)
    assert rows["Left"]["expected_visits"] == pytest.approx(1.0)
    assert not rows["Right"]["is_luck_only"]


def test_with_reader__all_weights_0_are_alike(space):
    nothing = space.with_reader(ReaderModel(default=0))
    assert ending(nothing, "Deep") == pytest.approx(3 / 16)


def test_with_reader__expected_lengths_and_classes(space):
    hasty = space.with_reader(ReaderModel({choice_id(space, "Left"): 1e9}))
    assert by_name(hasty.lengths())["Left"]["expected_choices"] == pytest.approx(1.0)
    assert hasty.choices()["class_"].tolist() == space.choices()["class_"].tolist()
    assert hasty.reader.weights[choice_id(space, "Left")] == 1e9


def test_with_reader__names_what_is_not_there(space):
    with pytest.raises(UnknownChoiceError, match="99:0"):
        space.with_reader(ReaderModel({"99:0": 2}))
    with pytest.raises(UnknownChoiceError, match="Up"):
        space.with_reader(ReaderModel({("Start", "Up"): 2}))


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf")])
def test_reader_model__refuses_what_is_no_weight(weight):
    with pytest.raises(ValueError, match="weight of"):
        ReaderModel({"1:0": weight})


def test_play_graph__a_reader_needs_the_space(space):
    with pytest.raises(TypeError, match="needs the space"):
        play_graph(play_graph(space), UNIFORM)


def test_reader_model__equal_weights_are_uniform(space):
    same = play_graph(space, ReaderModel({("Start", "Left"): 2, ("Start", "Right"): 2, ("Start", "Nowhere"): 2}))
    np.testing.assert_allclose(same.probability, play_graph(space).probability)
    assert ReaderModel().is_uniform


def test_reader_model__what_nobody_knows_stays_unknown():
    guess = {"enter": [["guess", "x", 2]], "choices": [{"to": "End", "if": [["x", "==", 0]]}, {"to": "Bad"}]}
    unknown = space_of({"Start": guess, "End": {}, "Bad": {}})
    row = by_name(ending_probabilities(play_graph(unknown, ReaderModel({("Start", ":0"): 3}, default=2))))["Bad"]
    assert np.isnan(row["probability"])


def counts(space, taken):
    """Of each edge, how often it was taken: by passage and target."""
    graph = play_graph(space)
    found = np.zeros(space.n_edges)
    for edge, (source, target) in enumerate(zip(graph.source, graph.indices, strict=True)):
        if target >= 0:
            found[edge] = taken.get((graph.passages[graph.passage[source]], graph.passages[graph.passage[target]]), 0)
    return found


def test_from_counts__on_one_menu_they_are_shares():
    space = space_of({"Start": to("A", "B", "C"), "A": {}, "B": {}, "C": {}})
    taken = counts(space, {("Start", "A"): 6, ("Start", "B"): 3})
    table = by_name(ending_probabilities(play_graph(space, ReaderModel.from_counts(space, taken, smoothing=0))))
    assert [table[name]["probability"] for name in "ABC"] == pytest.approx([6 / 9, 3 / 9, 0])
    table = by_name(ending_probabilities(play_graph(space, ReaderModel.from_counts(space, taken))))
    assert [table[name]["probability"] for name in "ABC"] == pytest.approx([7 / 12, 4 / 12, 1 / 12])


def test_from_counts__an_offer_is_judged_by_what_stood_beside_it(space):
    taken = np.zeros(space.n_edges)
    graph = play_graph(space)
    at_right = np.flatnonzero([graph.passages[graph.passage[node]] == "Right" for node in graph.source])
    deep = [edge for edge in at_right if graph.passages[graph.passage[graph.indices[edge]]] == "Deep"]
    alone = [edge for edge in at_right if np.isclose(graph.probability[edge], 1 / 4)]
    taken[deep], taken[alone] = 30, 1000  # where nothing else was offered, nothing is learnt
    model = ReaderModel.from_counts(space, taken, smoothing=0.001)
    deeper = play_graph(space, model).probability
    assert deeper[deep].sum() == pytest.approx(3 / 4, rel=1e-3)


def test_from_counts__finds_the_weights_that_made_them():
    chance = np.random.default_rng(5)
    passages = {f"P{i}": to(*(f"P{i + k}" for k in range(1, 4))) for i in range(30)}
    passages |= {f"P{i}": {} for i in range(30, 33)}
    space = space_of(passages, "P0")
    truth = ReaderModel({("P0", label): weight for label, weight in zip(labels(space, "P0"), (5, 1, 2), strict=True)})
    graph = play_graph(space, truth)
    first = slice(int(graph.indptr[0]), int(graph.indptr[1]))
    taken = np.zeros(space.n_edges)
    taken[first] = chance.multinomial(100_000, graph.probability[first])
    fitted = play_graph(space, ReaderModel.from_counts(space, taken))
    np.testing.assert_allclose(fitted.probability, graph.probability, atol=0.01)


def labels(space, passage):
    return space.offers.loc[space.offers["passage_id"] == passage, "label"].tolist()


def test_from_counts__refuses_what_does_not_fit(space):
    with pytest.raises(ValueError, match="count for each"):
        ReaderModel.from_counts(space, [1, 2])
    with pytest.raises(ValueError, match="from 0 up"):
        ReaderModel.from_counts(space, np.full(space.n_edges, -1))
