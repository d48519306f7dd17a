"""A run that never was, recorded like a real one: to try charts, reports and queries on, in notebooks and tests.

Half an hour with quiet work, a job that takes both processors, memory that fills up to its limit, a burst of errors, and a
browser tab that hangs. The same every time.
"""

from __future__ import annotations

import math
import random
import time
from pathlib import Path
from typing import Final

from gamebook_lab.telemetry.recording import Recorder
from gamebook_lab.telemetry.registry import Registry

__all__ = ["record_sample_run"]

_GIB: Final = 2**30
_MACHINE_BYTES: Final = 16 * _GIB
_ACTIONS: Final = ("studio.undo", "text_editor.edit", "story_map.select", "passage_table.edit", "studio.search")


def record_sample_run(folder: Path | str, *, minutes: float = 30, until: float | None = None) -> str:
    """Record the sample run.

    Parameters
    ----------
    folder
        Where to; made if it is not there. Never the one that a real run is recorded to.
    minutes
        How long it seems to last; the five incidents are spread over it.
    until
        When it seems to have ended, seconds since the epoch; now by default.

    Returns
    -------
    str
        Its session, for :func:`gamebook_lab.telemetry.read` and the others.
    """
    n_seconds = int(minutes * 60)
    start = int(time.time() if until is None else until) - n_seconds
    clock = [float(start)]
    registry, chance = Registry(), random.Random(7)  # noqa: S311  # a sample, not a secret
    recorder = Recorder(
        Path(folder), registry=registry, instruments=[], clock=lambda: clock[0], wall=lambda: clock[0], process="sample"
    )
    recorder.open()
    try:
        for second in range(n_seconds):
            _live(registry, second / n_seconds, second, chance)
            clock[0] = start + second + 1.0
            recorder.tick()
    finally:
        recorder.stop()
    return recorder.session


def _live(registry: Registry, share: float, second: int, chance: random.Random) -> None:
    """One second of the run, ``share`` of which is over."""
    job, leak = _hill(share, 0.25, 0.5), _hill(share, 0.55, 0.7)
    is_storm, is_hung = 0.78 < share < 0.81, 0.9 < share < 0.903
    noise = chance.gauss
    workers = 2 if job > 0 else 1
    cpu = min(1.0, max(0.02, 0.12 + 0.7 * job + noise(0, 0.03)))
    memory = min(0.95, max(0.1, 0.35 + 0.1 * job + 0.48 * leak + noise(0, 0.005)))
    levels = {
        "host_cpu_share": cpu, "host_memory_share": memory, "host_memory_bytes": memory * _MACHINE_BYTES,
        "pool_workers": workers, "pool_running": workers * (job > 0), "pool_queue_length": round(40 * job),
        "pool_cpu_cores": 1.3 * job, "pool_memory_share": 0.15 + 0.45 * job + 0.2 * leak,
    }  # fmt: skip
    for name, value in levels.items():
        registry.gauge(name).set(value)
    registry.gauge("process_cpu_cores", process="kernel").set(max(0.01, 0.15 + noise(0, 0.05)))
    registry.gauge("process_memory_bytes", process="kernel").set((0.4 + 0.2 * share) * _GIB)
    if second % 3 == 0:
        for action in _ACTIONS:
            kernel = abs(noise(0.012, 0.006)) * (1 + 2 * job)
            registry.counter("actions_total", action=action).add()
            registry.timer("kernel_seconds", action=action).observe(kernel)
            registry.timer("response_seconds", action=action).observe(kernel + 0.018 + abs(noise(0, 0.006)))
    if is_storm and second % 2 == 0:
        registry.counter("errors_total", kind="FormatError").add()
    registry.histogram("frames_per_second").observe(0.6 if is_hung else max(20.0, noise(59.4 - 5 * job, 0.8)))
    registry.timer("round_trip_seconds").observe(abs(noise(0.009, 0.002)) * (1 + 2 * job))
    if is_hung:
        registry.timer("long_frame_seconds").observe(1.6)


def _hill(share: float, start: float, stop: float) -> float:
    """From nought up to 1 in the middle and down again; nought outside."""
    return math.sin(math.pi * (share - start) / (stop - start)) if start < share < stop else 0.0
