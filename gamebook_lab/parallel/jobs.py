"""Jobs that survive: finished shards are files, and starting the same job again goes on from them.

>>> from gamebook_lab.parallel.jobs import Job
>>> job = Job("words", count_words, items=files, parameters={"language": "en"})   # doctest: +SKIP
>>> run = job.start(pool, workspace)     # returns at once                        # doctest: +SKIP
>>> report = run.wait()                                                           # doctest: +SKIP
>>> report.shards, list(report.results())                                         # doctest: +SKIP

After any crash, of a worker, the pool, this process or the machine, the same lines skip every shard whose
file is good and give the same bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from gamebook_lab.parallel.effort import Effort
from gamebook_lab.parallel.report import JobReport
from gamebook_lab.parallel.running import JobRun
from gamebook_lab.parallel.shards import Work
from gamebook_lab.parallel.submits import InProcess, Submits
from gamebook_lab.telemetry import Registry, metrics
from gamebook_lab.telemetry.breaker import CircuitBreaker, breakers

__all__ = ["Effort", "Job", "JobReport", "JobRun"]

T = TypeVar("T")


class Job(Work[T]):
    """A pure function over items, whose finished results are kept. Parameters: :class:`Work`."""

    def start(
        self,
        pool: Submits | None = None,
        workspace: str | Path = ".",
        *,
        effort: Effort | None = None,
        breaker: CircuitBreaker | None = None,
        registry: Registry = metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> JobRun:
        """Start it on a thread of its own.

        Parameters
        ----------
        pool
            Where its shards go; by default they are worked on in this process, one at a time.
        workspace
            Folder for the job's folder. Starting the same job with the same workspace goes on with it.
        effort
            Attempts, backoff, time limits, and how many shards are handed in at a time.
        breaker
            Asked before each shard; by default the one for jobs of this name.
        registry, clock
            Where metrics go, and monotonic seconds; given by tests.

        Returns
        -------
        JobRun
            Shows progress, pauses, cancels, and waits for the end.
        """
        return JobRun(
            self,
            InProcess() if pool is None else pool,
            Path(workspace),
            effort=effort or Effort(),
            breaker=breaker or breakers.of(f"job {self.name}"),
            registry=registry,
            clock=clock,
        )

    def run(
        self, pool: Submits | None = None, workspace: str | Path = ".", *, effort: Effort | None = None
    ) -> JobReport:
        """Start it and wait for its end; an interrupt cancels it.

        Raises
        ------
        JobStoppedError
            If it ended early; says how to go on.
        """
        run = self.start(pool, workspace, effort=effort)
        try:
            return run.wait()
        except KeyboardInterrupt:
            run.cancel()
            raise
