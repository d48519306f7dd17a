"""Streams data through a function on a pool: in order, a bounded part at a time, and one bad shard stops nothing.

Covers: typed inputs and outputs, retries, causes, counts. Keeps nothing on disk; what must survive a crash
is a :class:`gamebook_lab.parallel.jobs.Job`.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from gamebook_lab.errors import PoolError
from gamebook_lab.parallel.attempt import Cause, Finished, attempt_checked
from gamebook_lab.parallel.dispatch import Control, Dispatcher, Settled, StoppedError, Task
from gamebook_lab.parallel.effort import Effort
from gamebook_lab.parallel.schema import ANYTHING, Schema, n_rows
from gamebook_lab.parallel.submits import InProcess, Submits
from gamebook_lab.telemetry import Registry, metrics
from gamebook_lab.telemetry.breaker import CircuitBreaker, breakers

__all__ = ["Counts", "DataProcessor", "Processed"]

In = TypeVar("In")
Out = TypeVar("Out")

_runs: Final = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Processed(Generic[Out]):
    """What became of one shard."""

    index: int
    """Its place in the input, from 0."""
    value: Out | None
    """None if it failed."""
    cause: Cause | None
    """Why it failed; None if it did not."""
    attempts: int
    seconds: float


@dataclass(slots=True)
class Counts:
    """What a processor has done so far."""

    n_done: int = 0
    n_failed: int = 0
    rows_in: int = 0
    rows_out: int = 0
    bytes_out: int = 0
    seconds: float = 0.0
    """Of work, all workers together."""
    errors: Counter[str] = field(default_factory=Counter)
    """Failed shards by class of the exception."""


class DataProcessor(Generic[In, Out]):
    """A function that a stream of shards goes through.

    Parameters
    ----------
    name
        What it is; label of its metrics.
    function
        Called as ``function(shard, **parameters)`` in another process.
    takes, gives
        What a shard and a result must be: :class:`gamebook_lab.parallel.schema.Table` or ``Rows``. Checked where the
        work is done; a shard that fails the check is not tried again.
    pool
        Where the work is done; by default in this process.
    effort
        Attempts, backoff and time limits. ``in_flight`` is the most shards and results held at a time.
    breaker
        Asked before each shard; by default the one of this name.
    registry, clock
        Where metrics go, and monotonic seconds; given by tests.

    Examples
    --------
    >>> lengths: DataProcessor[str, int] = DataProcessor("lengths", len)
    >>> [done.value for done in lengths.process(["a", "bcd"])]
    [1, 3]
    """

    def __init__(
        self,
        name: str,
        function: Callable[..., Out],
        *,
        parameters: Mapping[str, Any] | None = None,
        takes: Schema = ANYTHING,
        gives: Schema = ANYTHING,
        pool: Submits | None = None,
        effort: Effort | None = None,
        breaker: CircuitBreaker | None = None,
        registry: Registry = metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self._function, self._parameters = name, function, dict(parameters or {})
        self._takes, self._gives, self._pool = takes, gives, pool or InProcess()
        self._effort, self._breaker, self._clock = (
            effort or Effort(),
            breaker or breakers.of(f"processor {name}"),
            clock,
        )
        self._registry = registry
        self.counts = Counts()

    def process(self, shards: Iterable[In]) -> Iterator[Processed[Out]]:
        """Yield what becomes of each shard, in their order.

        Shards are taken, and handed in, as results are taken out. Closing the iterator drops what is under way.

        Raises
        ------
        PoolError
            If the pool gives up, or the time limit is over; what was yielded before is right.
        """
        source = enumerate(shards)
        ready: dict[int, Processed[Out]] = {}
        n_given = 0
        dispatcher = Dispatcher(
            self._pool,
            job=f"{self.name}-{next(_runs)}",
            kind=self.name,
            effort=self._effort,
            control=Control(),
            breaker=self._breaker,
            clock=self._clock,
        )
        n_taken = 0

        def next_task() -> Task | None:
            nonlocal n_taken
            # A slow shard at the head must not let results pile up behind it.
            if n_taken - n_given >= self._effort.in_flight:
                return None
            found = next(source, None)
            if found is None:
                return None
            n_taken += 1
            return self._task(*found)

        try:
            for settled in dispatcher.run(next_task):
                ready[settled.task.subject] = self._count(settled)
                while n_given in ready:
                    done = ready.pop(n_given)
                    n_given += 1
                    yield done
        except StoppedError as error:
            raise PoolError(f"{self.name} ended after {n_given:,} shards: {error}") from error

    def _task(self, index: int, shard: In) -> Task:
        rows = n_rows(shard)
        self.counts.rows_in += rows
        self._registry.counter("processor_rows_in_total", processor=self.name).add(rows)
        arguments = (self._function, shard, self._parameters, self._takes, self._gives)
        return Task(str(index), attempt_checked, arguments, index)

    def _count(self, settled: Settled) -> Processed[Out]:
        counts, registry, outcome = self.counts, self._registry, settled.outcome
        counts.seconds += settled.seconds
        registry.timer("processor_shard_seconds", processor=self.name).observe(settled.seconds)
        if isinstance(outcome, Finished):
            counts.n_done += 1
            counts.rows_out += outcome.n_rows
            counts.bytes_out += outcome.n_bytes
            registry.counter("processor_shards_total", processor=self.name).add()
            registry.counter("processor_rows_out_total", processor=self.name).add(outcome.n_rows)
            registry.counter("processor_bytes_out_total", processor=self.name).add(outcome.n_bytes)
            value, cause = outcome.content, None
        else:
            counts.n_failed += 1
            counts.errors[outcome.type] += 1
            registry.counter("processor_errors_total", processor=self.name, code=outcome.type).add()
            value, cause = None, outcome
        return Processed(settled.task.subject, value, cause, settled.attempts, settled.seconds)
