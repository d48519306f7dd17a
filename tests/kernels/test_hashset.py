"""The set of states against Python's own, compiled and plain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import explore, hashset

CASES = ["compiled", "plain"]


def kernel(function, case):
    return function if case == "compiled" else function.py_func


def made(n, n_words, seed=1):
    draw = np.random.default_rng(seed)
    return draw.integers(0, 40, (n, n_words)).astype(np.uint64)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("n_words", [1, 3])
@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_insert__numbers_states_in_the_order_of_the_rows(case, n_words):
    rows = made(300, n_words)
    mixed = np.array([hashset.hashed(rows, at) for at in range(len(rows))], np.uint64)
    table, states = np.zeros(1024, np.uint32), np.zeros((300, n_words), np.uint64)
    target = np.full(300, hashset.WANTED, np.int32)
    target[7] = -2  # leads nowhere: not put in
    n = kernel(hashset.insert, case)(table, states, 0, rows, mixed, 300, target)
    known = {}
    for at, row in enumerate(map(tuple, rows.tolist())):
        if at != 7:
            assert target[at] == known.setdefault(row, len(known))
    assert n == len(known)
    assert list(map(tuple, states[:n].tolist())) == list(known)


def put_in(case, table, states, n, rows):
    mixed = np.array([hashset.hashed(rows, at) for at in range(len(rows))], np.uint64)
    target = np.full(len(rows), hashset.WANTED, np.int32)
    n = kernel(hashset.insert, case)(table, states, n, rows, mixed, len(rows), target)
    return n, target.tolist()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.filterwarnings("ignore:overflow encountered")
@given(
    blocks=st.lists(st.lists(st.integers(0, 200), max_size=70), max_size=6),
    n_words=st.sampled_from([1, 2, 9]),
    fresh=st.booleans(),
)
def test_insert__is_a_set_that_numbers(case, blocks, n_words, fresh):
    """Blocks of any size, into a table that is nearly full, or written anew before each."""
    table, states = np.zeros(256, np.uint32), np.zeros((201, n_words), np.uint64)
    known, n = {}, 0
    for block in blocks:
        if fresh:
            table = np.zeros(256, np.uint32)
            kernel(hashset.fill, case)(table, states, n)
        rows = np.repeat(np.array(block, np.uint64), n_words).reshape(-1, n_words)
        n, target = put_in(case, table, states, n, rows)
        assert target == [known.setdefault(value, len(known)) for value in block]
    assert states[:n, -1].tolist() == list(known)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_fill__then_all_are_found(case):
    states = np.unique(made(500, 2), axis=0)
    n = len(states) - 20
    table = np.zeros(1024, np.uint32)
    kernel(hashset.fill, case)(table, states, n)
    assert put_in(case, table, states.copy(), n, states)[1] == list(range(len(states)))


@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_hashed__is_the_same_compiled_and_plain():
    rows = made(50, 4)
    assert [int(hashset.hashed(rows, at)) for at in range(50)] == [
        int(hashset.hashed.py_func(rows, at)) for at in range(50)
    ]


@pytest.mark.parametrize("case", CASES)
def test_first_edges__skip_where_reading_begins(case):
    target = np.array([0, 1, 2, 1, -1, 3, -2], np.int32)
    assert kernel(explore.first_edges, case)(target, 1, 4).tolist() == [-1, 1, 2, 5]


@pytest.mark.parametrize("case", CASES)
def test_situations__follow_the_tree_or_say_that_there_is_none(case):
    word, shift = np.zeros(2, np.int32), np.array([0, 4], np.uint64)
    mask = np.array([15, 15], np.uint64)
    states = np.array([[0 | 2 << 4], [0 | 3 << 4], [1], [2]], np.uint64)  # location | value
    root = np.array([1, -1 - 5, 0], np.int32)
    node_field, node_child, node_size = (np.array(each, np.int32) for each in ([0, 1], [0, 1], [0, 3]))
    child = np.array([0, 0, 0, -1 - 4], np.int32)
    situation = np.full(4, -1, np.int32)
    n_ways = np.array([0, 0, 0, 0, 2, 7], np.int32)
    trees = (root, node_field, node_child, node_size, child)
    counts = kernel(explore.situations, case)(states, 0, 4, word, shift, mask, *trees, n_ways, situation)
    beyond_node_1, root_of_2 = 3 + 4 + 1, 2
    assert situation.tolist() == [4, -1 - beyond_node_1, 5, -1 - root_of_2]
    assert tuple(counts) == (2, 9)


@pytest.mark.parametrize("case", CASES)
def test_situations__those_that_are_known_are_left_alone(case):
    none = np.zeros(1, np.int32)
    situation = np.array([1, -1], np.int32)
    layout = np.zeros(1, np.int32), np.zeros(1, np.uint64), np.array([1], np.uint64)
    trees = (np.array([-1], np.int32), none, none, none, none)
    states = np.zeros((2, 1), np.uint64)
    counts = kernel(explore.situations, case)(states, 0, 2, *layout, *trees, np.array([3, 4], np.int32), situation)
    assert situation.tolist() == [1, 0]
    assert tuple(counts) == (0, 7)
