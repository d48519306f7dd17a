"""A set of states: an open-addressing hash table of positions in the array of states.

States are rows of 64-bit words, kept in the order in which they were found. A slot of the table is 32 bits: a state's
position plus one (0 is free), and above it, in the bits that positions do not need, a few of its hash. So
most states that differ are told apart without looking at them; two are the same only if all their words are. With the
table between 3/10 and 6/10 full that is 7 to 14 bytes a state besides its words.

The table is far larger than any cache: memory is asked for slots, then for the states that stand there, some rounds
before they are looked at. Loads overlap then, and with the work, instead of waiting for one another.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from typing import Final

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Slots, Words, kernel, prefetch

__all__ = ["WANTED", "fill", "hashed", "insert", "mix"]

WANTED: Final = np.int32(-(2**31))
"""In place of a state's position: to be found, or put in."""

_SLOTS_AHEAD: Final = 32
_STATES_AHEAD: Final = 16
"""Rounds from asking for a slot, or for the state that stands there, to looking at it."""
_LINE: Final = 8
"""Words that come from memory at once."""
_HIGH: Final = np.uint64(32)
_SLOT_BITS: Final = np.uint64(32)
_FREE: Final = np.uint32(0)
_NEXT: Final = np.uint64(1)
_MULTIPLIERS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))


@kernel
def mix(mixed: np.uint64, word: np.uint64) -> np.uint64:
    """Take a word into a hash (multiplying and shifting as Steele, Lea and Flood's finaliser does, 2014)."""
    mixed = (mixed ^ word) * _MULTIPLIERS[0]
    mixed = (mixed ^ (mixed >> _HIGH)) * _MULTIPLIERS[1]
    return mixed ^ (mixed >> _HIGH)


@kernel
def hashed(rows: Words, at: int) -> np.uint64:
    """Mix all the words of a row, from 0 on."""
    mixed = np.uint64(0)
    for word in range(rows.shape[1]):
        mixed = np.uint64(mix(mixed, rows[at, word]))  # in plain Python it is an int by now
    return mixed


@kernel
def position_bits(table: Slots) -> np.uint64:
    """How many bits of a slot are its state's position plus one: a table of so many slots is never full."""
    bits = np.uint64(0)
    while np.uint64(1) << bits < np.uint64(table.shape[0]):
        bits += np.uint64(1)
    return bits


@kernel
def insert(table: Slots, states: Words, n_states: int, rows: Words, mixed: Words, n: int, target: Ints) -> int:
    """Put in the first ``n`` rows, but for those whose ``target`` is not :data:`WANTED`.

    Parameters
    ----------
    table, states
        The set; both must have room for all of the rows, and the table stay at most 3/4 full.
    n_states
        How many states there are.
    rows, mixed
        Rows of words and their hashes.
    n
        How many of the rows count.
    target
        Receives each one's position.

    Returns
    -------
    int
        How many states there are now; new ones are numbered in the order of the rows.
    """
    bits = position_bits(table)
    last = np.uint64(table.shape[0] - 1)
    low = (_NEXT << bits) - _NEXT
    above = _SLOT_BITS + bits
    n_words = states.shape[1]
    words = states.reshape(states.size)
    for at in range(min(_SLOTS_AHEAD, n)):
        prefetch(table, mixed[at] & last)
    for at in range(n):
        if at + _SLOTS_AHEAD < n:
            prefetch(table, mixed[at + _SLOTS_AHEAD] & last)
        if at + _STATES_AHEAD < n:
            # whatever stands there, without a test: whether it is the same state, no processor can foresee
            first = (np.int64(table[mixed[at + _STATES_AHEAD] & last] & low) - 1) * n_words
            prefetch(words, first)
            for word in range(_LINE, n_words, _LINE):
                prefetch(words, first + word)
        if target[at] != WANTED:
            continue
        tag = mixed[at] >> above
        slot = mixed[at] & last
        state = -1
        while state < 0:
            held = np.uint64(table[slot])
            if held == _FREE:
                for word in range(n_words):
                    states[n_states, word] = rows[at, word]
                state = n_states
                n_states += 1
                table[slot] = np.uint32((tag << bits) | np.uint64(n_states))
            elif held >> bits == tag:
                state = int(held & low) - 1
                for word in range(n_words):
                    if states[state, word] != rows[at, word]:
                        state = -1
                        break
            slot = (slot + _NEXT) & last
        target[at] = state
    return n_states


@kernel
def fill(table: Slots, states: Words, n_states: int) -> None:
    """Put the first ``n_states`` states, all different, into an empty table."""
    bits = position_bits(table)
    last = np.uint64(table.shape[0] - 1)
    above = _SLOT_BITS + bits
    mixed = np.zeros(_SLOTS_AHEAD, np.uint64)  # of those ahead, in turn
    for at in range(-_SLOTS_AHEAD, n_states):
        ready = mixed[at % _SLOTS_AHEAD]
        if at + _SLOTS_AHEAD < n_states:
            mixed[at % _SLOTS_AHEAD] = hashed(states, at + _SLOTS_AHEAD)
            prefetch(table, mixed[at % _SLOTS_AHEAD] & last)
        if at >= 0:
            slot = ready & last
            while table[slot] != _FREE:
                slot = (slot + _NEXT) & last
            table[slot] = np.uint32((ready >> above << bits) | np.uint64(at + 1))
