"""What readers came to and chose, beside what the model says: a map, and shares with their intervals."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.charts.story_map import framed, is_labelled, labels, lines, places
from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, SCALE, Mode, empty, escaped, styled

__all__ = ["readership_map", "shares"]

_MOST: Final = 30
_LEVEL: Final = 0.05
"""False discovery rate up to which a difference stands before those that may be chance."""


def shares(table: pd.DataFrame, *, mode: Mode = "light", height: int | None = None) -> go.Figure:
    """Draw shares with 95 % intervals, and what the model expects; those that differ most first.

    Parameters
    ----------
    table
        Of :func:`~gamebook_lab.analysis.readership.choice_shares`, :func:`~gamebook_lab.analysis.readership.passage_readership` or
        :func:`~gamebook_lab.analysis.readership.ending_shares`.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    known = table.dropna(subset=["share"])
    if known.empty:
        return empty("Nobody came so far. Does the log fit the story?", mode=mode)
    gap = (known["share"] - known["expected"]).abs().fillna(0.0)
    order = pd.DataFrame({"is_found": known["q_value"] <= _LEVEL, "gap": gap}).sort_values(
        ["is_found", "gap"], ascending=False, kind="stable"
    )
    shown = known.loc[order.index[:_MOST]]
    palette = COLOURS if mode == "light" else DARK_COLOURS
    names = _names(shown)
    figure = go.Figure()
    for verdicts, name, colour, symbol in (
        (("as expected", "unknown"), "as expected, or unknown", palette[7], "circle"),
        (("more",), "more than the model says", palette[0], "triangle-right"),
        (("less", "never read", "never taken"), "less, or never", palette[1], "triangle-left"),
    ):
        rows = shown["verdict"].isin(verdicts).tolist()
        there = shown[rows]
        if there.empty:
            continue
        figure.add_scatter(
            x=there["share"], y=[each for each, is_one in zip(names, rows, strict=True) if is_one], name=name, mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 10}, customdata=there[["low", "high", "q_value"]],
            error_x={"array": there["high"] - there["share"], "arrayminus": there["share"] - there["low"], "thickness": 1.5, "width": 4},
            hovertemplate="%{y}<br>%{x:.1%} (%{customdata[0]:.1%} to %{customdata[1]:.1%}), q %{customdata[2]:.2g}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=shown["expected"], y=names, name="the model", mode="markers", hovertemplate="%{y}<br>the model: %{x:.1%}<extra></extra>",
        marker={"symbol": "line-ns-open", "size": 14, "line": {"width": 2}, "color": palette[2]},
    )  # fmt: skip
    more = f" (the {_MOST} of {len(known):,} that differ most)" if len(known) > _MOST else ""
    figure.update_xaxes(tickformat=".0%", range=[-0.02, 1.02])
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], type="category")
    figure = styled(figure, title=f"Readers and the model{more}", mode=mode, height=height or 150 + 26 * len(shown))
    return figure.update_layout(margin_t=92, legend={"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"})


def readership_map(
    passages: pd.DataFrame, arrows: pd.DataFrame, *, mode: Mode = "light", height: int = 560
) -> go.Figure:
    """Draw the story's map, each passage coloured by the share of readers who came there, ways wider where more went.

    Parameters
    ----------
    passages, arrows
        Of :func:`gamebook_lab.analysis.coverage_map.coverage_map`, given a space and ``matched.walks``.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.
    """
    if passages.empty:
        return empty("The story has no passages that are meant to be read", mode=mode, height=height)
    palette = COLOURS if mode == "light" else DARK_COLOURS
    figure = go.Figure()
    at = places(passages)
    top = max(1, int(arrows["n_times"].max()) if len(arrows) else 1)
    for least, most, width, opacity in (
        (0, 0, 1.0, 0.25),
        (0, 0.1, 1.5, 0.4),
        (0.1, 0.4, 3.5, 0.5),
        (0.4, 1.0, 7.0, 0.6),
    ):
        there = (
            arrows[arrows["n_times"] == 0]
            if most == 0
            else arrows[(arrows["n_times"] > least * top) & (arrows["n_times"] <= most * top)]
        )
        figure.add_scatter(
            **lines(there, at), mode="lines", hoverinfo="skip", showlegend=False, opacity=opacity,
            line={"color": palette[7], "width": width, "dash": "dot" if most == 0 else "solid"},
        )  # fmt: skip
    share = passages["share"].fillna(0.0)
    is_never = passages["n_playthroughs"].to_numpy(np.int64) == 0
    figure.add_scatter(
        x=passages["x"], y=passages["y"], showlegend=False, **labels(passages, passages),
        marker={
            "color": share, "colorscale": [*enumerate(SCALE[mode])], "cmin": 0, "cmax": 1, "size": (9 + 13 * np.sqrt(share.to_numpy(np.float64))) * (1.0 if is_labelled(passages) else 0.55),
            "symbol": np.where(is_never, "x-thin-open", "circle").tolist(),
            "line": {"width": np.where(is_never, 2, 1).tolist(), "color": np.where(is_never, palette[1], "rgba(127,127,127,0.6)").tolist()},
            "colorbar": {"title": {"text": "readers"}, "tickformat": ".0%", "thickness": 12, "len": 0.7},
        },
        customdata=[[escaped(name), n] for name, n in zip(passages["passage_id"].tolist(), passages["n_playthroughs"].tolist(), strict=True)],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]:,} sessions (%{marker.color:.1%})<extra></extra>",
    )  # fmt: skip
    styled(figure, title="Where readers come (a cross: nobody)", mode=mode, height=height)
    return framed(figure, passages)


def _names(table: pd.DataFrame) -> list[str]:
    """A choice is named with its passage; a name that is there twice gets a number."""
    if "label" in table.columns:
        said = [
            f"{passage}: {'(no words)' if pd.isna(label) else label}"
            for passage, label in zip(table["passage_id"], table["label"], strict=True)
        ]
    else:
        said = table["passage_id"].tolist()
    seen: dict[str, int] = {}
    names = []
    for each in said:
        name = escaped(each or "round in circles", longest=48)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
