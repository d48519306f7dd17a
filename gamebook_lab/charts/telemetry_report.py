"""The dashboard as one HTML file that opens in any browser, without a network: Plotly's script is in it, once."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
from plotly.offline import get_plotlyjs

from gamebook_lab.charts.telemetry import telemetry
from gamebook_lab.charts.telemetry_panels import PANELS
from gamebook_lab.charts.telemetry_words import in_words

__all__ = ["report"]

_STYLE: Final = """
body { font: 14px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; margin: 2rem auto; max-width: 1200px; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin-top: 2rem; } .soft { color: #5b6570; margin-top: 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 4px 10px; border-bottom: 1px solid #e3e6ea; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 8px; }
@media print { .charts { grid-template-columns: 1fr; } figure { break-inside: avoid; } }
figure { margin: 0; } figcaption { color: #5b6570; font-size: 12px; padding: 0 8px; }
"""
_OBJECTIVES: Final = {
    "objective": "Objective", "target": "Target", "current": "Now", "compliance": "Kept", "goal": "Should be", "budget_left": "Budget left",
    "n": "Observations", "state": "State",
}  # fmt: skip
_ALERTS: Final = {
    "peak_level": "Level", "state": "State", "summary": "What", "started": "From", "ended": "Until", "value": "Value",
}  # fmt: skip
_SHARES: Final = {"compliance", "goal", "budget_left"}


def report(
    table: pd.DataFrame, objectives: pd.DataFrame, alerts: pd.DataFrame, *, judged: str = "1h", title: str = "Telemetry"
) -> str:
    """Write the dashboard's charts and tables as HTML.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.telemetry.overview.overview`.
    objectives, alerts
        Of :func:`gamebook_lab.telemetry.objectives` and :func:`gamebook_lab.telemetry.alerts`.
    judged
        Time over which the objectives were judged.
    title
        Of the page.

    Returns
    -------
    str
        Some 5 MB, nearly all of it Plotly's script.
    """
    figures = [
        f"<figure>{telemetry(table, each, alerts=alerts).to_html(full_html=False, include_plotlyjs=False, config={'displaylogo': False})}"
        f"<figcaption>{html.escape(each.about)}</figcaption></figure>"
        for each in PANELS
    ]
    parts = [
        f"<h1>{html.escape(title)}</h1><p class='soft'>{html.escape(_when(table))}</p>",
        f"<h2>Objectives, over {html.escape(judged)}</h2>", _table(objectives, _OBJECTIVES),
        "<h2>Over time</h2>", f"<div class='charts'>{''.join(figures)}</div>",
        "<h2>Alerts</h2>", _table(alerts, _ALERTS) if len(alerts) else "<p>None in this time.</p>",
    ]  # fmt: skip
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{html.escape(title)}</title><style>{_STYLE}</style>"
        f"<script>{get_plotlyjs()}</script></head><body>{''.join(parts)}</body></html>"
    )


def _when(table: pd.DataFrame) -> str:
    written = f"written {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    if table.empty:
        return f"Nothing was recorded in this time; {written}"
    return f"{table.index[0]:%Y-%m-%d %H:%M:%S} to {table.index[-1]:%Y-%m-%d %H:%M:%S} UTC; {written}"


def _table(rows: pd.DataFrame, columns: dict[str, str]) -> str:
    shown = {name: label for name, label in columns.items() if name in rows}
    units = rows["unit"] if "unit" in rows else pd.Series([""] * len(rows), index=rows.index)
    body = "".join(
        "<tr>" + "".join(_cell(name, row[name], unit) for name in shown) + "</tr>"
        for row, unit in zip(rows.to_dict("records"), units, strict=True)
    )
    heads = "".join(f"<th{_number(rows[name])}>{html.escape(label)}</th>" for name, label in shown.items())
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _number(column: pd.Series[Any]) -> str:
    return " class='number'" if pd.api.types.is_numeric_dtype(column) else ""


def _cell(name: str, value: Any, unit: str) -> str:
    if isinstance(value, pd.Timestamp):
        return f"<td>{value:%Y-%m-%d %H:%M:%S}</td>"
    if value is pd.NaT:
        return "<td>still</td>"
    if isinstance(value, (int, float)):
        return f"<td class='number'>{html.escape(in_words(value, 'share' if name in _SHARES else unit))}</td>"
    return f"<td>{html.escape(str(value))}</td>"
