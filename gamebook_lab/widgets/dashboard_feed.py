"""Where the dashboard's figures come from: telemetry as it is recorded, or anything that answers the same questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import pandas as pd

from gamebook_lab import telemetry
from gamebook_lab.telemetry.overview import OVERVIEW_COLUMNS, overview

__all__ = ["WINDOWS", "Feed", "RecordedFeed"]


WINDOWS: Final = {
    60: "1 minute", 300: "5 minutes", 900: "15 minutes", 3600: "1 hour", 21_600: "6 hours", 86_400: "1 day", 604_800: "7 days",
    2_592_000: "30 days",
}  # fmt: skip
"""Times that can be chosen, in seconds, with what they are called."""


class Feed(Protocol):
    """What a dashboard asks."""

    def table(
        self, since: float, until: float, step: float, *, columns: Sequence[str] = tuple(OVERVIEW_COLUMNS)
    ) -> pd.DataFrame:
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

    def table(
        self, since: float, until: float, step: float, *, columns: Sequence[str] = tuple(OVERVIEW_COLUMNS)
    ) -> pd.DataFrame:
        """See :class:`Feed`."""
        return overview(since=since, until=until, resolution=step, columns=columns)

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
