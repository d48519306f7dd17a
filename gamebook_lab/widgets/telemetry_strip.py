"""The dashboard in one line, for the foot of the Studio: processor, memory, response time, frames, alerts."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Final, TypedDict

import pandas as pd
import traitlets

from gamebook_lab.charts.telemetry_panels import panel
from gamebook_lab.widgets.bundle import BundledWidget, bundle
from gamebook_lab.widgets.dashboard_feed import Feed, RecordedFeed
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.following import Followers

__all__ = ["TelemetryStrip", "strip"]

TICK_SECONDS: Final = 2.0
SHOWN_SECONDS: Final = 60.0
BEHIND_SECONDS: Final = 1.5
"""The newest second may not be written yet."""
LATE_SECONDS: Final = 5.0
ALERTS_SECONDS: Final = 10.0
"""Alerts are read at once when a notice tells of one, and else so often."""
FRESH_SECONDS: Final = 10.0
"""An older value is not called the newest any more."""
_ITEMS: Final = {
    "cpu_host": ("CPU", panel("cpu")), "memory_host": ("Memory", panel("memory")),
    "response_p95": ("Response", panel("response")), "fps": ("Frames", panel("fps")),
}  # fmt: skip
_LEVELS: Final = ("warning", "critical", "maximum")
_URGENT_GROUPS: Final = frozenset({"memory"})
"""Alerts that say so in words, for other programs can be closed; that the machine is busy is nothing to act on."""


class Item(TypedDict):
    """One figure, and how it went."""

    key: str
    label: str
    value: str
    level: str
    """Highest limit that it crosses; empty if none."""
    top: float
    points: list[float | None]


class Strip(TypedDict):
    """All that the strip shows."""

    type: str
    items: list[Item]
    alerts: list[str]
    """Of those in force, the gravest first."""
    urgent: str
    """The gravest that whoever writes can do something about, if it is critical; empty if there is none."""


class TelemetryStrip(BundledWidget):
    """Shows in one line how the machine and the screen do; costs nothing while it cannot be seen.

    Parameters
    ----------
    show
        Called when somebody wants to see more; without it there is no button for that.
    feed
        Where the figures come from; this process's telemetry by default, which begins to be recorded.
    clock
        Seconds since the epoch.
    """

    has_more = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(
        self,
        *,
        show: Callable[[], None] | None = None,
        feed: Feed | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(**bundle("telemetry_strip"), has_more=show is not None)
        self._feed = RecordedFeed() if feed is None else feed
        self._clock = clock
        self._known: pd.DataFrame | None = None
        self._known_until = 0.0
        self._alerts: pd.DataFrame | None = None
        self._alerts_until = 0.0
        self._has_news = threading.Event()
        self._followers = Followers(self._tick, TICK_SECONDS)
        self.hear({
            "watch": lambda message: self._followers.watch(str(message["view"])),
            "rest": lambda message: self._followers.rest(str(message["view"])),
            **({} if show is None else {"more": lambda _: show()}),
        })  # fmt: skip
        self.follow(self._feed.watch(lambda _: self._has_news.set()))

    def close(self) -> None:
        """End it, leaving no comm and no thread behind."""
        self.unfollow()
        self._followers.close()
        super().close()

    def _tick(self) -> None:
        until = math.floor(self._clock() - BEHIND_SECONDS)
        since = until - SHOWN_SECONDS
        known = self._known if self._known_until > since else None
        # what was read before is not read again, but for what may have been written late
        fresh = since if known is None else max(since, self._known_until - LATE_SECONDS)
        table = self._feed.table(fresh, until, 1.0, columns=tuple(_ITEMS))
        if known is not None:
            first, last = (pd.Timestamp(at, unit="s", tz="UTC") for at in (since, fresh))
            table = pd.concat([known[(known.index >= first) & (known.index < last)], table])
        self._known, self._known_until = table, until
        if self._alerts is None or self._has_news.is_set() or until >= self._alerts_until:
            self._has_news.clear()
            self._alerts, self._alerts_until = self._feed.alerts(until), until + ALERTS_SECONDS
        self.send(strip(table, self._alerts, until))


def strip(table: pd.DataFrame, alerts: pd.DataFrame, until: float) -> Strip:
    """Put the newest minute of the overview into one line.

    Parameters
    ----------
    table
        Of :func:`gamebook_lab.telemetry.overview.overview`.
    alerts
        Those in force, and perhaps some that have ended.
    until
        End of the minute, seconds since the epoch.
    """
    active = alerts[alerts["ended"].isna()].copy()
    active["rank"] = [_LEVELS.index(level) if level in _LEVELS else -1 for level in active["level"]]
    active = active.sort_values("rank", ascending=False, kind="stable")
    urgent = active[active["group"].isin(_URGENT_GROUPS) & (active["rank"] >= _LEVELS.index("critical"))]
    return Strip(
        type="strip", items=[_item(table, column, until) for column in _ITEMS], alerts=_words(active),
        urgent=next(iter(_words(urgent)), ""),
    )  # fmt: skip


def _words(alerts: pd.DataFrame) -> list[str]:
    return [safe_text(f"{text[:1].upper()}{text[1:]}") for text in alerts["summary"].astype(str)]


def _item(table: pd.DataFrame, column: str, until: float) -> Item:
    label, shown = _ITEMS[column]
    known = table[column].dropna() if column in table else pd.Series(dtype="float64")
    newest = math.nan
    if len(known) and until - pd.Timestamp(known.index[-1]).timestamp() <= FRESH_SECONDS:
        newest = float(known.iloc[-1])
    crossed = [limit.level for limit in shown.limits if limit.is_crossed(newest)]
    seconds = (math.floor(at.timestamp()) for at in pd.DatetimeIndex(known.index))
    points = dict(zip(seconds, known.tolist(), strict=True))
    moments = range(math.floor(until - SHOWN_SECONDS), math.floor(until))
    return Item(
        key=shown.key, label=label, value="\u2013" if math.isnan(newest) else f"{newest:,.0f} {shown.unit}".rstrip(),
        level=max(crossed, key=_LEVELS.index, default=""), top=max([shown.top or 0.0, *points.values()]),
        points=[round(points[at], 2) if at in points else None for at in moments],
    )  # fmt: skip
