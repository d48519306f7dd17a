import math

import pytest

from gamebook_lab.analysis.lengths import playthrough_lengths, shortest_so_far
from tests.analysis.stories import by_name, space_of, to


def test_playthrough_lengths__a_short_and_a_long_way():
    space = space_of({"Start": to("End", "Long"), "Long": to("Longer"), "Longer": to("End"), "End": {}})
    row = by_name(playthrough_lengths(space))["End"]
    assert (row["shortest_choices"], row["longest_choices"]) == (1, 3)
    assert row["expected_choices"] == pytest.approx(2.0)
    words = dict(zip(space.story.passages["passage_id"], space.story.passages["n_words"], strict=True))
    short, whole = words["Start"] + words["End"], sum(words[name] for name in ("Start", "Long", "Longer", "End"))
    assert (row["shortest_words"], row["longest_words"]) == (short, whole)
    assert row["expected_words"] == pytest.approx((short + whole) / 2)


def test_playthrough_lengths__a_circle_is_infinitely_long_at_most():
    row = by_name(playthrough_lengths(space_of({"Start": to("Start", "End"), "End": {}})))["End"]
    assert (row["shortest_choices"], row["longest_choices"]) == (1, math.inf)
    assert row["expected_choices"] == pytest.approx(2.0)


def test_playthrough_lengths__moving_on_by_itself_is_no_choice():
    passages = {"Start": to("Hall"), "Hall": {"goto": [[], "Room"]}, "Room": to("End"), "End": {}}
    row = by_name(playthrough_lengths(space_of(passages)))["End"]
    assert row["shortest_choices"] == row["longest_choices"] == 2


def test_shortest_so_far__of_a_story_cut_off_has_the_ways_that_were_found():
    passages = {
        "Start": to("End", "Long"),
        "Long": to("A"),
        "A": to("B"),
        "B": to("C"),
        "C": to("Far"),
        "Far": {},
        "End": {},
    }
    whole = by_name(playthrough_lengths(space_of(passages)))
    cut = space_of(passages, max_states=4)
    assert not cut.is_complete
    table = shortest_so_far(cut)
    row = by_name(table)["End"]
    assert table["passage_id"].tolist() == ["End"]
    assert (row["shortest_choices"], row["shortest_words"]) == (1, whole["End"]["shortest_words"])
    assert math.isnan(row["longest_words"])
    assert math.isnan(row["expected_words"])
