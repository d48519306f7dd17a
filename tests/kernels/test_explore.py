"""The hot loop against plain ways to do the same, compiled and plain."""

from __future__ import annotations

import numpy as np
import pytest

from gamebook_lab.kernels import explore, hashset

CASES = ["compiled", "plain"]


def kernel(function, case):
    return function if case == "compiled" else function.py_func


@pytest.mark.parametrize("case", CASES)
def test_first_edges__skip_where_reading_begins(case):
    target = np.array([0, 1, 2, 1, -1, 3, -2], np.int32)
    assert kernel(explore.first_edges, case)(target, 1, 4).tolist() == [-1, 1, 2, 5]


def trees(field, first, size, slots):
    """Of two fields of 4 bits each: the location and a variable."""
    field = np.array(field, np.int32)
    shift, mask = np.array([0, 4], np.uint64)[field], np.array([15, 15], np.uint64)[field]
    first, size = np.array(first, np.int32), np.array(size, np.int32)
    return np.array([*slots, *[0 for _ in field]], np.int32), np.zeros_like(field), shift, mask, first, size


@pytest.mark.parametrize("case", CASES)
def test_situations__follow_the_tree_or_say_that_there_is_none(case):
    states = np.array([[0 | 2 << 4], [0 | 3 << 4], [1], [2]], np.uint64)  # location | value
    root, child = [1, -1 - 5, 0], [0, 0, 0, -1 - 4]
    tree = trees([0, 1], [0, 4], [3, 3], [*root, *child])
    situation = np.full(4, -1, np.int32)
    n_ways = np.array([0, 0, 0, 0, 2, 7], np.int32)
    counts = kernel(explore.situations, case)(states, 0, 4, *tree, n_ways, situation)
    beyond_node_1, root_of_2 = 3 + 4 + 1, 2
    assert situation.tolist() == [4, -1 - beyond_node_1, 5, -1 - root_of_2]
    assert tuple(counts) == (2, 9)


@pytest.mark.parametrize("case", CASES)
def test_situations__those_that_are_known_are_left_alone(case):
    situation = np.array([1, -1], np.int32)
    states = np.zeros((2, 1), np.uint64)
    n_ways = np.array([3, 4], np.int32)
    counts = kernel(explore.situations, case)(states, 0, 2, *trees([0], [0], [1], [-1]), n_ways, situation)
    assert situation.tolist() == [1, 0]
    assert tuple(counts) == (0, 7)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("n_words", [1, 3])
@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_successors__of_any_number_of_ways(case, n_words):
    draw = np.random.default_rng(2)
    n_ways = np.array([0, 1, 4, 5, 9, 2500])  # more than are taken in one round, and in one block
    first_way = np.concatenate([[0], np.cumsum(n_ways)]).astype(np.int32)
    keep, put = (draw.integers(0, 2**63, (first_way[-1], n_words)).astype(np.uint64) for _ in range(2))
    ends = draw.choice(np.array([-1, hashset.WANTED], np.int32), first_way[-1])
    situation = np.array([*range(6), *range(5)], np.int32)
    states = draw.integers(0, 2**63, (len(situation), n_words)).astype(np.uint64)
    expected = [(at, way) for at in range(1, 11) for way in range(*first_way[situation[at] : situation[at] + 2])]
    n = len(expected)
    rows, mixed, target = np.empty((n, n_words), np.uint64), np.empty(n, np.uint64), np.empty(n, np.int32)
    kernel(explore.successors, case)(states, 1, 11, situation, first_way, keep, put, ends, rows, mixed, target)
    assert np.array_equal(rows, np.array([(states[at] & keep[way]) | put[way] for at, way in expected]))
    assert mixed.tolist() == [int(hashset.hashed(rows, each)) for each in range(n)]
    assert target.tolist() == [ends[way] for _, way in expected]


@pytest.mark.parametrize("case", CASES)
def test_count_edges__states_that_were_not_looked_at_have_none(case):
    indptr = np.empty(5, np.int64)
    kernel(explore.count_edges, case)(np.array([1, 0, 1, -1], np.int32), np.array([2, 3], np.int32), indptr)
    assert indptr.tolist() == [0, 3, 5, 8, 8]
