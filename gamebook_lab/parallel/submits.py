"""Whatever takes work: a pool of workers, an adapter to another one, or just this process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, runtime_checkable

__all__ = ["InProcess", "Steers", "Submits"]


class Submits(Protocol):
    """Takes one piece of work at a time; may block until there is room."""

    def submit(
        self,
        function: Callable[..., Any],
        /,
        *args: Any,
        key: str | None = None,
        kind: str = "job",
        job: str | None = None,
        priority: int = 0,
        timeout: float | None = None,
        retries: int = 0,
    ) -> Future[Any]:
        """Hand in work.

        Sets on the future what the function raised, or ``MemoryLimitError`` (asked for too much),
        ``TaskTimeoutError``, ``WorkerLostError``, or another ``PoolError`` about this work. Raises
        ``PoolError`` itself if the pool is at its end.
        """


@runtime_checkable
class Steers(Protocol):
    """Holds back, or drops, what was handed in for a job."""

    def pause(self, job: str) -> Any:
        """Begin nothing more of a job."""

    def resume(self, job: str) -> Any:
        """Go on with a job."""

    def cancel(self, job: str) -> Any:
        """Drop what is left of a job."""


class InProcess:
    """Does the work at once, in the thread that hands it in: for few and short shards. Knows no time limit."""

    def submit(
        self,
        function: Callable[..., Any],
        /,
        *args: Any,
        key: str | None = None,  # noqa: ARG002  # of the protocol
        kind: str = "job",  # noqa: ARG002
        job: str | None = None,  # noqa: ARG002
        priority: int = 0,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        retries: int = 0,  # noqa: ARG002
    ) -> Future[Any]:
        """Do it; the future that comes back is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args))
        except Exception as error:  # noqa: BLE001  # it is the future's
            future.set_exception(error)
        return future
