"""How many entries of one sequence must be put in, taken out or replaced to make it another (Levenshtein 1966)."""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Longs, kernel

__all__ = ["edit_distance", "edit_distances"]


@kernel
def edit_distance(one: Ints, other: Ints) -> int:
    """Count the edits from one sequence to another; time is the product of their lengths."""
    row = np.arange(other.size + 1)
    for at in range(one.size):
        corner = row[0]
        row[0] = at + 1
        for nth in range(other.size):
            kept = corner + (0 if one[at] == other[nth] else 1)
            corner = row[nth + 1]
            row[nth + 1] = min(kept, corner + 1, row[nth] + 1)
    return int(row[other.size])


@kernel
def edit_distances(offsets: Longs, items: Ints, first: Longs, second: Longs) -> Longs:
    """Count the edits of many pairs of sequences; sequence ``i`` is ``items[offsets[i]:offsets[i + 1]]``."""
    found = np.empty(first.size, np.int64)
    for pair in range(first.size):
        one, other = first[pair], second[pair]
        found[pair] = edit_distance(items[offsets[one] : offsets[one + 1]], items[offsets[other] : offsets[other + 1]])
    return found
