"""Reading logs of readers who never were: to try a question before there are readers, and to test an answer whose truth is known.

Differs from :meth:`Paths.simulate <gamebook_lab.analysis.paths.Paths.simulate>`, which gives playthroughs: this gives what a
log would say of them, and readers may give up.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.analysis.reader_fit import FittedReader
from gamebook_lab.engine.space import Space
from gamebook_lab.formats.logs.events import tidy
from gamebook_lab.formats.logs.schema import Sessions
from gamebook_lab.kernels.accelerate import Floats
from gamebook_lab.kernels.simulate import simulate

__all__ = ["simulate_readers"]

_SPREAD: Final = 0.5
"""Of reading times: the standard deviation of their logarithm; two thirds then lie between 0.6 and 1.65 of the median."""


def simulate_readers(
    reader: Space | FittedReader,
    n: int,
    *,
    seed: int = 0,
    giving_up: float = 0.0,
    words_per_minute: float | None = None,
    prefix: str = "reader ",
) -> Sessions:
    """Simulate a reading log.

    Parameters
    ----------
    reader
        An explored story, read by its own reader model (``space.with_reader(model)``), or a fitted reader.
    n
        How many readers, each with one session.
    seed
        The same seed gives the same log.
    giving_up
        Probability of giving up at each step.
    words_per_minute
        Median speed; without, the log has no durations.
    prefix
        Before the number of each reader.

    Raises
    ------
    ValueError
        If ``giving_up`` is no probability, or nobody knows how likely something in the story is.
    """
    if not 0.0 <= giving_up < 1.0:
        raise ValueError(f"giving_up is a probability below 1, not {giving_up}")
    graph = reader.graph if isinstance(reader, FittedReader) else play_graph(reader)
    if graph.is_free.any() or np.isnan(graph.start_probability).any():
        raise ValueError(
            "the story has constructs of which nobody knows how likely they are: space.unmodelled() lists them"
        )
    start, offsets, edges = simulate(
        graph.indptr, graph.indices, graph.probability, graph.starts, graph.start_probability, n, seed=seed
    )
    rng = np.random.default_rng(seed)
    labels = graph.offers["label"].astype(object).tolist()
    rows: list[tuple[str, float, str, str | None]] = []
    for at in range(n):
        taken = edges[offsets[at] : offsets[at + 1]].tolist()
        if giving_up > 0.0:
            taken = taken[: int(rng.geometric(giving_up)) - 1]
        nodes = [int(start[at]), *graph.indices[taken].tolist()]
        chosen = [labels[offer] if offer >= 0 else None for offer in graph.offer[taken].tolist()]
        name = f"{prefix}{at + 1}"
        rows += [
            (name, float(step), graph.passages[graph.passage[node]], choice)
            for step, (node, choice) in enumerate(zip(nodes, [*chosen, None], strict=True))
        ]
    steps = pd.DataFrame(rows, columns=["session_id", "order", "passage_id", "choice_id"])
    steps = steps.assign(
        reader_id=steps["session_id"],
        time=pd.Series(pd.NaT, index=steps.index, dtype="datetime64[us, UTC]"),
        dwell_seconds=_durations(graph, steps["passage_id"], words_per_minute, rng),
        event="visit",
    )
    return Sessions(tidy(steps), (), "simulated")


def _durations(graph: PlayGraph, passages: pd.Series, speed: float | None, rng: np.random.Generator) -> Floats:
    if speed is None:
        return np.full(len(passages), np.nan)
    words = passages.map(dict(zip(graph.passages, graph.n_words.tolist(), strict=True))).to_numpy(np.float64)
    found: Floats = words / speed * 60.0 * rng.lognormal(0.0, _SPREAD, len(passages))
    return found
