"""What the pool tells of itself, as metrics."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any, Final

from gamebook_lab.parallel.status import Notice, PoolStatus
from gamebook_lab.telemetry import Registry, metrics

__all__ = ["Meter"]


class Meter:
    """Sets the gauges of a pool and counts what happens to it. Called on the pool's thread."""

    def __init__(self, registry: Registry = metrics) -> None:
        self._registry: Final = registry
        self._n_workers = 0

    def __call__(self, what: PoolStatus | Notice) -> None:
        """Take in what the pool tells."""
        if isinstance(what, Notice):
            self._registry.counter("pool_events_total", kind=what.kind, cause=what.cause or "none").add()
        else:
            self._measure(what)

    def ended(self, future: Future[Any]) -> None:
        """Count a task that ended."""
        result = "cancelled" if future.cancelled() else "done" if future.exception() is None else "failed"
        self._registry.counter("pool_tasks_total", result=result).add()

    def _measure(self, status: PoolStatus) -> None:
        registry = self._registry
        registry.gauge("pool_workers").set(status.n_workers)
        registry.gauge("pool_workers_target").set(status.target)
        registry.gauge("pool_queue_length").set(status.queued)
        registry.gauge("pool_running").set(status.running)
        registry.gauge("pool_memory_bytes").set(status.memory_bytes)
        registry.gauge("pool_memory_share").set(status.memory_fraction)
        registry.gauge("pool_cpu_cores").set(status.own_cpu)
        registry.gauge("pool_spilled_bytes").set(sum(worker.spilled_bytes for worker in status.workers))
        for number, worker in enumerate(status.workers):
            name = str(number)  # not its address: every restart would make new series
            registry.gauge("worker_memory_bytes", worker=name).set(worker.memory_bytes)
            registry.gauge("worker_cpu_cores", worker=name).set(worker.cpu)
            if worker.memory_limit_bytes:
                share = worker.memory_bytes / worker.memory_limit_bytes
                registry.gauge("worker_memory_share", worker=name).set(share)
        for number in range(status.n_workers, self._n_workers):
            for metric in ("worker_memory_bytes", "worker_cpu_cores", "worker_memory_share"):
                registry.drop(metric, worker=str(number))
        self._n_workers = status.n_workers

    def close(self) -> None:
        """Show a pool that is no more as empty."""
        for name in ("pool_workers", "pool_workers_target", "pool_queue_length", "pool_running", "pool_memory_bytes"):
            self._registry.gauge(name).set(0)
        for name in ("pool_memory_share", "pool_cpu_cores", "pool_spilled_bytes"):
            self._registry.gauge(name).set(0)
        for number in range(self._n_workers):
            for metric in ("worker_memory_bytes", "worker_cpu_cores", "worker_memory_share"):
                self._registry.drop(metric, worker=str(number))
        self._n_workers = 0
