"""A set of states: a hash table of positions in the array of states.

States are rows of 64-bit words, kept in the order in which they were found. A slot of the table is 32 bits: a state's
position plus one (0 is free), and above it, in the bits that positions do not need, a few of its hash, its tag. So
most states that differ are told apart without looking at them; two are the same only if all their words are. With the
table between 3/10 and 6/10 full that is 7 to 14 bytes a state besides its words.

A hash leads to a bucket: 16 slots that come from memory at once, and are compared at once. They are filled from the first
on; what finds no room goes to the next bucket.

The table is far larger than any cache: memory is asked for slots, then for the states that stand there, some rounds
before they are looked at. Loads overlap then, and with the work, instead of waiting for one another. Whether a state is
new, no processor can foresee: so a block of rows is first compared with what is known, in rounds that are all alike, and
those that are left are put in, which most of them have to be.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from typing import Final

import numpy as np

from gamebook_lab.kernels.accelerate import AT_ONCE, Ints, Slots, Words, alike, kernel, lowest, prefetch

__all__ = ["WANTED", "fill", "hashed", "insert", "made", "mix"]

WANTED: Final = np.int32(-(2**31))
"""In place of a state's position: to be found, or put in."""
_BLOCK: Final = 256
"""Rows that are compared before what is left of them is put in."""
_AHEAD: Final = 32
"""Rounds from asking for a state to looking at it; slots are asked for a block earlier."""
_LINE: Final = 8
"""Words that come from memory at once."""
_LINE_BYTES: Final = 64
_HIGH: Final = np.uint64(32)
_SLOT_BITS: Final = np.uint64(32)
_ONE: Final = np.uint64(1)
_NOWHERE: Final = np.uint64(2**64 - 1)
_LAST: Final = np.uint64(AT_ONCE - 1)
_BUCKET: Final = np.uint64(AT_ONCE)
_TO_BUCKET: Final = np.uint64(AT_ONCE.bit_length() - 1)
"""Shifts a hash so that bits of it are the first slot of a bucket."""
_MULTIPLIERS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))


def made(n_slots: int) -> Slots:
    """Make an empty table of 16 slots, or 32, 64, ...: no bucket crosses a border of what comes from memory at once."""
    slots = np.zeros(n_slots + AT_ONCE, np.uint32)
    first = -slots.ctypes.data % _LINE_BYTES // slots.itemsize
    return slots[first : first + n_slots]


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
def insert(  # noqa: C901 -- one idea, in one pass: a kernel
    table: Slots, states: Words, n_states: int, rows: Words, mixed: Words, n: int, target: Ints
) -> int:
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
    if n == 0:
        return n_states
    bits = np.uint64(position_bits(table))
    buckets = np.uint64(table.shape[0]) - _BUCKET
    low, above = (_ONE << bits) - _ONE, _SLOT_BITS + bits
    n_words, n_now, last = np.uint64(states.shape[1]), np.uint64(n_states), np.uint64(n - 1)
    words, new = states.reshape(states.size), rows.reshape(rows.size)
    likely = np.zeros(_AHEAD, np.uint64)
    left = np.empty(_BLOCK, np.uint64)
    for row in range(min(_BLOCK, n)):
        prefetch(table, (mixed[row] << _TO_BUCKET) & buckets)
    for begin in range(0, n + _AHEAD, _BLOCK):
        n_left = np.uint64(0)
        for each in range(np.uint64(begin), np.uint64(min(begin + _BLOCK, n + _AHEAD))):
            turn = np.uint64(each)
            # of the row ahead: the position, plus one, of a state with its tag; 0 if there is none
            ahead = mixed[min(turn, last)]
            bucket = (ahead << _TO_BUCKET) & buckets
            found = alike(table, bucket, np.uint32(ahead >> above << bits), np.uint32(low))
            slot = (np.uint64(table[bucket + (lowest(found) & _LAST)]) & low) * np.uint64(found != 0)
            first = np.int64((slot - np.uint64(slot > 0)) * n_words)
            prefetch(words, first)
            for line in range(_LINE, states.shape[1], _LINE):
                prefetch(words, first + line)
            known = likely[turn % np.uint64(_AHEAD)]
            likely[turn % np.uint64(_AHEAD)] = slot
            if turn < _AHEAD:
                continue
            at, state = turn - np.uint64(_AHEAD), known - np.uint64(known > 0)
            differ = (words[state * n_words] ^ new[at * n_words]) | np.uint64(known == 0)
            word = _ONE
            while word < n_words and differ == 0:
                differ = words[state * n_words + word] ^ new[at * n_words + word]
                word += _ONE
            given = target[at]
            target[at] = np.int32(state) if (given == WANTED) & (differ == 0) else given
            left[n_left] = at
            n_left += np.uint64((given == WANTED) & (differ != 0))
        asked = np.uint64(begin + _BLOCK)
        for each in range(n_left):
            for _ in range(2):  # slots of the next block: this work leaves memory time for it
                prefetch(table, (mixed[min(asked, last)] << _TO_BUCKET) & buckets)
                asked += _ONE
            at = left[each]
            bucket = (mixed[at] << _TO_BUCKET) & buckets
            tag = np.uint32(mixed[at] >> above << bits)
            state = _NOWHERE
            while state == _NOWHERE:
                found = alike(table, bucket, tag, np.uint32(low))
                while state == _NOWHERE and found != 0:
                    state = (np.uint64(table[bucket + lowest(found)]) & low) - _ONE
                    for nth in range(n_words):
                        if words[state * n_words + nth] != new[at * n_words + nth]:
                            state = _NOWHERE
                            break
                    found &= found - _ONE
                free = alike(table, bucket, np.uint32(_ONE), np.uint32(_ONE))
                if state == _NOWHERE and free != 0:
                    words[n_now * n_words] = new[at * n_words]
                    for nth in range(_ONE, n_words):
                        words[n_now * n_words + nth] = new[at * n_words + nth]
                    state = n_now
                    n_now += _ONE
                    table[bucket + lowest(free)] = tag | np.uint32(n_now)
                bucket = (bucket + _BUCKET) & buckets
            target[at] = np.int32(state)
        for row in range(asked, np.uint64(min(begin + 2 * _BLOCK, n))):
            prefetch(table, (mixed[row] << _TO_BUCKET) & buckets)
    return int(np.int64(n_now))  # as signed as the other, or both become floating-point numbers


@kernel
def fill(table: Slots, states: Words, n_states: int) -> None:
    """Put the first ``n_states`` states, all different, into an empty table."""
    bits = np.uint64(position_bits(table))
    buckets = np.uint64(table.shape[0]) - _BUCKET
    above = _SLOT_BITS + bits
    mixed = np.zeros(_AHEAD, np.uint64)  # of those ahead, in turn
    for at in range(-_AHEAD, n_states):
        ready = mixed[at % _AHEAD]
        if at + _AHEAD < n_states:
            mixed[at % _AHEAD] = hashed(states, at + _AHEAD)
            prefetch(table, (mixed[at % _AHEAD] << _TO_BUCKET) & buckets)
        if at >= 0:
            bucket = (ready << _TO_BUCKET) & buckets
            free = alike(table, bucket, np.uint32(_ONE), np.uint32(_ONE))
            while free == 0:
                bucket = (bucket + _BUCKET) & buckets
                free = alike(table, bucket, np.uint32(_ONE), np.uint32(_ONE))
            table[bucket + lowest(free)] = np.uint32((ready >> above << bits) | np.uint64(at + 1))
