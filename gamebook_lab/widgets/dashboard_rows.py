"""Tables of telemetry as plain data that a script can show."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from gamebook_lab.charts.telemetry_panels import PANEL_OF_GROUP, PANELS
from gamebook_lab.charts.telemetry_words import in_words
from gamebook_lab.charts.theme import COLOURS, DARK_COLOURS, DARK_LEVEL_COLOURS, LEVEL_COLOURS
from gamebook_lab.widgets import dashboard_messages as messages
from gamebook_lab.widgets.dashboard_feed import WINDOWS
from gamebook_lab.widgets.documents import safe_text

__all__ = ["alert_entries", "columns_of", "objective_entries", "setup", "times_of"]

_TITLES: Final = {
    "memory": "Memory", "cpu": "Processor", "response": "Response", "fps": "Frames", "uptime": "Uptime", "errors": "Errors",
}  # fmt: skip
_DIGITS: Final = 4
"""Significant enough for a line, and short in a message."""


def setup(view: str) -> messages.Setup:
    """What the dashboard consists of."""
    return messages.Setup(
        type="setup", view=view, name="gamebook-telemetry",
        panels=[
            messages.PanelSpec(
                key=each.key, title=each.title, unit=each.unit, about=each.about, kind=each.kind, top=each.top, digits=each.digits, is_sparse=each.is_sparse,
                series=[messages.SeriesSpec(column=s.column, label=s.label, dash=s.dash) for s in each.series],
                limits=[messages.LimitSpec(value=limit.value, label=limit.label, level=limit.level) for limit in each.limits],
            )
            for each in PANELS
        ],
        windows=list(WINDOWS.items()),
        colours=messages.Colours(light=list(COLOURS), dark=list(DARK_COLOURS), levels=LEVEL_COLOURS, dark_levels=DARK_LEVEL_COLOURS),
    )  # fmt: skip


def times_of(table: pd.DataFrame) -> list[float]:
    """Times of a table's rows, in milliseconds since the epoch."""
    return [time.timestamp() * 1000 for time in table.index]


def columns_of(table: pd.DataFrame) -> dict[str, list[float | None]]:
    """Columns that hold anything; None where a row has nothing."""
    return {
        str(name): [None if math.isnan(value) else round(value, _DIGITS) for value in column.tolist()]
        for name, column in table.items()
        if column.notna().any()
    }


def objective_entries(objectives: pd.DataFrame) -> list[messages.ObjectiveEntry]:
    """Objectives in words."""
    return [_objective(row) for row in objectives.to_dict("records")]


def _objective(row: dict[Any, Any]) -> messages.ObjectiveEntry:
    name = str(row["objective"])
    return messages.ObjectiveEntry(
        objective=name, title=_TITLES.get(name, name.capitalize()), target=str(row["target"]).split(",")[0],
        current=in_words(row["current"], row["unit"]), compliance=_known(row["compliance"]), goal=float(row["goal"]),
        budget_left=_known(row["budget_left"]), n=int(row["n"]), state=str(row["state"]),
    )  # fmt: skip


def alert_entries(alerts: pd.DataFrame) -> list[messages.AlertEntry]:
    """Alerts as a script shows them."""
    return [
        messages.AlertEntry(
            id=int(row["id"]), rule=str(row["rule"]), panel=PANEL_OF_GROUP.get(row["group"], ""), level=str(row["level"] or row["peak_level"]), state=str(row["state"]),
            summary=safe_text(str(row["summary"])), started=row["started"].timestamp() * 1000,
            ended=None if pd.isna(row["ended"]) else row["ended"].timestamp() * 1000,
            is_silenced=bool(row["is_silenced"]), is_inhibited=bool(row["is_inhibited"]),
        )
        for row in alerts.to_dict("records")
    ]  # fmt: skip


def _known(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)
