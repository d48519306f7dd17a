"""Routes: how diverse, where they part, and which are alike."""

from __future__ import annotations

import numpy as np
import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.matching import match
from gamebook_lab.analysis.route_alignment import align_routes
from gamebook_lab.analysis.route_clusters import route_clusters
from gamebook_lab.analysis.routes import distinct_routes, hill_number, junctions, route_diversity
from gamebook_lab.errors import LimitError
from tests.analysis.logs import sessions_of, simulated

STORY = (
    ":: Start\n[[Left]] [[Right]] [[Up]]\n\n:: Left\n[[Mid]]\n\n:: Right\n[[Mid]]\n\n:: Up\n[[Attic]]\n\n:: Attic\n[[Roof]]\n\n"
    ":: Roof\nHigh.\n\n:: Mid\n[[East]] [[West]]\n\n:: East\nEnd.\n\n:: West\nEnd.\n"
)
LOW, HIGH = ["Start", "Left", "Mid", "East"], ["Start", "Up", "Attic", "Roof"]


@pytest.fixture(scope="module")
def space():
    return gb.explore(gb.parse_twee(STORY))


def test_hill_number__by_hand():
    assert [hill_number([2, 1, 1], order) for order in (0, 1, 2)] == pytest.approx([3.0, 2**1.5, 8 / 3])
    assert np.isnan(hill_number([], 1))


def test_distinct_routes__the_most_frequent_first_and_what_cannot_be_left_out(space):
    table = distinct_routes(match(space, sessions_of([HIGH, LOW, LOW, ["Start", "Roof"], ["Start"]])))
    assert table["n_sessions"].tolist() == [2, 1, 1]
    assert table["route"].tolist() == [tuple(LOW), tuple(HIGH), ("Start",)]
    assert table["is_complete"].tolist() == [True, True, False]


def test_route_diversity__all_and_by_group(space):
    matched = match(space, sessions_of([LOW] * 4 + [HIGH] * 4))
    table = route_diversity(matched, {str(at): "low" if at < 4 else "high" for at in range(8)})
    assert table["n_routes"].tolist() == [2, 1, 1]
    assert table["entropy_bits"].tolist() == pytest.approx([1.0, 0.0, 0.0])
    assert table["hill_1"].tolist() == table["hill_2"].tolist() == pytest.approx([2.0, 1.0, 1.0])
    assert table["coverage"].tolist() == [1.0, 1.0, 1.0]


def test_route_diversity__guesses_what_nobody_took_yet(space):
    few = route_diversity(match(space, sessions_of([LOW, HIGH, ["Start", "Right", "Mid", "East"]]))).iloc[0]
    assert few["estimated_routes"] > few["n_routes"] == 3
    assert few["coverage"] == 0.0
    nobody = route_diversity(match(space, sessions_of([["Nowhere"]]))).iloc[0]
    assert nobody["n_sessions"] == 0


def test_junctions__where_readers_part_and_meet(space):
    table = junctions(match(space, sessions_of([LOW] * 4 + [["Start", "Right", "Mid", "West"]] * 4)))
    kinds = dict(zip(table["passage_id"], table["kind"], strict=True))
    assert kinds == {
        "Start": "divergence",
        "Mid": "both",
        "Left": "neither",
        "Right": "neither",
        "East": "neither",
        "West": "neither",
    }
    mid = table.set_index("passage_id").loc["Mid"]
    assert (mid["from_bits"], mid["to_bits"], mid["n_from"], mid["share"]) == (1.0, 1.0, 2, 1.0)


@pytest.mark.parametrize("by", ["order", "choice", "passage"])
def test_route_clusters__finds_planted_groups_and_a_route_that_stands_for_each(space, by):
    found = route_clusters(
        match(space, sessions_of([HIGH] * 12 + [LOW] * 18 + [["Start", "Left", "Mid", "West"]] * 2)), by=by
    )
    table = found.representatives()
    assert table["route"].tolist()[:2] == [tuple(LOW), tuple(HIGH)]
    assert found.table.groupby("cluster").size().tolist()[:1] == [table["n_sessions"].tolist()[0]]
    assert found.silhouette > 0.5
    assert "RouteClusters" in repr(found)


def test_route_clusters__those_beyond_the_sample_join_the_nearest(space):
    found = route_clusters(match(space, sessions_of([HIGH] * 60 + [LOW] * 40)), 2, most=20)
    assert found.table["is_sampled"].sum() == 20
    assert found.table["cluster"].tolist() == [0] * 60 + [1] * 40


def test_route_clusters__a_thousand_readers_and_none_invented_of_one_route(space):
    assert len(route_clusters(match(space, simulated(space, 1_000))).table) == 1_000
    one = route_clusters(match(space, sessions_of([LOW] * 9)))
    assert set(one.table["cluster"]) == {0}
    with pytest.raises(ValueError, match="clusters"):
        route_clusters(match(space, sessions_of([LOW])), 2)


def test_routes__endless_ones_are_refused_at_once_instead_of_taking_for_ever():
    loop = gb.explore(gb.parse_twee(":: Start\n[[A]] [[B]]\n\n:: A\n[[Start]]\n\n:: B\n[[Start]]\n"))
    matched = match(loop, sessions_of([["Start", "A"] * 80_000, ["Start", "B"] * 80_000]))
    with pytest.raises(LimitError, match="sample"):
        route_clusters(matched)
    with pytest.raises(LimitError, match="too long"):
        align_routes(matched)
    assert junctions(matched)["n_sessions"].tolist() == [2, 1, 1]
