"""What may be amiss with a worker that its nanny does not see, and for how long it may be before the worker is restarted."""

from __future__ import annotations

from typing import Any, Final

from distributed.core import Status

from gamebook_lab.parallel.patience import OwnTime
from gamebook_lab.parallel.status import WorkerStatus

__all__ = ["MOST_SECONDS", "fault"]

MOST_SECONDS: Final = {
    # Dask resumes it when its memory falls, which that of a leak never does
    "paused": 1.5,
    "stopped": 1.5,
    # Dask closes a worker that met an error of its own, and waits for half a minute
    "leaving": 3.0,
    # it does nothing at all, and is neither heard of nor begins what it was given: its event loop hangs
    "silent": 5.0,
}
"""Seconds of a worker's own that it may be amiss in each way."""

_FULL_SHARE: Final = 0.85
"""Share of its memory from which a worker is too full; Dask pauses it from 80 % on."""


def fault(
    worker: WorkerStatus, state: Any, own: OwnTime, *, is_mute: bool, is_at_work: bool
) -> tuple[str, float] | None:
    """Tell what is amiss with a worker, if anything is.

    Parameters
    ----------
    worker, state
        What was seen of it, and what Dask's scheduler knows of it.
    own
        Its own time since the last look.
    is_mute
        Whether the scheduler has not heard of it since then.
    is_at_work
        Whether it has said that it began a task, and not that it ended it.

    Returns
    -------
    tuple
        One of :data:`MOST_SECONDS`, and how much of the time counts for it.
    """
    if worker.status in ("paused", "stopped"):
        return worker.status, own.seconds
    if worker.memory_bytes > _FULL_SHARE * worker.memory_limit_bytes:
        return "paused", own.seconds  # it would be, did what watches its memory still run
    if state.status not in (Status.running, Status.init):
        return "leaving", own.seconds
    is_deaf = state.status is Status.running and state.processing and not is_at_work
    return ("silent", own.idle_seconds) if is_mute or is_deaf else None
