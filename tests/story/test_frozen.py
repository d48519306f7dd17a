"""Values of story variables."""

from __future__ import annotations

from itertools import combinations

import pytest

from gamebook_lab.story.frozen import UNKNOWN, UNSET, Map, Value, exact, shown

DIFFERENT: list[Value] = [
    0, False, 0.0, -0.0, "0", "", None, (), (0,), (False,), (0.0,), UNKNOWN, UNSET, float("nan"), Map(), Map(((0, 0),)),
    Map(((0, False),)), frozenset(), frozenset({0}), frozenset({False}), frozenset({(0,)}), 10**400,
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), list(combinations(DIFFERENT, 2)))
def test_exact__tells_values_apart_that_python_takes_for_one(one: Value, other: Value) -> None:
    assert exact(one) != exact(other)


@pytest.mark.parametrize("value", DIFFERENT)
def test_exact__is_the_same_for_the_same(value: Value) -> None:
    assert exact(value) == exact(value)
    assert hash(exact(value)) == hash(exact(value))


def test_map__finds_only_the_very_key() -> None:
    found = Map(((1, "one"), ("1", "text")))
    assert found[1] == "one"
    assert found["1"] == "text"
    assert 1.0 not in found
    assert True not in found


def test_shown__is_short_whatever_the_value() -> None:
    deep: Value = ()
    for _ in range(100):
        deep = (deep, "x" * 1000)
    assert len(shown(deep)) < 500
    assert shown(("a", 1.0, True, Map((("k", None),)))) == "['a', 1, true, {'k': None}]"
