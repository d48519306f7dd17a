"""For how long a process has had its chance: a worker runs where nothing else wants to, and is not to be blamed for that.

Time in which it wanted a processor and had to wait is not its own. Linux tells it for each thread; elsewhere all time counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

import psutil

__all__ = ["OwnTime", "Patience", "Used", "used"]

_MOST_SECONDS: Final = 1.0
"""What counts of the time between two looks: whoever looks may have been held up itself."""
_IDLE_SHARE: Final = 0.2
"""Share of a processor below which a process does nothing to speak of."""


class Used(NamedTuple):
    """What a process has had so far.

    Parameters
    ----------
    cpu_seconds
        Of computing, all its threads together.
    waited_seconds
        That its threads were ready to compute, and had to wait for a processor.
    """

    cpu_seconds: float
    waited_seconds: float


class OwnTime(NamedTuple):
    """What of the time between two looks was a process's own.

    Parameters
    ----------
    seconds
        In which it could do what it wanted.
    idle_seconds
        The same, but none if it was computing.
    """

    seconds: float
    idle_seconds: float


class Patience:
    """Adds up, for each thing that is amiss, how much time of its own a process has had to mend it.

    Parameters
    ----------
    measure
        Gives what a process has had so far; given by tests.
    """

    def __init__(self, measure: Callable[[int], Used] | None = None) -> None:
        self._measure: Final = measure or used
        self._seen: dict[int, tuple[float, Used]] = {}
        self._amiss: dict[Hashable, float] = {}

    def look(self, pids: Iterable[int], now: float) -> dict[int, OwnTime]:
        """Give what of the time since the look before was each process's own; nothing for one seen for the first time."""
        seen, own = {}, {}
        for pid in pids:
            seen[pid] = now, self._measure(pid)
            then, before = self._seen.get(pid, seen[pid])
            own[pid] = _own(now - then, before, seen[pid][1])
        self._seen = seen
        return own

    def count(self, amiss: dict[Hashable, float]) -> dict[Hashable, float]:
        """Add seconds to what is amiss, forget what no longer is, and give the sums."""
        self._amiss = {what: self._amiss.get(what, 0.0) + seconds for what, seconds in amiss.items()}
        return self._amiss


def _own(passed: float, before: Used, after: Used) -> OwnTime:
    counted = min(passed, _MOST_SECONDS)
    waited = max(0.0, after.waited_seconds - before.waited_seconds)
    own = max(0.0, counted - waited)
    is_idle = after.cpu_seconds - before.cpu_seconds < _IDLE_SHARE * passed
    return OwnTime(own, own if is_idle else 0.0)


def used(pid: int, root: Path = Path("/proc")) -> Used:
    """What a process of this machine has had so far; nothing if it is gone."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return Used(0.0, 0.0)
    waited = 0
    for file in (root / str(pid) / "task").glob("*/schedstat"):
        try:
            waited += int(file.read_text().split()[1])  # nanoseconds
        except (OSError, ValueError, IndexError):  # the thread has ended, or this system doesn't say
            continue
    return Used(times.user + times.system, waited / 1e9)
