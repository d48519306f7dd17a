"""Starts, watches, scales and replaces the workers of the local cluster; runs in the cluster's process.

Dask's nannies restart a worker that ends. What they don't see is done here, twice a second: a worker that is paused
for memory that Dask cannot spill never resumes (dask/distributed #5999), a stopped one is missed after minutes, and one
whose event loop met the memory limit may neither work nor end. All are killed, and the nanny then does the rest.

Each has some seconds to mend by itself, counted in its own time (:mod:`gamebook_lab.parallel.patience`): where other
programs use all processors, a worker is slow at everything, and to replace it would only begin the same again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, Final

import psutil
from distributed.core import Status
from distributed.diagnostics.plugin import SchedulerPlugin
from distributed.nanny import Nanny

from gamebook_lab.parallel.health import MOST_SECONDS, fault
from gamebook_lab.parallel.memory import MemoryManager, machine_memory
from gamebook_lab.parallel.patience import OwnTime, Patience
from gamebook_lab.parallel.scaling import Load, Plan, Policy, decide
from gamebook_lab.parallel.status import Notice, Sample, WorkerStatus, spilled
from gamebook_lab.parallel.worker import TOPIC

__all__ = ["Supervisor"]

_PERIOD_SECONDS: Final = 0.5
_ABSENT_SECONDS: Final = 15.0
"""For how long a nanny may be without a worker that takes tasks."""
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
        self._pids: dict[str, int] = {}
        self._begun: dict[str, set[str]] = {}
        self._heard: dict[str, float] = {}
        self._on_the_side: set[asyncio.Task[None]] = set()
        self._processes: dict[int, psutil.Process] = {}
        self._last_seen: dict[str, WorkerStatus] = {}
        self._ended_for: dict[str, str] = {}
        self._patience = Patience()
        self._unknown_since: dict[str, float] = {}

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
            self._look_after(sample, started)
            self._scale(sample, started)
            self._adjust()
            await asyncio.sleep(max(0.05, _PERIOD_SECONDS - (time.monotonic() - started)))

    def restart(self, address: str, cause: str) -> None:
        """Kill a worker's process at once; its nanny starts another, and Dask hands its tasks to others."""
        pid = self._pids.get(address)
        if pid is None:
            return
        self._ended_for[address] = cause
        self._tell(Notice("worker-restarted", f"worker {pid} is restarted: {cause}", address, cause))
        _kill(pid)

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

    def _look_after(self, sample: Sample, now: float) -> None:
        """End the workers that are past help, and mend what several losses at once leave behind."""
        self._last_seen = {worker.address: worker for worker in sample.workers}
        absent = {name: nanny for name, nanny in self._nannies.items() if nanny.worker_address not in self._last_seen}
        pids = {worker.pid for worker in sample.workers} | {nanny.pid for nanny in absent.values() if nanny.pid}
        own = self._patience.look(pids, now)
        amiss: dict[Hashable, float] = {}
        for worker in sample.workers:
            if (found := self._fault(worker, own[worker.pid])) is not None:
                amiss[worker.pid, found[0]] = found[1]
        for name, nanny in absent.items():
            # one that starts has no process as long as what workers are forked from is being loaded
            if nanny.pid or nanny.status is not Status.init:
                amiss[name, nanny.pid] = own[nanny.pid].seconds if nanny.pid else _PERIOD_SECONDS
        counted = self._patience.count(amiss)
        for worker in sample.workers:
            for what, most in MOST_SECONDS.items():
                if counted.get((worker.pid, what), 0.0) >= most:
                    self.restart(worker.address, what)
        for name, nanny in absent.items():
            if counted.get((name, nanny.pid), 0) >= _ABSENT_SECONDS:
                self._replace(name, nanny)
        self._remove_strays(now)

    def _fault(self, worker: WorkerStatus, own: OwnTime) -> tuple[str, float] | None:
        state = self._scheduler.workers[worker.address]
        before, self._heard[worker.address] = self._heard.get(worker.address), state.last_seen
        is_at_work = bool(self._begun.get(worker.address))
        return fault(worker, state, own, is_mute=state.last_seen == before, is_at_work=is_at_work)

    def _replace(self, name: int, nanny: Any) -> None:
        """Give up a nanny whose worker does not come back."""
        del self._nannies[name]
        if nanny.pid:
            _kill(nanny.pid)  # closing waits for a worker that starts until it has started
        self._keep(nanny.close(timeout=2, reason="its worker does not come back"))

    def _remove_strays(self, now: float) -> None:
        """Remove workers that no nanny has: they may be dead, and would be given tasks."""
        workers = self._scheduler.workers
        # by name: a nanny learns its worker's address after the scheduler
        strays = {each for each in workers if workers[each].name not in self._nannies and each not in self._ended_for}
        self._unknown_since = {each: self._unknown_since.get(each, now) for each in strays}
        for address, since in self._unknown_since.items():
            if now - since >= _UNKNOWN_SECONDS:
                self._keep(self._scheduler.remove_worker(address, stimulus_id="gamebook-stray"))

    def joined(self, address: str) -> None:
        """A worker joined the scheduler."""
        nanny = self._nannies.get(self._scheduler.workers[address].name)
        if nanny is not None and nanny.pid:
            self._pids[address] = nanny.pid
        self._tell(Notice("worker-started", f"worker {address} started", address))

    def left(self, address: str) -> None:
        """A worker left the scheduler, for whatever reason; it would never join again."""
        cause, pid = self._ended_for.pop(address, ""), self._pids.pop(address, None)
        self._begun.pop(address, None)
        self._heard.pop(address, None)
        if cause == _RETIRED:
            self._tell(Notice("worker-retired", f"worker {address} is no longer needed", address))
            return
        # one that came and went between two looks is not known
        last = self._last_seen.pop(address, None)
        n_bytes = max(last.memory_bytes if last is not None else 0, _resident(pid) if pid else 0)
        share = n_bytes / self._worker_bytes
        if pid is not None:
            _kill(pid)  # one whose event loop met the memory limit would not end by itself
        if cause == "paused" or (not cause and share >= _MEMORY_CAUSE_SHARE):
            cause = "memory"
        text = f"worker {address} is gone: {cause or 'lost'}, memory last seen at {share:.0%} of its limit"
        self._tell(Notice("worker-lost", text, address, cause or "lost"))

    def heard(self, address: str, key: str, *, is_running: bool) -> None:
        """A worker begins a task, or has ended it."""
        if address not in self._pids:
            return
        begun = self._begun.setdefault(address, set())
        if is_running:
            begun.add(key)
        else:
            begun.discard(key)

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
        for _ in range(self._plan.target - len(self._nannies)):
            self._start(next(self._names))
        n_ready = sum(nanny.status is Status.running for nanny in self._nannies.values())
        for name in self._idle()[: max(0, n_ready - self._plan.target)]:
            self._keep(self._retire(self._nannies.pop(name)))

    def _keep(self, work: Any) -> None:
        """Run a coroutine on the side, and hold on to it (asyncio would not)."""
        task = asyncio.ensure_future(work)
        self._on_the_side.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._on_the_side.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._tell(Notice("repair-failed", f"{type(error).__name__}: {error}"))

    def _idle(self) -> list[int]:
        """Names of the workers that could go, those that do nothing first and the youngest of them first."""

        def n_tasks(name: int) -> int:
            state = self._scheduler.workers.get(self._nannies[name].worker_address)
            return len(state.processing) if state is not None else 0

        ready = (name for name, nanny in self._nannies.items() if nanny.status is Status.running)
        return sorted((name for name in ready if n_tasks(name) == 0), reverse=True)

    def _start(self, name: int) -> None:
        self._nannies[name] = Nanny(
            self._scheduler.address, name=name, nthreads=self._policy.threads_per_worker, memory_limit=self._worker_bytes,
            host="127.0.0.1", dashboard_address="127.0.0.1:0", preload=["gamebook_lab.parallel.worker"],
        )  # fmt: skip
        self._keep(self._nannies[name].start())

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

    def log_event(self, topic: str, msg: Any) -> None:
        if topic == TOPIC:
            self._supervisor.heard(msg["worker"], msg["key"], is_running=msg["is_running"])


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
