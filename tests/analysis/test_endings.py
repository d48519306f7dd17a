import numpy as np
import pytest

from gamebook_lab.analysis.endings import ending_probabilities
from tests.analysis.stories import by_name, space_of, to


def test_ending_probabilities__a_diamond():
    table = ending_probabilities(
        space_of({"Start": to("A", "B"), "A": to("End", "Other"), "B": to("End"), "End": {}, "Other": {}})
    )
    rows = by_name(table)
    assert rows["End"]["probability"] == pytest.approx(0.75)
    assert rows["Other"]["probability"] == pytest.approx(0.25)
    assert (rows["End"]["n_playthroughs"], rows["Other"]["n_playthroughs"]) == (2, 1)
    assert set(table["stop"]) == {"ending"}


def test_ending_probabilities__parallel_choices_count_each():
    (row,) = ending_probabilities(space_of({"Start": to("End", "End", "End"), "End": {}})).to_dict("records")
    assert row["n_playthroughs"] == 3
    assert row["probability"] == pytest.approx(1.0)


def test_ending_probabilities__a_circle_with_a_way_out_and_one_without():
    passages = {"Start": to("Ring", "Trap"), "Ring": to("Ring", "Start", "End"), "Trap": to("Trap"), "End": {}}
    rows = by_name(ending_probabilities(space_of(passages)))
    # from the ring 1/3 back to the start and 1/3 out, so 1/2 each: end = 1/2 (1/2 + 1/2 end)
    assert rows["End"]["probability"] == pytest.approx(1 / 3)
    assert rows[""]["probability"] == pytest.approx(2 / 3)
    assert rows[""]["stop"] == "endless"
    assert rows["End"]["n_playthroughs"] is None


def test_ending_probabilities__a_link_to_nothing_is_tried_and_left():
    rows = by_name(ending_probabilities(space_of({"Start": to("A", "nowhere", "B"), "A": {}, "B": to("nowhere")})))
    assert rows["A"]["probability"] == pytest.approx(0.5)
    assert (rows["B"]["probability"], rows["B"]["stop"]) == (pytest.approx(0.5), "missing passage")


def test_ending_probabilities__what_nobody_knows_gives_bounds():
    guess = {"enter": [["guess", "x", 2]]}
    passages = {
        "Start": to("Known", "Guess"),
        "Known": to("End"),
        "Guess": {**guess, "choices": [{"to": "End", "if": [["x", "==", 0]]}, {"to": "Bad", "if": [["x", "==", 1]]}]},
        "End": {},
        "Bad": {},
    }
    rows = by_name(ending_probabilities(space_of(passages)))
    assert (rows["End"]["lower"], rows["End"]["upper"]) == (pytest.approx(0.5), pytest.approx(1.0))
    assert (rows["Bad"]["lower"], rows["Bad"]["upper"]) == (pytest.approx(0.0), pytest.approx(0.5))
    assert np.isnan(rows["End"]["probability"])
    # the same with a circle
    passages["Known"] = to("End", "Known")
    rows = by_name(ending_probabilities(space_of(passages)))
    assert (rows["End"]["lower"], rows["End"]["upper"]) == (pytest.approx(0.5), pytest.approx(1.0))
    assert (rows["Bad"]["lower"], rows["Bad"]["upper"]) == (pytest.approx(0.0), pytest.approx(0.5))


def test_ending_probabilities__chance():
    roll = {
        "enter": [["roll", "x", 6]],
        "choices": [{"to": "Six", "if": [["x", "==", 5]]}, {"to": "Less", "if": [["x", "<", 5]]}],
    }
    rows = by_name(ending_probabilities(space_of({"Start": roll, "Six": {}, "Less": {}})))
    assert rows["Six"]["probability"] == pytest.approx(1 / 6)


def test_ending_probabilities__a_limit_leaves_bounds():
    passages = {f"P{i}": to(f"P{i + 1}", "End") for i in range(200)} | {"P200": {}, "End": {}}
    space = space_of(passages, "P0", max_states=50)
    assert not space.is_complete
    row = by_name(ending_probabilities(space))["End"]
    assert 0.5 < row["lower"] <= 1.0 <= row["upper"] + 1e-9
    assert row["n_playthroughs"] is None


def test_ending_probabilities__what_was_not_explored_counts_once_with_circles_as_well():
    passages = {f"P{i}": to(f"P{i + 1}", f"Q{i}", "P0") for i in range(9)} | {f"Q{i}": to("End") for i in range(9)}
    space = space_of({**passages, "P9": {}, "End": {}}, "P0", max_states=12)
    table = ending_probabilities(space)
    unknown = table[table["stop"] == "unknown"]
    assert len(unknown) > 1
    assert unknown["upper"].nunique() == 1, "all that was not explored"
    assert unknown["upper"].iloc[0] == pytest.approx(unknown["lower"].sum())
    (end,) = table[table["stop"] == "ending"].to_dict("records")
    assert end["upper"] == pytest.approx(min(1.0, end["lower"] + unknown["lower"].sum()))
