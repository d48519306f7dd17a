"""A set of states: an open-addressing hash table of positions in the array of states.

States are rows of 64-bit words, kept in the order in which they were found. A slot of the table is 32 bits: a state's
position plus one (0 is free), and above it, in the bits that positions do not need, a few of its hash. So
most states that differ are told apart without looking at them; two are the same only if all their words are. With the
table between 3/10 and 6/10 full that is 7 to 14 bytes a state besides its words.

The table is far larger than any cache. Lookups go in blocks: the slots of a block are touched first, then the states
that stand there, so that loads overlap instead of waiting for one another.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from typing import Final

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Slots, Words, kernel

__all__ = ["fill", "find", "find_all", "hashed", "insert"]

_BLOCK: Final = 64
_HIGH: Final = np.uint64(32)
_SLOT_BITS: Final = np.uint64(32)
_FREE: Final = np.uint32(0)
_NEXT: Final = np.uint64(1)
_MULTIPLIERS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))


@kernel
def hashed(rows: Words, at: int) -> np.uint64:
    """Mix all the words of a row (multiplying and shifting as Steele, Lea and Flood's finaliser does, 2014)."""
    mixed = np.uint64(0)
    for word in range(rows.shape[1]):
        mixed = (mixed ^ rows[at, word]) * _MULTIPLIERS[0]
        mixed = (mixed ^ (mixed >> _HIGH)) * _MULTIPLIERS[1]
        mixed ^= mixed >> _HIGH
    return mixed


@kernel
def position_bits(table: Slots) -> np.uint64:
    """How many bits of a slot are its state's position plus one: a table of so many slots is never full."""
    bits = np.uint64(0)
    while np.uint64(1) << bits < np.uint64(table.shape[0]):
        bits += np.uint64(1)
    return bits


@kernel
def _standing(held: np.uint64, low: np.uint64) -> np.int64:
    """Position of the state that a slot holds; 0 for none."""
    return np.int64(held & low) - np.int64(held != np.uint64(0))


@kernel
def find(
    table: Slots, bits: np.uint64, states: Words, rows: Words, at: int, mixed: np.uint64
) -> tuple[np.int64, np.uint64]:
    """Position of the state that a row is, or -1; and the slot where it stands or would."""
    last = np.uint64(table.shape[0] - 1)
    low = (_NEXT << bits) - _NEXT
    tag = mixed >> (_SLOT_BITS + bits)
    slot = mixed & last
    while table[slot] != _FREE:
        held = np.uint64(table[slot])
        if held >> bits == tag:
            state = np.int64(held & low) - 1
            same = True
            for word in range(rows.shape[1]):
                same &= states[state, word] == rows[at, word]
            if same:
                return state, slot
        slot = (slot + _NEXT) & last
    return np.int64(-1), slot


@kernel
def find_all(table: Slots, states: Words, rows: Words, mixed: Words, n: int, target: Ints) -> np.uint64:
    """Look up the first ``n`` rows whose ``target`` is -1; it receives their positions, and stays -1 where there is none.

    What it returns means nothing: it keeps the compiler from leaving the touching out.
    """
    bits = position_bits(table)
    last = np.uint64(table.shape[0] - 1)
    low = (_NEXT << bits) - _NEXT
    touched = np.uint64(0)
    for block in range(0, n, _BLOCK):
        stop = min(block + _BLOCK, n)
        for at in range(block, stop):
            touched ^= np.uint64(table[mixed[at] & last])
        for at in range(block, stop):
            # whatever stands there, without a test: whether it is the same state, no processor can foresee
            touched ^= states[_standing(np.uint64(table[mixed[at] & last]), low), 0]
        for at in range(block, stop):
            if target[at] == -1:
                target[at] = find(table, bits, states, rows, at, mixed[at])[0]
    return touched


@kernel
def insert(table: Slots, states: Words, n_states: int, rows: Words, mixed: Words, n: int, target: Ints) -> int:
    """Put in the first ``n`` rows, but for those whose ``target`` is not -1.

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
    held = np.empty(_BLOCK, np.uint32)
    touched = np.empty(_BLOCK, np.uint64)  # written, so that the compiler does not leave the touching out
    for block in range(0, n, _BLOCK):
        stop = min(block + _BLOCK, n)
        for at in range(block, stop):
            held[at - block] = table[mixed[at] & last]
        for at in range(stop - block):
            touched[at] = states[_standing(np.uint64(held[at]), low), 0]
        for at in range(block, stop):
            if target[at] != -1:
                continue
            state, slot = find(table, bits, states, rows, at, mixed[at])
            if state < 0:
                state = np.int64(n_states)
                n_states += 1
                for word in range(rows.shape[1]):
                    states[state, word] = rows[at, word]
                table[slot] = np.uint32((mixed[at] >> (_SLOT_BITS + bits) << bits) | np.uint64(n_states))
            target[at] = state
    return n_states


@kernel
def fill(table: Slots, states: Words, n_states: int) -> np.uint64:
    """Put the first ``n_states`` states, all different, into an empty table. What it returns means nothing."""
    bits = position_bits(table)
    last = np.uint64(table.shape[0] - 1)
    touched = np.uint64(0)
    mixed = np.empty(_BLOCK, np.uint64)
    for block in range(0, n_states, _BLOCK):
        n = min(_BLOCK, n_states - block)
        for at in range(n):
            mixed[at] = hashed(states, block + at)
            touched ^= np.uint64(table[mixed[at] & last])
        for at in range(n):
            slot = mixed[at] & last
            while table[slot] != _FREE:
                slot = (slot + _NEXT) & last
            table[slot] = np.uint32((mixed[at] >> (_SLOT_BITS + bits) << bits) | np.uint64(block + at + 1))
    return touched
