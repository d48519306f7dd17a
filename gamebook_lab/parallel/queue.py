"""Which task is next: the pool's queue, which knows neither Dask nor what a task is.

Higher priorities go first. Inside a priority the jobs take turns, so that a job of ten tasks does
not wait behind one of ten thousand. The queue is bounded: whoever puts waits while it is full,
which keeps a generator of a million tasks from filling the memory.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Final, Generic, TypeVar

from gamebook_lab.errors import PoolError, QueueFullError

__all__ = ["TaskQueue"]

T = TypeVar("T")


class TaskQueue(Generic[T]):
    """Bounded queue with priorities, turns between jobs, pause and cancel; safe for threads.

    Parameters
    ----------
    bound
        Number of waiting tasks from which :meth:`put` waits.

    Notes
    -----
    ``put`` and ``take`` cost a step per job that waits, not per task.
    """

    def __init__(self, bound: int) -> None:
        if bound < 1:
            raise ValueError(f"a queue holds at least 1 task, not {bound}")
        self._bound: Final = bound
        # By priority, then by job in the order of their turns. Invariant: nothing in here is empty.
        self._waiting: Final[dict[int, dict[str, deque[T]]]] = {}
        self._paused: Final[set[str]] = set()
        self._changed: Final = threading.Condition()
        self._n_waiting = 0
        self._is_closed = False
        self._why_closed = ""

    def __len__(self) -> int:
        return self._n_waiting

    def put(self, task: T, *, job: str = "", priority: int = 0, block: bool = True) -> None:
        """Add a task behind the others of its job.

        Parameters
        ----------
        task
            What to add.
        job
            Whose turn it takes.
        priority
            Higher goes first.
        block
            Whether to wait for room while the queue is full.

        Raises
        ------
        QueueFullError
            If the queue is full and ``block`` is false.
        PoolError
            If the queue was closed.
        """
        with self._changed:
            if not block and self._n_waiting >= self._bound and not self._is_closed:
                raise QueueFullError(f"{self._bound} tasks wait already: submit again when some are done")
            self._changed.wait_for(lambda: self._n_waiting < self._bound or self._is_closed)
            if self._is_closed:
                raise PoolError(self._why_closed)
            self._of(priority, job).append(task)
            self._n_waiting += 1

    def put_back(self, task: T, *, job: str = "", priority: int = 0) -> None:
        """Add a task that was taken before: in front of its job, and whether there is room or not."""
        with self._changed:
            self._of(priority, job).appendleft(task)
            self._n_waiting += 1

    def take(self) -> T | None:
        """Take the task that is next, or nothing if none waits or all jobs are paused."""
        with self._changed:
            for priority in sorted(self._waiting, reverse=True):
                jobs = self._waiting[priority]
                job = next((job for job in jobs if job not in self._paused), None)
                if job is None:
                    continue
                tasks = jobs.pop(job)
                task = tasks.popleft()
                if tasks:
                    jobs[job] = tasks  # at the end: the other jobs come first now
                elif not jobs:
                    del self._waiting[priority]
                self._shrink(1)
                return task
        return None

    def remove(self, task: T) -> bool:
        """Take one task out, and tell whether it was there; takes a step per waiting task."""
        with self._changed:
            for priority, jobs in self._waiting.items():
                for job, tasks in jobs.items():
                    if task in tasks:
                        tasks.remove(task)
                        if not tasks:
                            self._forget(priority, job)
                        self._shrink(1)
                        return True
        return False

    def cancel(self, job: str | None = None) -> list[T]:
        """Take out all tasks of a job, or of all jobs, and give them in the order in which they waited."""
        with self._changed:
            found: list[T] = []
            for priority in sorted(self._waiting, reverse=True):
                for name in list(self._waiting[priority]):
                    if job is None or name == job:
                        found.extend(self._waiting[priority][name])
                        self._forget(priority, name)
            self._shrink(len(found))
            if job is not None:
                self._paused.discard(job)
            return found

    def pause(self, job: str) -> None:
        """Hand out no more tasks of a job until :meth:`resume`."""
        with self._changed:
            self._paused.add(job)

    def resume(self, job: str) -> None:
        """Hand out the tasks of a paused job again."""
        with self._changed:
            self._paused.discard(job)

    def paused(self) -> frozenset[str]:
        """Names of the paused jobs."""
        with self._changed:
            return frozenset(self._paused)

    def close(self, why: str = "the pool was closed: make a new one") -> list[T]:
        """Take no more tasks, wake whoever waits for room, and give what was left; later tasks are told the first reason."""
        with self._changed:
            self._why_closed = self._why_closed or why
            self._is_closed = True
            left = self.cancel()
            self._changed.notify_all()
            return left

    def _of(self, priority: int, job: str) -> deque[T]:
        return self._waiting.setdefault(priority, {}).setdefault(job, deque())

    def _forget(self, priority: int, job: str) -> None:
        del self._waiting[priority][job]
        if not self._waiting[priority]:
            del self._waiting[priority]

    def _shrink(self, n_taken: int) -> None:
        self._n_waiting -= n_taken
        self._changed.notify(n_taken)
