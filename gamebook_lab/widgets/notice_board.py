"""Where notices for the author go: to whoever shows them, and what nobody asked for waits until somebody does."""

from __future__ import annotations

from collections.abc import Callable

from gamebook_lab.errors import GamebookError
from gamebook_lab.telemetry import metrics
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.notices import Notice, notice_of

__all__ = ["NoticeBoard"]


class NoticeBoard:
    """Notices of one session."""

    def __init__(self) -> None:
        self._notices: Broadcast[Notice] = Broadcast()
        self._unheard: list[Notice] = []

    def __len__(self) -> int:
        """Whoever shows them."""
        return len(self._notices)

    def report(self, what: GamebookError | OSError | Notice) -> bool:
        """Show what could not be done; returns whether anything does."""
        if isinstance(what, Exception):
            metrics.counter("errors_total", kind=type(what).__name__).add()
        self._notices.queue(what if isinstance(what, Notice) else notice_of(what))
        self._notices.deliver()
        return len(self._notices) > 0

    def announce(self, notice: Notice) -> None:
        """Show something that nobody asked for, at the latest when somebody begins to watch."""
        if not self.report(notice):
            self._unheard.append(notice)

    def watch(self, callback: Callable[[Notice], None]) -> Callable[[], None]:
        """Have ``callback`` called with what is reported, now with what waits; returns a function that ends it."""
        stop = self._notices.watch(callback)
        unheard, self._unheard = self._unheard, []
        for notice in unheard:
            callback(notice)
        return stop
