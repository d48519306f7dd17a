"""How long playthroughs are, and how much of the story each sees."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, Mode, empty, styled

__all__ = ["length_distribution", "playthroughs"]

_WORDS = {
    "n_choices": ("How long playthroughs are", "choices"),
    "n_words": ("How much is read in a playthrough", "words"),
    "n_words_seen": ("How much of the story a playthrough shows", "words, each passage once"),
    "share_of_words": ("How much of the story one playthrough sees", "of all words written"),
    "share_of_passages": ("How much of the story one playthrough sees", "of all passages"),
}
Measure = Literal["n_choices", "n_words", "n_words_seen", "share_of_words", "share_of_passages"]


def playthroughs(
    table: pd.DataFrame, measure: Measure = "share_of_words", *, mode: Mode = "light", height: int = 300
) -> go.Figure:
    """Draw how a measure is spread over playthroughs, with its median.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.playthrough_table.playthrough_table`.
    measure
        Which column.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    values = table[measure].dropna()
    if values.empty:
        return empty("There are no playthroughs: draw some, as space.paths().simulate(1_000)", mode=mode, height=height)
    title, unit = _WORDS[measure]
    palette = COLOURS if mode == "light" else DARK_COLOURS
    figure = go.Figure(
        go.Histogram(x=values, nbinsx=40, marker_color=palette[0], hovertemplate="%{x}: %{y:,}<extra></extra>")
    )
    is_share = measure.startswith("share")
    middle = float(values.median())
    figure.add_vline(x=middle, line={"color": palette[1], "dash": "dash", "width": 2})
    said = f"{middle:.0%}" if is_share else f"{middle:,.0f}"
    figure.add_annotation(
        x=middle, y=1, yref="paper", text=f"median {said}", showarrow=False, xanchor="left", xshift=6, yanchor="top"
    )
    figure.update_xaxes(title=unit, tickformat=".0%" if is_share else ",")
    figure.update_yaxes(title="playthroughs")
    figure.update_layout(bargap=0.04, showlegend=False)
    return styled(figure, title=title, mode=mode, height=height)


def length_distribution(table: pd.DataFrame, *, mode: Mode = "light", height: int = 320) -> go.Figure:
    """Draw how likely each length is for a reader, and how many playthroughs have it (on a scale of powers of ten).

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.length_distribution.length_distribution`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    if table.empty or not any(table["n_playthroughs"]):
        return empty("No playthrough comes to an end", mode=mode, height=height)
    from math import log10

    palette = COLOURS if mode == "light" else DARK_COLOURS
    figure = make_subplots(specs=[[{"secondary_y": True}]])
    figure.add_bar(
        x=table["n_steps"], y=table["probability"], name="a reader's playthrough (left)", marker_color=palette[0],
        hovertemplate="%{x} steps: %{y:.2%} of readers<extra></extra>",
    )  # fmt: skip
    # logarithms of Python's integers: the numbers may be larger than any float
    logs = [log10(n) if n else None for n in table["n_playthroughs"]]
    said = [f"{n:,}" if n < 10**15 else f"about 10^{log10(n):.1f}" for n in table["n_playthroughs"]]
    figure.add_scatter(
        x=table["n_steps"], y=logs, name="number of playthroughs (right)", mode="lines+markers", connectgaps=False,
        line={"color": palette[1], "width": 2}, marker={"size": 7}, customdata=said,
        hovertemplate="%{x} steps: %{customdata} playthroughs<extra></extra>", secondary_y=True,
    )  # fmt: skip
    styled(figure, title="How long playthroughs are", mode=mode, height=height)
    figure.update_xaxes(title="steps")
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", secondary_y=False)
    figure.update_yaxes(
        tickprefix="10<sup>",
        ticksuffix="</sup>",
        tickformat=".0f",
        showgrid=False,
        rangemode="tozero",
        dtick=max(1, round(max(each or 0.0 for each in logs) / 5)),  # no two ticks of one power
        secondary_y=True,
    )
    return figure.update_layout(margin_r=56)
