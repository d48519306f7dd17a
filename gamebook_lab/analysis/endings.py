"""How likely each ending is, for a reader who chooses by given probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.ending_bounds import ending_bounds, lost
from gamebook_lab.analysis.play_graph import STOPS, PlayGraph, play_graph
from gamebook_lab.engine.limits import never_mind
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Ints
from gamebook_lab.kernels.counts import CircleError, ways_to
from gamebook_lab.story import schema

__all__ = ["ENDINGS", "ending_groups", "ending_probabilities", "likeliest_first"]

ENDINGS: Final = (
    schema.Column("passage_id", "str", "passage where play stops; empty: it goes round in circles for ever"),
    schema.Column(
        "stop", "str", "ending (by design), dead end, stuck, missing passage, endless or unknown (not explored)"
    ),
    schema.Column("n_states", "int64", "states in which play stops there"),
    schema.Column("probability", "float64", "of stopping there; missing where only bounds are known"),
    schema.Column("lower", "float64", "least probability, however what is unknown turns out"),
    schema.Column("upper", "float64", "greatest probability, however what is unknown turns out"),
    schema.Column("n_playthroughs", "object", "exact number of ways there; missing where play can go round in circles"),
)
"""Columns of :func:`ending_probabilities`."""
_CLOSE: Final = 1e-12


def ending_probabilities(space: Space | PlayGraph, *, go_on: Callable[[], object] = never_mind) -> pd.DataFrame:
    """Find how likely play stops at each passage, all in one solve.

    Parameters
    ----------
    space
        The state graph. Its probabilities are those of a reader who takes all offers alike, unless another was asked for
        (:mod:`~gamebook_lab.analysis.reader_model`).
    go_on
        Called now and then; what it raises ends this.

    Returns
    -------
    pandas.DataFrame
        A row for each passage and kind of stop, in the order in which they are found, and one more if play can
        go round for ever with no way out. Columns in :data:`ENDINGS`. If everything is known, the probabilities sum up
        to 1 to within 1e-12.

    Notes
    -----
    Where something is unknown, bounds are tight in a story without circles (but for decisions that hang together,
    which are taken to go either way each on its own). In one with circles, whatever first leaves what is known may
    end at any ending that lies ahead.
    """
    graph = play_graph(space)
    keys, group = ending_groups(graph)
    flow = graph.flow
    lower, upper = ending_bounds(graph, group, len(keys), go_on)
    go_on()
    counts = _playthroughs(graph, keys, group)
    n_states = np.bincount(group[group >= 0], minlength=len(keys))
    rows: list[tuple[str, str, int, float, float, int | None]] = [
        (graph.passages[passage], STOPS[Stop(stop)], int(n_states[at]), lower[at], upper[at], counts[at])
        for at, (passage, stop) in enumerate(keys)
    ]
    for_ever = np.isinf(flow.visits)
    if for_ever.any():
        caught = float(flow.caught.sum())
        leaving = lost(graph)
        most_caught = min(1.0, caught + float(leaving.at.sum()) + leaving.at_start)
        rows.append(("", STOPS[Stop.ENDLESS], int(for_ever.sum()), caught, most_caught, None))
    names = ("passage_id", "stop", "n_states", "lower", "upper", "n_playthroughs")
    data: dict[str, list[object]] = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    data["probability"] = [row[3] if row[4] - row[3] <= _CLOSE else np.nan for row in rows]
    return schema.build(ENDINGS, data)


def likeliest_first(endings: pd.DataFrame) -> pd.DataFrame:
    """Sort the table of :func:`ending_probabilities`: by what is possible at most, and of equals by what is sure."""
    return endings.sort_values(["upper", "lower"], ascending=False, kind="stable")


def ending_groups(graph: PlayGraph) -> tuple[list[tuple[int, int]], Ints]:
    """List the pairs of passage and kind of stop, as first found; and each node's row there, -1 where play goes on."""
    nodes = np.flatnonzero(graph.ends)
    pairs = graph.passage[nodes].astype(np.int64) * len(Stop) + graph.stop[nodes]
    found, first, number = np.unique(pairs, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(order.size, np.int32)
    place[order] = np.arange(order.size)
    group = np.full(graph.n, -1, np.int32)
    group[nodes] = place[number]
    return [divmod(int(pair), len(Stop)) for pair in found[order]], group


def _playthroughs(graph: PlayGraph, keys: list[tuple[int, int]], group: Ints) -> list[int | None]:
    """Exact number of ways from a start to each group; None where there are circles or not all is explored."""
    if not graph.is_complete:
        return [None] * len(keys)
    try:
        return list(ways_to(graph.indptr, graph.indices, graph.starts, group, len(keys)))
    except CircleError:
        return [None] * len(keys)
