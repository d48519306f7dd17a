"""The shape of a story: where it branches and comes together, and which known patterns it fits."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, Mode, empty, escaped, styled

__all__ = ["branching", "patterns"]


def branching(table: pd.DataFrame, *, mode: Mode = "light", height: int = 320) -> go.Figure:
    """Draw, by depth, how many passages branch, lead straight on and end.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.structure.branching`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    if table.empty:
        return empty("Nothing can be reached. Does the story have a start?", mode=mode, height=height)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    figure = go.Figure()
    for name, rows, colour, pattern in (
        ("branch", table["n_ways_out"] > 1, palette[0], ""),
        ("lead straight on", table["n_ways_out"] == 1, palette[5], "/"),
        ("lead nowhere else", table["n_ways_out"] == 0, palette[1], "x"),
    ):
        counts = table[rows].groupby("depth").size()
        figure.add_bar(
            x=counts.index, y=counts, name=name, marker={"color": colour, "pattern": {"shape": pattern, "fgopacity": 0.5}},
            hovertemplate=f"after %{{x}} passages: %{{y:,}} {name}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.15)
    figure.update_xaxes(title="passages before it, on a shortest way")
    figure.update_yaxes(title="passages")
    return styled(figure, title="Where the story branches", mode=mode, height=height)


def patterns(table: pd.DataFrame, *, mode: Mode = "light", height: int = 320) -> go.Figure:
    """Draw how well a story fits each known pattern; the measures are in the hover text.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.structure.patterns`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    palette = COLOURS if mode == "light" else DARK_COLOURS
    because = ["<br>".join(escaped(each) for each in marks) for marks in table["because"]]
    figure = go.Figure(
        go.Bar(
            x=table["score"], y=table["pattern"], orientation="h", marker_color=palette[0], customdata=because,
            text=[f"{score:.2f}" for score in table["score"]], textposition="auto",
            hovertemplate="%{y}: %{x:.2f}<br>%{customdata}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(range=[0, 1], title="mean of the measures that mark it")
    figure.update_yaxes(autorange="reversed")
    return styled(figure, title="How well known patterns fit", mode=mode, height=height)
