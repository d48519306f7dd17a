"""A graph cut down to the ways that are asked for, and nothing else: every node of it is on one.

Filters become nodes: a node of the cut graph is one of the story's graph together with what a way to it has done so far
(:mod:`~gamebook_lab.kernels.product`). So counting, numbering and searching know nothing of filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from gamebook_lab.errors import LimitError
from gamebook_lab.kernels.accelerate import Flags, Ints, Longs
from gamebook_lab.kernels.components import components, cyclic
from gamebook_lab.kernels.csr import subgraph, transpose
from gamebook_lab.kernels.lengths import shortest
from gamebook_lab.kernels.product import MOST_BITS, product
from gamebook_lab.kernels.reach import can_reach, reached

__all__ = ["Asked", "Cut", "cut_down"]

_MOST_CHOICES: Final = (1 << 20) - 1
_NODE_BYTES: Final = 60
"""Of a node of the product and its edges while it is made, about."""


@dataclass(frozen=True)
class Asked:
    """Which ways: in terms of a graph's nodes and edges."""

    ends: Flags
    """Nodes where ways stop."""
    good: Flags
    """Those of them where the ways asked for do."""
    through: Sequence[tuple[Flags, Flags]] = ()
    """Pairs of nodes and edges: a way takes one of each pair at least, in any order."""
    avoiding: tuple[Flags, Flags] | None = None
    """Nodes and edges that no way takes."""
    most_clicks: int | None = None
    most_bytes: int = 2_000_000_000
    """Memory that the cut graph may take while it is made."""


@dataclass(frozen=True, eq=False)
class Cut:
    """The part of a graph where the ways asked for are. Ways begin at ``starts``, in their order, and stop at ``ends``."""

    indptr: Longs
    indices: Ints
    """None is -1."""
    ends: Flags
    starts: Ints
    node: Ints
    """Of each node: the graph's."""
    edge: Longs
    """Of each edge: the graph's."""
    clicks: Ints
    """Of each edge: 1 if the reader chooses it."""
    is_unrolled: bool = field(default=False)
    """Nodes of the graph may be here several times."""

    @property
    def n(self) -> int:
        """Number of nodes."""
        return self.indptr.size - 1

    @property
    def on_circles(self) -> Ints:
        """Nodes of the graph where a way may go round, each once."""
        n_components, labels = components(self.indptr, self.indices)
        return np.unique(self.node[cyclic(self.indptr, self.indices, n_components, labels)[labels]])


def cut_down(indptr: Longs, indices: Ints, clicks: Ints, starts: Ints, asked: Asked) -> Cut:
    """Keep what is on a way that is asked for.

    Time and memory are those of the graph, twice as much for each of ``through``, and as many times as there are choices up to
    ``most_clicks``; only what is reached counts.

    Raises
    ------
    LimitError
        If that needs more memory than it may, or ``through`` or ``most_clicks`` are more than can be told apart.
    """
    first = _unique(starts)
    if asked.through or asked.most_clicks is not None:
        return _unrolled(indptr, indices, clicks, first, asked)
    followed = _followed(indptr, indices, asked)
    on: Flags = reached(indptr, followed, first[_open(asked)[first]])
    on &= can_reach(indptr, followed, np.flatnonzero(asked.good & on).astype(np.int32))
    nodes, own_indptr, own_indices, edges = subgraph(indptr, followed, on)
    renamed = np.full(on.size, -1, np.int32)
    renamed[nodes] = np.arange(nodes.size, dtype=np.int32)
    return Cut(
        own_indptr,
        own_indices,
        asked.good[nodes],
        renamed[first[on[first]]],
        nodes,
        edges,
        clicks[edges].astype(np.int32),
    )


def _unique(starts: Ints) -> Ints:
    """Each once, as first met."""
    found: Ints = np.array(list(dict.fromkeys(starts.tolist())), np.int32)
    return found


def _open(asked: Asked) -> Flags:
    """Nodes that ways may take."""
    return np.ones(asked.ends.size, np.bool_) if asked.avoiding is None else ~asked.avoiding[0]


def _followed(indptr: Longs, indices: Ints, asked: Asked) -> Ints:
    """Edges that ways may take; -1 for the others."""
    may = _open(asked)
    gone = (indices < 0) | ~may[indices] | np.repeat(asked.ends | ~may, np.diff(indptr))
    if asked.avoiding is not None:
        gone |= asked.avoiding[1]
    return np.where(gone, np.int32(-1), indices)


def _unrolled(indptr: Longs, indices: Ints, clicks: Ints, starts: Ints, asked: Asked) -> Cut:
    if len(asked.through) > MOST_BITS:
        raise LimitError(
            f"a way through {len(asked.through)} passages at once is too much: ask for {MOST_BITS} at most"
        )
    most = -1 if asked.most_clicks is None else asked.most_clicks
    if most > _MOST_CHOICES:
        raise LimitError(f"expected at most {_MOST_CHOICES:,} choices, not {most:,}")
    n = indptr.size - 1
    node_bits, edge_bits = np.zeros(n, np.int32), np.zeros(indices.size, np.int32)
    for bit, (at_nodes, on_edges) in enumerate(asked.through):
        node_bits[at_nodes] |= 1 << bit
        edge_bits[on_edges] |= 1 << bit
    followed = _followed(indptr, indices, asked)
    turned, origins, numbers = transpose(indptr, followed)
    good = np.flatnonzero(asked.good & _open(asked)).astype(np.int32)
    away = shortest(turned, origins, clicks[numbers].astype(np.float64), good)
    fewest = np.where(np.isinf(away), -1, away).astype(np.int32)
    most_nodes = min(asked.most_bytes // _NODE_BYTES, (1 << 31) - 1)
    n_starts, base, bits, own_indptr, own_indices, edges = product(
        indptr, followed, clicks, asked.ends, starts, node_bits, edge_bits,
        ~_open(asked), np.zeros(indices.size, np.bool_), fewest, most, most_nodes,
    )  # fmt: skip
    if base.size > most_nodes:
        raise LimitError(
            f"more than {most_nodes:,} states and numbers of choices: they need more than {asked.most_bytes:,} bytes; ask for"
            " fewer choices or passages at once, or allow more memory"
        )
    ends = asked.good[base] & (bits == (1 << len(asked.through)) - 1)
    keep = can_reach(own_indptr, own_indices, np.flatnonzero(ends).astype(np.int32))
    nodes, kept_indptr, kept_indices, kept = subgraph(own_indptr, own_indices, keep)
    return Cut(
        kept_indptr, kept_indices, ends[nodes], np.arange(keep[:n_starts].sum(), dtype=np.int32), base[nodes],
        edges[kept], clicks[edges[kept]].astype(np.int32), is_unrolled=True,
    )  # fmt: skip
