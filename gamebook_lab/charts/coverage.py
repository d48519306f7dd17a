"""How much some playthroughs cover: bars for each level, and the story's map."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.charts.story_map import framed, labels, lines, places
from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, FAINT, Mode, empty, escaped, styled

__all__ = ["coverage", "coverage_map"]


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
    at = places(passages)
    for name, there, dash, colour, opacity in (
        ("way not taken", arrows[arrows["n_times"] == 0], "dot", palette[1], 0.7),
        ("way taken", arrows[arrows["n_times"] > 0], "solid", palette[2], 0.55),
    ):
        figure.add_scatter(
            **lines(there, at), mode="lines", name=name, hoverinfo="skip", opacity=opacity,
            line={"color": colour, "width": 1.5, "dash": dash}, showlegend=bool(len(there)),
        )  # fmt: skip
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
        figure.add_scatter(
            x=rows["x"], y=rows["y"], name=f"{name} ({len(rows):,})", **labels(passages, rows),
            marker={"color": colour, "symbol": symbol, "size": 12, "line": {"width": 1, "color": "rgba(127,127,127,0.6)"}},
            customdata=list(zip(names, rows["n_playthroughs"].tolist(), rows["share"].fillna(0.0).tolist(), strict=True)),
            hovertemplate="%{customdata[0]}<br>%{customdata[1]:,} playthroughs (%{customdata[2]:.1%})<extra></extra>",
        )  # fmt: skip
    styled(figure, title="Where the playthroughs come", mode=mode, height=height)
    return framed(figure, passages)
