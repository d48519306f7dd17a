"""A set of states: an open-addressing hash table of positions in the array of states.

States are rows of 64-bit words, kept in the order in which they were found. A slot of the table is one 64-bit word:
32 bits of the state's hash above its position plus one; 0 is free. So most states that differ are told
apart without looking at them, and two states are the same only if all their words are.
"""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Words, kernel

__all__ = ["fill", "find", "hashed", "insert"]


@kernel
def hashed(row: Words) -> np.uint64:
    """Mix all the words of a state (Steele, Lea and Flood's finaliser, 2014, word by word)."""
    mixed = np.uint64(0)
    for at in range(row.shape[0]):
        mixed = (mixed ^ row[at]) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
        mixed ^= mixed >> np.uint64(32)
    return mixed


@kernel
def find(
    table: Words, states: Words, row: Words, mixed: np.uint64
) -> tuple[np.int64, np.int64]:
    """Position of a state, or -1; and the slot where it is or would be."""
    last = np.uint64(table.shape[0] - 1)
    tag = mixed >> np.uint64(32)
    slot = mixed & last
    while True:
        held = table[slot]
        if held == np.uint64(0):
            return np.int64(-1), np.int64(slot)
        if held >> np.uint64(32) == tag:
            at = np.int64(held & np.uint64(0xFFFFFFFF)) - 1
            same = True
            for word in range(row.shape[0]):
                if states[at, word] != row[word]:
                    same = False
                    break
            if same:
                return at, np.int64(slot)
        slot = (slot + np.uint64(1)) & last


@kernel
def insert(
    table: Words,
    states: Words,
    n_states: int,
    rows: Words,
    mixed: Words,
    target: Ints,
) -> int:
    """Put in the rows whose ``target`` is still -1 (see :func:`gamebook_lab.kernels.explore.successors`).

    Parameters
    ----------
    table, states
        The set; both must have room for all of the rows, and the table stay at most 3/4 full.
    n_states
        How many states there are.
    rows, mixed
        Rows of words and their hashes.
    target
        Receives each one's position.

    Returns
    -------
    int
        How many states there are now; new ones are numbered in the order of the rows.
    """
    for each in range(rows.shape[0]):
        if target[each] != -1:
            continue
        at, slot = find(table, states, rows[each], mixed[each])
        if at < 0:
            at = n_states
            for word in range(rows.shape[1]):
                states[at, word] = rows[each, word]
            table[slot] = (mixed[each] >> np.uint64(32) << np.uint64(32)) | np.uint64(at + 1)
            n_states += 1
        target[each] = at
    return n_states


@kernel
def fill(table: Words, states: Words, n_states: int) -> None:
    """Put the first ``n_states`` states, all different, into an empty table."""
    last = np.uint64(table.shape[0] - 1)
    for at in range(n_states):
        mixed = hashed(states[at])
        slot = mixed & last
        while table[slot] != np.uint64(0):
            slot = (slot + np.uint64(1)) & last
        table[slot] = (mixed >> np.uint64(32) << np.uint64(32)) | np.uint64(at + 1)
