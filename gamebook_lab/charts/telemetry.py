"""Telemetry over time: the dashboard's charts as figures, for notebooks and reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from gamebook_lab.charts.telemetry_panels import PANELS, Panel, panel
from gamebook_lab.charts.theme import (
    COLOURS,
    DARK_COLOURS,
    DARK_LEVEL_COLOURS,
    LEVEL_COLOURS,
    Mode,
    empty,
    escaped,
    styled,
)

__all__ = ["PANELS", "telemetry"]

_DOT: Final = 5
_LIMIT_DASH: Final = {"warning": "dot", "critical": "dash", "maximum": "solid"}


def telemetry(
    table: pd.DataFrame,
    which: str | Panel,
    *,
    alerts: pd.DataFrame | None = None,
    mode: Mode = "light",
    height: int = 260,
) -> go.Figure:
    """Draw one panel of the dashboard.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.telemetry.overview.overview`: by time, a column for each series.
    which
        A panel, or its key: ``cpu``, ``memory``, ``response``, ``fps``, ``errors``, ``uptime``, ``workers``.
    alerts
        Of :func:`gamebook_lab.telemetry.alerts`: each one's beginning is marked.
    mode, height
        See :func:`gamebook_lab.charts.theme.styled`.

    Raises
    ------
    KeyError
        If there is no such panel.
    """
    shown = panel(which) if isinstance(which, str) else which
    known = [each for each in shown.series if each.column in table and table[each.column].notna().any()]
    if not known:
        return empty(f"{shown.title}: nothing was measured in this time", mode=mode, height=height)
    figure = go.Figure()
    colours = COLOURS if mode == "light" else DARK_COLOURS
    for each in known:
        colour = colours[shown.series.index(each) % len(colours)]
        hover = f"%{{y:,.{shown.digits}f}} {shown.unit}<extra>{escaped(each.label)}</extra>"
        if shown.kind == "bars":
            figure.add_bar(
                x=table.index, y=table[each.column], name=each.label, marker_color=colour, hovertemplate=hover
            )
        else:
            figure.add_scatter(
                x=table.index, y=table[each.column], name=each.label, mode="lines+markers" if shown.is_sparse else "lines",
                hovertemplate=hover, line={"color": colour, "dash": each.dash, "width": 1.8},
                marker={"size": _dots(table[each.column]), "opacity": 1} if shown.is_sparse else None,
            )  # fmt: skip
    levels = LEVEL_COLOURS if mode == "light" else DARK_LEVEL_COLOURS
    _add_limits(figure, shown, levels)
    _add_alerts(figure, alerts, levels)
    styled(figure, title=f"{shown.title}, {shown.unit}" if shown.unit else shown.title, mode=mode, height=height)
    highest = max(float(table[each.column].max()) for each in known)
    figure.update_yaxes(range=[0, max(highest * 1.08, shown.top or 0)])
    return figure.update_layout(hovermode="x unified", showlegend=len(known) > 1, margin_r=64 if shown.limits else 16)


def _dots(values: pd.Series[float]) -> list[int]:
    """Sizes of the dots: none but where no neighbour is known, to which a line would lead."""
    known = values.notna()
    is_alone = known & ~known.shift(1, fill_value=False) & ~known.shift(-1, fill_value=False)
    return [_DOT if alone else 0 for alone in is_alone]


def _add_limits(figure: go.Figure, shown: Panel, levels: Mapping[str, str]) -> None:
    for limit in shown.limits:
        figure.add_hline(
            y=limit.value, line={"color": levels[limit.level], "width": 1.3, "dash": _LIMIT_DASH[limit.level]},
            annotation={"text": escaped(limit.label), "font": {"size": 10}}, annotation_position="right", layer="above",
        )  # fmt: skip


def _add_alerts(figure: go.Figure, alerts: pd.DataFrame | None, colours: Mapping[str, str]) -> None:
    """Mark where alerts began; what they said is shown under the pointer."""
    if alerts is None or alerts.empty:
        return
    levels = alerts["peak_level"].where(alerts["peak_level"].isin(colours), "warning")
    for started, level in zip(alerts["started"], levels, strict=True):
        figure.add_vline(x=started, line={"color": colours[level], "width": 2, "dash": "dot"})
    figure.add_scatter(
        x=alerts["started"], y=[0] * len(alerts), mode="markers", name="alerts", showlegend=False,
        marker={"symbol": "triangle-up", "size": 10, "color": [colours[level] for level in levels]},
        text=[escaped(f"{level}: {text}", longest=120) for level, text in zip(levels, alerts["summary"], strict=True)],
        hovertemplate="%{text}<extra>alert</extra>",
    )  # fmt: skip
