"""How every chart looks: colours that the colour-blind tell apart, light and dark, quiet lines.

Source of the colours: Okabe and Ito, *Color Universal Design* (2008); the dark variants are lighter shades of them.
"""

from __future__ import annotations

import html
from typing import Final, Literal

import plotly.graph_objects as go

__all__ = ["COLOURS", "DARK_COLOURS", "DARK_LEVEL_COLOURS", "LEVEL_COLOURS", "Mode", "empty", "escaped", "styled"]

Mode = Literal["light", "dark"]

COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#6a51a3", "#555555")
"""For series, in this order, on a light page."""
DARK_COLOURS: Final = ("#56b4e9", "#ff9a4d", "#2fd0a5", "#e8a3c8", "#f0e442", "#8fd0ff", "#b3a2e0", "#bbbbbb")
"""The same on a dark page."""
LEVEL_COLOURS: Final = {"warning": "#e69f00", "critical": "#d55e00", "maximum": "#a50026"}
"""Of thresholds and alerts; each is also named in words, never told by colour alone."""
DARK_LEVEL_COLOURS: Final = {"warning": "#f0b740", "critical": "#ff8a3d", "maximum": "#ff6b7f"}
"""The same on a dark page."""

_INK: Final = {"light": ("#1f2328", "#5b6570", "#e3e6ea"), "dark": ("#e6e8eb", "#a0a8b2", "#3a3f46")}


def styled(figure: go.Figure, *, title: str = "", mode: Mode = "light", height: int | None = None) -> go.Figure:
    """Dress a figure in place, and return it.

    Parameters
    ----------
    figure
        What to dress. Text from a story must have gone through :func:`escaped` already.
    title
        Says what the chart shows, as a sentence's beginning.
    mode
        Whether it stands on a light or a dark page; its own background stays transparent.
    height
        In pixels; the notebook's choice by default.
    """
    ink, soft, grid = _INK[mode]
    n_named = sum(getattr(trace, "showlegend", False) is not False for trace in figure.data)
    has_legend = n_named > 1 and figure.layout.showlegend is not False
    above = {"y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 12}}  # a narrow chart has the legend below it
    figure.update_layout(
        title={"text": title, "x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 15}, **above}
        if title
        else None,
        colorway=list(COLOURS if mode == "light" else DARK_COLOURS),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": ink, "size": 12},
        margin={"l": 56, "r": 16, "t": (72 if has_legend else 48) if title else 16, "b": 44},
        legend={
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0 if title else 1,
            "xanchor": "left" if title else "right",
        },
        hoverlabel={"align": "left"},
        height=height,
    )
    axis = {
        "gridcolor": grid,
        "zerolinecolor": grid,
        "linecolor": grid,
        "tickfont": {"color": soft},
        "automargin": True,
    }
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure


def escaped(text: object, *, longest: int = 60) -> str:
    """Make a story's text safe for a label or hover text: Plotly would take it for markup; cut at ``longest`` characters."""
    said = " ".join(str(text).split())
    if len(said) > longest:
        said = said[: longest - 1] + "…"
    return html.escape(
        said, quote=False
    )  # Plotly shows &quot; as it stands; quotes are no danger outside of attributes


def empty(message: str, *, mode: Mode = "light", height: int = 200) -> go.Figure:
    """Make a figure that says why there is nothing to see, and what to do."""
    figure = go.Figure()
    figure.add_annotation(text=escaped(message, longest=300), showarrow=False, xref="paper", yref="paper", x=0.5, y=0.5)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return styled(figure, mode=mode, height=height).update_layout(xaxis_visible=False, yaxis_visible=False)
