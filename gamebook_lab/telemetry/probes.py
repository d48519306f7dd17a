"""Uptime: a probe each second finds the kernel alive, or finds out that it was stalled or gone.

A second in which the probe's thread could not run (the interpreter was held, the machine hung) is missed, and so is the
time between a kernel that was killed and the next, up to a minute: nobody waits for one that is not started again.
A kernel that was ended on purpose, and a machine that sleeps, miss nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

import apsw
import psutil

from gamebook_lab.telemetry.database import rows_of, transaction
from gamebook_lab.telemetry.registry import Registry

__all__ = ["Probes", "lost_seconds"]

MOST_LOST_SECONDS: Final = 60


class Probes:
    """Counts probes in ``probes_total``.

    Parameters
    ----------
    clock
        Monotonic seconds that stand still while the machine sleeps, as those of Linux do.
    """

    def __init__(self, registry: Registry, clock: Callable[[], float]) -> None:
        self._ok: Final = registry.counter("probes_total", result="ok")
        self._missed: Final = registry.counter("probes_total", result="missed")
        self._clock: Final = clock
        self._before = clock()

    def look(self) -> None:
        """Count one probe that arrived, and those that should have since the last."""
        now = self._clock()
        self._ok.add()
        self._missed.add(max(0, round(now - self._before) - 1))
        self._before = now


def lost_seconds(connection: apsw.Connection, process: str, now: float) -> int:
    """Seconds that kernels which were killed have been gone; each is counted once, by whoever asks first."""
    found = 0
    with transaction(connection):
        rows = rows_of(
            connection,
            "SELECT id, pid, seen FROM writers WHERE is_stopped = 0 AND process = ? AND seen < ?",
            (process, now),
        )
        for writer, pid, seen in rows:
            if pid != os.getpid() and not psutil.pid_exists(pid):
                found += min(MOST_LOST_SECONDS, max(0, round(now - seen)))
                connection.execute("UPDATE writers SET is_stopped = 2 WHERE id = ?", (writer,))
    return found
