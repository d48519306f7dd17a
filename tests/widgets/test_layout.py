import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.widgets.layout import DEFAULT_SIZE, Boxes, layout
from gamebook_lab.widgets.layout_layers import spread, strong_components


def loose(n: int) -> Boxes:
    missing, size = np.full(n, np.nan), np.full(n, DEFAULT_SIZE)
    return Boxes(missing, missing.copy(), size, size.copy())


def arrows(*pairs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    sources, targets = np.asarray(pairs, "int64").reshape(-1, 2).T
    return sources, targets


def overlapping(x, y, size=DEFAULT_SIZE):
    boxes = sorted(zip(x.tolist(), y.tolist(), strict=True))
    return [
        (one, two)
        for one, two in itertools.combinations(boxes, 2)
        if abs(one[0] - two[0]) < size - 1e-6 and abs(one[1] - two[1]) < size - 1e-6
    ]


graphs = st.integers(1, 40).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=90))
)


@given(graphs)
def test_every_passage_gets_a_place_of_its_own(graph):
    n, pairs = graph
    x, y = layout(loose(n), *arrows(*pairs), start=0)
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()
    assert overlapping(x, y) == []


@given(graphs)
def test_layout_is_deterministic(graph):
    n, pairs = graph
    one, two = (layout(loose(n), *arrows(*pairs), start=0) for _ in range(2))
    assert np.array_equal(one[0], two[0])
    assert np.array_equal(one[1], two[1])


@given(graphs, st.integers(0, 1000))
def test_existing_places_are_kept_and_not_covered(graph, seed):
    n, pairs = graph
    boxes = loose(n)
    kept = np.arange(0, n, 2)
    boxes.x[kept], boxes.y[kept] = kept * 130.0 + seed, seed % 77
    x, y = layout(boxes, *arrows(*pairs), start=0)
    assert np.array_equal(x[kept], boxes.x[kept])
    assert np.array_equal(y[kept], boxes.y[kept])
    assert overlapping(x, y) == []


def test_input_arrays_are_not_written_to():
    boxes = loose(3)
    layout(boxes, *arrows((0, 1), (1, 2)))
    assert np.isnan(boxes.x).all()


def test_links_point_down_in_a_story_without_loops():
    pairs = [(0, 1), (0, 2), (1, 3), (2, 3), (0, 3)]
    _, y = layout(loose(4), *arrows(*pairs), start=0)
    assert all(y[source] < y[target] for source, target in pairs)


def test_loop_is_drawn_in_steps_from_the_start():
    _, y = layout(loose(3), *arrows((1, 2), (2, 0), (0, 1)), start=1)
    assert y[1] < y[2] < y[0]


def test_passage_that_nothing_leads_to_stands_above_its_target():
    # 0 -> 1 -> 2 -> 3, and 4 -> 3 from nowhere
    _, y = layout(loose(5), *arrows((0, 1), (1, 2), (2, 3), (4, 3)), start=0)
    assert y[4] == y[2]


def test_long_chain_is_folded_towards_the_shape_of_a_screen():
    n = 400
    x, y = layout(loose(n), *arrows(*((i, i + 1) for i in range(n - 1))), start=0)
    assert 0.5 < (x.max() + DEFAULT_SIZE) / (y.max() + DEFAULT_SIZE) < 5


def test_wide_fan_is_wrapped():
    n = 2000
    x, y = layout(loose(n), *arrows(*((0, i) for i in range(1, n))), start=0)
    assert x.max() < 40 * y.max()
    assert len(set(y.tolist())) > 10


def test_parts_are_packed_with_the_start_first():
    x, y = layout(loose(6), *arrows((0, 1), (1, 2), (3, 4), (4, 5)), start=3)
    assert (x[3], y[3]) == (0.0, 0.0)


def test_code_passages_stand_below_the_story():
    apart = np.asarray([False, False, True])
    _, y = layout(loose(3), *arrows((0, 1), (2, 1)), start=0, apart=apart)
    assert y[2] > max(y[0], y[1]) + DEFAULT_SIZE


def test_new_passage_goes_beside_the_one_that_leads_to_it():
    boxes = loose(4)
    boxes.x[:3], boxes.y[:3] = [0.0, 1000.0, 1000.0], [0.0, 1000.0, 1150.0]  # the place below 1 is taken
    x, y = layout(boxes, *arrows((1, 3)), start=0)
    assert math.hypot(x[3] - 1000, y[3] - 1000) < 400
    assert overlapping(x, y) == []


def test_empty_story_has_no_places():
    x, y = layout(loose(0), *arrows())
    assert len(x) == len(y) == 0


@pytest.mark.parametrize("n", [20_000])
def test_deep_story_needs_no_recursion(n):
    x, _ = layout(loose(n), *arrows(*((i, (i + 1) % n) for i in range(n))), start=0)
    assert np.isfinite(x).all()


def test_strong_components_come_before_those_that_lead_to_them():
    found = strong_components([[1], [2], [1, 3], []])
    assert found == [[3], [1, 2], [0]]


def test_spread_keeps_order_and_gaps_and_is_least_squares():
    assert spread([0.0, 0.0], [2.0, 2.0]) == [-1.0, 1.0]
    assert spread([0.0, 10.0], [2.0, 2.0]) == [0.0, 10.0]
    assert spread([], []) == []
