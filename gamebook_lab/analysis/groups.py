"""Sums and unions over rows that belong together."""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Words

__all__ = ["any_of", "bits", "common", "named", "summed", "united"]


def summed(groups: Ints, values: Floats, n: int) -> Floats:
    """Add up the values of each of ``n`` groups; rows of group -1 belong to none."""
    found = np.zeros(n)
    np.add.at(found, groups[groups >= 0], values[groups >= 0])
    return found


def any_of(groups: Ints, flags: Flags, n: int) -> Flags:
    """Tell of each group whether one of its rows is flagged."""
    found = np.zeros(n, np.bool_)
    found[groups[flags]] = True
    return found


def united(groups: Ints, words: Words, n: int) -> Words:
    """Bits that one of a group's rows has."""
    found = np.zeros(n, np.uint64)
    np.bitwise_or.at(found, groups, words)
    return found


def common(groups: Ints, words: Words, n: int) -> Words:
    """Bits that all of a group's rows have; all bits where there are no rows."""
    found = np.full(n, ~np.uint64(0))
    np.bitwise_and.at(found, groups, words)
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
