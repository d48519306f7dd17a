"""A graph together with what a way has done so far: the passages it came through, the choices it has made.

A node of the *product* is a node of the graph, a set of bits and a number of choices; a way in it is a way in the graph
that keeps to what is asked. So filters cost a larger graph, and never a way that is found and thrown away.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from typing import Any, Final

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Ints, Longs, Words, kernel

__all__ = ["MOST_BITS", "product"]

MOST_BITS: Final = 12
"""Of a set: each bit may double the product."""
_NODE_BITS: Final = np.uint64(32)
_SET_BITS: Final = np.uint64(12)
_SHIFT: Final = np.uint64(32)
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
_NONE: Final = np.int32(-1)


@kernel
def _slot(table: Ints, keys: Words, key: np.uint64) -> int:
    """Where a key stands, or would."""
    mixed = key * _MULTIPLIER
    mixed ^= mixed >> _SHIFT
    last = np.uint64(table.size - 1)
    at = (mixed * _MULTIPLIER >> np.uint64(20)) & last
    while table[at] != _NONE and keys[table[at]] != key:
        at = (at + np.uint64(1)) & last
    return int(at)


@kernel
def _wider(values: Any, size: int) -> Any:
    found = np.empty(size, values.dtype)
    found[: values.size] = values
    return found


@kernel
def product(
    indptr: Longs,
    indices: Ints,
    clicks: Ints,
    ends: Flags,
    starts: Ints,
    node_bits: Ints,
    edge_bits: Ints,
    barred: Flags,
    barred_edges: Flags,
    fewest: Ints,
    most_clicks: int,
    most_nodes: int,
) -> tuple[int, Ints, Ints, Longs, Ints, Longs]:
    """Walk outwards from the starts, keeping what each way has done.

    Parameters
    ----------
    indptr, indices, clicks, ends, starts
        The graph. Ways end at the first of ``ends``.
    node_bits, edge_bits
        Bits that a way gets at each node and on each edge; below ``1 << MOST_BITS``.
    barred, barred_edges
        Nodes and edges that no way takes.
    fewest
        Of each node: clicks to a good end at least; negative where none is ahead.
    most_clicks
        Of a way; negative: any number, and they are not counted.
    most_nodes
        It stops soon after it has found more.

    Returns
    -------
    tuple
        How many of the first nodes are starts, in their order; of each node of the product its node and its bits; ``indptr``,
        ``indices``, and for each edge the edge of the graph. Edges of a node keep their order.
    """
    counts = most_clicks >= 0
    room = max(1024, 2 * starts.size)
    base = np.empty(room, np.int32)
    bits = np.empty(room, np.int32)
    used = np.empty(room, np.int32)
    keys = np.empty(room, np.uint64)
    table = np.full(4 * room, _NONE)
    n = 0
    for start in starts:
        if barred[start] or fewest[start] < 0 or (counts and fewest[start] > most_clicks):
            continue
        key = np.uint64(start) | np.uint64(node_bits[start]) << _NODE_BITS
        slot = _slot(table, keys, key)
        if table[slot] != _NONE:
            continue
        table[slot] = n
        base[n], bits[n], used[n], keys[n] = start, node_bits[start], 0, key
        n += 1
    n_starts = n
    out_indptr = np.zeros(room + 1, np.int64)
    edge_room = 4 * room
    out_indices = np.empty(edge_room, np.int32)
    out_edges = np.empty(edge_room, np.int64)
    m = 0
    at = 0
    while at < n <= most_nodes:
        node = base[at]
        if not ends[node]:
            for edge in range(indptr[node], indptr[node + 1]):
                target = indices[edge]
                if target < 0 or barred_edges[edge] or barred[target] or fewest[target] < 0:
                    continue
                clicked = np.int32(0)
                if counts:
                    clicked = np.int32(used[at] + clicks[edge])
                    if clicked + fewest[target] > most_clicks:
                        continue
                has = bits[at] | edge_bits[edge] | node_bits[target]
                key = np.uint64(target) | np.uint64(has) << _NODE_BITS | np.uint64(clicked) << (_NODE_BITS + _SET_BITS)
                slot = _slot(table, keys, key)
                if table[slot] == _NONE:
                    if n == room:
                        room *= 2
                        base, bits, used = _wider(base, room), _wider(bits, room), _wider(used, room)
                        keys = _wider(keys, room)
                        out_indptr = _wider(out_indptr, room + 1)
                        table = np.full(4 * room, _NONE)
                        for each in range(n):
                            table[_slot(table, keys, keys[each])] = each
                        slot = _slot(table, keys, key)
                    table[slot] = n
                    base[n], bits[n], used[n], keys[n] = target, has, clicked, key
                    n += 1
                if m == edge_room:
                    edge_room *= 2
                    out_indices, out_edges = _wider(out_indices, edge_room), _wider(out_edges, edge_room)
                out_indices[m] = table[slot]
                out_edges[m] = edge
                m += 1
        at += 1
        out_indptr[at] = m
    return (
        n_starts, base[:n].copy(), bits[:n].copy(), out_indptr[: n + 1].copy(), out_indices[:m].copy(), out_edges[:m].copy(),
    )  # fmt: skip
