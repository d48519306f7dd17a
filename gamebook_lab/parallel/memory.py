"""How much memory the pool may use, how much of it is used, and what is done about it.

There is one limit. What the scheduler leaves of it is shared out to the workers, where four things hold it from below: Dask
spills at 70 % and pauses a worker at 80 %, a watchdog restarts a worker that stays paused (it
would for ever, see :mod:`gamebook_lab.parallel.supervisor`), and the operating system refuses
data beyond 92 % (:mod:`gamebook_lab.parallel.worker`). This module looks after the whole, in this
order: fewer tasks at a time, caches dropped, and if nothing helps for a while, the job is stopped.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

import psutil

from gamebook_lab.telemetry import cgroup

__all__ = ["Level", "LevelChange", "MemoryManager", "parse_limit"]

_log: Final = logging.getLogger(__name__)

DEFAULT_SHARE: Final = 0.6
"""Share of the memory there is that the pool takes if nobody says: the notebook and the browser live there too."""

_SIZE: Final = re.compile(r"(\d{1,18}(?:\.\d{1,18})?) ?(%|[KMGT]?i?B?)", re.IGNORECASE)
_POWER: Final = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


class Level(IntEnum):
    """How full the memory is."""

    NORMAL = 0
    WARNING = 1
    CRITICAL = 2
    MAXIMUM = 3


THRESHOLDS: Final = {Level.WARNING: 0.60, Level.CRITICAL: 0.70, Level.MAXIMUM: 0.80}
"""Share of the limit from which each level holds."""

_CLEARING: Final = 0.05
"""A level ends this much below where it began, or a hovering value would change it all the time."""


@dataclass(frozen=True)
class LevelChange:
    """Memory went from one level to another.

    Parameters
    ----------
    scope
        ``"pool"`` for all workers together, ``"machine"`` for all programs, else a worker's name.
    before, level
        Levels before and now.
    used_bytes, limit_bytes
        The numbers behind it.
    """

    scope: str
    before: Level
    level: Level
    used_bytes: int
    limit_bytes: int

    def __str__(self) -> str:
        share = self.used_bytes / self.limit_bytes
        return (
            f"memory of {self.scope}: {self.before.name.lower()} -> {self.level.name.lower()}, "
            f"{self.used_bytes / 2**20:,.0f} of {self.limit_bytes / 2**20:,.0f} MiB ({share:.0%})"
        )


def parse_limit(limit: int | str | None, total_bytes: int | None = None) -> int:
    """Read a memory limit.

    Parameters
    ----------
    limit
        Bytes, ``"2GB"``, ``"512 MiB"``, or a share such as ``"50%"`` of the memory there is; without it, 60 %.
    total_bytes
        The memory there is; by default the control group's or the machine's.

    Returns
    -------
    int
        Bytes; never more than there are.

    Raises
    ------
    ValueError
        If the limit is not understood, or not above zero.
    """
    there_is = total_bytes if total_bytes is not None else total_memory()
    if limit is None:
        return int(there_is * DEFAULT_SHARE)
    if isinstance(limit, bool) or not isinstance(limit, int | str):
        raise ValueError(f"a memory limit is bytes, '2GB' or '50%', not {limit!r}")  # noqa: TRY004
    n_bytes = limit if isinstance(limit, int) else _parse_text(limit, there_is)
    if n_bytes < 1:
        raise ValueError(f"a memory limit is above zero, not {limit!r}")
    return min(n_bytes, there_is)


def _parse_text(limit: str, there_is: int) -> int:
    match = _SIZE.fullmatch(limit.strip())
    if match is None:
        raise ValueError(f"a memory limit is bytes, '2GB' or '50%', not {limit!r}")
    number, unit = float(match[1]), match[2].upper()
    if unit == "%":
        return int(there_is * number / 100)
    base = 1024 if "I" in unit else 1000
    return int(number * base ** _POWER[unit.rstrip("B").rstrip("I")])


def total_memory(root: Path = cgroup.ROOT) -> int:
    """The memory that there is, in bytes: the control group's limit where there is one, else the machine's."""
    limit = cgroup.memory_limit(root)
    machine = psutil.virtual_memory().total
    return machine if limit is None else min(machine, limit)


def machine_memory(root: Path = cgroup.ROOT) -> tuple[int, int]:
    """Bytes that all programs use and bytes that there are, of the control group or the machine."""
    machine = psutil.virtual_memory()
    limit, used = cgroup.memory_limit(root), cgroup.memory_used(root)
    if limit is None or used is None or limit >= machine.total:
        return machine.total - machine.available, machine.total
    return used, limit


class MemoryManager:
    """Watches memory against one limit, and says what to do about it.

    Parameters
    ----------
    limit_bytes
        The limit of all workers together.
    patience_seconds
        For how long the pool or the machine may stay at the maximum before a job is stopped.
    """

    def __init__(self, limit_bytes: int, *, patience_seconds: float = 20.0) -> None:
        self.limit_bytes = limit_bytes
        self._patience_seconds: Final = patience_seconds
        self._levels: dict[str, Level] = {}
        self._maximum_since: float | None = None
        self._caches: Final[list[Callable[[], object]]] = []

    @property
    def level(self) -> Level:
        """The worse of the pool's and the machine's level."""
        return max(self._levels.get("pool", Level.NORMAL), self._levels.get("machine", Level.NORMAL))

    def drop_when_short(self, drop: Callable[[], object]) -> Callable[[], None]:
        """Have a cache dropped when memory gets critical.

        Parameters
        ----------
        drop
            Empties the cache; called on a thread of the pool's, so it must be safe there and quick.

        Returns
        -------
        Callable
            Undoes this.
        """
        self._caches.append(drop)
        return lambda: self._caches.remove(drop) if drop in self._caches else None

    def look(
        self, workers: Mapping[str, tuple[int, int]], machine: tuple[int, int] | None, now: float
    ) -> list[LevelChange]:
        """Take in what is used, drop caches where it got critical, and say what changed.

        Parameters
        ----------
        workers
            Bytes used and bytes allowed of each worker.
        machine
            Bytes used and bytes that there are of the machine; ``None`` if workers run elsewhere.
        now
            Seconds of a monotonic clock.

        Returns
        -------
        list
            A :class:`LevelChange` for everything that changed its level.
        """
        scopes = dict(workers)
        scopes["pool"] = (sum(used for used, _ in workers.values()), self.limit_bytes)
        if machine is not None:
            scopes["machine"] = machine
        before, before_all = self._levels, self.level
        self._levels = {
            scope: level_at(used / limit, before.get(scope, Level.NORMAL))
            for scope, (used, limit) in scopes.items()
            if limit  # a worker elsewhere may have none
        }
        if self.level >= Level.CRITICAL > before_all:
            self.relieve()
        if self.level < Level.MAXIMUM:
            self._maximum_since = None
        elif self._maximum_since is None:
            self._maximum_since = now
        return [
            LevelChange(scope, before.get(scope, Level.NORMAL), level, *scopes[scope])
            for scope, level in self._levels.items()
            if level != before.get(scope, Level.NORMAL)
        ]

    def n_at_once(self, n_slots: int) -> int:
        """How many tasks may run at once where there is room for ``n_slots``."""
        match self.level:
            case Level.MAXIMUM:
                return 1
            case Level.CRITICAL:
                return max(1, n_slots // 2)
            case _:
                return n_slots

    def is_exhausted(self, now: float) -> bool:
        """Tell whether memory stayed at the maximum in spite of all relief, so that jobs must stop."""
        return self._maximum_since is not None and now - self._maximum_since >= self._patience_seconds

    def relieve(self) -> None:
        """Drop all caches now."""
        for drop in list(self._caches):
            try:
                drop()
            except Exception:  # noqa: BLE001  # it is somebody else's
                _log.exception("a cache could not be dropped")


def level_at(share: float, before: Level) -> Level:
    """Level at a share of the limit, given the level before: a level is left 5 points below where it begins."""
    reached = max((level for level, threshold in THRESHOLDS.items() if share >= threshold), default=Level.NORMAL)
    held = max(
        (level for level, threshold in THRESHOLDS.items() if level <= before and share >= threshold - _CLEARING),
        default=Level.NORMAL,
    )
    return max(reached, held)
