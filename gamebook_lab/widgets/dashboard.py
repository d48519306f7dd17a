"""The dashboard: live charts of the machine and the screen, objectives, alerts.

A view that can be seen says ``watch`` every few seconds and is sent the newest rows once a second. One that is hidden,
paused or zoomed in says ``rest``; while no view watches, nothing is read and no thread runs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import traitlets

from gamebook_lab.errors import GamebookError
from gamebook_lab.telemetry import Notice
from gamebook_lab.telemetry.overview import step_of
from gamebook_lab.widgets import dashboard_messages as messages
from gamebook_lab.widgets import dashboard_rows as rows
from gamebook_lab.widgets.bundle import STATIC, BundledWidget, bundle
from gamebook_lab.widgets.dashboard_feed import WINDOWS, Feed, RecordedFeed
from gamebook_lab.widgets.following import Followers
from gamebook_lab.widgets.probe import SILENCE

__all__ = ["Dashboard"]

TICK_SECONDS: Final = 1.0
STATUS_SECONDS: Final = 5.0
"""Alerts are looked at so often, and at once when there is a notice."""
JUDGE_SECONDS: Final = 2.5, 30.0
JUDGE_REST: Final = 100.0
"""Objectives are judged anew after so many times what that took, within these seconds: of a session that has just begun it
takes no time, and is what somebody waits for; of an hour a quarter of a second."""
BEHIND_SECONDS: Final = 1.5
"""What was measured up to now is written by then."""
SLOWEST_ROWS_SECONDS: Final = 5.0
"""A view learns so often at least that Python is there."""
JUDGED: Final = "1h"
"""Objectives are judged over this time."""
MOST_NOTICES: Final = 5


class Dashboard(BundledWidget):
    """Shows what the machine and the screen do while you work, and what they should do.

    Parameters
    ----------
    window
        Time shown at first, in seconds: one of 60 to 30 days.
    feed
        Where the figures come from; this process's telemetry by default, which begins to be recorded.
    clock
        Seconds since the epoch.

    Examples
    --------
    >>> gb.Dashboard()                                              # doctest: +SKIP
    """

    window = traitlets.Float(300.0).tag(sync=True)

    def __init__(
        self, window: float = 300.0, *, feed: Feed | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(**bundle("dashboard"), window=float(window))
        self._feed = RecordedFeed() if feed is None else feed
        self._clock = clock
        self._lock = threading.RLock()
        self._followers = Followers(self._tick, TICK_SECONDS, end=SILENCE.over)
        self._next_rows = self._next_status = self._next_judging = 0.0
        self._judged: list[messages.ObjectiveEntry] = []
        self._shown_until = 0.0
        self._sending = threading.Lock()
        """Held from reading rows to sending them, so that no view hears of a later row before an earlier one."""
        self._notices: dict[int, messages.NoticeEntry] = {}
        self._notice_groups: dict[str, int] = {}
        self._notice_id = 0
        self.hear({
            "hello": self._hello, "watch": self._watch, "rest": self._rest, "choose": self._choose, "plotly": self._send_plotly,
            "history": self._history, "export": self._export, "acknowledge": self._acknowledge,
            "silence": self._silence, "dismiss": self._dismiss,
        })  # fmt: skip
        self.follow(self._feed.watch(self._tell))

    @traitlets.validate("window")
    def _check_window(self, proposal: Any) -> float:
        if proposal["value"] not in WINDOWS:
            said = ", ".join(f"{seconds} ({label})" for seconds, label in WINDOWS.items())
            raise traitlets.TraitError(f"expected a time of {said}, not {proposal['value']!r}")
        return float(proposal["value"])

    @property
    def is_followed(self) -> bool:
        """Whether any view can be seen and is kept up to date."""
        return len(self._followers) > 0

    def close(self) -> None:
        """End it, leaving no comm, no thread and no watcher behind."""
        self.unfollow()
        self._followers.close()
        super().close()

    # ---- from the script

    def refuse(self, error: GamebookError | OSError) -> None:
        """Tell whoever looks at it."""
        self._add_notice(level="warning", title="That was not possible.", text=str(error))

    def _hello(self, message: messages.Hello) -> None:
        self.send(rows.setup(message["view"]))
        self._send_notices()
        self._send_status()

    def _watch(self, message: messages.Watch) -> None:
        if message["is_new"]:
            until = self._until()
            self._send_history(message["view"], until - self.window, until, is_live=True)
        self._followers.watch(message["view"])

    def _rest(self, message: messages.Rest) -> None:
        self._followers.rest(message["view"])

    def _choose(self, message: messages.Choose) -> None:
        self.window = float(message["seconds"])

    def _send_plotly(self, _message: messages.GetPlotly) -> None:
        self.send(messages.Plotly(type="plotly"), buffers=[(STATIC / "plotly_bundle.js").read_bytes()])

    def _history(self, message: messages.GetHistory) -> None:
        self._send_history(message["view"], float(message["since"]), float(message["until"]), is_live=False)

    def _export(self, message: messages.Export) -> None:
        since, until = float(message["since"]), float(message["until"])
        table = self._feed.table(since, until, step_of(until - since))
        name = f"gamebook-telemetry-{pd.Timestamp(until, unit='s'):%Y-%m-%d-%H%M}"
        file = messages.File(type="file", view=message["view"], name=f"{name}.csv", mime="text/csv")
        content = table.to_csv().encode()
        if message["what"] == "html":
            from gamebook_lab.charts.telemetry_report import report

            file["name"], file["mime"] = f"{name}.html", "text/html"
            content = report(table, self._feed.objectives(JUDGED), self._feed.alerts(since), judged=JUDGED).encode()
        self.send(file, buffers=[content])

    def _acknowledge(self, message: messages.Acknowledge) -> None:
        self._feed.acknowledge(int(message["alert"]))
        self._send_status()

    def _silence(self, message: messages.Silence) -> None:
        self._feed.silence(str(message["rule"]), float(message["seconds"]))
        self._send_status()

    def _dismiss(self, message: messages.Dismiss) -> None:
        with self._lock:
            self._notices.pop(message["id"], None)
        self._send_notices()

    # ---- once a second, while somebody looks

    def _tick(self) -> None:
        SILENCE.note()
        now = time.monotonic()
        if now >= self._next_rows:
            self._send_rows()
            self._next_rows = now + min(step_of(self.window), SLOWEST_ROWS_SECONDS) - TICK_SECONDS / 2
        if now >= self._next_status:
            self._send_status()
            self._next_status = now + STATUS_SECONDS

    def _until(self) -> float:
        """End of the last interval that is complete."""
        step = step_of(self.window)
        return (self._clock() - BEHIND_SECONDS) // step * step

    def _send_rows(self) -> None:
        with self._sending:
            until, step = self._until(), step_of(self.window)
            since = max(self._shown_until, until - self.window)
            self._shown_until = max(until, self._shown_until)
            table = self._feed.table(since, until, step) if until > since else pd.DataFrame()
            self.send(
                messages.Rows(type="rows", until=until, times=rows.times_of(table), columns=rows.columns_of(table))
            )

    def _send_history(self, view: str, since: float, until: float, *, is_live: bool) -> None:
        with self._sending:
            step = step_of(until - since)
            table = self._feed.table(since, until, step)
            if is_live and len(self._followers) <= 1:  # else the others have yet to see some of it
                self._shown_until = until
            self.send(
                messages.History(
                    type="history", view=view, is_live=is_live, until=until, step_seconds=step,
                    times=rows.times_of(table), columns=rows.columns_of(table),
                )
            )  # fmt: skip

    def _send_status(self) -> None:
        if time.monotonic() >= self._next_judging:
            began, (least, most) = time.monotonic(), JUDGE_SECONDS
            self._next_judging = began + most  # lest another thread judges them as well
            self._judged = rows.objective_entries(self._feed.objectives(JUDGED))
            ended = time.monotonic()
            self._next_judging = ended + min(most, max(least, JUDGE_REST * (ended - began)))
        alerts = rows.alert_entries(self._feed.alerts(self._clock() - self.window))
        self.send(messages.Status(type="status", window=JUDGED, objectives=self._judged, alerts=alerts))

    # ---- notices

    def _tell(self, notice: Notice) -> None:
        with self._lock:
            self._notices.pop(self._notice_groups.pop(notice.group, 0), None)
        if notice.level:
            text = notice.text if "\n" in notice.text else ""  # one alert is told by the title
            self._add_notice(level=notice.level, title=notice.title, text=text, group=notice.group)
        else:  # it is over, and stands in the list of alerts
            self._send_notices()
        if self.is_followed:
            self._send_status()

    def _add_notice(self, *, level: str, title: str, text: str, group: str = "") -> None:
        with self._lock:
            self._notice_id += 1
            if group:
                self._notice_groups[group] = self._notice_id
            self._notices[self._notice_id] = messages.NoticeEntry(
                id=self._notice_id, level=level, title=title, text=text
            )
            for old in list(self._notices)[:-MOST_NOTICES]:
                del self._notices[old]
        self._send_notices()

    def _send_notices(self) -> None:
        self.send(messages.Notices(type="notices", notices=list(self._notices.values())))
