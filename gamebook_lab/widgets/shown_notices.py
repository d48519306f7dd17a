"""Which notices stand in a Studio: questions until they are answered, each once, and grave alerts while they are so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from gamebook_lab import telemetry
from gamebook_lab.widgets import studio_messages as messages
from gamebook_lab.widgets.notices import Notice

__all__ = ["SAVING", "ShownNotices"]

_UNASKED: Final = ("conflict", "gone", "unsaved")
"""Questions about the story's file that also autosave and the look at the file may ask."""
SAVING: Final = (*_UNASKED, "where")
"""Notices about saving: whichever an author asks for ends all others."""
_LOUD_LEVELS: Final = frozenset({"critical", "maximum"})
_QUIET_GROUPS: Final = frozenset({"cpu", "response", "browser", "uptime"})
"""Alerts that the line at the foot tells of: a busy processor is no reason to push an author's text around, nor is a
kernel that did not answer once it answers again."""


class ShownNotices:
    """Notices by number, oldest first. All methods may be called on any thread.

    Parameters
    ----------
    send
        Shows these instead of those before; called under a lock, so that the newest are shown last.
    """

    def __init__(self, send: Callable[[messages.Notices], None]) -> None:
        self._show = send
        self._lock = threading.RLock()
        self._entries: dict[int, messages.NoticeEntry] = {}
        self._last = 0
        self._alert_ids: dict[str, int] = {}
        """Notices about alerts, by the alerts' group."""

    def send(self) -> None:
        """Show them (again)."""
        with self._lock:
            self._show(messages.Notices(type="notices", notices=list(self._entries.values())))

    def tell(self, notice: Notice, *, path: str | None = None, what: messages.Written | None = None) -> None:
        """Show one more; or end what it settles."""
        if notice.kind == "settled":
            self.settle()
            return
        with self._lock:
            if path is None and notice.kind in _UNASKED:
                if self._is_asked(notice):
                    return
                self._keep(lambda entry: entry["kind"] not in _UNASKED or entry["path"] is not None)
            elif notice.kind in SAVING:
                self._keep(lambda entry: entry["kind"] not in SAVING)
            self._keep(lambda entry: (entry["text"], entry["kind"]) != (notice.text, notice.kind))  # once is enough
            self._last += 1
            self._entries[self._last] = messages.NoticeEntry(
                id=self._last, text=notice.text, kind=notice.kind, path=path, what=what, stories=list(notice.stories)
            )
            self.send()

    def _is_asked(self, notice: Notice) -> bool:
        """Whether this question stands: autosave, or a look at the file, has come upon it again, and a path may be typed into it."""
        return any(
            entry["kind"] == notice.kind
            and entry["path"] is None
            and (entry["text"] == notice.text or notice.kind != "unsaved")
            for entry in self._entries.values()
        )

    def tell_alert(self, alert: telemetry.Notice) -> None:
        """Show what is told of grave alerts: of a group the newest only, and nothing of what is over."""
        with self._lock:
            self._entries.pop(self._alert_ids.pop(alert.group, 0), None)
            if alert.level in _LOUD_LEVELS and alert.group not in _QUIET_GROUPS:
                self.tell(Notice(alert.title))
                self._alert_ids[alert.group] = self._last
            else:
                self.send()

    def dismiss(self, number: int) -> None:
        """Take one away."""
        with self._lock:
            self._entries.pop(number, None)
            self.send()

    def settle(self) -> None:
        """The story's file is as it is known; questions about another file that it is to be written to stay."""
        with self._lock:
            self._keep(lambda entry: entry["kind"] not in {"conflict", "gone"} or entry["path"] is not None)
            self.send()

    def drop(self, *kinds: str) -> None:
        """Take away the questions that are answered."""
        with self._lock:
            before = len(self._entries)
            self._keep(lambda entry: entry["kind"] not in kinds)
            if len(self._entries) != before:
                self.send()

    def _keep(self, stays: Callable[[messages.NoticeEntry], bool]) -> None:
        self._entries = {number: entry for number, entry in self._entries.items() if stays(entry)}
