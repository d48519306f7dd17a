"""What happens inside a worker: its limits, and how it runs a task and packs what came of it.

A worker process loads this module before it takes work (Dask calls :func:`dask_setup`). Functions,
arguments, results and errors travel as bytes that only the two ends unpack, so that whatever
cannot be packed or unpacked is an error of that one task.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

import psutil

from gamebook_lab.parallel.packing import Parcel, pack, unpack

__all__ = ["TOPIC", "Outcome", "dask_setup", "drop_when_short", "run"]

TOPIC: Final = "gamebook-tasks"
"""Topic on which workers tell that they begin and end a task."""

_NICENESS: Final = 9
"""Added to that of the cluster's process, from which a worker has it: 19 in all, the least there is."""
_DATA_SHARE: Final = 0.92
"""Share of its memory at which the operating system refuses a worker more.

Above the 80 % at which Dask pauses it, below the 95 % at which Dask kills it: a task that asks for far too much gets
a ``MemoryError``, and the worker lives.
"""
_DROP_SHARE: Final = 0.6
_LEFT_SHARE: Final = 0.1
"""Share of its memory that earlier tasks left taken, from which a worker that runs out of it is too full to judge by."""
_BATCH_SECONDS: Final = 0.003
"""Dask gathers a worker's messages for 2 ms."""
_PR_SET_PDEATHSIG: Final = 1

_caches: Final[list[Callable[[], object]]] = []
_at_start: Final[list[int]] = []
"""Bytes that this process took before its first task."""


class Outcome(NamedTuple):
    """What came of a task.

    Parameters
    ----------
    kind
        ``"result"``, ``"error"`` (raised by the function), ``"memory"``, ``"crowded"`` for too little memory where
        earlier tasks had left much of it taken, or ``"unreadable"`` and ``"unpicklable"`` for what could not go
        between the processes.
    packed
        The pickled result or error; else nothing.
    text
        What to tell of an error; the worker's address if it is crowded.
    """

    kind: Literal["result", "error", "memory", "crowded", "unreadable", "unpicklable"]
    packed: bytes | memoryview
    text: str = ""


def drop_when_short(drop: Callable[[], object]) -> None:
    """Have a cache of this worker's emptied after a task that left the worker's memory over 60 % full."""
    _caches.append(drop)


def run(parcel: Parcel, key: str) -> tuple[str, Parcel, str]:
    """Run a task; Dask calls this on a worker.

    Parameters
    ----------
    parcel
        Pickled function and arguments.
    key
        Which task it is, for those who watch.

    Returns
    -------
    tuple
        An :class:`Outcome` whatever happens, what is packed of it in a parcel; nothing is raised.
    """
    from distributed.worker import get_worker

    _announce(key, is_running=True)
    _let_out()
    is_crowded = _is_crowded()
    outcome = _run(parcel.content)
    if outcome.kind == "memory" and is_crowded:
        outcome = Outcome("crowded", b"", get_worker().address)
    _announce(key, is_running=False)
    _relieve()
    return outcome.kind, Parcel(outcome.packed), outcome.text


def _run(packed: bytes | memoryview) -> Outcome:
    try:
        return _called(packed)
    except MemoryError as error:
        # The frames hold what filled the memory.
        traceback.clear_frames(error.__traceback__)
        return Outcome("memory", b"", str(error))
    except BaseException as error:  # noqa: BLE001  # a SystemExit must not end the worker
        return _packed_error(error)


def _called(packed: bytes | memoryview) -> Outcome:
    try:
        function, args = unpack(packed)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # unpickling may raise anything
        return Outcome("unreadable", b"", _told(error))
    result = function(*args)
    try:
        return Outcome("result", pack(result))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # pickling may raise anything
        return Outcome("unpicklable", b"", f"{type(result).__name__}: {_told(error)}")


def _packed_error(error: BaseException) -> Outcome:
    text = "".join(traceback.format_exception(error))
    try:
        packed = pack(error.with_traceback(None))
        unpack(packed)  # an error whose __init__ takes other arguments pickles, and fails only here
    except Exception:  # noqa: BLE001  # as above
        return Outcome("error", pack(None), text)
    return Outcome("error", packed, text)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _announce(key: str, *, is_running: bool) -> None:
    from distributed.worker import get_worker

    worker = get_worker()
    worker.log_event(TOPIC, {"key": key, "worker": worker.address, "is_running": is_running})


def _let_out() -> None:
    """Wait until announcements have gone out: the function may end the process, or never let go of the interpreter."""
    from distributed.worker import get_worker

    loop, is_out = get_worker().loop, threading.Event()
    loop.add_callback(loop.call_later, _BATCH_SECONDS, is_out.set)
    is_out.wait(1.0)


def _is_crowded() -> bool:
    """Tell whether earlier tasks of this worker have left much of its memory taken."""
    from distributed.worker import get_worker

    limit = get_worker().memory_manager.memory_limit
    if not limit or not _at_start:
        return False
    return bool(psutil.Process().memory_info().rss - _at_start[0] > _LEFT_SHARE * limit)


def _relieve() -> None:
    """Give memory back after a task, where it is getting short."""
    from distributed.worker import get_worker

    limit = get_worker().memory_manager.memory_limit
    if not limit or psutil.Process().memory_info().rss < _DROP_SHARE * limit:
        return
    for drop in _caches:
        drop()
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)


def dask_setup(worker: Any) -> None:
    """Prepare a worker process; Dask calls this before the worker takes work."""
    _end_with_parent()
    _give_way()
    _limit_data(worker.memory_manager.memory_limit)
    _at_start.append(psutil.Process().memory_info().rss)


def _give_way() -> None:
    """Run behind whatever answers a click, and behind the cluster's own process."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # not allowed in some containers
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _end_with_parent() -> None:
    """Have the kernel end this process when its parent ends: a stopped process notices nothing by itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_data(memory_bytes: int | None) -> None:
    if not memory_bytes or sys.platform == "win32":  # Windows has no such limit
        return
    import resource

    # What is set aside but untouched (threads, pools of allocators) counts for this limit and not as memory.
    limit = int(memory_bytes * _DATA_SHARE) + _untouched_bytes()
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _untouched_bytes() -> int:
    if sys.platform != "linux":
        return 0
    with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123  # a Path would be no clearer
        sizes = {name: value for name, _, value in (line.partition(":") for line in file)}
    data, touched = (int(sizes[name].split()[0]) * 1024 for name in ("VmData", "RssAnon"))
    return max(0, data - touched)
