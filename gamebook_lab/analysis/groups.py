"""Sums over rows that belong together, and sets of things as bits."""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Words

__all__ = ["any_of", "bits", "named", "summed"]


def summed(groups: Ints, values: Floats, n: int) -> Floats:
    """Add up the values of each of ``n`` groups; rows of group -1 belong to none."""
    there = groups >= 0
    found: Floats = np.bincount(groups[there], values[there], minlength=n).astype(np.float64)
    return found


def any_of(groups: Ints, flags: Flags, n: int) -> Flags:
    """Tell of each group whether one of its rows is flagged."""
    found = np.zeros(n, np.bool_)
    found[groups[flags]] = True
    return found


def named(words: Words, first: int, n: int) -> Flags:
    """Spread bits out: a row for each word, and a column for each of ``n`` things from ``first`` on, up to 64."""
    shifts = np.arange(min(64, n - first), dtype=np.uint64)
    found: Flags = (words[:, None] >> shifts & np.uint64(1)).astype(np.bool_)
    return found


def bits(things: Ints, first: int) -> Words:
    """The bit of each thing from ``first`` on; none for others."""
    is_there: Flags = (things >= first) & (things < first + 64)
    shifts = np.where(is_there, things - first, 0).astype(np.uint64)
    found: Words = np.where(is_there, np.uint64(1) << shifts, np.uint64(0))
    return found
