"""What readers did against the model: figures by hand, and logs with a known truth."""

from __future__ import annotations

import numpy as np
import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.dropoff import drop_off, funnel, survival
from gamebook_lab.analysis.dwell import dwell_times
from gamebook_lab.analysis.group_differences import group_differences
from gamebook_lab.analysis.matching import match
from gamebook_lab.analysis.reader_fit import fit_reader, fit_readers, forecast, held_out
from gamebook_lab.analysis.reader_model import ReaderModel
from gamebook_lab.analysis.readership import choice_shares, ending_shares, passage_readership
from gamebook_lab.analysis.visits import visit_probabilities
from gamebook_lab.errors import UnknownPassageError
from tests.analysis.logs import sessions_of, simulated, walks

STORY = """:: StoryData
{"format":"SugarCube"}

:: Start
[[Left]] [[Right]] [[Up]]

:: Left
[[Mid]]

:: Right
[[Mid]]

:: Up
[[Roof]]

:: Mid
[[Go on->East]] [[Turn back->West]]

:: East
East it is.

:: West
West it is.

:: Roof
Up there.
"""


@pytest.fixture(scope="module")
def space():
    return gb.explore(gb.parse_twee(STORY))


def by_name(table, column="passage_id"):
    return {row[column]: row for row in table.to_dict("records")}


def test_visit_probabilities__each_passage_once(space):
    found, exact = visit_probabilities(space._graph)
    shares = dict(zip(space._graph.passages, found.tolist(), strict=True))
    assert exact
    assert (shares["Start"], shares["Mid"], shares["East"], shares["Roof"]) == pytest.approx((1.0, 2 / 3, 1 / 3, 1 / 3))


def test_visit_probabilities__circles_are_simulated():
    story = gb.parse_twee(":: Start\n[[Start]] [[End]] [[Other]]\n\n:: End\nDone.\n\n:: Other\nDone.\n")
    found, exact = visit_probabilities(gb.explore(story)._graph)
    assert not exact
    assert found.tolist() == pytest.approx([1.0, 0.5, 0.5], abs=0.01)


def test_passage_readership__never_read_is_found_and_nothing_invented(space):
    matched = match(
        space, sessions_of([["Start", "Left", "Mid", "East"]] * 20 + [["Start", "Right", "Mid", "West"]] * 18)
    )
    rows = by_name(passage_readership(matched))
    assert (rows["Roof"]["verdict"], rows["Roof"]["n_sessions"]) == ("never read", 0)
    assert rows["Roof"]["q_value"] < 0.001
    assert rows["Start"]["verdict"] == "as expected"
    assert rows["Mid"]["verdict"] == "more"
    assert rows["Left"]["share"] == pytest.approx(20 / 38)
    assert rows["Left"]["low"] < 20 / 38 < rows["Left"]["high"]


def test_choice_shares__of_those_who_stood_before_it(space):
    matched = match(space, sessions_of([["Start", "Left", "Mid", "East"]] * 30 + [["Start", "Up", "Roof"]] * 10))
    rows = by_name(choice_shares(matched), "label")
    assert (rows["Go on"]["n_offered"], rows["Go on"]["n_taken"], rows["Go on"]["expected"]) == (30, 30, 0.5)
    assert rows["Go on"]["verdict"] == "more"
    assert rows["Turn back"]["verdict"] == "never taken"
    assert rows["Up"]["share"] == 0.25


def test_ending_shares__false_discoveries_stay_at_their_rate(space):
    wrong = 0
    for seed in range(40):
        table = ending_shares(match(space, simulated(space, 300, seed)))
        assert table["n_sessions"].sum() == 300
        wrong += bool((table["q_value"] <= 0.05).any())
    assert wrong <= 6  # 5 % of 40 is 2, and luck may treble that


def test_readership__false_discoveries_stay_at_their_rate(space):
    wrong = total = 0
    for seed in range(60):
        table = choice_shares(match(space, simulated(space, 80, seed)))
        total += 1
        wrong += bool((table["q_value"] <= 0.05).any())
    # a run without any true difference counts as one false discovery at most 5 % of the time; 60 runs leave room for luck
    assert wrong <= 8, f"{wrong} of {total} runs invented a difference"


def test_fit_reader__truth_lies_within_the_intervals_at_their_rate(space):
    truth = {("Start", "Left"): 3.0, ("Mid", "Go on"): 4.0}
    model = space.with_reader(ReaderModel(truth))
    inside = total = 0
    for seed in range(40):
        matched = match(space, simulated(model, 150, seed))
        for row in by_name(choice_shares(matched), "label").values():
            true = {"Left": 0.6, "Right": 0.2, "Up": 0.2, "Go on": 0.8, "Turn back": 0.2}.get(row["label"])
            if true is not None:
                total += 1
                inside += row["low"] <= true <= row["high"]
    assert inside / total > 0.90, f"{inside} of {total}"


def test_fit_reader__finds_the_weights(space):
    model = space.with_reader(ReaderModel({("Start", "Left"): 3.0, ("Mid", "Go on"): 4.0}))
    matched = match(space, simulated(model, 4_000))
    endings = by_name(space.with_reader(fit_reader(matched).model).endings())
    true = by_name(model.endings())
    for name in true:
        assert endings[name]["probability"] == pytest.approx(true[name]["probability"], abs=0.03)
    assert "choice" in repr(fit_reader(matched))


def test_held_out__prefers_what_made_the_log(space):
    model = space.with_reader(ReaderModel({("Start", "Left"): 3.0, ("Mid", "Go on"): 4.0}))
    table = held_out(match(space, simulated(model, 400)))
    assert table["level"].tolist()[-1] == "uniform"
    assert table["perplexity"].is_monotonic_increasing
    with pytest.raises(ValueError, match="folds"):
        held_out(match(space, simulated(space, 3)), folds=5)


def test_fit_reader__a_state_may_differ_from_the_choice():
    story = gb.parse_twee(
        ':: StoryData\n{"format":"SugarCube"}\n\n:: Start\n[[A->Hall][$x to 1]] [[B->Hall][$x to 2]]\n\n:: Hall\n'
        "<<if $x is 1>>One.<</if>> [[Left]] [[Right]]\n\n:: Left\n<<if $x is 1>>[[End]]<<else>>[[Other]]<</if>>\n\n:: Right\nStop.\n\n:: End\nStop.\n\n:: Other\nStop.\n"
    )
    space = gb.explore(story)
    routes = (
        [["Start", "Hall", "Left", "End"]] * 80
        + [["Start", "Hall", "Right"]] * 20
        + [["Start", "Hall", "Left", "Other"]] * 20
    )
    log = sessions_of(routes)
    log.table["choice_id"] = None
    table = held_out(match(space, log), folds=4)
    assert set(table["level"]) == {"uniform", "choice", "state"}
    assert fit_reader(match(space, log), level="state").graph.probability.size == space.n_edges


def test_forecast__the_same_habits_in_an_edited_story(space):
    model = space.with_reader(ReaderModel({("Mid", "Go on"): 9.0}))
    fitted = fit_reader(match(space, simulated(model, 2_000)))
    edited = gb.explore(gb.parse_twee(STORY.replace("[[Left]] [[Right]] [[Up]]", "[[Left]] [[Right]]")))
    rows = by_name(forecast(fitted, edited))
    assert rows["Roof"]["after"] == 0.0
    assert rows["East"]["after"] == pytest.approx(0.9, abs=0.03)
    assert rows["East"]["before"] == pytest.approx(0.6, abs=0.03)


def test_group_differences__a_planted_one_is_found_and_no_other(space):
    bold = walks(space.with_reader(ReaderModel({("Start", "Up"): 6.0})), 120, seed=1)
    calm = walks(space, 120, seed=2)
    matched = match(space, sessions_of([each.passages(at) for each in (bold, calm) for at in range(120)]))
    group = {str(at): "bold" if at < 120 else "calm" for at in range(240)}
    found = group_differences(matched, group, n_permutations=499)
    assert found["label"].tolist()[0] == "Up"
    assert found["q_value"].tolist()[0] < 0.05
    assert not (found.loc[found["label"].isin(["Go on", "Turn back"]), "q_value"] < 0.05).any()
    assert found.attrs["groups"] == ("bold", "calm")
    models = fit_readers(matched, group)
    assert set(models) == {"bold", "calm"}
    with pytest.raises(ValueError, match="two groups"):
        group_differences(matched, dict.fromkeys(group, "all"))


def test_funnel_and_drop_off(space):
    routes = [["Start", "Left", "Mid"]] * 6 + [["Start", "Left", "Mid", "East"]] * 2 + [["Start"]] * 2
    matched = match(space, sessions_of(routes))
    assert funnel(matched, ["Start", "Mid", "East"])["n_sessions"].tolist() == [10, 8, 2]
    rows = by_name(drop_off(matched))
    assert (rows["Mid"]["n_left"], rows["Mid"]["n_sessions"], rows["Start"]["n_left"]) == (6, 8, 2)
    assert "East" not in rows
    with pytest.raises(UnknownPassageError):
        funnel(matched, ["Nowhere"])


def test_survival__finishing_is_not_giving_up(space):
    routes = [["Start", "Left", "Mid", "East"]] * 5 + [["Start", "Up", "Roof"]] * 3 + [["Start", "Left"]] * 2
    table = survival(match(space, sessions_of(routes)))
    assert table["n_left"].tolist() == [0, 2, 0, 0]
    assert table["n_finished"].tolist() == [0, 0, 3, 5]
    assert table["survival"].tolist() == pytest.approx([1.0, 0.8, 0.8, 0.8])
    assert (table["low"] <= table["survival"]).all()


def test_dwell_times__medians_and_reading_speed(space):
    routes = [["Start", "Left"]] * 9
    seconds = [[float(at + 1), float("nan")] for at in range(9)]
    row = by_name(dwell_times(sessions_of(routes, seconds=seconds), space.story))["Start"]
    assert (row["n"], row["median_seconds"], row["low_seconds"], row["high_seconds"]) == (9, 5.0, 2.0, 8.0)
    assert np.isfinite(row["words_per_minute"])
