"""How long playthroughs are, in choices and in words, by where they stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from gamebook_lab.analysis.endings import ending_groups
from gamebook_lab.analysis.play_graph import STOPS, PlayGraph, play_graph
from gamebook_lab.engine.limits import never_mind
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Floats, Ints, Longs
from gamebook_lab.kernels.lengths import longest, shortest
from gamebook_lab.kernels.probabilities import expected_visits, moments
from gamebook_lab.kernels.tally import summed
from gamebook_lab.story import schema

__all__ = ["LENGTHS", "playthrough_lengths", "shortest_so_far", "words_on_arriving"]

LENGTHS: Final = (
    schema.Column("passage_id", "str", "passage where play stops"),
    schema.Column("stop", "str", "as in the table of endings"),
    schema.Column("shortest_choices", "float64", "fewest choices on a way there", "choices"),
    schema.Column("longest_choices", "float64", "most choices; infinite where a circle is on a way", "choices"),
    schema.Column(
        "expected_choices", "float64", "mean over readers who stop there; missing where that is unknown", "choices"
    ),
    schema.Column("shortest_words", "float64", "fewest words on a way there, the last passage's included", "words"),
    schema.Column("longest_words", "float64", "most words; infinite where a circle is on a way", "words"),
    schema.Column(
        "expected_words", "float64", "mean over readers who stop there; missing where that is unknown", "words"
    ),
)
"""Columns of :func:`playthrough_lengths`."""


def playthrough_lengths(space: Space | PlayGraph, *, go_on: Callable[[], object] = never_mind) -> pd.DataFrame:
    """Find the shortest, longest and expected length of playthroughs, for each passage where play stops.

    Words are those of the passages' prose as it stands in the text: an upper bound where only some of it is shown.

    Parameters
    ----------
    space
        The state graph.
    go_on
        Called now and then; what it raises ends this.

    Returns
    -------
    pandas.DataFrame
        Rows as in :func:`~gamebook_lab.analysis.endings.ending_probabilities`, but for circles. Columns in
        :data:`LENGTHS`.
    """
    graph = play_graph(space)
    keys, group = ending_groups(graph)
    flow = graph.flow
    probability = np.nan_to_num(graph.probability)
    is_known = not (graph.is_free.any() or np.isnan(graph.start_probability).any())
    mass = summed(group, flow.visits, len(keys))
    data: dict[str, list[object]] = {
        "passage_id": [graph.passages[passage] for passage, _ in keys],
        "stop": [STOPS[Stop(stop)] for _, stop in keys],
    }
    for unit, costs, at_start in _costs(graph):
        for name, kind in (("shortest", _SHORTEST), ("longest", _LONGEST)):
            go_on()
            data[f"{name}_{unit}"] = _extreme(graph, group, len(keys), costs, at_start, kind=kind).tolist()
        go_on()
        sums = moments(graph.indptr, graph.indices, probability, flow.visits, costs)
        total = summed(group, sums, len(keys))
        go_on()
        total += _begun(graph, group, len(keys), at_start, probability)
        with np.errstate(invalid="ignore", divide="ignore"):
            data[f"expected_{unit}"] = (total / mass if is_known else np.full(len(keys), np.nan)).tolist()
    return schema.build(LENGTHS, data)


def shortest_so_far(space: Space | PlayGraph, *, go_on: Callable[[], object] = never_mind) -> pd.DataFrame:
    """Find the shortest ways to the places where play stops that were found before a limit cut exploring off.

    Parameters
    ----------
    space
        The state graph.
    go_on
        Called now and then; what it raises ends this.

    Returns
    -------
    pandas.DataFrame
        Columns in :data:`LENGTHS`. The shortest lengths are upper bounds, as there may be ways that were not found; longest and
        expected ones are missing, and so are rows of places to which no way was found.
    """
    graph = play_graph(space)
    keys, group = ending_groups(graph)
    known = [at for at, (_, stop) in enumerate(keys) if stop != Stop.UNKNOWN]
    data: dict[str, list[object]] = {column.name: [np.nan] * len(known) for column in LENGTHS}
    data["passage_id"] = [graph.passages[keys[at][0]] for at in known]
    data["stop"] = [STOPS[Stop(keys[at][1])] for at in known]
    for unit, costs, at_start in _costs(graph):
        go_on()
        first = _extreme(graph, group, len(keys), costs, at_start, kind=_SHORTEST)
        data[f"shortest_{unit}"] = first[known].tolist()
    return schema.build(LENGTHS, data)


def _costs(graph: PlayGraph) -> tuple[tuple[str, Floats, Floats], ...]:
    """For each unit what each step costs, and what a start does."""
    words = words_on_arriving(graph)
    return (
        ("choices", graph.clicks.astype(np.float64), np.zeros(graph.n)),
        ("words", np.where(graph.indices >= 0, words[graph.indices], 0.0), words),
    )


def words_on_arriving(graph: PlayGraph) -> Floats:
    """Words read on coming to each node; a node that only stands for a stop shows nothing more."""
    words = graph.n_words[graph.passage].astype(np.float64)
    words[graph.n_states :] = 0.0
    nodes, passages, sure = graph.passes
    others = sure & (passages != graph.passage[nodes])
    np.add.at(words, nodes[others], graph.n_words[passages[others]].astype(np.float64))
    return words


class _Kind(NamedTuple):
    """An extreme of what ways cost."""

    of: Callable[[Longs, Ints, Floats, Ints, tuple[int, Ints]], Floats]
    better: np.ufunc
    worst: float


_SHORTEST: Final = _Kind(shortest, np.minimum, np.inf)
_LONGEST: Final = _Kind(longest, np.maximum, -np.inf)


def _extreme(graph: PlayGraph, group: Ints, n: int, costs: Floats, at_start: Floats, *, kind: _Kind) -> Floats:
    """Extreme cost of a way to each group, from each start in turn: its own cost comes first."""
    found = np.full(n, kind.worst)
    there = group >= 0
    for cost in np.unique(at_start[graph.starts]).tolist():
        starts = graph.starts[at_start[graph.starts] == cost]
        costs_there = kind.of(graph.indptr, graph.indices, costs, starts, graph.components)[there]
        kind.better.at(found, group[there], cost + costs_there)
    return found


def _begun(graph: PlayGraph, group: Ints, n: int, at_start: Floats, probability: Floats) -> Floats:
    """What the starts themselves add to the sums of costs, carried on to where play stops."""
    if not at_start[graph.starts].any():
        return np.zeros(n)
    source = np.zeros(graph.n)
    np.add.at(source, graph.starts, np.nan_to_num(graph.start_probability) * at_start[graph.starts])
    carried = expected_visits(graph.indptr, graph.indices, probability, source).visits
    return summed(group, carried, n)
