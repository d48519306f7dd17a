"""How many ways there are from each node to an end, exactly: numbers of any size, 64 bits in a limb.

Every edge counts as a way of its own, parallel ones too. A graph without circles has numbers of all its ways; one
with circles has them for each length.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from math import gcd

import numpy as np

from gamebook_lab.errors import GamebookError
from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Longs, Words, kernel
from gamebook_lab.kernels.components import components, cyclic

__all__ = ["CircleError", "completions", "completions_by_length", "estimated", "number", "numbers", "ways_to"]


class CircleError(GamebookError, ValueError):
    """Play can go round in circles: there is no end to the ways."""


@kernel
def _log_counts(indptr: Longs, indices: Ints, ends: Flags, order: Ints) -> Floats:
    """Binary logarithm of each node's number, by way of sums that do not overflow; -inf where there is no way."""
    logs = np.full(ends.size, -np.inf)
    for node in order:
        most = 0.0 if ends[node] else -np.inf
        for edge in range(indptr[node], indptr[node + 1]):
            if indices[edge] >= 0:
                most = max(most, logs[indices[edge]])
        if most > -np.inf:
            total = 2.0 ** (0.0 - most) if ends[node] else 0.0
            for edge in range(indptr[node], indptr[node + 1]):
                if indices[edge] >= 0:
                    total += 2.0 ** (logs[indices[edge]] - most)
            logs[node] = most + np.log2(total)
    return logs


@kernel
def _add(onto: Words, amount: Words) -> bool:
    """Add one number to another in place; False if it does not fit."""
    carry = np.uint64(0)
    for limb in range(onto.size):
        if limb >= amount.size and carry == 0:
            return True
        before = onto[limb]
        total = before + carry
        carry = np.uint64(1) if total < before else np.uint64(0)
        if limb < amount.size:
            total += amount[limb]
            if total < amount[limb]:
                carry += np.uint64(1)
        onto[limb] = total
    return bool(carry == 0)


@kernel
def _sum_up(indptr: Longs, indices: Ints, ends: Flags, order: Ints, offsets: Longs, limbs: Words) -> bool:
    one = np.ones(1, np.uint64)
    fits = True
    for node in order:
        own = limbs[offsets[node] : offsets[node + 1]]
        if ends[node]:
            fits = _add(own, one) and fits
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target >= 0:
                fits = _add(own, limbs[offsets[target] : offsets[target + 1]]) and fits
    return fits


@kernel
def _offsets(logs: Floats) -> Longs:
    """Find where each number's limbs begin, given its binary logarithm."""
    offsets = np.zeros(logs.size + 1, np.int64)
    for node in range(logs.size):
        # floats lose some 1e-16 of the logarithm at each node on the way; a bit and a millionth more are on the safe side
        bits = 0.0 if np.isinf(logs[node]) else logs[node] * (1.0 + 1e-6) + 2.0
        offsets[node + 1] = offsets[node] + np.int64(np.ceil(bits / 64.0))
    return offsets


def _backwards(indptr: Longs, indices: Ints) -> Ints:
    """Nodes, each after all that its edges lead to."""
    n_components, labels = components(indptr, indices)
    if cyclic(indptr, indices, n_components, labels).any():
        raise CircleError("Play can go round in circles here: ask for the number of ways up to a length.")
    order = np.empty(labels.size, np.int32)
    order[labels] = np.arange(labels.size, dtype=np.int32)
    return order


def estimated(indptr: Longs, indices: Ints, ends: Flags) -> Floats:
    """Binary logarithm of how many ways there are from each node to an end, as floats; -inf for none.

    Raises
    ------
    CircleError
        If the graph has circles.
    """
    return _log_counts(indptr, indices, ends, _backwards(indptr, indices))


def completions(indptr: Longs, indices: Ints, ends: Flags) -> tuple[Longs, Words]:
    """Count the ways from each node to an end.

    Parameters
    ----------
    indptr, indices
        The graph.
    ends
        Nodes where a way may end; it may go on from there all the same, if there are edges.

    Returns
    -------
    tuple
        ``offsets`` and ``limbs``: the number of node ``v`` is ``limbs[offsets[v]:offsets[v + 1]]``, the lowest 64 bits
        first; see :func:`number`.

    Raises
    ------
    CircleError
        If the graph has circles.
    """
    order = _backwards(indptr, indices)
    offsets = _offsets(_log_counts(indptr, indices, ends, order))
    limbs = np.zeros(offsets[-1], np.uint64)
    if not _sum_up(indptr, indices, ends, order, offsets, limbs):
        raise AssertionError("a number did not fit into the limbs that its logarithm asked for")
    return offsets, limbs


@kernel
def _log_ways(indptr: Longs, indices: Ints, starts: Ints, order: Ints) -> Floats:
    """Binary logarithm of the number of ways from the starts to each node; -inf where there is none."""
    logs = np.full(order.size, -np.inf)
    logs[starts] = 0.0
    for node in order:
        own = logs[node]
        if own == -np.inf:
            continue
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target >= 0:
                most = max(logs[target], own)
                logs[target] = most + np.log2(2.0 ** (logs[target] - most) + 2.0 ** (own - most))
    return logs


@kernel
def _ways_modulo(
    indptr: Longs, indices: Ints, starts: Ints, order: Ints, groups: Ints, n_groups: int, modulus: np.uint64
) -> Words:
    ways = np.zeros(order.size, np.uint64)
    ways[starts] = np.uint64(1)
    found = np.zeros(n_groups, np.uint64)
    for node in order:
        own = ways[node]
        if groups[node] >= 0:
            found[groups[node]] = (found[groups[node]] + own) % modulus
        for edge in range(indptr[node], indptr[node + 1]):
            target = indices[edge]
            if target >= 0:
                total = ways[target] + own
                ways[target] = total - modulus if total >= modulus else total
    return found


def ways_to(indptr: Longs, indices: Ints, starts: Ints, groups: Ints, n_groups: int) -> list[int]:
    """Count the ways from ``starts`` to the nodes of each group, exactly.

    Parameters
    ----------
    indptr, indices
        The graph.
    starts
        Where ways begin.
    groups
        Of each node; -1 for none.
    n_groups
        How many there are.

    Raises
    ------
    CircleError
        If the graph has circles.

    Notes
    -----
    Ways are counted modulo numbers of 62 bits without a common divisor, one after the other, until those are enough to
    tell the count (Chinese remainder theorem): 20 bytes a node at a time, however large the counts are.
    """
    order = _backwards(indptr, indices)[::-1].copy()
    logs = _log_ways(indptr, indices, starts, order)[groups >= 0]
    # floats lose some 1e-16 of the logarithm at each node on the way; a group has at most so many nodes
    bits = int(logs.max(initial=0.0) * (1.0 + 1e-6)) + 2 + logs.size.bit_length()
    del logs
    found, product, modulus = [0] * n_groups, 1, 2**62 + 1
    while product.bit_length() <= bits:
        modulus -= 2
        while gcd(modulus, product) != 1:
            modulus -= 2
        rests = _ways_modulo(indptr, indices, starts, order, groups, n_groups, np.uint64(modulus)).tolist()
        inverse = pow(product, -1, modulus)
        found = [each + product * ((rest - each) * inverse % modulus) for each, rest in zip(found, rests, strict=True)]
        product *= modulus
    return found


def number(offsets: Longs, limbs: Words, node: int) -> int:
    """Take one node's exact number out of what :func:`completions` gives."""
    return int.from_bytes(limbs[offsets[node] : offsets[node + 1]].astype("<u8").tobytes(), "little")


def numbers(offsets: Longs, limbs: Words) -> list[int]:
    """Take every node's exact number."""
    return [number(offsets, limbs, node) for node in range(offsets.size - 1)]


@kernel
def _step(indptr: Longs, indices: Ints, ways: Words, onto: Words) -> bool:
    """Take every way one edge further; rows are numbers."""
    fits = True
    for node in range(indptr.size - 1):
        if ways[node].any():
            for edge in range(indptr[node], indptr[node + 1]):
                if indices[edge] >= 0:
                    fits = _add(onto[indices[edge]], ways[node]) and fits
    return fits


def completions_by_length(indptr: Longs, indices: Ints, ends: Flags, start: int, longest: int) -> list[int]:
    """Count the ways of each length from one node to an end, circles and all.

    Returns
    -------
    list of int
        The number of ways of 0, 1, ... ``longest`` edges. Time is ``longest`` times the size of the graph
        times the limbs of the largest number.
    """
    many = int(np.bincount(indices[indices >= 0], minlength=1).max())
    n_limbs = 1
    ways = np.zeros((ends.size, n_limbs), np.uint64)
    ways[start, 0] = 1
    found = []
    for length in range(longest + 1):
        # ends are summed up as Python's numbers: their sum may need more limbs than any of them
        at_ends = ways[ends]
        found.append(sum(int(at_ends[:, limb].astype(object).sum()) << (64 * limb) for limb in range(n_limbs)))
        if length == longest or not ways.any():
            break
        # no node gets more than the largest number, once for each of its edges from others
        needed = 64 * (n_limbs - 1) + int(ways[:, -1].max()).bit_length() + many.bit_length()
        n_limbs = max(n_limbs, -(-needed // 64))
        if n_limbs > ways.shape[1]:
            ways = np.hstack((ways, np.zeros((ends.size, n_limbs - ways.shape[1]), np.uint64)))
        onto = np.zeros_like(ways)
        if not _step(indptr, indices, ways, onto):
            raise AssertionError("a number did not fit into its limbs")
        ways = onto
    return found + [0] * (longest + 1 - len(found))
