"""One task of the pool, from its submission to its end."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any

from gamebook_lab.errors import MemoryLimitError, PoolError
from gamebook_lab.parallel.packing import unpack
from gamebook_lab.parallel.worker import Outcome

__all__ = ["Task"]

_HOW_TO_GO_ON = "Raise the limit (memory_limit=), cut the work into smaller shards, or run fewer workers (maximum=)."


@dataclass(eq=False)
class Task:
    """A call that someone waits for.

    Parameters
    ----------
    key
        Its name, kept whatever happens to it.
    packed
        The pickled function and arguments.
    job, kind, priority, timeout, retries
        As in :meth:`gamebook_lab.parallel.pool.WorkerPool.submit`.
    future
        What the caller holds.
    n_starts
        How often a worker began it since it was last submitted to Dask.
    n_unbegun
        How often it was submitted again because Dask had forgotten it.
    handed_at
        Monotonic seconds when it was last submitted to Dask.
    n_killed
        How often Dask gave it up because its workers died.
    n_lost
        How often it was submitted again because a worker or the cluster was lost.
    run
        What looks after it while it is with Dask.
    """

    key: str
    packed: bytes
    job: str = ""
    kind: str = "job"
    priority: int = 0
    timeout: float | None = None
    retries: int = 0
    future: Future[Any] = field(default_factory=Future)
    n_starts: int = 0
    n_unbegun: int = 0
    handed_at: float = 0.0
    n_killed: int = 0
    n_lost: int = 0
    run: asyncio.Task[None] | None = None

    def fail(self, error: BaseException) -> None:
        """End with an error, unless it has ended already."""
        with contextlib.suppress(InvalidStateError):
            self.future.set_exception(error)

    def settle(self, outcome: Outcome) -> bool:
        """End with what a worker made of it; tell whether that was so, or it shall be tried again."""
        match outcome.kind:
            case "result":
                self._succeed(outcome.packed)
            case "memory":
                self.fail(memory_error(self.key, outcome.text))
            case "unreadable":
                self.fail(
                    PoolError(f"{self.key}: the worker could not read the function or its arguments: {outcome.text}")
                )
            case "unpicklable":
                self.fail(PoolError(f"{self.key}: its result cannot be sent back: {outcome.text}"))
            case _ if self.retries > 0:
                self.retries -= 1
                return False
            case _:
                self.fail(_error(self.key, outcome))
        return True

    def _succeed(self, packed: bytes | memoryview) -> None:
        try:
            result = unpack(packed)
        except Exception as error:  # noqa: BLE001  # unpickling may raise anything
            self.fail(PoolError(f"{self.key}: its result cannot be read here: {type(error).__name__}: {error}"))
            return
        with contextlib.suppress(InvalidStateError):
            self.future.set_result(result)


def memory_error(key: str, text: str = "") -> MemoryLimitError:
    """The error of a task that needs more memory than a worker has."""
    return MemoryLimitError(f"{key} needs more memory than a worker may use{text and f' ({text})'}. {_HOW_TO_GO_ON}")


def _error(key: str, outcome: Outcome) -> Exception:
    error = unpack(outcome.packed)
    if not isinstance(error, BaseException):
        return PoolError(f"{key} raised an error that cannot be sent between processes:\n{outcome.text}")
    if isinstance(error, Exception):
        told: Exception = error
    else:  # raised here, it would end whoever asks for the result
        told = PoolError(f"{key} raised {type(error).__name__}, so it has no result")
        told.__cause__ = error
    told.add_note(f"In the worker:\n{outcome.text}")
    return told
