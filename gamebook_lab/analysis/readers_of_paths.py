"""Readers whose playthrough fits a filter, without throwing any away.

A reader who goes from a node over an edge with probability ``p`` does so, *given that* the playthrough will fit, with
probability ``p * h(target) / h(node)``, where ``h`` is the probability that what follows fits (Doob's h-transform).
"""

from __future__ import annotations

import os

import numpy as np

from gamebook_lab.analysis.numbering import Block, Counted, Numbering
from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.kernels.accelerate import Floats, Longs
from gamebook_lab.kernels.csr import sources
from gamebook_lab.kernels.paths import reaching
from gamebook_lab.kernels.simulate import MOST_STEPS, simulate

__all__ = ["readers", "simulated"]


def simulated(graph: PlayGraph, numbering: Numbering, n: int, seed: int) -> Block:
    """Let readers play the ways of a numbering.

    Raises
    ------
    ValueError
        If the ways were searched for, or no reader ever takes one.
    """
    if not isinstance(numbering, Counted):
        raise ValueError(  # noqa: TRY004 -- it is what was asked for that does not go, not its type
            "readers forget what they have met: simulate without simple=True, with max_choices= where play can go round"
        )
    cut = numbering.cut
    probability = shared(graph)[cut.edge]
    begin = begun_at(graph)[np.searchsorted(graph.starts, cut.node[cut.starts], sorter=np.argsort(graph.starts))]
    fits = reaching(cut.indptr, cut.indices, probability, cut.ends, numbering.order)
    weight = probability * fits[cut.indices]
    begun = begin * fits[cut.starts]
    if n and not begun.sum() > 0.0:
        raise ValueError("no reader by this model ever takes one of these paths: nothing to simulate")
    first, offsets, edges = simulate(
        cut.indptr, cut.indices, weight, cut.starts, begun, n, seed=seed, most_steps=numbering.longest + 1,
        threads=os.cpu_count() or 1,
    )  # fmt: skip
    return Block(cut.node[first], offsets, cut.edge[edges])


def readers(graph: PlayGraph, n: int, seed: int, most_steps: int = MOST_STEPS) -> Walks:
    """Let readers play to the end, wherever that is; one who goes round in circles is broken off after so many steps.

    There are none where there is nowhere to begin.
    """
    begin = begun_at(graph)
    start, offsets, edges = simulate(
        graph.indptr, graph.indices, shared(graph), graph.starts, begin, n if begin.any() else 0, seed=seed, most_steps=most_steps,
        threads=os.cpu_count() or 1,
    )  # fmt: skip
    return Walks(graph, start, offsets, edges)


def begun_at(graph: PlayGraph) -> Floats:
    """Probability of each start; those that nobody knows share what is left alike."""
    known = float(np.nansum(graph.start_probability))
    n_free = max(1, int(np.isnan(graph.start_probability).sum()))
    found: Floats = np.where(np.isnan(graph.start_probability), max(0.0, 1.0 - known) / n_free, graph.start_probability)
    return found


def shared(graph: PlayGraph) -> Floats:
    """Probability of each edge; those that nobody knows share what is left at their node alike."""
    if not graph.is_free.any():
        return graph.probability
    origin = sources(graph.indptr)
    known = np.bincount(origin, np.nan_to_num(graph.probability), minlength=graph.n)
    n_free: Longs = np.bincount(origin, graph.is_free, minlength=graph.n)
    rest = np.maximum(1.0 - known, 0.0) / np.maximum(n_free, 1)
    found: Floats = np.where(graph.is_free, rest[origin], graph.probability)
    return found
