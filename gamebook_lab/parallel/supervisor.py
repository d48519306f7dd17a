"""Starts, watches, scales and replaces the workers of the local cluster; runs in the cluster's process.

Dask's nannies restart a worker that ends. What they don't see is done here, twice a second: a worker that is paused
for memory that Dask cannot spill never resumes (dask/distributed #5999), and a stopped one is missed
after minutes. Both are killed, and the nanny then does the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import psutil
from distributed.core import Status
from distributed.diagnostics.plugin import SchedulerPlugin
from distributed.nanny import Nanny

from gamebook_lab.parallel.memory import MemoryManager, machine_memory
from gamebook_lab.parallel.scaling import Load, Plan, Policy, decide
from gamebook_lab.parallel.status import Notice, Sample, WorkerStatus, spilled

__all__ = ["Supervisor"]

_PERIOD_SECONDS: Final = 0.5
_PAUSED_SECONDS: Final = 1.5
_STOPPED_SECONDS: Final = 1.5
_ABSENT_SECONDS: Final = 15.0
"""For how long a nanny may be without a worker that takes tasks; on a busy machine one takes seconds to start."""
_UNKNOWN_SECONDS: Final = 2.0
"""For how long the scheduler may list a worker that no nanny has."""
_RETIRED: Final = "retired"
_EASE_SECONDS: Final = 60.0
"""For how long a pool that was asked for relief stays smaller."""
_MEMORY_CAUSE_SHARE: Final = 0.75
"""A worker that was last seen above this share of its memory is taken to have died of it."""


class Supervisor:
    """Keeps the number of workers that there shall be, and each of them able to work.

    Parameters
    ----------
    scheduler
        Dask's scheduler, in this process.
    policy
        How many workers.
    worker_bytes
        Memory limit of each.
    tell
        Is given every :class:`Sample` and :class:`Notice`.
    """

    def __init__(
        self, scheduler: Any, policy: Policy, worker_bytes: int, tell: Callable[[Sample | Notice], object]
    ) -> None:
        self._scheduler = scheduler
        self._policy = policy
        self._worker_bytes = worker_bytes
        self._tell = tell
        self._plan = Plan(policy.minimum)
        self._memory = MemoryManager(worker_bytes * policy.maximum)
        self._n_tasks = 0
        self._eased = policy.maximum, 0.0
        self._names = iter(range(2**62))
        self._nannies: dict[int, Any] = {}
        self._n_starting = 0
        self._on_the_side: set[asyncio.Task[None]] = set()
        self._processes: dict[int, psutil.Process] = {}
        self._last_seen: dict[str, WorkerStatus] = {}
        self._ended_for: dict[str, str] = {}
        self._since: dict[tuple[int, str], float] = {}
        self._amiss: dict[str | int, float] = {}

    def demand(self, n_tasks: int) -> None:
        """Take note of how many tasks wait or run."""
        self._n_tasks = n_tasks

    def ease(self) -> None:
        """Use a worker less than now for a while; one stays."""
        self._eased = max(self._policy.minimum, self._plan.target - 1), time.monotonic() + _EASE_SECONDS

    async def supervise(self) -> None:
        """Look after the workers for ever."""
        self._scheduler.add_plugin(_Gate(self))
        psutil.cpu_percent()  # the first answer is meaningless
        self._adjust()
        while True:
            started = time.monotonic()
            sample = self._sample()
            self._tell(sample)
            self._watch(sample, started)
            self._mend(sample, started)
            self._scale(sample, started)
            self._adjust()
            await asyncio.sleep(max(0.05, _PERIOD_SECONDS - (time.monotonic() - started)))

    def restart(self, address: str, cause: str) -> None:
        """Kill a worker's process at once; its nanny starts another, and Dask hands its tasks to others."""
        nanny = next((nanny for nanny in self._nannies.values() if nanny.worker_address == address), None)
        if nanny is None or not nanny.pid:
            return
        self._ended_for[address] = cause
        self._tell(Notice("worker-restarted", f"worker {nanny.pid} is restarted: {cause}", address, cause))
        _kill(nanny.pid)

    def _sample(self) -> Sample:
        workers = []
        for nanny in self._nannies.values():
            state = self._scheduler.workers.get(nanny.worker_address)
            if state is None or not nanny.pid:
                continue
            try:
                process = self._process(nanny.pid)
                with process.oneshot():
                    memory, cpu = process.memory_info().rss, process.cpu_percent() / 100
                    is_stopped = process.status() == psutil.STATUS_STOPPED
            except psutil.Error:
                continue
            status = "stopped" if is_stopped else state.status.name
            workers.append(
                WorkerStatus(
                    state.address, nanny.pid, memory, self._worker_bytes, cpu, status, state.nthreads,
                    spilled_bytes=spilled(state.metrics),
                )
            )  # fmt: skip
        return Sample(tuple(workers), self._plan.target, psutil.cpu_percent() / 100, machine_memory())

    def _process(self, pid: int) -> psutil.Process:
        if pid not in self._processes:
            alive = {nanny.pid for nanny in self._nannies.values()}
            self._processes = {known: process for known, process in self._processes.items() if known in alive}
            self._processes[pid] = psutil.Process(pid)
        return self._processes[pid]

    def _watch(self, sample: Sample, now: float) -> None:
        self._last_seen = {worker.address: worker for worker in sample.workers}
        since = {}
        for worker in sample.workers:
            for status, patience in (("paused", _PAUSED_SECONDS), ("stopped", _STOPPED_SECONDS)):
                if worker.status != status:
                    continue
                since[worker.pid, status] = self._since.get((worker.pid, status), now)
                if now - since[worker.pid, status] >= patience:
                    self.restart(worker.address, status)
        self._since = since

    def _mend(self, sample: Sample, now: float) -> None:
        """Remove what several losses at once leave behind: workers without a nanny, and nannies without a worker."""
        served = {nanny.worker_address for nanny in self._nannies.values()}
        working = {worker.address for worker in sample.workers}
        strays = {each for each in self._scheduler.workers if each not in served and each not in self._ended_for}
        idle = {name for name, nanny in self._nannies.items() if nanny.worker_address not in working}
        self._amiss = {each: self._amiss.get(each, now) for each in (*strays, *idle)}
        for address in strays:
            if now - self._amiss[address] >= _UNKNOWN_SECONDS:
                self._keep(self._scheduler.remove_worker(address, stimulus_id="gamebook-stray", safe=True))
        for name in idle:
            if now - self._amiss[name] >= _ABSENT_SECONDS:
                self._keep(self._nannies.pop(name).close(timeout=2, reason="its worker does not come back"))

    def joined(self, address: str) -> None:
        """A worker joined the scheduler."""
        self._tell(Notice("worker-started", f"worker {address} started", address))

    def left(self, address: str) -> None:
        """A worker left the scheduler, for whatever reason."""
        cause = self._ended_for.pop(address, "")
        if cause == _RETIRED:
            self._tell(Notice("worker-retired", f"worker {address} is no longer needed", address))
            return
        # one that came and went between two looks is not known
        last = self._last_seen.pop(address, None)
        share = last.memory_bytes / self._worker_bytes if last is not None else 0.0
        if cause == "paused" or (not cause and share >= _MEMORY_CAUSE_SHARE):
            cause = "memory"
        text = f"worker {address} is gone: {cause or 'lost'}, memory last seen at {share:.0%} of its limit"
        self._tell(Notice("worker-lost", text, address, cause or "lost"))

    def _scale(self, sample: Sample, now: float) -> None:
        used = {worker.address: (worker.memory_bytes, self._worker_bytes) for worker in sample.workers}
        self._memory.look(used, sample.machine, now)
        own_cpu = sum(worker.cpu for worker in sample.workers) / (psutil.cpu_count() or 1)
        load = Load(now, self._n_tasks, sample.host_cpu or 0.0, own_cpu, self._memory.level)
        most, until = self._eased
        policy = replace(self._policy, maximum=most) if now < until else self._policy
        before, self._plan = self._plan.target, decide(policy, self._plan, load)
        if self._plan.target != before:
            self._tell(Notice("scaled", f"workers: {before} -> {self._plan.target} for {self._n_tasks} tasks"))

    def _adjust(self) -> None:
        """Bring the number of nannies towards the target; replace those that gave up."""
        for name, nanny in list(self._nannies.items()):
            if nanny.status in (Status.closed, Status.failed):
                del self._nannies[name]
        for _ in range(self._plan.target - len(self._nannies) - self._n_starting):
            self._n_starting += 1
            self._keep(self._start(next(self._names)))
        for name in self._idle()[: max(0, len(self._nannies) - self._plan.target)]:
            self._keep(self._retire(self._nannies.pop(name)))

    def _keep(self, work: Any) -> None:
        """Run a coroutine on the side, and hold on to it (asyncio would not)."""
        task = asyncio.ensure_future(work)
        self._on_the_side.add(task)
        task.add_done_callback(self._on_the_side.discard)

    def _idle(self) -> list[int]:
        """Names of the workers that could go, those that do nothing first and the youngest of them first."""

        def n_tasks(name: int) -> int:
            state = self._scheduler.workers.get(self._nannies[name].worker_address)
            return len(state.processing) if state is not None else 0

        return sorted((name for name in self._nannies if n_tasks(name) == 0), reverse=True)

    async def _start(self, name: int) -> None:
        nanny = Nanny(
            self._scheduler.address, name=name, nthreads=self._policy.threads_per_worker, memory_limit=self._worker_bytes,
            host="127.0.0.1", dashboard_address="127.0.0.1:0", preload=["gamebook_lab.parallel.worker"],
        )  # fmt: skip
        try:
            await nanny
            self._nannies[name] = nanny
        finally:
            self._n_starting -= 1

    async def _retire(self, nanny: Any) -> None:
        self._ended_for[nanny.worker_address] = _RETIRED
        await self._scheduler.retire_workers(workers=[nanny.worker_address], close_workers=False, remove=True)
        await nanny.close(timeout=2, reason="scaled down")


class _Gate(SchedulerPlugin):
    """Has the supervisor told at once of workers that come and go."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor

    def add_worker(self, scheduler: Any, worker: str) -> None:  # noqa: ARG002  # Dask's signature
        self._supervisor.joined(worker)

    def remove_worker(self, scheduler: Any, worker: str, *, stimulus_id: str, **kwargs: Any) -> None:  # noqa: ARG002
        self._supervisor.left(worker)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
