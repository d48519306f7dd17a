"""What the pool tells of itself: frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gamebook_lab.parallel.memory import Level

__all__ = ["Notice", "PoolStatus", "Sample", "WorkerStatus", "spilled"]


@dataclass(frozen=True)
class WorkerStatus:
    """One worker.

    Parameters
    ----------
    address
        Where Dask reaches it.
    pid
        Its process; 0 in a cluster that someone else runs.
    memory_bytes, memory_limit_bytes
        Used and allowed; a limit of 0 is none.
    cpu
        Cores in use: 1.0 is one whole core.
    status
        ``"running"``, ``"paused"`` or another of Dask's words.
    n_threads
        Tasks that it runs at once.
    executing
        Keys of the tasks that it runs.
    spilled_bytes
        Results that it moved to disk.
    """

    address: str
    pid: int
    memory_bytes: int
    memory_limit_bytes: int
    cpu: float
    status: str
    n_threads: int
    executing: tuple[str, ...] = ()
    spilled_bytes: int = 0


@dataclass(frozen=True)
class Sample:
    """What a cluster tells of itself at one moment.

    Parameters
    ----------
    workers
        Those that take work, or will when they are resumed.
    target
        How many there shall be.
    host_cpu
        Share of the host's processors in use, 0 to 1; ``None`` if unknown.
    machine
        Bytes used and bytes there are, of the workers' machine; ``None`` if unknown.
    """

    workers: tuple[WorkerStatus, ...]
    target: int
    host_cpu: float | None = None
    machine: tuple[int, int] | None = None


@dataclass(frozen=True)
class PoolStatus:
    """The pool at one moment.

    Parameters
    ----------
    state
        ``"idle"`` before the first task, then ``"starting"``, ``"running"``, ``"recovering"`` while a lost
        cluster is replaced, ``"closed"``, or ``"failed"``.
    workers
        As in :class:`Sample`.
    target
        How many workers there shall be.
    queued, running
        Number of tasks that wait, and that were given to workers.
    memory_bytes, memory_limit_bytes
        Used by all workers, and allowed.
    level
        How full the memory is.
    host_cpu
        Share of the host's processors in use, 0 to 1; ``None`` if unknown.
    own_cpu
        Cores that the workers use.
    paused
        Names of the paused jobs.
    """

    state: Literal["idle", "starting", "running", "recovering", "closed", "failed"]
    workers: tuple[WorkerStatus, ...]
    target: int
    queued: int
    running: int
    memory_bytes: int
    memory_limit_bytes: int
    level: Level
    host_cpu: float | None
    own_cpu: float
    paused: frozenset[str]

    @property
    def n_workers(self) -> int:
        """Number of workers that there are."""
        return len(self.workers)

    @property
    def memory_fraction(self) -> float:
        """Share of the memory limit in use."""
        return self.memory_bytes / self.memory_limit_bytes


@dataclass(frozen=True)
class Notice:
    """Something happened to the pool.

    Parameters
    ----------
    kind
        ``"worker-started"``, ``"worker-lost"``, ``"worker-restarted"`` (by us, with the cause), ``"worker-retired"``,
        ``"memory"`` (a level changed), ``"scaled"``, ``"cluster-started"``, ``"cluster-lost"``, ``"task-timeout"``,
        ``"job-stopped"``, or ``"repair-failed"`` (starting or ending a worker raised an error).
    text
        The same for a person, with the numbers.
    worker
        Address of the worker, where it is about one.
    cause
        Why: ``"paused"``, ``"memory"``, ``"stopped"``, ``"leaving"``, ``"silent"``, ``"timeout"``, ``"cancelled"``, ``"lost"`` or nothing.
    level
        The new level, for ``"memory"``.
    """

    kind: str
    text: str
    worker: str = ""
    cause: str = ""
    level: Level | None = None


def spilled(metrics: Mapping[str, Any]) -> int:
    """Bytes on disk, of what Dask knows of a worker."""
    known = metrics.get("spilled_bytes")
    return int(known.get("disk", 0)) if isinstance(known, Mapping) else 0
