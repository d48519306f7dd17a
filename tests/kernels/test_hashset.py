"""The set of states against Python's own, compiled and plain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels import hashset

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
@pytest.mark.parametrize("n_words", [1, 2])
def test_insert__hashes_say_nothing(case, n_words):
    """All states have the same one: they fill one bucket after another, and are told apart all the same."""
    rows = np.random.default_rng(3).integers(0, 70, 300).astype(np.uint64)
    rows = np.stack([np.zeros_like(rows)] * (n_words - 1) + [rows], axis=1)
    table, states = hashset.made(256), np.zeros((300, n_words), np.uint64)
    target = np.full(300, hashset.WANTED, np.int32)
    n = kernel(hashset.insert, case)(table, states, 0, rows, np.full(300, 2**64 - 1, np.uint64), 300, target)
    known = {}
    assert target.tolist() == [known.setdefault(value, len(known)) for value in rows[:, -1].tolist()]
    assert states[:n].tolist() == [[0] * (n_words - 1) + [value] for value in known]


def test_made__buckets_are_lines_of_memory():
    assert [hashset.made(n).ctypes.data % 64 for n in (16, 64, 4096)] == [0, 0, 0]
    assert [hashset.made(n).tolist() for n in (16, 32)] == [[0] * 16, [0] * 32]


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
