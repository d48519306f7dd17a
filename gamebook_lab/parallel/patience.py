"""For how long a process has had its chance: a worker runs where nothing else wants to, and is not to be blamed for that.

A process that is ready to compute, and hardly does, waits for a processor: that time is not its own. Linux tells of each
thread whether it is ready; elsewhere all time counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

import psutil

__all__ = ["OwnTime", "Patience", "Seen", "see"]

_MOST_SECONDS: Final = 1.0
"""What counts of the time between two looks: whoever looks may have been held up itself."""
_LEAST_SHARE: Final = 0.1
_IDLE_SHARE: Final = 0.2
"""Share of a processor below which a process does nothing to speak of."""


class Seen(NamedTuple):
    """A process at one moment.

    Parameters
    ----------
    cpu_seconds
        That all its threads together have computed so far.
    is_ready
        Whether one of them computes, or waits for a processor.
    """

    cpu_seconds: float
    is_ready: bool


class OwnTime(NamedTuple):
    """What of the time between two looks was a process's own.

    Parameters
    ----------
    seconds
        In which it could do what it wanted; at least a tenth of all, or where others compute for hours nothing would be mended.
    idle_seconds
        In which it wanted nothing.
    """

    seconds: float
    idle_seconds: float


class Patience:
    """Adds up, for each thing that is amiss, how much time of its own a process has had to mend it.

    Parameters
    ----------
    look
        Gives a process as it is now; given by tests.
    """

    def __init__(self, look: Callable[[int], Seen] | None = None) -> None:
        self._look: Final = look or see
        self._seen: dict[int, tuple[float, Seen]] = {}
        self._amiss: dict[Hashable, float] = {}

    def look(self, pids: Iterable[int], now: float) -> dict[int, OwnTime]:
        """Give what of the time since the look before was each process's own; nothing for one seen for the first time."""
        seen, own = {}, {}
        for pid in pids:
            seen[pid] = now, self._look(pid)
            then, before = self._seen.get(pid, seen[pid])
            own[pid] = _own(now - then, before, seen[pid][1])
        self._seen = seen
        return own

    def count(self, amiss: dict[Hashable, float]) -> dict[Hashable, float]:
        """Add seconds to what is amiss, forget what no longer is, and give the sums."""
        self._amiss = {what: self._amiss.get(what, 0.0) + seconds for what, seconds in amiss.items()}
        return self._amiss


def _own(passed: float, before: Seen, after: Seen) -> OwnTime:
    counted = min(passed, _MOST_SECONDS)
    if after.cpu_seconds - before.cpu_seconds >= _IDLE_SHARE * passed:
        return OwnTime(counted, 0.0)
    if after.is_ready:
        return OwnTime(_LEAST_SHARE * counted, 0.0)
    return OwnTime(counted, counted)


def see(pid: int, root: Path = Path("/proc")) -> Seen:
    """Look at a process of this machine; one that is gone wants nothing."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return Seen(0.0, is_ready=False)
    return Seen(times.user + times.system, any(map(_is_ready, (root / str(pid) / "task").glob("*/stat"))))


def _is_ready(stat: Path) -> bool:
    try:
        # the name before it may be anything, in parentheses
        return stat.read_bytes().rpartition(b")")[2].split()[0] == b"R"
    except (OSError, IndexError):  # the thread has ended
        return False
