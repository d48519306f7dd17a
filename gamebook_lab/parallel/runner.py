"""The pool's event loop: feeds tasks to Dask, a few at a time, and brings them through every loss.

Dask is given just as many tasks as workers can run at once. All others wait in the pool's queue, where a
priority, a pause or a cancel acts at once, and where they survive the scheduler.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any, Final, Literal

from gamebook_lab.errors import MemoryFullError, PoolError, TaskTimeoutError, WorkerLostError
from gamebook_lab.parallel import worker as workers
from gamebook_lab.parallel.cluster import Cluster
from gamebook_lab.parallel.memory import MemoryManager
from gamebook_lab.parallel.packing import Parcel
from gamebook_lab.parallel.queue import TaskQueue
from gamebook_lab.parallel.status import Notice, PoolStatus, Sample
from gamebook_lab.parallel.task import Task, memory_error

__all__ = ["Runner"]

_log: Final = logging.getLogger(__name__)

_MOST_STARTS: Final = 3
"""A task that was begun more often than this when its last worker died is what they died of."""
_MOST_KILLED: Final = 2
"""The news that a task was begun may be lost with its worker, so it is given up at last in any case."""
_MOST_LOSSES: Final = 20
_MOST_FAILED_STARTS: Final = 3
_CONNECT_SECONDS: Final = 10.0
_GRACE_SECONDS: Final = 1.0
"""For how long a cancelled task may go on before its worker is restarted."""
_PATIENCE_SECONDS: Final = 3.0
"""For how long a task may stay with Dask while no worker runs it and one has nothing to do, before Dask is asked; doubled each time."""
_FAREWELL_SECONDS: Final = 0.3
_CAUSE_SECONDS: Final = 1.5

State = Literal["idle", "starting", "running", "recovering", "closed", "failed"]


class Runner:
    """Runs the tasks of a queue on a cluster; everything here happens on one event loop.

    Parameters
    ----------
    make_cluster
        Makes a cluster that passes samples and notices to a function.
    queue
        Where tasks wait.
    memory
        Says how many tasks may run at once.
    tell
        Is given every :class:`PoolStatus` and :class:`Notice`.
    """

    def __init__(
        self,
        make_cluster: Callable[[Callable[[Sample | Notice], object]], Cluster],
        queue: TaskQueue[Task],
        memory: MemoryManager,
        tell: Callable[[PoolStatus | Notice], object],
    ) -> None:
        self._make_cluster = make_cluster
        self._queue = queue
        self._memory = memory
        self._tell = tell
        self._state: State = "idle"
        self._is_closing = False
        self._sample = Sample((), 0)
        self._running: dict[str, Task] = {}
        self._executing: dict[str, str] = {}
        self._causes: dict[str, str] = {}
        self._numbers = itertools.count()
        # A scheduler that others use too must not take their tasks for ours.
        self._mark = f"#{secrets.token_hex(8)}-"
        self._aside: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._is_asking = False
        self._open: Any = None
        self._client: Any = None
        self._cluster: Cluster | None = None

    def status(self) -> PoolStatus:
        """The pool now; may be called on any thread."""
        sample, executing = self._sample, dict(self._executing)
        rows = tuple(
            replace(
                row,
                executing=tuple(
                    key.rpartition(self._mark)[0] for key, address in executing.items() if address == row.address
                ),
            )
            for row in sample.workers
        )
        return PoolStatus(
            state="closed" if self._is_closing else self._state,
            workers=rows,
            target=sample.target,
            queued=len(self._queue),
            running=len(self._running),
            memory_bytes=sum(row.memory_bytes for row in rows),
            memory_limit_bytes=self._memory.limit_bytes,
            level=self._memory.level,
            host_cpu=sample.host_cpu,
            own_cpu=sum(row.cpu for row in rows),
            paused=self._queue.paused(),
        )

    def wake(self) -> None:
        """Look at the queue again."""
        self._wake.set()

    def ease(self) -> None:
        """Use a worker less for a while."""
        if self._cluster is not None and self._state == "running":
            self._cluster.ease()

    def tasks(self, job: str) -> list[Task]:
        """Give the tasks of a job that are with Dask; may be called on any thread."""
        return [task for task in list(self._running.values()) if task.job == job]

    def close(self) -> None:
        """Cancel the tasks that are with Dask; nothing is run from here on."""
        self._is_closing = True
        for task in list(self._running.values()):
            task.future.cancel()

    def drop(self, task: Task) -> None:
        """Forget a task that was cancelled."""
        self._queue.remove(task)
        if task.run is not None:
            task.run.cancel()

    async def run(self) -> None:
        """Run tasks for ever, on one cluster after another."""
        n_failed = 0
        was_reached = False
        self._state = "starting"
        loading = asyncio.create_task(asyncio.to_thread(import_module, "distributed.client"))  # while it starts
        while n_failed < _MOST_FAILED_STARTS and not self._is_closing:
            self._cluster = self._make_cluster(self._hear)
            try:
                if not self._cluster.is_local:
                    await loading  # two threads that import Dask at once may meet it half loaded
                address = await self._cluster.start()
                await loading
                self._open = self._new_client(address)
                self._client = await self._open
                n_failed = 0
                was_reached = True
                self._state = "running"
                self._tell(Notice("cluster-started", f"the scheduler answers at {address}"))
                await self._serve()
                self._state = "recovering"
                text = f"the scheduler at {address} is lost; {len(self._queue)} tasks wait for another"
                self._tell(Notice("cluster-lost", text))
            except Exception as error:  # noqa: BLE001  # whatever it is, those who wait must hear of it
                n_failed += 1
                _log.info("no cluster, attempt %d", n_failed, exc_info=True)
                # Somebody else's scheduler that never answered is a wrong address more likely than one that comes back.
                if n_failed == _MOST_FAILED_STARTS or not (was_reached or self._cluster.is_local):
                    self._give_up(error)
                    return
                await asyncio.sleep(2.0 ** (n_failed - 2))
            finally:
                self._cluster.close()
                await self.disconnect()

    async def disconnect(self) -> None:
        """Close the client, if one is open; may be called again where this was cancelled."""
        if self._open is not None:
            with contextlib.suppress(Exception):  # it has nobody to say farewell to
                await self._open.close(timeout=_FAREWELL_SECONDS)
            self._open = None

    def _new_client(self, address: str) -> Any:
        from distributed.client import Client

        assert self._cluster is not None
        return Client(  # type: ignore[no-untyped-call]  # Dask has no types here
            address,
            asynchronous=True,
            set_as_default=False,
            direct_to_workers=self._cluster.is_local,
            name="gamebook",
            timeout=_CONNECT_SECONDS,
        )

    async def _serve(self) -> None:
        """Feed the cluster until it is lost, then take back what it had."""
        assert self._cluster is not None
        client = self._client
        client.subscribe_topic(workers.TOPIC, self._hear_task)
        watch = asyncio.create_task(self._cluster.watch(client))
        feed = asyncio.create_task(self._feed())
        try:
            await asyncio.wait({watch, feed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost = list(self._running.values())
            self._client = None
            runs = [task.run for task in lost if task.run]
            everything = (watch, feed, *runs, *self._aside)
            for work in everything:
                work.cancel()
            ends = await asyncio.gather(*everything, return_exceptions=True)
            for end in ends:
                if isinstance(end, Exception):
                    _log.error("the pool lost its cluster to an error", exc_info=end)
            self._running.clear()
            self._executing.clear()
            self._sample = Sample((), self._sample.target)
            for task in reversed(lost):
                self._put_back(task)

    def _give_up(self, error: BaseException) -> None:
        self._state = "failed"
        why = f"the pool has no cluster: {error}"
        for task in self._queue.close(why):
            task.fail(PoolError(why))

    async def _feed(self) -> None:
        assert self._cluster is not None
        while True:
            self._wake.clear()
            while self._has_room() and (task := self._queue.take()) is not None:
                self._begin(task)
            self._cluster.demand(len(self._queue) + len(self._running))
            await self._wake.wait()

    def _has_room(self) -> bool:
        n_slots = sum(row.n_threads for row in self._sample.workers if row.status == "running")
        gone_on = self._executing.keys() - self._running.keys()  # cancelled, but still there
        return len(self._running) + len(gone_on) < self._memory.n_at_once(n_slots)

    def _begin(self, task: Task) -> None:
        key = f"{task.key}{self._mark}{next(self._numbers)}"
        task.n_starts, task.handed_at = 0, time.monotonic()
        task.run = asyncio.create_task(self._see_through(key, task))
        task.run.add_done_callback(lambda _: self._end(key))
        self._running[key] = task

    def _end(self, key: str) -> None:
        self._running.pop(key, None)
        self.wake()

    async def _see_through(self, key: str, task: Task) -> None:
        """Have a task run, and give its future what came of it."""
        from dask import config
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker

        assert self._cluster is not None
        # Dask warns of large arguments and knows a better way, which would not outlive its scheduler.
        with config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
            future = self._client.submit(
                workers.run, Parcel(task.packed), key, key=key, pure=False, retries=0, priority=task.priority
            )
        try:
            kind, parcel, text = await future
            outcome = workers.Outcome(kind, parcel.content, text)
        except KilledWorker as error:
            await self._bury(task, error.last_worker.address)
        except FutureCancelledError:
            self._put_back(task)
        except asyncio.CancelledError:
            self._set_aside(self._stop(key, future, at_once=not task.future.cancelled()))
            raise
        except Exception as error:  # noqa: BLE001  # whatever Dask raises: the network, mostly
            self._put_back(task, f"{type(error).__name__}: {error}")
        else:
            if outcome.kind == "crowded":
                await self._cluster.restart(self._client, outcome.text, "memory")
                self._put_back(task, "its workers ran out of memory")
            elif not task.settle(outcome):
                self._queue.put_back(task, job=task.job, priority=task.priority)
        finally:
            future.release()

    def _put_back(self, task: Task, why: str = "its workers or their scheduler were lost") -> None:
        """Have a task run again that was lost by no fault of its own."""
        task.n_lost += 1
        if task.n_lost > _MOST_LOSSES:
            task.fail(WorkerLostError(f"{task.key} was given up after {_MOST_LOSSES} attempts: {why}"))
        elif not task.future.done():
            self._queue.put_back(task, job=task.job, priority=task.priority)

    async def _bury(self, task: Task, address: str) -> None:
        """Settle a task whose workers died, as Dask sees it, every time it was given to one."""
        task.n_killed += 1
        if task.n_starts <= _MOST_STARTS and task.n_killed < _MOST_KILLED:
            self._put_back(task)  # it had not even begun on some of them: they died of something else
            return
        for _ in range(int(_CAUSE_SECONDS / 0.1)):
            if address in self._causes:
                break
            await asyncio.sleep(0.1)  # the notice comes another way than Dask's error
        if self._causes.get(address) == "memory":
            task.fail(memory_error(task.key))
        else:
            task.fail(
                WorkerLostError(
                    f"{task.key} was given to several workers, and each of them died: does it need much "
                    "memory, or call a library that crashes?"
                )
            )

    def _set_aside(self, work: Any) -> None:
        """Run a coroutine on the side, and hold on to it (asyncio would not)."""
        aside = asyncio.create_task(work)
        self._aside.add(aside)
        aside.add_done_callback(self._aside.discard)

    async def _stop(self, key: str, future: Any, *, at_once: bool) -> None:
        """End a task that nobody waits for any more; Dask forgets it first, or it would run it again."""
        if self._client is None or self._cluster is None:
            return
        await future.cancel()
        await asyncio.sleep(0 if at_once else _GRACE_SECONDS)
        if (address := self._executing.get(key)) is not None:
            await self._cluster.restart(self._client, address, "timeout" if at_once else "cancelled")

    async def _end_stray(self, key: str) -> None:
        """End a task that began, on a second worker perhaps, after it was given up."""
        await asyncio.sleep(_GRACE_SECONDS)
        address = self._executing.get(key)
        if address is not None and self._client is not None and self._cluster is not None:
            await self._cluster.restart(self._client, address, "cancelled")

    def _hear_task(self, event: tuple[float, dict[str, Any]]) -> None:
        """A worker began or ended a task."""
        key = event[1]["key"]
        if self._mark not in key:
            return
        task = self._running.get(key)
        if not event[1]["is_running"]:
            self._executing.pop(key, None)
            self.wake()
        elif self._client is not None:
            self._executing[key] = event[1]["worker"]
            if task is None:
                self._set_aside(self._end_stray(key))
            else:
                task.n_starts += 1
                if task.timeout is not None:
                    asyncio.get_running_loop().call_later(task.timeout, self._overdue, key, task, task.n_starts)

    def _overdue(self, key: str, task: Task, n_starts: int) -> None:
        if self._running.get(key) is not task or task.n_starts != n_starts or key not in self._executing:
            return
        text = f"{task.key} ran for longer than its limit of {task.timeout:g} s; its worker is restarted"
        task.fail(TaskTimeoutError(text))
        self._tell(Notice("task-timeout", text, self._executing[key], "timeout"))
        if task.run is not None:
            task.run.cancel()

    def _hear(self, message: Sample | Notice) -> None:
        """The cluster tells of itself."""
        if isinstance(message, Notice):
            if message.kind == "worker-lost":
                self._causes[message.worker] = message.cause
                self._executing = {k: address for k, address in self._executing.items() if address != message.worker}
            self._tell(message)
            return
        self._sample = message
        alive = {row.address for row in message.workers}
        # a cancelled task takes no room on a worker that is no more
        self._executing = {k: at for k, at in self._executing.items() if k in self._running or at in alive}
        if self._cluster is not None and not self._cluster.is_local:
            self._memory.limit_bytes = (
                sum(row.memory_limit_bytes for row in message.workers) or self._memory.limit_bytes
            )
        now = time.monotonic()
        used = {row.address: (row.memory_bytes, row.memory_limit_bytes) for row in message.workers}
        for change in self._memory.look(used, message.machine, now):
            self._tell(Notice("memory", str(change), change.scope, level=change.level))
        if self._memory.is_exhausted(now):
            self._stop_jobs()
        if not self._is_asking and (tasks := self._unattended(message, now)):
            self._is_asking = True
            self._set_aside(self._hand_in_again(tasks))
        self._tell(self.status())
        self.wake()

    async def _hand_in_again(self, tasks: dict[str, Task]) -> None:
        """Submit again what Dask has forgotten, as it may after several losses at once."""
        try:
            known = await self._known(tasks)
        except Exception:  # noqa: BLE001  # the network, mostly; it is asked again
            return
        finally:
            self._is_asking = False
        for key in tasks.keys() - known - self._executing.keys():
            task = tasks[key]
            if self._running.get(key) is task and task.run is not None:
                task.n_unbegun += 1
                self._queue.put_back(task, job=task.job, priority=task.priority)
                task.run.cancel()

    async def _known(self, tasks: dict[str, Task]) -> set[str]:
        """Those of some tasks that a worker has, or has the result of."""
        assert self._cluster is not None
        scheduler = self._client.scheduler
        processing, results = await scheduler.processing(workers=None), await scheduler.who_has(keys=list(tasks))
        has = {key for key, workers in results.items() if workers}
        given = {key for keys in processing.values() for key in keys} & tasks.keys()
        # A local worker that begins nothing is only slow, or the supervisor ends it; nobody here ends a distant one.
        return has | {key for key in given if self._cluster.is_local or tasks[key].n_starts}

    def _unattended(self, sample: Sample, now: float) -> dict[str, Task]:
        """Tasks that have been with Dask for long, and run nowhere, though a worker has nothing to do."""
        busy = set(self._executing.values())
        if all(row.status != "running" or row.address in busy for row in sample.workers):
            return {}
        return {
            key: task
            for key, task in self._running.items()
            if key not in self._executing and now - task.handed_at > _PATIENCE_SECONDS * 2**task.n_unbegun
        }

    def _stop_jobs(self) -> None:
        """Stop what waits: memory stayed at the maximum in spite of everything."""
        stopped = self._queue.cancel()
        if not stopped:
            return
        limit = self._memory.limit_bytes / 2**20
        text = (
            f"memory stayed above 80 % of its limit ({limit:,.0f} MiB for all workers) with one task at a time, so "
            f"{len(stopped)} waiting tasks were stopped; what is finished is kept. Close other programs or raise the "
            "limit (memory_limit=), then run the same call again: it goes on from there"
        )
        self._tell(Notice("job-stopped", text, cause="memory"))
        for task in stopped:
            task.fail(MemoryFullError(text))
