"""The dashboard as one HTML file that opens in any browser, without a network."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from gamebook_lab.analysis.printed import escaped
from gamebook_lab.charts import html_page
from gamebook_lab.charts.telemetry import telemetry
from gamebook_lab.charts.telemetry_panels import PANELS
from gamebook_lab.charts.telemetry_words import in_words

__all__ = ["report"]

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
    figures = ((telemetry(table, each, alerts=alerts), each.about) for each in PANELS)
    parts = [
        f"<h1>{escaped(title)}</h1><p class='soft'>{escaped(_when(table))}</p>",
        f"<h2>Objectives, over {escaped(judged)}</h2>", _table(objectives, _OBJECTIVES),
        "<h2>Over time</h2>", html_page.charts(figures),
        "<h2>Alerts</h2>", _table(alerts, _ALERTS) if len(alerts) else "<p>None in this time.</p>",
    ]  # fmt: skip
    return html_page.document(title, parts)


def _when(table: pd.DataFrame) -> str:
    written = f"written {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    if table.empty:
        return f"Nothing was recorded in this time; {written}"
    return f"{table.index[0]:%Y-%m-%d %H:%M:%S} to {table.index[-1]:%Y-%m-%d %H:%M:%S} UTC; {written}"


def _table(rows: pd.DataFrame, columns: dict[str, str]) -> str:
    shown = {name: label for name, label in columns.items() if name in rows}
    units = rows["unit"] if "unit" in rows else pd.Series([""] * len(rows), index=rows.index)
    body = (
        (_cell(name, row[name], unit) for name in shown)
        for row, unit in zip(rows.to_dict("records"), units, strict=True)
    )
    heads = (
        html_page.head(label, is_number=pd.api.types.is_numeric_dtype(rows[name])) for name, label in shown.items()
    )
    return html_page.table(heads, body)


def _cell(name: str, value: Any, unit: str) -> str:
    if isinstance(value, pd.Timestamp):
        return html_page.cell(f"{value:%Y-%m-%d %H:%M:%S}")
    if value is pd.NaT:
        return html_page.cell("still")
    if isinstance(value, (int, float)):
        return html_page.cell(in_words(value, "share" if name in _SHARES else unit), is_number=True)
    return html_page.cell(str(value))
