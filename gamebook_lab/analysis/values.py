"""Which values each variable can have on arriving at each passage, as far as anything there or later depends on it.

A variable that is written before it is read again is forgotten (idea 3 of the design): it has no row there. ``detail="text"``
keeps those as well that are only shown.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.engine.deciding import is_machinery
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.tally import met
from gamebook_lab.story import schema
from gamebook_lab.story.frozen import shown

__all__ = ["VALUES", "variable_values"]

VALUES: Final = (
    schema.Column("passage_id", "str", "passage that the reader arrives at"),
    schema.Column("variable", "str", "as in story.variables"),
    schema.Column("values", "object", "tuple of all values that it can have there, as text, in the order first met"),
    schema.Column("n_values", "int64", "how many these are"),
    schema.Column("is_open", "bool", "in some states there nobody knows it, or nothing depends on it any more"),
)
"""Columns of :func:`variable_values`."""
_UNKNOWN: Final = 0


def variable_values(space: Space) -> pd.DataFrame:
    """List the values that variables can have, passage by passage.

    Returns
    -------
    pandas.DataFrame
        A row for each passage that is reached and each variable that still matters on arriving there, in the story's
        order. Columns in :data:`VALUES`. All values, if the space is complete.

    Notes
    -----
    Takes one pass over the states for each variable.
    """
    graph = play_graph(space)
    arrival = graph.arrival[: space.n_states]
    known = space.values_by_field
    found: list[tuple[int, str, tuple[str, ...], bool]] = []
    for name in sorted(name for name in known if not is_machinery(name)):
        is_met = met(arrival, space.numbers(name), len(graph.passages), len(known[name]))
        for passage in np.flatnonzero(is_met[:, _UNKNOWN + 1 :].any(axis=1)).tolist():
            numbers = np.flatnonzero(is_met[passage]).tolist()
            values = tuple(shown(known[name][number]) for number in numbers if number != _UNKNOWN)
            found.append((passage, name, values, numbers[0] == _UNKNOWN))
    found.sort(key=lambda row: row[0])
    data: dict[str, list[object]] = {
        "passage_id": [graph.passages[row[0]] for row in found],
        "variable": [row[1] for row in found],
        "values": [row[2] for row in found],
        "n_values": [len(row[2]) for row in found],
        "is_open": [row[3] for row in found],
    }
    return schema.build(VALUES, data)
