"""How every chart looks: colours that the colour-blind tell apart, light and dark, quiet lines.

How figures come into a notebook, offline. Plotly takes the renderer ``plotly_mimetype`` in a kernel of Jupyter: the figure's JSON,
drawn by the lab extension that comes with the package plotly, plotly.js and all. Nothing is fetched. (``notebook`` puts plotly.js
into the notebook, 5 MB, and asks a content network for MathJax at every figure; ``notebook_connected`` shows nothing offline.)
Colours are written into the drawing, where CSS variables mean nothing and no script of ours comes. So our lab extension
(``lab/share/labextension``) has rules of style that swap ink, lines and the two darkest series wherever the lab's theme is dark,
at once and in figures that were drawn before. Elsewhere, and in files, ``mode="dark"`` makes a dark figure.

Source of the colours: Okabe and Ito, *Color Universal Design* (2008); the dark variants are lighter shades of them.
"""

from __future__ import annotations

import html
from typing import Final, Literal

import plotly.graph_objects as go

__all__ = [
    "COLOURS", "DARK_COLOURS", "DARK_LEVEL_COLOURS", "FAINT", "IN_THE_DARK", "LEVEL_COLOURS", "SCALE", "Mode", "empty", "escaped", "styled",
]  # fmt: skip

Mode = Literal["light", "dark"]

COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#6a51a3", "#555555")
"""For series, in this order, on a light page."""
DARK_COLOURS: Final = ("#56b4e9", "#ff9a4d", "#2fd0a5", "#e8a3c8", "#f0e442", "#8fd0ff", "#b3a2e0", "#bbbbbb")
"""The same on a dark page."""
LEVEL_COLOURS: Final = {"warning": "#e69f00", "critical": "#d55e00", "maximum": "#a50026"}
"""Of thresholds and alerts; each is also named in words, never told by colour alone."""
DARK_LEVEL_COLOURS: Final = {"warning": "#f0b740", "critical": "#ff8a3d", "maximum": "#ff6b7f"}
"""The same on a dark page."""

FAINT: Final = {"light": "#9aa3ad", "dark": "#6b7480"}
"""Of what is there and does not matter now."""
SCALE: Final = {"light": ("#dcebf5", "#003f66"), "dark": ("#1c3a4d", "#a8dcff")}
"""From little to much."""
_INK: Final = {"light": ("#1f2328", "#5b6570", "#e3e6ea"), "dark": ("#e6e8eb", "#a0a8b2", "#3a3f46")}


IN_THE_DARK: Final = dict(zip((*_INK["light"], *COLOURS[6:]), (*_INK["dark"], *DARK_COLOURS[6:]), strict=True))
"""Of each colour that cannot be seen on a dark page, the one that takes its place there; the others do on both, and words
written on them stay readable. Our lab extension has the same table."""


def styled(figure: go.Figure, *, title: str = "", mode: Mode = "light", height: int | None = None) -> go.Figure:
    """Dress a figure in place, and return it.

    Parameters
    ----------
    figure
        What to dress. Text from a story must have gone through :func:`escaped` already.
    title
        Says what the chart shows, as a sentence's beginning.
    mode
        Whether it stands on a light or a dark page; its own background stays transparent. A light one follows the theme
        of the JupyterLab that it is shown in.
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
