"""Hands shards to a pool, a bounded number at a time, and tries again what fails.

Covers: back-pressure, retries with backoff, pause, cancel, time limit, breaker, and workers that are lost.
What a shard is, and where its result goes, is its caller's business.

A lost worker may take innocent shards with it. One that has lost its worker is therefore tried alone,
with nothing else under way: only the guilty one is set aside in the end.
"""

from __future__ import annotations

import heapq
import itertools
import queue
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from gamebook_lab.errors import (
    CircuitOpenError,
    GamebookError,
    MemoryFullError,
    PoolError,
    TaskTimeoutError,
    WorkerLostError,
)
from gamebook_lab.parallel.attempt import Cause, Failed, Finished
from gamebook_lab.parallel.effort import Effort
from gamebook_lab.parallel.submits import Submits
from gamebook_lab.telemetry.breaker import CircuitBreaker, Permit

__all__ = ["Control", "Dispatcher", "Settled", "StoppedError", "Task"]

_BARREN_OPENINGS: Final = 3
"""Times that the breaker opens without a shard finished in between before the job stops."""
_LONGEST_WAIT: Final = 3600.0
"""Seconds until it looks again of its own accord; any event ends the wait."""


class Task(NamedTuple):
    """One shard as it goes to the pool."""

    key: str
    call: Callable[..., Finished | Failed]
    """One of :mod:`gamebook_lab.parallel.attempt`."""
    arguments: tuple[Any, ...]
    subject: Any
    """The caller's; comes back with the result."""


class Settled(NamedTuple):
    """A shard that needs no more attempts."""

    task: Task
    outcome: Finished | Cause
    attempts: int
    seconds: float
    """Of the work itself, all attempts together."""
    is_memory: bool
    """It asked for more memory than there is."""


class StoppedError(GamebookError):
    """Nothing more is handed in: cancelled, out of time, or the pool gave up."""


class Control:
    """Pauses, resumes and cancels a dispatcher from any thread."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[_Trial | None] = queue.SimpleQueue()
        self.is_paused = False
        self.is_cancelled = False

    def pause(self) -> None:
        """Hand in nothing more for now."""
        self.is_paused = True

    def resume(self) -> None:
        """Go on."""
        self.is_paused = False
        self.events.put(None)

    def cancel(self) -> None:
        """Hand in nothing more, and drop what has not begun."""
        self.is_cancelled = True
        self.events.put(None)


@dataclass(slots=True)
class _Trial:
    """A task and its history."""

    task: Task
    attempts: int = 0
    failures: int = 0
    losses: int = 0
    seconds: float = 0.0
    future: Future[Any] = field(default_factory=Future)
    permit: Permit | None = None

    @property
    def is_suspect(self) -> bool:
        return self.losses > 0


class Dispatcher:
    """Runs tasks on a pool.

    Parameters
    ----------
    pool, job, kind
        Where the tasks go, and as part of what.
    breaker
        Asked before each task. A lost worker and a missed time limit are failures to it; an exception of the
        work's own is not, since it says nothing about the machine.
    clock, draw
        Monotonic seconds, and a random number from 0 to 1.
    """

    def __init__(
        self,
        pool: Submits,
        *,
        job: str,
        kind: str,
        effort: Effort,
        control: Control,
        breaker: CircuitBreaker,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._pool, self._job, self._kind = pool, job, kind
        self._effort, self._control, self._breaker = effort, control, breaker
        self._clock, self._draw = clock, draw
        self._under_way: dict[int, _Trial] = {}
        self._waiting: list[tuple[float, int, _Trial]] = []
        self._order = itertools.count()
        self._wake_at = float("inf")
        self._barren_openings = 0
        self._is_alone = False

    def run(self, next_task: Callable[[], Task | None]) -> Iterator[Settled]:
        """Yield tasks as they settle.

        Parameters
        ----------
        next_task
            Gives the next task, or None if there is none now; asked again after each one that settles.

        Raises
        ------
        StoppedError
            If it ends before all is settled; says why.
        """
        limit = self._effort.job_seconds
        deadline = float("inf") if limit is None else self._clock() + limit
        try:
            while True:
                if self._control.is_cancelled:
                    raise StoppedError("it was cancelled")
                if self._clock() >= deadline:
                    raise StoppedError(f"its time limit of {limit:g} s is over")
                self._wake_at = deadline
                was_begun = self._begin(next_task)
                if not (was_begun or self._under_way or self._waiting or self._control.is_paused):
                    return
                trial = self._event(is_patient=not was_begun)
                if trial is not None and (settled := self._judge(trial)) is not None:
                    yield settled
        finally:
            self._drop()

    def _begin(self, next_task: Callable[[], Task | None]) -> bool:
        """Hand in one task if there is one and it may go; else note when to look again."""
        n_held = len(self._under_way) + len(self._waiting)
        if self._control.is_paused or self._is_alone or len(self._under_way) >= self._effort.in_flight:
            return False
        is_due = bool(self._waiting) and self._waiting[0][0] <= self._clock()
        if is_due and self._waiting[0][2].is_suspect and self._under_way:
            return False  # whatever is under way ends first
        if not is_due and self._waiting:
            self._wake_at = min(self._wake_at, self._waiting[0][0])
        trial = None
        if not is_due:
            task = next_task() if n_held < self._effort.in_flight else None
            if task is None:
                return False
            trial = _Trial(task)
        return self._admit(trial)

    def _admit(self, trial: _Trial | None) -> bool:
        """Hand in a trial, or the first that waits; one that the breaker refuses waits on."""
        try:
            permit = self._breaker.permit()
        except CircuitOpenError as error:
            again = self._clock() + error.seconds
            self._wake_at = min(self._wake_at, again)
            if trial is not None:
                heapq.heappush(self._waiting, (self._clock(), next(self._order), trial))
            return False
        if trial is None:
            trial = heapq.heappop(self._waiting)[2]
        trial.permit = permit
        self._is_alone = trial.is_suspect
        self._submit(trial)
        return True

    def _submit(self, trial: _Trial) -> None:
        trial.attempts += 1
        effort = self._effort
        try:
            trial.future = self._pool.submit(
                trial.task.call,
                *trial.task.arguments,
                # Dask knows a failed task by its key and would give its old error again
                key=f"{self._job}-{trial.task.key[:20]}-{trial.attempts}",
                kind=self._kind,
                job=self._job,
                priority=effort.priority,
                timeout=effort.shard_seconds,
            )
        except (WorkerLostError, TaskTimeoutError, MemoryError) as error:
            trial.future = _failed(error)
        except (PoolError, RuntimeError, OSError) as error:
            self._settle_permit(trial, error)
            raise StoppedError(f"the pool takes no more work ({error})") from error
        except Exception as error:  # noqa: BLE001  # this one's, say a parameter that cannot be sent
            trial.future = _failed(error)
        self._under_way[id(trial)] = trial
        trial.future.add_done_callback(lambda _: self._control.events.put(trial))

    def _event(self, *, is_patient: bool) -> _Trial | None:
        """Next task that is done, or None after some other event, or at the time to look again."""
        try:
            if not is_patient:
                return self._control.events.get_nowait()
            wait = max(self._wake_at - self._clock(), 0.0)
            return self._control.events.get(timeout=min(wait, _LONGEST_WAIT))
        except queue.Empty:
            return None

    def _judge(self, trial: _Trial) -> Settled | None:
        """Settle a task that is done, or note it for another attempt."""
        del self._under_way[id(trial)]
        self._is_alone = False
        future, trial.future = trial.future, Future()  # the result is not kept twice
        if future.cancelled():
            permit, trial.permit = trial.permit, None
            if permit is not None:
                permit.abandon()
            raise StoppedError("its shards were cancelled in the pool, or the pool was closed")
        # Asked for, not raised: it may be what ends a thread, such as SystemExit.
        error = future.exception()
        if isinstance(error, MemoryFullError):
            self._settle_permit(trial, None)
            raise StoppedError(str(error)) from error
        outcome = future.result() if error is None else None
        is_lost = isinstance(error, WorkerLostError | BrokenExecutor)
        self._settle_permit(trial, error if is_lost or isinstance(error, TimeoutError) else None)
        if isinstance(outcome, Finished):
            self._barren_openings = 0
            return Settled(trial.task, outcome, trial.attempts, trial.seconds + outcome.seconds, is_memory=False)
        return self._again(trial, outcome if isinstance(outcome, Failed) else None, error, is_lost=is_lost)

    def _again(
        self, trial: _Trial, failed: Failed | None, error: BaseException | None, *, is_lost: bool
    ) -> Settled | None:
        if failed is not None:
            trial.seconds += failed.seconds
            cause, is_final = failed.cause, failed.is_final
        else:
            error = error or TypeError("the pool gave back something else than the attempt's result")
            cause, is_final = Cause.of(error), isinstance(error, MemoryError)
        trial.losses += is_lost
        trial.failures += not is_lost
        if is_final or trial.failures >= self._effort.attempts or trial.losses >= self._effort.losses:
            return Settled(trial.task, cause, trial.attempts, trial.seconds, isinstance(error, MemoryError))
        at = self._clock() + self._effort.backoff(trial.failures + trial.losses, self._draw())
        heapq.heappush(self._waiting, (at, next(self._order), trial))
        return None

    def _settle_permit(self, trial: _Trial, error: BaseException | None) -> None:
        if trial.permit is None:
            return
        permit, trial.permit = trial.permit, None
        was_open = self._breaker.state == "open"
        permit.settle(error)
        if self._breaker.state == "open" and not was_open:
            self._barren_openings += 1
            if self._barren_openings >= _BARREN_OPENINGS:
                raise StoppedError(f"no shard comes through any more ({error!r})")

    def _drop(self) -> None:
        for trial in self._under_way.values():
            trial.future.cancel()
            if trial.permit is not None:
                trial.permit.abandon()
        self._under_way.clear()
        self._waiting.clear()


def _failed(error: BaseException) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
