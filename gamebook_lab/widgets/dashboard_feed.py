"""Where the dashboard's figures come from: telemetry as it is recorded, or anything that answers the same questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

import pandas as pd

from gamebook_lab import telemetry
from gamebook_lab.telemetry.overview import overview

__all__ = ["WINDOWS", "Feed", "RecordedFeed", "Window", "step_of"]


class Window(NamedTuple):
    """A time that can be chosen."""

    seconds: float
    label: str
    step_seconds: float
    """From one row to the next: at most some 700 rows."""


MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
WINDOWS: Final = (
    Window(MINUTE, "1 minute", 1), Window(5 * MINUTE, "5 minutes", 1), Window(15 * MINUTE, "15 minutes", 2),
    Window(HOUR, "1 hour", 10), Window(6 * HOUR, "6 hours", 60), Window(DAY, "1 day", 5 * MINUTE),
    Window(7 * DAY, "7 days", 15 * MINUTE), Window(30 * DAY, "30 days", HOUR),
)  # fmt: skip


def step_of(seconds: float) -> float:
    """Seconds from one row to the next that suit a length of time."""
    return next((window.step_seconds for window in WINDOWS if seconds <= window.seconds), 3 * HOUR)


class Feed(Protocol):
    """What a dashboard asks."""

    def table(self, since: float, until: float, step: float) -> pd.DataFrame:
        """Give the overview of a time (seconds since the epoch); see :func:`gamebook_lab.telemetry.overview.overview`."""

    def objectives(self, window: str) -> pd.DataFrame:
        """Judge the objectives; see :func:`gamebook_lab.telemetry.objectives`."""

    def alerts(self, since: float) -> pd.DataFrame:
        """List the alerts that were in force after a moment; see :func:`gamebook_lab.telemetry.alerts`."""

    def acknowledge(self, alert: int) -> None:
        """Say that somebody looks after an alert."""

    def silence(self, rule: str, seconds: float) -> None:
        """Send no notices of a rule for a while."""

    def watch(self, callback: Callable[[telemetry.Notice], object]) -> Callable[[], None]:
        """Have a callback given every notice; returns what ends it."""


class RecordedFeed:
    """Telemetry of this process, which begins to be recorded if it is not."""

    def __init__(self) -> None:
        telemetry.start()

    def table(self, since: float, until: float, step: float) -> pd.DataFrame:
        """See :class:`Feed`."""
        return overview(since=since, until=until, resolution=step)

    def objectives(self, window: str) -> pd.DataFrame:
        """See :class:`Feed`."""
        return telemetry.objectives(window)

    def alerts(self, since: float) -> pd.DataFrame:
        """See :class:`Feed`."""
        return telemetry.alerts(since=pd.Timestamp(since, unit="s", tz="UTC").isoformat())

    def acknowledge(self, alert: int) -> None:
        """See :class:`Feed`."""
        telemetry.acknowledge(alert)

    def silence(self, rule: str, seconds: float) -> None:
        """See :class:`Feed`."""
        telemetry.silence(rule, for_=seconds, comment="from the dashboard")

    def watch(self, callback: Callable[[telemetry.Notice], object]) -> Callable[[], None]:
        """See :class:`Feed`."""
        return telemetry.watch(callback)
