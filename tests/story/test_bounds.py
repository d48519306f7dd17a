"""Numbers beyond a bound are written as it; it stands for them, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.story.bounds import AtLeast, AtMost, Bounds, agrees
from gamebook_lab.story.frozen import UNKNOWN, UNSET, exact, shown

numbers = st.one_of(st.integers(-20, 20), st.floats(-20, 20), st.just(float("inf")), st.just(float("nan")))


@given(st.lists(st.integers(-5, 5), min_size=1), numbers, st.integers(0, 8).map(lambda n: n / 4))
def test_bounds__comparisons_and_steps_cannot_tell_a_bound_from_what_it_stands_for(asked, value, by):
    up, down = Bounds.of(asked, {1, 0}), Bounds.of(asked, {-1})
    for bounds, step in ((up, by), (down, -by)):
        assert bounds is not None
        written = bounds.clamped(value)
        assert agrees(written, value)
        for number in asked:
            assert (written > number, written == number, written < number) == (
                value > number,
                value == number,
                value < number,
            )
        assert exact(bounds.clamped(written + step)) == exact(bounds.clamped(value + step))  # type: ignore[operator]


def test_bounds__are_there_only_for_what_is_compared_and_moved_one_way():
    assert Bounds.of([], {1}) is None
    assert Bounds.of([1], {}) is None
    assert Bounds.of([1], {0}) is None
    assert Bounds.of([1], {1, -1}) is None


def test_bounds__are_read_as_such():
    assert shown(Bounds(None, 6).clamped(7.5)) == "6 or more"
    assert shown(Bounds(-1, None).clamped(-3)) == "-1 or less"
    assert exact(AtLeast(6)) != exact(6)


@pytest.mark.parametrize("value", ["7", True, UNKNOWN, UNSET, (7,), None, 5])
def test_clamped__leaves_all_else_as_it_is(value):
    assert exact(Bounds(None, 6).clamped(value)) == exact(value)


def test_agrees__only_with_what_it_stands_for():
    assert agrees(AtLeast(6), 5.5)
    assert agrees(AtMost(6), 6.5)
    assert not agrees(AtLeast(6), 5)
    assert not agrees(AtLeast(1), "7")
    assert not agrees(6, 7)
