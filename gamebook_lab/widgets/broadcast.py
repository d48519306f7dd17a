"""Tells watchers what happened, in the order in which it happened, whatever thread it happened on."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Broadcast(Generic[T]):
    """An ordered list of watchers and a queue of what they have yet to hear.

    Invariant: at most one thread delivers at a time. Whoever posts while another delivers
    (also a watcher that posts from inside its callback) only queues; the deliverer goes on
    until the queue is empty. So no watcher ever sees two events in the wrong order, and none
    is called with anybody's lock held.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: list[Callable[[T], None]] = []
        self._n_late = 0
        """Watchers at the end of the list that are told after all others."""
        self._queue: deque[T] = deque()
        self._is_delivering = False

    def __len__(self) -> int:
        return len(self._watchers)

    def watch(self, callback: Callable[[T], None], *, is_late: bool = False) -> Callable[[], None]:
        """Have ``callback`` called from now on; returns a function that ends it (and may be called twice).

        One that is late is told after all others, also those that come to watch after it.
        """
        with self._lock:
            self._watchers.insert(len(self._watchers) - (0 if is_late else self._n_late), callback)
            self._n_late += is_late

        def stop() -> None:
            with self._lock:
                if callback in self._watchers:
                    self._watchers.remove(callback)
                    self._n_late -= is_late

        return stop

    def queue(self, event: T) -> None:
        """Note an event, under whatever lock orders it; :meth:`deliver` it once that is released."""
        self._queue.append(event)

    def deliver(self) -> None:
        """Call every watcher with all that is queued, unless another thread is at it already."""
        while True:
            with self._lock:
                if self._is_delivering or not self._queue:
                    return
                self._is_delivering = True
                event, watchers = self._queue.popleft(), list(self._watchers)
            try:
                for watcher in watchers:
                    self._call(watcher, event)
            finally:
                with self._lock:
                    self._is_delivering = False

    def _call(self, watcher: Callable[[T], None], event: T) -> None:
        if watcher not in self._watchers:  # ended by one before it
            return
        try:
            watcher(event)
        except Exception:  # noqa: BLE001 -- one broken widget must not keep the others from hearing; the log has it
            _log.exception("a watcher failed: %r", watcher)
