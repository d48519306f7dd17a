"""Telemetry as a dashboard reads it, made up: so that its tests need no recorder."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gamebook_lab.telemetry import Notice
from gamebook_lab.telemetry.overview import OVERVIEW_COLUMNS

OBJECTIVES = [
    ("memory", "below 80 %, 99 % of the time", "%", 0.41, 0.8, 1.0, 0.99, 1.0, 300, "met"),
    ("cpu", "below 70 %, 95 % of the time", "%", 0.83, 0.7, 0.91, 0.95, -0.8, 300, "missed"),
    ("response", "below 100 ms, 95 % of the time", "ms", 0.034, 0.1, 0.998, 0.95, 0.96, 1204, "met"),
    ("fps", "above 55 frames/s, 95 % of the time", "frames/s", 58.6, 55.0, 0.97, 0.95, 0.4, 281, "met"),
    ("uptime", "above 99.9 %", "%", 0.9995, 0.999, 0.9995, 0.999, 0.5, 3600, "met"),
    ("errors", "below 0.1 %", "%", float("nan"), 0.001, float("nan"), 0.999, float("nan"), 0, "no data"),
]
COLUMNS = ["objective", "target", "unit", "current", "threshold", "compliance", "goal", "budget_left", "n", "state"]


def stamp(seconds: float) -> pd.Timestamp:
    return pd.Timestamp(seconds, unit="s", tz="UTC")


def alert(number=1, *, rule="cpu", level="critical", state="firing", started=0.0, ended=None, summary="too much"):
    return {
        "id": number, "rule": rule, "group": rule, "labels": {}, "level": level, "peak_level": level, "state": state, "value": 0.9,
        "threshold": 0.7, "summary": summary, "started": stamp(started), "changed": stamp(started),
        "ended": pd.NaT if ended is None else stamp(ended), "is_silenced": False, "is_inhibited": False, "session": "s",
    }  # fmt: skip


class MadeUpFeed:
    """Waves; keeps what it was asked."""

    def __init__(self, alerts=()):
        self.asked, self.acknowledged, self.silenced, self.callbacks = [], [], [], []
        self.rows = list(alerts)

    def table(self, since, until, step, *, columns=tuple(OVERVIEW_COLUMNS)):
        self.asked.append((since, until, step))
        times = np.arange(np.ceil(since / step) * step, until, step)
        waves = {
            name: 50 + 40 * np.sin(times / (20 * step) + nth) + 3 * np.sin(times * (nth + 2))
            for nth, name in enumerate(columns)
        }
        return pd.DataFrame(waves, index=pd.to_datetime(times, unit="s", utc=True).rename("time"))

    def objectives(self, window):
        return pd.DataFrame(OBJECTIVES, columns=COLUMNS)

    def alerts(self, since):
        columns = list(alert())
        return pd.DataFrame(self.rows, columns=columns)

    def acknowledge(self, number):
        self.acknowledged.append(number)

    def silence(self, rule, seconds):
        self.silenced.append((rule, seconds))

    def watch(self, callback):
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def fire(self, level="critical", group="cpu", title="CPU is too high", text="cpu 91 % (limit 70 %)"):
        for callback in self.callbacks:
            callback(Notice("firing", group, level, title, text, (1,), 0.0))
