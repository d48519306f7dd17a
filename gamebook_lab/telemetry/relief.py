"""Relief that rules ask for: those who hold memory or workers offer to give some back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from gamebook_lab.telemetry.registry import Registry, metrics

__all__ = ["KINDS", "Reliefs"]

KINDS: Final = ("memory", "workers")
"""What rules can ask for: to drop caches, and to use fewer workers."""
_log: Final = logging.getLogger(__name__)


class Reliefs:
    """Callbacks by the kind of relief that they bring."""

    def __init__(self, registry: Registry = metrics) -> None:
        self._registry: Final = registry
        self._offers: Final[dict[str, list[Callable[[], object]]]] = {}
        self._busy: Final[set[str]] = set()
        self._lock: Final = threading.Lock()

    def offer(self, kind: str, callback: Callable[[], object]) -> Callable[[], None]:
        """Have a callback called when relief of its kind is asked for; returns a function that ends it.

        Raises
        ------
        ValueError
            If no rule can ask for this kind.
        """
        if kind not in KINDS:
            raise ValueError(f"relief is {' or '.join(KINDS)}, not {kind!r}")
        with self._lock:
            self._offers.setdefault(kind, []).append(callback)

        def end() -> None:
            with self._lock:
                if callback in self._offers[kind]:
                    self._offers[kind].remove(callback)

        return end

    def ask(self, kind: str) -> threading.Thread | None:
        """Ask for relief, on a thread of its own; None if the same kind is under way, or nobody offers it."""
        with self._lock:
            callbacks = list(self._offers.get(kind, ()))
            if not callbacks or kind in self._busy:
                return None
            self._busy.add(kind)
        thread = threading.Thread(target=self._run, args=(kind, callbacks), name=f"gamebook-relief-{kind}", daemon=True)
        thread.start()
        return thread

    def _run(self, kind: str, callbacks: list[Callable[[], object]]) -> None:
        try:
            for callback in callbacks:
                result = "done"
                try:
                    callback()
                except Exception:  # noqa: BLE001  # it is somebody else's
                    result = "failed"
                    _log.exception("relief failed", extra={"kind": kind})
                self._registry.counter("relief_total", kind=kind, result=result).add()
        finally:
            with self._lock:
                self._busy.discard(kind)
        _log.info("relief was asked for", extra={"kind": kind, "n_offers": len(callbacks)})
