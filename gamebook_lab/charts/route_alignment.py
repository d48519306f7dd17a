"""Routes side by side: where they read the same, and where they part."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, Mode, empty, escaped, styled

__all__ = ["route_alignment"]

_MOST_NAMES: Final = 40


def route_alignment(table: pd.DataFrame, *, mode: Mode = "light", height: int | None = None) -> go.Figure:
    """Draw aligned routes, a row for each; gaps are passages that a route does not read.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.route_alignment.align_routes`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    if table.empty:
        return empty("There are no routes to align", mode=mode)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    n_rows, n_columns = int(table["row"].max()) + 1, int(table["column"].max()) + 1
    value = np.full((n_rows, n_columns), np.nan)
    said = np.full((n_rows, n_columns), "", dtype=object)
    rows, columns = table["row"].to_numpy(np.int64), table["column"].to_numpy(np.int64)
    value[rows, columns] = np.where(table["is_common"], 0.0, 1.0)
    said[rows, columns] = [escaped(name) for name in table["passage_id"]]
    names = table.drop_duplicates("row").sort_values("row")["session_id"]
    figure = go.Figure(
        go.Heatmap(
            z=value, x=list(range(1, n_columns + 1)), y=[escaped(name, longest=20) for name in names], customdata=said,
            colorscale=[[0, palette[0]], [0.5, palette[0]], [0.5, palette[1]], [1, palette[1]]], zmin=0, zmax=1, showscale=False,
            xgap=0 if n_columns > 120 else 1, ygap=2, hoverongaps=False,
            hovertemplate="%{y}<br>column %{x}: %{customdata}<extra></extra>",
        )
    )  # fmt: skip
    for name, colour in (("as the first route", palette[0]), ("elsewhere", palette[1])):
        figure.add_scatter(
            x=[None], y=[None], mode="markers", marker={"symbol": "square", "size": 11, "color": colour}, name=name
        )
    styled(figure, title="Routes side by side", mode=mode, height=height or 130 + 22 * n_rows)
    figure.update_xaxes(title="passages, those that are the same in one column", showgrid=False)
    return figure.update_yaxes(
        autorange="reversed", type="category", showgrid=False, showticklabels=n_rows <= _MOST_NAMES
    )
