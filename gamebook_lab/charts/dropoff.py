"""How far readers read: survival, and a funnel."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, Mode, empty, escaped, styled

__all__ = ["funnel", "survival"]


def survival(table: pd.DataFrame, *, mode: Mode = "light", height: int = 320) -> go.Figure:
    """Draw the share of readers who still read after so many steps, with its 95 % interval.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.dropoff.survival`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    if table.empty:
        return empty("There are no readers yet: read a log with gb.read_sessions", mode=mode, height=height)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    figure = go.Figure()
    line = {"width": 0, "shape": "hv"}
    figure.add_scatter(x=table["step"], y=table["high"], mode="lines", line=line, hoverinfo="skip", showlegend=False)
    figure.add_scatter(
        x=table["step"], y=table["low"], mode="lines", line=line, fill="tonexty", fillcolor="rgba(86,180,233,0.25)", hoverinfo="skip",
        name="95 % interval",
    )  # fmt: skip
    figure.add_scatter(
        x=table["step"], y=table["survival"], mode="lines", name="still reading", line={"color": palette[0], "width": 2, "shape": "hv"},
        customdata=table[["n_at_risk", "n_left", "n_finished"]],
        hovertemplate=(
            "after %{x} steps %{y:.1%}<br>%{customdata[0]:,} read so far; %{customdata[1]:,} give up here, %{customdata[2]:,} come to an end"
            "<extra></extra>"
        ),
    )  # fmt: skip
    figure.update_xaxes(title="steps")
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    return styled(figure, title="Who still reads (an ending is not giving up)", mode=mode, height=height)


def funnel(table: pd.DataFrame, *, mode: Mode = "light", height: int | None = None) -> go.Figure:
    """Draw how many readers come to some passages one after the other.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.dropoff.funnel`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    if table.empty:
        return empty('Name the passages of the funnel: funnel(matched, ["Start", "End"])', mode=mode)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    names = [f"{at + 1}. {escaped(name, longest=32)}" for at, name in enumerate(table["passage_id"])]
    said = [
        f"{n:,}" if at == 0 else f"{n:,} ({share:.0%})"
        for at, (n, share) in enumerate(zip(table["n_sessions"], table["share"], strict=True))
    ]
    figure = go.Figure(
        go.Bar(
            x=table["n_sessions"], y=names, orientation="h", marker_color=palette[0], text=said, textposition="auto",
            customdata=table[["share", "low", "high"]],
            hovertemplate="%{y}: %{x:,} sessions<br>%{customdata[0]:.1%} of the stage before (%{customdata[1]:.1%} to %{customdata[2]:.1%})<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(title="sessions", rangemode="tozero")
    figure.update_yaxes(autorange="reversed", type="category")
    return styled(figure, title="Who comes so far", mode=mode, height=height or 130 + 34 * len(table))
