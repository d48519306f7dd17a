"""Logs with a known truth: readers simulated by a model, and written down as a log would."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.formats.logs.events import tidy
from gamebook_lab.formats.logs.schema import Sessions
from gamebook_lab.kernels.simulate import simulate


def sessions_of(routes, *, seconds=None):
    """Make sessions of lists of passages."""
    rows = [
        (str(name), str(name), float(at), passage, "visit")
        for name, route in enumerate(routes)
        for at, passage in enumerate(route)
    ]
    table = pd.DataFrame(rows, columns=["session_id", "reader_id", "order", "passage_id", "event"])
    table = table.assign(choice_id=None, time=pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]"))
    table["dwell_seconds"] = float("nan") if seconds is None else [each for route in seconds for each in route]
    return Sessions(tidy(table), (), "events")


def walks(space, n, seed=0):
    graph = space if isinstance(space, PlayGraph) else play_graph(space)
    return Walks(
        graph,
        *simulate(
            graph.indptr,
            graph.indices,
            np.nan_to_num(graph.probability),
            graph.starts,
            graph.start_probability,
            n,
            seed=seed,
        ),
    )


def simulated(space, n, seed=0):
    found = walks(space, n, seed)
    return sessions_of([found.passages(at) for at in range(n)])
