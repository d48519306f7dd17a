"""Compares the offers of each node with each other: whether they lead to the same, and which gives more up."""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gamebook_lab.kernels.accelerate import Flags, Floats, Ints, Longs, Words, kernel

__all__ = ["compare", "menus", "standing_offers", "taken"]

_CLOSE = 1e-12


@kernel
def menus(indptr: Longs, offer: Ints, n_offers: int) -> tuple[Ints, int]:
    """Number the pairs of a node and an offer that stands there.

    Returns
    -------
    tuple
        For each edge the number of its pair, -1 where its offer is none; and how many there are. Numbers go up
        with the edges: where one is higher than all before, it is met first.
    """
    met_at = np.full(n_offers, -1, np.int32)
    number = np.empty(n_offers, np.int32)
    found = np.full(offer.size, -1, np.int32)
    n = 0
    for node in range(indptr.size - 1):
        for edge in range(indptr[node], indptr[node + 1]):
            each = offer[edge]
            if each < 0:
                continue
            if met_at[each] != node:
                met_at[each] = node
                number[each] = n
                n += 1
            found[edge] = number[each]
    return found, n


@kernel
def standing_offers(
    indptr: Longs, offer: Ints, standing: npt.NDArray[np.int8], n_offers: int
) -> tuple[Ints, Ints, npt.NDArray[np.int8]]:
    """List the pairs of a node and an offer that stands there, as :func:`menus` numbers them.

    Returns
    -------
    tuple
        Of each pair: the node, the offer, and the greatest ``standing`` among its edges.
    """
    met_at = np.full(n_offers, -1, np.int32)
    number = np.empty(n_offers, np.int32)
    nodes, offers = np.empty(offer.size, np.int32), np.empty(offer.size, np.int32)
    surest = np.empty(offer.size, np.int8)
    n = 0
    for node in range(indptr.size - 1):
        for edge in range(indptr[node], indptr[node + 1]):
            each = offer[edge]
            if each < 0:
                continue
            if met_at[each] != node:
                met_at[each] = node
                number[each] = n
                nodes[n], offers[n], surest[n] = node, each, standing[edge]
                n += 1
            else:
                surest[number[each]] = max(surest[number[each]], standing[edge])
    return nodes[:n], offers[:n], surest[:n]


@kernel
def taken(indptr: Longs, offer: Ints, probabilities: Floats, visits: Floats, n_offers: int) -> Floats:
    """Sum up how often each offer is taken, given the visits of each node; what nobody knows adds nothing."""
    found = np.zeros(n_offers)
    for node in range(indptr.size - 1):
        for edge in range(indptr[node], indptr[node + 1]):
            if offer[edge] >= 0 and probabilities[edge] > 0.0:
                found[offer[edge]] += visits[node] * probabilities[edge]
    return found


@kernel
def _place(target: int, passage: Ints, exactly: bool) -> int:
    return target if exactly else passage[target]


@kernel
def _share(
    first: int,
    last: int,
    offer: Ints,
    which: int,
    indices: Ints,
    passage: Ints,
    probabilities: Floats,
    place: int,
    exactly: bool,
) -> float:
    """Probability that an offer leads to a place: -1 if it never does, -2 if nobody knows."""
    total = 0.0
    found = False
    for edge in range(first, last):
        if offer[edge] == which and indices[edge] >= 0 and _place(indices[edge], passage, exactly) == place:
            found = True
            total += probabilities[edge]
    if not found:
        return -1.0
    return -2.0 if np.isnan(total) else total


@kernel
def _lead_alike(
    first: int,
    last: int,
    offer: Ints,
    one: int,
    other: int,
    indices: Ints,
    passage: Ints,
    probabilities: Floats,
    exactly: bool,
) -> bool:
    """Tell whether all that one offer leads to, another leads to as well; ``exactly``: to the same nodes, as probably."""
    for edge in range(first, last):
        if offer[edge] != one:
            continue
        if indices[edge] < 0:
            return False
        place = _place(indices[edge], passage, exactly)
        here = _share(first, last, offer, one, indices, passage, probabilities, place, exactly)
        there = _share(first, last, offer, other, indices, passage, probabilities, place, exactly)
        if there == -1.0 or (exactly and not (abs(here - there) <= _CLOSE and here >= 0.0)):
            return False
    return True


@kernel
def _difference(
    first: int, last: int, offer: Ints, one: int, other: int, indices: Ints, passage: Ints, probabilities: Floats,
    least: int,
) -> int:  # fmt: skip
    """Tell how far two offers of one node differ: as :func:`compare` numbers it, and by what matters beyond ``least``."""
    for exactly, so_far in ((True, 1), (False, 2)):
        if so_far < least:
            continue
        if _lead_alike(first, last, offer, one, other, indices, passage, probabilities, exactly) and _lead_alike(
            first, last, offer, other, one, indices, passage, probabilities, exactly
        ):
            return so_far
    return 3


@kernel
def compare(  # noqa: C901 -- one idea, in one pass: a kernel
    indptr: Longs,
    indices: Ints,
    probabilities: Floats,
    offer: Ints,
    passage: Ints,
    goals: Words,
    n_offers: int,
) -> tuple[Ints, Flags, Longs, Longs]:
    """Compare the offers of every node.

    Parameters
    ----------
    indptr, indices, probabilities
        The graph; nan where nobody knows.
    offer
        Of each edge; -1 for none. Edges of one offer at one node are its outcomes.
    passage
        Of each node.
    goals
        A row of bits for each node: the goals that can be reached from it.
    n_offers
        How many there are.

    Returns
    -------
    tuple
        For each offer: how far it ever differs from another one of the same node (0 never beside another, 1 leads to
        the very same nodes as probably, 2 to the same passages, 3 to others); whether another keeps all goals that
        it keeps, and more, wherever there is another; the nodes where it stands, and those where it stands alone.
    """
    level = np.zeros(n_offers, np.int32)
    dominated = np.ones(n_offers, np.bool_)
    n_nodes = np.zeros(n_offers, np.int64)
    n_alone = np.zeros(n_offers, np.int64)
    n_bits = goals.shape[1]
    met_at = np.full(n_offers, -1, np.int32)
    here = np.empty(n_offers, np.int32)
    kept = np.zeros((n_offers, n_bits), np.uint64)  # of each offer, at the node that is looked at
    for node in range(indptr.size - 1):
        first, last = indptr[node], indptr[node + 1]
        n, may_be_worse = 0, False
        for edge in range(first, last):
            each = offer[edge]
            if each < 0:
                continue
            if met_at[each] != node:
                met_at[each] = node
                kept[each] = 0
                here[n] = each
                n += 1
                n_nodes[each] += 1
                may_be_worse |= dominated[each]
        if n == 1:
            n_alone[here[0]] += 1
            continue
        # most of what can be told of an offer is told by the first few nodes where it stands
        for edge in range(first, last if may_be_worse else first):
            if offer[edge] >= 0 and indices[edge] >= 0:
                kept[offer[edge]] |= goals[indices[edge]]
        for at in range(n):
            one = here[at]
            is_worse = not dominated[one]
            for other in here[:n]:
                if is_worse:
                    break
                keeps_all, keeps_more = True, False
                for bit in range(n_bits):
                    keeps_all = keeps_all and not kept[one, bit] & ~kept[other, bit]
                    keeps_more = keeps_more or kept[other, bit] & ~kept[one, bit] != 0
                is_worse = keeps_all and keeps_more
            dominated[one] = dominated[one] and is_worse
            for other in here[at + 1 : n]:
                least = min(level[one], level[other])
                if least < 3:
                    differs = _difference(first, last, offer, one, other, indices, passage, probabilities, least)
                    level[one], level[other] = max(level[one], differs), max(level[other], differs)
    for at in range(n_offers):
        if n_nodes[at] == n_alone[at]:
            dominated[at] = False
    return level, dominated, n_nodes, n_alone
