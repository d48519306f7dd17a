"""The worker pool: everything heavy runs here, under limits, and outlives the loss of any part.

Tasks are pure functions that can be pickled: a task whose worker or scheduler is lost is run again, and nobody
notices. Tasks that take a fraction of a second and more pay for the way there and back.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import itertools
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from gamebook_lab.errors import PoolError
from gamebook_lab.parallel.cluster import Cluster, LocalCluster, RemoteCluster, checked_address
from gamebook_lab.parallel.measuring import Meter
from gamebook_lab.parallel.memory import MemoryManager, parse_limit
from gamebook_lab.parallel.packing import pack
from gamebook_lab.parallel.processors import n_processors
from gamebook_lab.parallel.protocol import Order
from gamebook_lab.parallel.queue import TaskQueue
from gamebook_lab.parallel.runner import Runner
from gamebook_lab.parallel.status import Notice, PoolStatus, Sample
from gamebook_lab.parallel.task import Task
from gamebook_lab.telemetry import relieve

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["WorkerPool", "default_pool"]

_log: Final = logging.getLogger(__name__)

SCHEDULER_VARIABLE: Final = "GAMEBOOK_SCHEDULER"
"""Environment variable with the address of a scheduler to use instead of a local cluster."""

_AGAIN_SECONDS: Final = 3.0
"""After which closing cancels once more what has not ended."""
_END_SECONDS: Final = 2.0

LEAST_WORKER_BYTES: Final = 192 * 2**20
"""A worker takes a good part of it before its first task: Dask, pandas and a story's language."""

SHARED_BYTES: Final = 96 * 2**20
"""What the scheduler, and the process that workers are forked from, take beside the workers; measured with one and with two."""

R = TypeVar("R")


class WorkerPool:
    """Runs functions on worker processes.

    Nothing is started before the first task, and then in the background.

    Parameters
    ----------
    address
        ``tls://host:port`` of a Dask scheduler that is there already, or ``tcp://`` on this machine; the keys for
        TLS come from Dask's configuration (``distributed.comm.tls``). Without it, the environment variable
        ``GAMEBOOK_SCHEDULER``; without that, a cluster on this machine, which ends with this process.
    minimum, maximum
        Number of workers, for a local cluster; at most the processors by default.
    memory_limit
        Bytes, ``"2GB"`` or ``"50%"``, for all processes of the pool together; by default 60 % of the memory there is.
        The scheduler takes 96 MiB of it; each worker may use an equal part of the rest.
    cpu_limit
        Share of this machine's processors, 0 to 1, below which the load stays; 1 lifts the limit.
    threads_per_worker
        Tasks that a worker runs at once: 1 for pure Python, more for kernels that let go of the interpreter.
    max_queued
        Number of waiting tasks from which :meth:`submit` waits.

    Raises
    ------
    ValueError
        If a number makes no sense.
    PoolError
        If the address would send work over a network without encryption.

    Examples
    --------
    >>> with WorkerPool(maximum=1) as pool:  # doctest: +SKIP
    ...     pool.submit(sum, [1, 2, 3]).result()
    6
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        minimum: int = 1,
        maximum: int | None = None,
        memory_limit: int | str | None = None,
        cpu_limit: float = 0.70,
        threads_per_worker: int = 1,
        max_queued: int = 1_000,
    ) -> None:
        address = address or os.environ.get(SCHEDULER_VARIABLE) or None
        self._address: Final = checked_address(address) if address else None
        limit = parse_limit(memory_limit)
        self._order: Final = _order(minimum, maximum, limit, cpu_limit, threads_per_worker)
        self.memory: Final = MemoryManager(self._order.worker_bytes * self._order.maximum)
        self._queue: Final[TaskQueue[Task]] = TaskQueue(max_queued)
        self._meter: Final = Meter()
        self._watchers: Final[list[Callable[[PoolStatus | Notice], object]]] = [self._meter]
        self._offers: tuple[Callable[[], None], ...] = ()
        self._runner: Final = Runner(self._make_cluster, self._queue, self.memory, self._tell)
        self._numbers: Final = itertools.count()
        self._lock: Final = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._is_closed = False

    def submit(
        self,
        function: Callable[..., R],
        /,
        *args: Any,
        key: str | None = None,
        kind: str = "job",
        job: str | None = None,
        priority: int = 0,
        timeout: float | None = None,
        retries: int = 0,
        block: bool = True,
    ) -> Future[R]:
        """Have a function called on a worker.

        Parameters
        ----------
        function, *args
            A pure function and what to call it with; pickled now.
        key
            A name for the task in messages and in :meth:`status`.
        kind
            What sort of work it is.
        job
            Name of the job that it belongs to: jobs take turns, and are paused and cancelled by name.
        priority
            Higher goes first: a user's click before a batch.
        timeout
            Seconds that it may run, from when a worker begins it. Then its worker is restarted.
        retries
            How often it is run again after it raised an error.
        block
            Whether to wait for room while the queue is full; in a callback of a future there is no waiting.

        Returns
        -------
        concurrent.futures.Future
            Has the result, or one of these errors; its ``cancel`` works at any time. Its callbacks are called on the
            pool's thread and must be quick.

            - whatever the function raised, with a note of where;
            - :class:`MemoryLimitError` if it needs more memory than a worker has;
            - :class:`TaskTimeoutError` if it ran for too long;
            - :class:`WorkerLostError` if its workers died each time;
            - :class:`PoolError` if it, or its result, cannot be pickled, or it raised what would end this program
              (``SystemExit``, ``KeyboardInterrupt``).

        Raises
        ------
        ValueError
            If a number makes no sense.
        QueueFullError
            If the queue is full and ``block`` is false.
        PoolError
            If the pool was closed, or cannot start its workers.
        """
        _check_task(priority, timeout, retries)
        name = key or f"{getattr(function, '__name__', 'task')}-{next(self._numbers)}"
        task = Task(name, b"", job or "", kind, priority, timeout, retries)
        try:
            task.packed = pack((function, args))
        except Exception as error:  # noqa: BLE001  # pickling may raise anything
            text = f"{name}: the function or its arguments cannot be sent to a worker: {type(error).__name__}: {error}"
            task.fail(PoolError(text))
            return task.future
        self.start()
        task.future.add_done_callback(self._meter.ended)
        task.future.add_done_callback(lambda future: self._forget(task) if future.cancelled() else None)
        # A callback of a future runs on the pool's thread, which must not wait for itself.
        may_wait = block and threading.current_thread() is not self._thread
        self._queue.put(task, job=task.job, priority=priority, block=may_wait)
        self._call(self._runner.wake)
        return task.future

    def start(self) -> None:
        """Start the workers in the background, before the first task asks for it."""
        with self._lock:
            if self._is_closed:
                raise PoolError("the pool was closed: make a new one")
            if self._thread is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._run, args=(self._loop,), name="gamebook-pool", daemon=True)
                self._thread.start()
                atexit.register(self.close)
                self._offers = relieve("memory", self.memory.relieve), relieve("workers", self.ease)

    def close(self) -> None:
        """Cancel all tasks, and end the local cluster; returns when it has ended."""
        with self._lock:
            is_first, self._is_closed = not self._is_closed, True
        if not is_first:
            return
        for end in self._offers:
            end()
        self._runner.close()
        for task in self._queue.close():
            task.future.cancel()
        if self._thread is not None and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # its loop has ended already
                self._loop.call_soon_threadsafe(self._stop)
            self._thread.join()
            self._meter.close()
            atexit.unregister(self.close)

    @property
    def is_closed(self) -> bool:
        """Whether the pool was closed, or gave up for want of a cluster."""
        return self._is_closed or self.status().state == "failed"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def status(self) -> PoolStatus:
        """The pool at this moment; costs nothing and waits for nobody."""
        return self._runner.status()

    def watch(self, callback: Callable[[PoolStatus | Notice], object]) -> Callable[[], None]:
        """Be told of what happens.

        Parameters
        ----------
        callback
            Is given a :class:`PoolStatus` about twice a second, and a :class:`Notice` of everything that happens,
            on the pool's thread: it must be quick.

        Returns
        -------
        Callable
            Stops this.
        """
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback) if callback in self._watchers else None

    def pause(self, job: str) -> None:
        """Begin no more tasks of a job; those that run go on."""
        self._queue.pause(job)

    def resume(self, job: str) -> None:
        """Go on with a paused job."""
        self._queue.resume(job)
        self._call(self._runner.wake)

    def ease(self) -> None:
        """Use a worker less than now for a minute, where there are more than the minimum; an alert may ask for it."""
        self._call(self._runner.ease)

    def cancel(self, job: str) -> int:
        """Cancel the tasks of a job, those that run included, and say how many there were."""
        tasks = [*self._queue.cancel(job), *self._runner.tasks(job)]
        return sum(task.future.cancel() for task in tasks)

    def _make_cluster(self, hear: Callable[[Sample | Notice], object]) -> Cluster:
        return RemoteCluster(self._address, hear) if self._address else LocalCluster(self._order, hear)

    def _tell(self, what: PoolStatus | Notice) -> None:
        if isinstance(what, Notice):
            # not its text: a task may be called anything
            _log.info("what happened to the pool", extra={"kind": what.kind, "cause": what.cause or "none"})
        for watcher in list(self._watchers):
            try:
                watcher(what)
            except Exception:  # noqa: BLE001  # it is somebody else's
                _log.exception("a watcher of the pool failed")

    def _forget(self, task: Task) -> None:
        task.future.set_running_or_notify_cancel()  # wakes those in concurrent.futures.wait
        self._call(self._runner.drop, task)

    def _call(self, function: Callable[..., object], *args: object) -> None:
        """Call something on the pool's event loop, unless that has ended."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(function, *args)

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(lambda _, context: _log.debug("left over: %s", context.get("message")))
        with _quiet_dask():
            self._run_on(loop)
        loop.close()

    def _run_on(self, loop: asyncio.AbstractEventLoop) -> None:
        self._main = loop.create_task(self._runner.run())
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(self._main)
        loop.run_until_complete(self._runner.disconnect())
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=_END_SECONDS))

    def _stop(self) -> None:
        """Cancel what runs, again and again until it has ended.

        Before Python 3.12, ``asyncio.wait_for`` swallows a cancellation that comes at the moment when its future is done.
        """
        if self._main is not None and self._loop is not None and not self._main.done():
            self._main.cancel()
            self._loop.call_later(_AGAIN_SECONDS, self._stop)


@contextlib.contextmanager
def _quiet_dask() -> Iterator[None]:
    """Keep Dask from writing of every lost connection of this thread to the terminal: the pool tells that itself."""
    own = threading.get_ident()
    names = [f"distributed.{name}" for name in ("client", "batched", "comm.tcp", "core", "utils")]
    loggers = [logging.getLogger(name) for name in (*names, "tornado.application")]

    def is_other(record: logging.LogRecord) -> bool:
        return record.thread != own

    for logger in loggers:
        logger.addFilter(is_other)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(is_other)


def _check_task(priority: int, timeout: float | None, retries: int) -> None:
    if not isinstance(priority, int):
        raise ValueError(f"priority is a whole number, and higher goes first: 1, not {priority!r}")  # noqa: TRY004 -- as the others
    if timeout is not None and not (isinstance(timeout, (int, float)) and timeout > 0):
        raise ValueError(f"timeout is seconds above 0, or None for as long as it takes; not {timeout!r}")
    if not isinstance(retries, int) or retries < 0:
        raise ValueError(f"retries is a whole number from 0 on, not {retries!r}")


def _order(minimum: int, maximum: int | None, limit: int, cpu_limit: float, threads_per_worker: int) -> Order:
    cores = n_processors()
    numbers = {"minimum": minimum, "maximum": maximum, "threads_per_worker": threads_per_worker}
    for name, value in numbers.items():
        if not isinstance(value, int) and not (name == "maximum" and value is None):
            raise ValueError(f"{name} is a whole number, not {value!r}")
    if not isinstance(cpu_limit, int | float):
        raise ValueError(f"cpu_limit is a number above 0 and at most 1, not {cpu_limit!r}")  # noqa: TRY004  # as for its range
    if minimum < 1 or threads_per_worker < 1 or (maximum is not None and maximum < minimum):
        raise ValueError(
            f"a pool has 1 <= minimum <= maximum workers of at least 1 thread, not minimum={minimum}, "
            f"maximum={maximum}, threads_per_worker={threads_per_worker}"
        )
    if not 0.0 < cpu_limit <= 1.0:
        raise ValueError(f"cpu_limit is above 0 and at most 1, not {cpu_limit}")
    for_workers = limit - SHARED_BYTES
    most = maximum if maximum is not None else max(minimum, cores)
    if maximum is None:
        most = max(minimum, min(most, for_workers // LEAST_WORKER_BYTES))
    if for_workers // most < LEAST_WORKER_BYTES:
        raise ValueError(
            f"{limit / 2**20:,.0f} MiB for {most} workers is too little: each needs {LEAST_WORKER_BYTES // 2**20} MiB, "
            f"and their scheduler {SHARED_BYTES // 2**20} MiB"
        )
    return Order(minimum, most, cores, cpu_limit, threads_per_worker, for_workers // most)


_default_lock: Final = threading.Lock()
_default: WorkerPool | None = None


def default_pool() -> WorkerPool:
    """The pool that everything in this process shares; made when first asked for, closed with the process."""
    global _default  # noqa: PLW0603  # there is one per process by definition
    with _default_lock:
        if _default is None or _default.is_closed:
            _default = WorkerPool()
        return _default
