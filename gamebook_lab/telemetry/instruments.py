"""Reads once a second what the machine and the processes use. ``benchmarks/telemetry_cost.py`` prints what it costs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Final

import psutil

from gamebook_lab.telemetry import cgroup
from gamebook_lab.telemetry.offers import FOLLOWED
from gamebook_lab.telemetry.registry import Registry

__all__ = ["Instrument", "Machine", "Processes"]

Instrument = Callable[[Registry], None]
"""Sets gauges; called once a second, on the recorder's thread, so it must be quick."""

_LIMIT_EVERY: Final = 30
"""Looks from one reading of the control group's limit to the next: it seldom changes, and asking walks the tree."""


class Machine:
    """Memory and processors of the host and of the control group."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock: Final = clock
        self._n_looks = 0
        self._limit: int | None = None
        self._cpu_seconds: tuple[float, float] | None = None
        self._host_seconds = _host_seconds()

    def __call__(self, registry: Registry) -> None:
        """Read them."""
        machine = psutil.virtual_memory()
        used, total = machine.total - machine.available, machine.total
        if self._n_looks % _LIMIT_EVERY == 0:
            self._limit = cgroup.memory_limit()
        self._n_looks += 1
        self._read_host(registry)
        if self._limit is not None and self._limit < total:
            held = cgroup.memory_used()
            if held is not None:
                used, total = held, self._limit
                registry.gauge("cgroup_memory_bytes").set(used)
                registry.gauge("cgroup_memory_share").set(used / total)
        registry.gauge("host_memory_bytes").set(used)
        registry.gauge("host_memory_share").set(used / total)
        self._read_cpu(registry)

    def _read_host(self, registry: Registry) -> None:
        # Not psutil.cpu_percent: its memory of the last look is the process's, and ipykernel looks too.
        (busy, total), (busy_before, total_before) = _host_seconds(), self._host_seconds
        if total > total_before:
            share = (busy - busy_before) / (total - total_before)
            registry.gauge("host_cpu_share").set(min(max(share, 0.0), 1.0))
            self._host_seconds = busy, total

    def _read_cpu(self, registry: Registry) -> None:
        seconds, now = cgroup.cpu_seconds(), self._clock()
        if seconds is None:
            return
        if self._cpu_seconds is not None and now > self._cpu_seconds[1]:
            before, then = self._cpu_seconds
            registry.gauge("cgroup_cpu_cores").set(max(0.0, seconds - before) / (now - then))
        self._cpu_seconds = seconds, now


def _host_seconds() -> tuple[float, float]:
    """Busy and all seconds of all processors, since the machine was started."""
    times = psutil.cpu_times()
    # guests' time is in user and nice already
    total = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return total - times.idle - getattr(times, "iowait", 0.0), total


class Processes:
    """Memory and processors of this process and of those that are followed.

    Parameters
    ----------
    own
        What this process is called.
    followed
        Ids of the others by name; may change at any time.
    """

    def __init__(
        self, own: str = "kernel", followed: Mapping[str, int] = FOLLOWED, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._own, self._followed, self._clock = own, followed, clock
        self._known: Final[dict[str, psutil.Process]] = {}
        self._before: Final[dict[str, tuple[float, float]]] = {}

    def __call__(self, registry: Registry) -> None:
        """Read them; a process that has ended is no longer shown."""
        wanted = {**self._followed, self._own: os.getpid()}
        for name, pid in wanted.items():
            try:
                if name not in self._known or self._known[name].pid != pid:
                    self._known[name] = psutil.Process(pid)
                    self._before.pop(name, None)
                self._read(registry, name, self._known[name])
            except psutil.Error:
                self._forget(registry, name)
        for name in self._known.keys() - wanted.keys():
            self._forget(registry, name)

    def _forget(self, registry: Registry, name: str) -> None:
        self._known.pop(name, None)
        self._before.pop(name, None)
        registry.drop("process_cpu_cores", process=name)
        registry.drop("process_memory_bytes", process=name)

    def _read(self, registry: Registry, name: str, process: psutil.Process) -> None:
        if not process.is_running():
            raise psutil.NoSuchProcess(process.pid)
        with process.oneshot():
            times = process.cpu_times()
            memory = process.memory_info().rss
        now, seconds = self._clock(), times.user + times.system
        before, then = self._before.get(name, (seconds, now))
        self._before[name] = seconds, now
        registry.gauge("process_memory_bytes", process=name).set(memory)
        if now > then:
            registry.gauge("process_cpu_cores", process=name).set(max(0.0, seconds - before) / (now - then))
