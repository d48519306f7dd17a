"""How likely each ending is, now and before."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.analysis.endings import likeliest_first
from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, Mode, empty, escaped, styled

__all__ = ["ending_changes", "endings"]

_MOST = 25


def endings(table: pd.DataFrame, *, mode: Mode = "light", height: int | None = None) -> go.Figure:
    """Draw how likely play stops where, the likeliest first; bounds where only these are known.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.endings.ending_probabilities`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    if table.empty:
        return empty("Play stops nowhere", mode=mode)
    shown = likeliest_first(table).head(_MOST)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    middle = (shown["lower"] + shown["upper"]) / 2
    names = _names(shown)
    figure = go.Figure()
    for is_design, name, colour in (
        (True, "by design", palette[0]),
        (False, "otherwise (dead end, stuck ...)", palette[1]),
    ):
        rows = ((shown["stop"] == "ending") == is_design).tolist()
        if not any(rows):
            continue
        figure.add_bar(
            y=[each for each, there in zip(names, rows, strict=True) if there], x=middle[rows], name=name, orientation="h",
            marker_color=colour, error_x={"array": (shown["upper"] - middle)[rows], "visible": bool((shown["upper"] > shown["lower"]).any())},
            customdata=shown[rows][["lower", "upper"]],
            hovertemplate="%{y}<br>%{customdata[0]:.4%} to %{customdata[1]:.4%}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    more = f" (the {_MOST} likeliest of {len(table):,})" if len(table) > _MOST else ""
    return styled(figure, title=f"Where play stops{more}", mode=mode, height=height or 120 + 26 * len(shown))


def ending_changes(table: pd.DataFrame, *, mode: Mode = "light", height: int | None = None) -> go.Figure:
    """Draw endings' probabilities before and after, the greatest differences first.

    Parameters
    ----------
    table
        :attr:`gamebook_lab.analysis.diff.Diff.endings`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    known = table.dropna(subset=["probability_before", "probability_after"]).head(_MOST)
    if known.empty:
        return empty("Every ending is as likely as before", mode=mode)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    names = _names(known)
    figure = go.Figure()
    lines = zip(names, known["probability_before"], known["probability_after"], strict=True)
    x: list[float | None] = []
    y: list[str | None] = []
    for name, before, after in lines:
        x += [before, after, None]
        y += [name, name, None]
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": "rgba(127,127,127,0.6)", "width": 2}, hoverinfo="skip", showlegend=False
    )
    for column, name, colour, symbol in (
        ("probability_before", "before", palette[7], "circle-open"),
        ("probability_after", "after", palette[0], "circle"),
    ):
        figure.add_scatter(
            x=known[column], y=names, name=name, mode="markers", marker={"color": colour, "symbol": symbol, "size": 11, "line": {"width": 2}},
            hovertemplate=f"%{{y}}<br>{name}: %{{x:.4%}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    return styled(figure, title="Endings before and after", mode=mode, height=height or 120 + 30 * len(known))


def _names(table: pd.DataFrame) -> list[str]:
    rows: Iterable[tuple[str, str]] = zip(table["passage_id"], table["stop"], strict=True)
    return [
        escaped(f"{passage or 'round in circles'}{'' if stop == 'ending' else f' ({stop})'}", longest=40)
        for passage, stop in rows
    ]
