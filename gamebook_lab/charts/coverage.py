"""How much some playthroughs cover: bars for each level, and the story's map."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, FAINT, Mode, empty, escaped, styled

__all__ = ["coverage", "coverage_map"]

_MOST_LABELS: Final = 60


def coverage(table: pd.DataFrame, *, mode: Mode = "light", height: int | None = None) -> go.Figure:
    """Draw, for each level, what is covered, missed and out of reach.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.analysis.coverage.coverage`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    shown = table[table["n_reachable"] > 0]
    if shown.empty:
        return empty("Nothing can be reached, so nothing can be covered. Does the story have a start?", mode=mode)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    written = shown["n_written"].fillna(shown["n_reachable"]).astype("int64")
    beyond = (written - shown["n_reachable"]).clip(lower=0)
    whole = shown["n_reachable"] + beyond
    parts = (
        ("covered", shown["n_covered"], palette[2], ""),
        ("missed", shown["n_reachable"] - shown["n_covered"], palette[1], "/"),
        ("out of reach", beyond, FAINT[mode], "."),
    )
    figure = go.Figure()
    for name, n, colour, pattern in parts:
        share = n / whole
        figure.add_bar(
            y=[escaped(each) for each in shown["level"]], x=share, name=name, orientation="h",
            marker={"color": colour, "pattern": {"shape": pattern, "fgopacity": 0.5}},
            customdata=list(zip(n.tolist(), whole.tolist(), strict=True)),
            text=[f"{each:,}" if part >= 0.04 else "" for each, part in zip(n, share, strict=True)],
            textposition="inside", insidetextanchor="middle", textangle=0,
            hovertemplate=f"%{{y}}: %{{customdata[0]:,}} of %{{customdata[1]:,}} {name}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.35)
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    figure.update_yaxes(autorange="reversed")
    n_ways = int(table["n_playthroughs"].iloc[0])
    title = f"What {n_ways:,} playthrough{'s cover' if n_ways != 1 else ' covers'}"
    styled(figure, title=title, mode=mode, height=height or 130 + 46 * len(shown))
    return figure.update_layout(legend_traceorder="normal")


def coverage_map(passages: pd.DataFrame, arrows: pd.DataFrame, *, mode: Mode = "light", height: int = 560) -> go.Figure:
    """Draw the story's map: what playthroughs come to, what they miss and what nobody can reach.

    Parameters
    ----------
    passages, arrows
        Of :func:`gamebook_lab.analysis.coverage_map.coverage_map`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    if passages.empty:
        return empty("The story has no passages that are meant to be read", mode=mode, height=height)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    figure = go.Figure()
    places = zip(passages["x"].tolist(), passages["y"].tolist(), strict=True)
    at = dict(zip(passages["passage_id"].tolist(), places, strict=True))
    for name, there, dash, colour, opacity in (
        ("way not taken", arrows[arrows["n_times"] == 0], "dot", palette[1], 0.7),
        ("way taken", arrows[arrows["n_times"] > 0], "solid", palette[2], 0.55),
    ):
        x, y = _lines(there, at)
        figure.add_scatter(
            x=x, y=y, mode="lines", name=name, hoverinfo="skip", opacity=opacity,
            line={"color": colour, "width": 1.5, "dash": dash}, showlegend=bool(len(there)),
        )  # fmt: skip
    columns = passages["x"].rank(method="dense").astype(int)
    is_covered = passages["n_playthroughs"] > 0
    is_out = passages["verdict"] == "unreachable"
    for name, rows, colour, symbol in (
        ("covered", passages[is_covered], palette[2], "circle"),
        ("missed", passages[~is_covered & ~is_out], palette[1], "diamond"),
        ("out of reach", passages[~is_covered & is_out], FAINT[mode], "x"),
    ):
        if rows.empty:
            continue
        names = [escaped(each) for each in rows["passage_id"]]
        is_labelled = len(passages) <= _MOST_LABELS
        figure.add_scatter(
            x=rows["x"], y=rows["y"], name=f"{name} ({len(rows):,})", mode="markers+text" if is_labelled else "markers",
            text=[escaped(each, longest=18) for each in rows["passage_id"]] if is_labelled else None,
            textposition=[_beside(at) for at in columns[rows.index]], textfont={"size": 11},
            marker={"color": colour, "symbol": symbol, "size": 12, "line": {"width": 1, "color": "rgba(127,127,127,0.6)"}},
            customdata=list(zip(names, rows["n_playthroughs"].tolist(), rows["share"].fillna(0.0).tolist(), strict=True)),
            hovertemplate="%{customdata[0]}<br>%{customdata[1]:,} playthroughs (%{customdata[2]:.1%})<extra></extra>",
        )  # fmt: skip
    styled(figure, title="Where the playthroughs come", mode=mode, height=height)
    figure.update_xaxes(visible=False, range=_range(passages["x"], 0.08))
    return figure.update_yaxes(visible=False, range=_range(passages["y"], 0.1)[::-1])


def _beside(column: int) -> str:
    """Where a name stands: those of neighbouring columns in turn above and below, so that they don't run into each other."""
    return "top center" if column % 2 else "bottom center"


def _range(values: pd.Series, margin: float) -> list[float]:
    """From least to greatest, with some room."""
    found = values.to_numpy(np.float64)
    room = max(0.5, (found.max() - found.min()) * margin)
    return [found.min().item() - room, found.max().item() + room]


def _lines(arrows: pd.DataFrame, at: dict[str, tuple[float, float]]) -> tuple[list[float | None], list[float | None]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for origin, target in zip(arrows["origin"].tolist(), arrows["target"].tolist(), strict=True):
        if origin in at and target in at:
            x += [at[origin][0], at[target][0], None]
            y += [at[origin][1], at[target][1], None]
    return x, y
