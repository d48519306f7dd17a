"""What every drawing of a story's map has: lines between passages, and names that don't run into each other."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.charts.theme import escaped

__all__ = ["framed", "is_labelled", "labels", "lines", "places"]

_MOST_LABELS: Final = 60
Places = dict[str, tuple[float, float]]


def places(passages: pd.DataFrame) -> Places:
    """Where each passage stands, by name."""
    at = zip(passages["x"].tolist(), passages["y"].tolist(), strict=True)
    return dict(zip(passages["passage_id"].tolist(), at, strict=True))


def lines(arrows: pd.DataFrame, at: Places) -> dict[str, list[float | None]]:
    """Coordinates of a trace that draws arrows between passages that are on the map, parted by gaps."""
    x: list[float | None] = []
    y: list[float | None] = []
    for origin, target in zip(arrows["origin"].tolist(), arrows["target"].tolist(), strict=True):
        if origin in at and target in at:
            x += [at[origin][0], at[target][0], None]
            y += [at[origin][1], at[target][1], None]
    return {"x": x, "y": y}


def is_labelled(passages: pd.DataFrame) -> bool:
    """Whether a map has few enough passages for their names to be read."""
    return len(passages) <= _MOST_LABELS


def labels(passages: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    """How a trace of some of a map's passages is drawn: with names, those of neighbouring columns in turn above and below."""
    if not is_labelled(passages):
        return {"mode": "markers"}
    columns = passages["x"].rank(method="dense").astype(int)[rows.index]
    return {
        "mode": "markers+text",
        "text": [escaped(each, longest=18) for each in rows["passage_id"]],
        "textposition": ["top center" if column % 2 else "bottom center" for column in columns],
        "textfont": {"size": 11},
    }


def framed(figure: go.Figure, passages: pd.DataFrame) -> go.Figure:
    """Leave room for names at the borders, in place; y grows downwards, as on the author's map."""
    figure.update_xaxes(visible=False, range=_range(passages["x"], 0.08))
    return figure.update_yaxes(visible=False, range=_range(passages["y"], 0.1)[::-1])


def _range(values: pd.Series[Any], margin: float) -> list[float]:
    """From least to greatest, with some room."""
    found = values.to_numpy(np.float64)
    room = max(0.5, (found.max() - found.min()) * margin)
    return [found.min().item() - room, found.max().item() + room]
