"""Readers' habits learnt from what they did: fitted to choices or to states, tested on readers left out, carried over to an edited story.

Covers: fitting with smoothing, likelihood, cross-validation, forecasts. See also
:class:`~gamebook_lab.analysis.reader_model.ReaderModel`, which holds weights of choices.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from gamebook_lab.analysis.explored import Explored
from gamebook_lab.analysis.matching import Matched
from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.analysis.reader_model import ReaderModel
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.accelerate import Floats, Longs
from gamebook_lab.story import schema

__all__ = ["FORECAST", "HELD_OUT", "FittedReader", "Level", "fit_reader", "fit_readers", "forecast", "held_out"]

Level = Literal["uniform", "choice", "state"]
HELD_OUT: Final = (
    schema.Column("level", "str", "uniform, choice or state"),
    schema.Column("log_likelihood", "float64", "of the choices of readers left out, natural logarithm"),
    schema.Column("n_choices", "int64", "choices of readers left out"),
    schema.Column("per_choice", "float64", "log-likelihood by choice: nearer 0 is better"),
    schema.Column("perplexity", "float64", "among how many equal choices the reader would be as hard to foretell"),
)
"""Columns of :func:`held_out`."""
FORECAST: Final = (
    schema.Column("passage_id", "str", "passage where play stops"),
    schema.Column("stop", "str", "as in the table of endings"),
    schema.Column("before", "float64", "probability in the story as it was read"),
    schema.Column("after", "float64", "probability in the other version, for readers of the same habits"),
    schema.Column("change", "float64", "difference"),
)
"""Columns of :func:`forecast`."""
_LEAST: Final = 1e-12


@dataclass(frozen=True, eq=False)
class FittedReader:
    """Habits of readers of one story."""

    space: Space
    """The story that was read."""
    level: Level
    model: ReaderModel
    """Weights of choices; what a state adds to them is in ``graph`` alone."""
    graph: PlayGraph
    """The story's states, with the fitted probabilities: every analysis takes it in place of a space."""
    n_choices: int
    """Choices that it was fitted to."""

    def __repr__(self) -> str:
        return f"<FittedReader by {self.level}: {self.n_choices:,} choices>"

    def log_likelihood(self, counts: Longs) -> float:
        """Log-likelihood of how often each edge was taken, given what was offered each time."""
        chance = _given_offers(self.graph)
        taken = counts * (self.graph.clicks > 0)
        return float((taken * np.log(np.maximum(chance, _LEAST))).sum())


def fit_reader(
    matched: Matched, *, level: Level = "choice", smoothing: float = 1.0, strength: float = 10.0
) -> FittedReader:
    """Fit a reader model to sessions.

    Parameters
    ----------
    matched
        Sessions on a story's state graph; choices taken back count, too.
    level
        ``choice``: a choice draws alike wherever it is offered. ``state``: in each state as often as it was taken there,
        pulled towards what the choice draws elsewhere. ``uniform``: all alike, to compare with.
    smoothing
        Readers put in who take all alike, wherever an offer stands.
    strength
        With ``state``: how many occasions the pull is worth.
    """
    return _fit(matched.space, matched.edge_counts(), level, smoothing, strength)


def fit_readers(
    matched: Matched,
    group: Mapping[str, Hashable] | pd.Series,
    *,
    level: Level = "choice",
    smoothing: float = 1.0,
    strength: float = 10.0,
) -> dict[Hashable, FittedReader]:
    """Fit one model for each group of readers; ``group`` says which group each session is of."""
    of_session = matched.table["session_id"].map(dict(group.items()))
    return {
        name: _fit(
            matched.space, _counts(matched, (of_session == name).to_numpy(dtype=bool)), level, smoothing, strength
        )
        for name in of_session.dropna().unique()
    }


def held_out(
    matched: Matched, *, folds: int = 5, smoothing: float = 1.0, strength: float = 10.0, seed: int = 0
) -> pd.DataFrame:
    """Compare the levels by how well each foretells readers that it was not fitted to.

    Sessions are dealt into ``folds`` at random; each fold is foretold from the others. Columns in :data:`HELD_OUT`, the best first.

    Raises
    ------
    ValueError
        If there are fewer sessions than folds, or fewer than two folds.
    """
    if not 2 <= folds <= len(matched):
        raise ValueError(f"folds is a number from 2 to the number of sessions ({len(matched)}), not {folds}")
    fold = np.random.default_rng(seed).permutation(len(matched)) % folds
    rows: list[tuple[object, ...]] = []
    counts = [_counts(matched, fold == at) for at in range(folds)]
    total = np.sum(counts, axis=0)
    levels: tuple[Level, ...] = ("uniform", "choice", "state")
    for level in levels:
        found = sum(
            _fit(matched.space, total - part, level, smoothing, strength).log_likelihood(part) for part in counts
        )
        n = int(total[play_graph(matched.space).clicks > 0].sum())
        rows.append((level, found, n, found / max(1, n), float(np.exp(-found / max(1, n)))))
    table = schema.build(HELD_OUT, {column.name: [row[at] for row in rows] for at, column in enumerate(HELD_OUT)})
    return table.sort_values("log_likelihood", ascending=False, kind="stable").reset_index(drop=True)


def forecast(fitted: FittedReader, edited: Explored, *, renames: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Foretell how readers of the same habits would end in another version of the story.

    Weights go with a choice's passage and label. A choice that is new draws like one that nobody knows yet: with weight 1.

    Parameters
    ----------
    fitted
        Habits, of level ``choice`` or ``state`` (of which the choices' weights count).
    edited
        The other version, explored.
    renames
        Passages that are called otherwise there: old name to new.

    Returns
    -------
    pandas.DataFrame
        Columns in :data:`FORECAST`.
    """
    from gamebook_lab.analysis.endings import ending_probabilities

    names = dict(renames or {})
    by_name = _by_name(fitted)
    offers = edited.offers
    known = set(zip(offers["passage_id"], offers["label"], strict=True))
    moved = {(names.get(passage, passage), label): weight for (passage, label), weight in by_name.items()}
    model = ReaderModel({key: weight for key, weight in moved.items() if key in known})
    keys = ["passage_id", "stop"]
    before = ending_probabilities(fitted.graph)[[*keys, "probability"]].replace({"passage_id": names})
    after = ending_probabilities(edited.with_reader(model))[[*keys, "probability"]]
    both = before.merge(after, on=keys, how="outer", suffixes=("_before", "_after")).fillna(
        {"probability_before": 0.0, "probability_after": 0.0}
    )
    return schema.build(FORECAST, {
        "passage_id": both["passage_id"].tolist(), "stop": both["stop"].tolist(), "before": both["probability_before"].tolist(),
        "after": both["probability_after"].tolist(), "change": (both["probability_after"] - both["probability_before"]).tolist(),
    })  # fmt: skip


def _by_name(fitted: FittedReader) -> dict[tuple[str, str], float]:
    """Weights by passage and label, which another version has as well."""
    offers = fitted.graph.offers
    weights = fitted.model.offer_weights(fitted.space).tolist()
    return dict(zip(zip(offers["passage_id"], offers["label"], strict=True), weights, strict=True))


def _counts(matched: Matched, sessions: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Longs:
    """How often each edge was taken by some of the sessions."""
    of_row = np.repeat(sessions, matched.table["n_steps"].to_numpy(np.int64))
    found: Longs = np.bincount(matched.edges[of_row[matched.edge_row]], minlength=matched.space.n_edges).astype(
        np.int64
    )
    return found


def _fit(space: Space, counts: Longs, level: Level, smoothing: float, strength: float) -> FittedReader:
    model = ReaderModel() if level == "uniform" else ReaderModel.from_counts(space, counts, smoothing=smoothing)
    graph = play_graph(space, model)
    if level == "state":
        graph = replace(graph, probability=_by_state(graph, counts, strength))
    return FittedReader(space, level, model, graph, int(counts[graph.clicks > 0].sum()))


def _given_offers(graph: PlayGraph) -> Floats:
    """Of each edge: the chance that a reader who chooses there takes its offer; what is drawn then is not the reader's."""
    offer_of_edge, total = _sums(graph, np.nan_to_num(graph.probability))
    at_node = np.bincount(
        graph.source, np.where(graph.clicks > 0, np.nan_to_num(graph.probability), 0.0), minlength=graph.n
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.nan_to_num(total[offer_of_edge] / at_node[graph.source])
    return found


def _sums(graph: PlayGraph, values: Floats) -> tuple[Longs, Floats]:
    """Sum up values over the edges of the same offer in the same state: each edge's group, and the sums."""
    keys = graph.source.astype(np.int64) * (len(graph.offers) + 2) + graph.offer + 1
    _, group = np.unique(keys, return_inverse=True)
    sums: Floats = np.bincount(group, values).astype(np.float64)
    return group.astype(np.int64), sums


def _by_state(graph: PlayGraph, counts: Longs, strength: float) -> Floats:
    """Mix how often each offer was taken in a state with what the choices' weights say there."""
    prior = np.nan_to_num(graph.probability)
    group, taken = _sums(graph, counts.astype(np.float64))
    _, expected = _sums(graph, prior)
    is_click = graph.clicks > 0
    n_node = np.bincount(graph.source, np.where(is_click, counts, 0), minlength=graph.n)
    mass = np.bincount(graph.source, np.where(is_click, prior, 0.0), minlength=graph.n)
    with np.errstate(invalid="ignore", divide="ignore"):
        chosen = (taken[group] + strength * expected[group] / mass[graph.source]) / (n_node[graph.source] + strength)
        mixed = mass[graph.source] * chosen * prior / expected[group]
    return np.where(is_click & np.isfinite(mixed), mixed, graph.probability)
