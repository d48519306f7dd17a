"""Which passages and choices a reader can come to: a verdict each, and how sure it is.

*reachable*: over ways on which nothing is unknown. *unreachable*: the whole space was looked through. *unknown*: only
over something that nobody knows, or a limit was reached before it was found.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from gamebook_lab.analysis.endings import ending_groups
from gamebook_lab.analysis.play_graph import STOPS, PlayGraph, play_graph
from gamebook_lab.engine.space import OFFERS, Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Floats, Ints
from gamebook_lab.kernels.offers import standing_offers, taken
from gamebook_lab.kernels.tally import any_of, nearest, summed
from gamebook_lab.story import schema

__all__ = [
    "CHOICE_VERDICTS",
    "ENDING_VERDICTS",
    "PASSAGE_VERDICTS",
    "VERDICT",
    "Seen",
    "choice_verdicts",
    "ending_verdicts",
    "passage_verdicts",
    "summed_up",
]

VERDICT: Final = (
    schema.Column("verdict", "str", "reachable, unreachable or unknown"),
    schema.Column("shortest", "Int64", "steps of a shortest way there; missing: none found", "steps"),
    schema.Column("state", "Int64", "state that this way leads to, for the space's witness; missing: none found"),
    schema.Column("n_states", "int64", "states in which it is seen"),
    schema.Column("is_luck_only", "bool", "something must be drawn by chance on every way there"),
    schema.Column("n_soft_locked", "int64", "states among them from which no ending can be reached"),
    schema.Column("expected_visits", "float64", "mean number for a reader of the space's model; least, if unknown"),
)
"""Columns of every table of verdicts."""
PASSAGE_VERDICTS: Final = (schema.Column("passage_id", "str", "name of the passage"), *VERDICT)
"""Columns of :func:`passage_verdicts`."""
ENDING_VERDICTS: Final = (
    schema.Column("passage_id", "str", "passage where play stops"),
    schema.Column("stop", "str", "how, as in the table of endings"),
    *VERDICT,
)
"""Columns of :func:`ending_verdicts`."""
CHOICE_VERDICTS: Final = (*OFFERS, *VERDICT)
"""Columns of :func:`choice_verdicts`. Here a shortest way is one after which the offer is there, before it is taken."""


def passage_verdicts(space: Space | PlayGraph) -> pd.DataFrame:
    """Say of each passage whether a reader can come to it.

    Returns
    -------
    pandas.DataFrame
        A row for each passage that is meant to be read, in the story's order. Columns in :data:`PASSAGE_VERDICTS`.
    """
    graph = play_graph(space)
    seen, share = _seen(graph)
    expected = summed(seen.things, graph.flow.visits[seen.nodes] * share, len(graph.passages))
    data = summed_up(graph, seen, expected)
    table = schema.build(PASSAGE_VERDICTS, {"passage_id": graph.passages, **data})
    return table[graph.is_read].reset_index(drop=True)


def choice_verdicts(space: Space | PlayGraph) -> pd.DataFrame:
    """Say of each offer that leads on whether a reader can come to take it.

    Returns
    -------
    pandas.DataFrame
        A row for each offer that was met, with the row of ``story.choices`` that it is. Columns in
        :data:`CHOICE_VERDICTS`. Choices of the story that have no row here were never offered: unreachable if the
        space is complete.
    """
    graph = play_graph(space)
    n = len(graph.offers)
    expected = taken(graph.indptr, graph.offer, graph.probability, graph.flow.visits, n)
    # an offer of several branches stands there as surely as it does in the surest
    data = summed_up(graph, Seen(*standing_offers(graph.indptr, graph.offer, graph.standing, n)), expected)
    return schema.build(
        CHOICE_VERDICTS, {**{column.name: graph.offers[column.name].tolist() for column in OFFERS}, **data}
    )


def ending_verdicts(space: Space | PlayGraph) -> pd.DataFrame:
    """Say of each passage where play was found to stop whether a reader can come to stop there.

    Returns
    -------
    pandas.DataFrame
        Rows as in :func:`~gamebook_lab.analysis.endings.ending_probabilities`, but for circles. Columns in
        :data:`ENDING_VERDICTS`; ``state`` is missing where play stops on the way to a state.
    """
    graph = play_graph(space)
    keys, group = ending_groups(graph)
    nodes = np.flatnonzero(group >= 0).astype(np.int32)
    expected = summed(group[nodes], graph.flow.visits[nodes], len(keys))
    data = summed_up(graph, Seen(nodes, group[nodes], np.full(nodes.size, 2, np.int8)), expected)
    names = [graph.passages[passage] for passage, _ in keys]
    return schema.build(ENDING_VERDICTS, {"passage_id": names, "stop": [STOPS[Stop(stop)] for _, stop in keys], **data})


class Seen(NamedTuple):
    """Pairs of a node and something that is seen there, each once."""

    nodes: Ints
    things: Ints
    standing: npt.NDArray[np.int8]
    """2: whoever comes there sees it; 1: it takes luck; 0: nobody knows."""


def _seen(graph: PlayGraph) -> tuple[Seen, Floats]:
    """Passages that are seen in states, and how likely each is, as far as is known."""
    nodes, passages, sure = graph.passes
    standing = np.where(sure, 2, np.where(graph.pass_share > 0.0, 1, 0)).astype(np.int8)
    is_last = passages == graph.passage[nodes]
    own, share = np.full(graph.n_states, 2, np.int8), np.ones(graph.n_states)
    own[nodes[is_last]], share[nodes[is_last]] = standing[is_last], graph.pass_share[is_last]
    others = ~is_last
    seen = Seen(
        np.concatenate((np.arange(graph.n_states, dtype=np.int32), nodes[others])),
        np.concatenate((graph.passage[: graph.n_states], passages[others])),
        np.concatenate((own, standing[others])),
    )
    return seen, np.concatenate((share, graph.pass_share[others]))


def summed_up(graph: PlayGraph, seen: Seen, expected: Floats) -> dict[str, list[object]]:
    """Sum up, for each thing, the nodes in which it is seen; ``expected`` has an entry for each thing."""
    nodes, things, standing = seen
    n = expected.size
    distances = graph.distances
    is_sure = any_of(things, graph.is_sure[nodes] & (standing > 0), n)
    best, n_seen, n_locked = nearest(nodes, things, distances, graph.is_locked, n)
    is_found = n_seen > 0
    verdict = np.where(is_sure, "reachable", np.where(is_found | (not graph.is_complete), "unknown", "unreachable"))
    return {
        "verdict": verdict.tolist(),
        "shortest": [int(distances[state]) if state >= 0 else None for state in best.tolist()],
        "state": [state if 0 <= state < graph.n_states else None for state in best.tolist()],
        "n_states": n_seen.tolist(),
        "is_luck_only": (is_found & ~any_of(things, graph.is_certain[nodes] & (standing == 2), n)).tolist(),
        "n_soft_locked": n_locked.tolist(),
        "expected_visits": expected.tolist(),
    }
