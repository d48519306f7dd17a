"""Brings notices to those who want them, on a thread of its own: whoever is slow or broken holds up nobody else."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, Final

from gamebook_lab.errors import CircuitOpenError
from gamebook_lab.telemetry.breaker import CircuitBreaker, Policy
from gamebook_lab.telemetry.notices import Notice
from gamebook_lab.telemetry.registry import Registry, metrics
from gamebook_lab.telemetry.rules import AlertLevel
from gamebook_lab.telemetry.settings import NoticeSettings

__all__ = ["Courier", "Watchers"]

_log: Final = logging.getLogger(__name__)
_MOST_WAITING: Final = 200
_FIRST_PAUSE_SECONDS: Final = 1.0
_WORDS: Final = {level.word: level for level in AlertLevel}


class Watchers:
    """Callbacks of this process that are given every notice."""

    def __init__(self) -> None:
        self._callbacks: Final[list[Callable[[Notice], object]]] = []

    def add(self, callback: Callable[[Notice], object]) -> Callable[[], None]:
        """Have a callback called; returns a function that ends it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback) if callback in self._callbacks else None

    def tell(self, notice: Notice) -> None:
        """Call all of them."""
        for callback in list(self._callbacks):
            try:
                callback(notice)
            except Exception:  # noqa: BLE001  # it is somebody else's
                _log.exception("a watcher of alerts failed")


class Courier:
    """Takes notices to the watchers, the log and the targets of the settings.

    Parameters
    ----------
    settings
        Targets, attempts, and the least level that targets are told of.
    watchers
        Who is told in this process.
    send
        Sends title and text to a target, or raises; by default through apprise.
    sleep
        Waits between attempts; tells whether it was interrupted, because all ends.
    """

    def __init__(
        self,
        settings: NoticeSettings,
        watchers: Watchers,
        *,
        registry: Registry = metrics,
        send: Callable[[str, str, str], None] | None = None,
        sleep: Callable[[float], bool] | None = None,
    ) -> None:
        self._settings, self._watchers, self._registry = settings, watchers, registry
        self._over: Final = threading.Event()
        self._send: Final = send or _send_by_apprise
        self._sleep: Final = sleep or self._over.wait
        self._desk: Final = _Desk("gamebook-notices", self._deliver, registry)
        # A target has a line of its own, or a slow one would keep the notebook waiting.
        self._post: Final = _Desk("gamebook-targets", self._deliver_afar, registry) if settings.targets else None
        policy = Policy(least_calls=4, window_calls=10, window_seconds=600.0, slow_seconds=settings.timeout_seconds)
        self._breakers: Final = [
            CircuitBreaker(f"notices {number}", policy=policy, registry=registry)
            for number in range(len(settings.targets))
        ]

    def take(self, notice: Notice) -> None:
        """Have a notice delivered; returns at once."""
        self._desk.put(notice)
        is_loud = _WORDS[notice.level] >= _WORDS[self._settings.least_level] or not notice.level
        if self._post is not None and is_loud:
            self._post.put(notice)

    def close(self, timeout: float = 2.0) -> None:
        """Deliver what waits, for so many seconds at most, and end."""
        self._desk.close(timeout)
        self._over.set()
        if self._post is not None:
            self._post.close(timeout)

    def _deliver(self, notice: Notice) -> None:
        level = logging.WARNING if notice.level in {"critical", "maximum"} else logging.INFO
        _log.log(
            level,
            "notice of alerts",
            extra={
                "kind": notice.kind,
                "group": notice.group,
                "alert_level": notice.level,
                "n_alerts": len(notice.alerts),
            },
        )
        self._watchers.tell(notice)
        self._registry.counter("notices_total", target="notebook", result="sent").add()

    def _deliver_afar(self, notice: Notice) -> None:
        for number, target in enumerate(self._settings.targets):
            result = self._try(number, target, notice)
            # numbered: an address may hold a password
            self._registry.counter("notices_total", target=str(number), result=result).add()

    def _try(self, number: int, target: str, notice: Notice) -> str:
        for attempt in range(self._settings.attempts):
            if attempt and self._sleep(_FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)):
                break
            try:
                self._breakers[number].call(self._send, target, notice.title, notice.text)
            except CircuitOpenError:
                return "refused"
            except Exception as error:  # noqa: BLE001  # whatever a target's library raises
                _log.warning("a notice was not delivered", extra={"target": number, "code": type(error).__name__})
            else:
                return "sent"
        return "failed"


class _Desk:
    """A queue with a thread, which is started by the first notice."""

    def __init__(self, name: str, deliver: Callable[[Notice], None], registry: Registry) -> None:
        self._name, self._deliver, self._registry = name, deliver, registry
        self._waiting: Final[queue.Queue[Notice | None]] = queue.Queue(_MOST_WAITING)
        self._lock: Final = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, notice: Notice) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(notice)
        except queue.Full:
            self._registry.counter("notices_total", target=self._name, result="dropped").add()

    def close(self, timeout: float) -> None:
        with self._lock:
            thread = self._thread
        if thread is not None:
            try:
                self._waiting.put(None, timeout=timeout)
            except queue.Full:
                return
            thread.join(timeout)

    def _run(self) -> None:
        while (notice := self._waiting.get()) is not None:
            try:
                self._deliver(notice)
            except Exception:  # noqa: BLE001  # the thread must live on
                _log.exception("a notice was lost")


def _send_by_apprise(target: str, title: str, text: str) -> None:
    try:
        import apprise
    except ImportError as error:
        raise RuntimeError("targets of notices need the extra: pip install 'gamebook-lab[notices]'") from error
    sender: Any = apprise.Apprise()
    if not sender.add(target):
        raise ValueError("apprise does not know this address")
    if not sender.notify(title=title, body=text):
        raise ConnectionError("the target did not take it")
