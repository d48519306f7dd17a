"""Ranks that passages are kept under follow the story's order, whatever is done to it."""

from __future__ import annotations

import itertools

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.store.binding import Binding

N = 5
ORDERS = st.lists(st.permutations(range(9)).flatmap(lambda keys: st.integers(1, 9).map(lambda n: keys[:n])), max_size=5)
"""Stories of some of nine passages, one after another: come, gone, come again, and moved."""
PASTES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), max_size=30)
"""Places, and how many passages come there."""


def bound(n):
    """Passages of these keys, of which the first few have ranks."""
    return Binding(range(n), range(1, n + 1), {uid: float(uid) for uid in range(1, N + 1)}, has_files=False)


def follow(binding, keys):
    """Have it follow; all whose rank is another are told, and no other."""
    known = dict(binding._ranks)
    told = binding.order(pd.Index(keys, dtype="int64"))
    assert told == {uid - 1 for uid, rank in binding._ranks.items() if known.get(uid) != rank}
    ranks = [binding._ranks[key + 1] for key in keys]
    assert all(one < other for one, other in itertools.pairwise(ranks))
    return told


@given(ORDERS)
def test_ranks__are_in_order_and_every_one_that_is_new_is_told(orders):
    binding = bound(9)
    for keys in orders:
        follow(binding, keys)


@given(PASTES)
def test_passages_that_come_to_one_place_again_and_again__are_all_that_change_as_long_as_there_is_room(pastes):
    binding, keys = bound(N + 4 * 30), list(range(N))
    for number, (at, n) in enumerate(pastes):
        come = range(len(keys), len(keys) + n)
        keys = [*keys[:at], *come, *keys[at:]]
        told = follow(binding, keys)
        assert (
            told == set(come) or number >= 8
        )  # a gap is a fifth of what it was at the least, and 5**-8 is room enough
