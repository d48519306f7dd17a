"""A job that is under way, on a thread of its own, and its handle.

Only one process at a time works on a job: a second one that starts the same job waits for the first,
and then finds its shards done. A process that was killed holds nothing up: the system frees its lock.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

import filelock

from gamebook_lab.errors import JobStoppedError
from gamebook_lab.parallel.attempt import Cause, Finished, attempt
from gamebook_lab.parallel.dispatch import Control, Dispatcher, Settled, StoppedError, Task
from gamebook_lab.parallel.effort import Effort
from gamebook_lab.parallel.manifest import Manifest, ShardRecord
from gamebook_lab.parallel.progress import Meter, Progress
from gamebook_lab.parallel.report import JobReport
from gamebook_lab.parallel.shards import Shard, Work
from gamebook_lab.parallel.submits import Steers, Submits
from gamebook_lab.telemetry import Registry, bound
from gamebook_lab.telemetry.breaker import CircuitBreaker

__all__ = ["JobRun"]

_SPLITS: Final = 16
"""Times that a shard is cut in smaller ones."""
_LOCK_POLL_SECONDS: Final = 0.2
_log: Final = logging.getLogger(__name__)


class JobRun:
    """Handle of a job that was started; see :meth:`gamebook_lab.parallel.jobs.Job.start`."""

    def __init__(
        self,
        work: Work[Any],
        pool: Submits,
        workspace: Path,
        *,
        effort: Effort,
        breaker: CircuitBreaker,
        registry: Registry,
        clock: Callable[[], float],
    ) -> None:
        self.folder = work.folder(workspace)
        self._work, self._pool, self._registry = work, pool, registry
        self._id = self.folder.name
        self._control = Control()
        self._dispatcher = Dispatcher(
            pool, job=self._id, kind=work.name, effort=effort, control=self._control, breaker=breaker, clock=clock
        )
        self._meter = Meter(work.name, work.total(), clock=clock)
        self._watchers: list[Callable[[Progress], None]] = []
        self._over = threading.Event()
        self._error: BaseException | None = None
        self._keys: dict[str, None] = {}
        self._records: dict[str, ShardRecord] = {}
        self._left: deque[Shard] = deque()
        threading.Thread(target=self._run, name=f"gamebook-{work.name}", daemon=True).start()

    def __repr__(self) -> str:
        return self.progress.line()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._meter.now()

    @property
    def report(self) -> JobReport:
        """What became of its shards so far."""
        return JobReport(self.progress, self.folder, tuple(self._keys), self._records.copy(), self._work.codec)

    def wait(self, timeout: float | None = None) -> JobReport:
        """Wait for its end.

        Raises
        ------
        JobStoppedError
            If it ended early; says how to go on.
        TimeoutError
            If it has not ended after ``timeout`` seconds. It goes on.
        """
        if not self._over.wait(timeout):
            raise TimeoutError(f"the job is not over: {self.progress.line()}")
        if self._error is not None:
            raise self._error
        return self.report

    def pause(self) -> None:
        """Begin nothing more for now; what is under way ends and is kept."""
        if not self.progress.is_over:
            self._control.pause()
            self._steer("pause")
            self._turn_to_now()

    def resume(self) -> None:
        """Go on after :meth:`pause`."""
        if not self.progress.is_over:
            self._steer("resume")
            self._control.resume()
            self._turn_to_now()

    def cancel(self) -> None:
        """End it early. What is finished is kept: starting the same job again goes on from there."""
        self._control.cancel()
        self._steer("cancel")

    def watch(self, callback: Callable[[Progress], None]) -> Callable[[], None]:
        """Have ``callback`` told of each change, on another thread; returns a function that ends it."""
        self._watchers.append(callback)

        def stop() -> None:
            if callback in self._watchers:
                self._watchers.remove(callback)

        return stop

    def _steer(self, verb: str) -> None:
        if isinstance(self._pool, Steers):
            getattr(self._pool, verb)(self._id)

    def _turn_to_now(self) -> None:
        """Show whether it is paused; before it has the lock it waits in either case."""
        if self.progress.state in {"running", "paused"}:
            self._meter.turn("paused" if self._control.is_paused else "running")
            self._tell()

    def _tell(self) -> None:
        progress = self.progress
        for watcher in list(self._watchers):
            try:
                watcher(progress)
            except Exception:  # noqa: BLE001 -- a broken display must not end the job; the log has it
                _log.exception("a watcher of job %s failed", self._work.name)

    def _run(self) -> None:
        running = self._registry.gauge("jobs_running")
        running.add(1)
        try:
            with bound(job=self._work.name):
                self._run_locked()
        except (StoppedError, OSError) as error:
            self._error = self._stopped(error)
        except BaseException as error:  # noqa: BLE001  # whoever waits gets it
            error.add_note(f"Finished shards of job {self._work.name!r} are kept in {self.folder}.")
            self._error = error
        finally:
            if self._control.is_paused:
                self._steer("resume")  # or the pool would hold back the next run of the same job
            running.add(-1)
            result: Literal["done", "stopped"] = "done" if self._error is None else "stopped"
            self._registry.counter("jobs_total", result=result).add()
            self._meter.turn(result)
            self._tell()  # first, so that whoever waited finds every display up to date
            self._over.set()

    def _stopped(self, error: Exception) -> JobStoppedError:
        progress = self.progress
        total = "?" if progress.total is None else f"{progress.total:,}"
        why = f"its files cannot be written: {error}" if isinstance(error, OSError) else str(error)
        made = JobStoppedError(
            f"job {self._work.name!r} stopped after {progress.done:,} of {total} shards: {why}."
            f" They are kept in {self.folder}; start the same job again to go on from there."
        )
        made.__cause__ = error
        return made

    def _run_locked(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(self.folder / "lock", thread_local=False)
        try:
            held = lock.acquire(poll_interval=_LOCK_POLL_SECONDS, cancel_check=lambda: self._control.is_cancelled)
        except filelock.Timeout as error:
            raise StoppedError("it was cancelled") from error
        with held, Manifest(self.folder, self._work.header, self._work.codec.name) as manifest:
            self._records = manifest.records
            self._meter.turn("paused" if self._control.is_paused else "running")
            self._tell()
            shards = iter(self._work.shards())
            for settled in self._dispatcher.run(lambda: self._next(shards, manifest)):
                self._keep(settled, manifest)
                self._tell()

    def _next(self, shards: Iterator[Shard], manifest: Manifest) -> Task | None:
        """Next shard that has no good result yet."""
        while not self._control.is_cancelled:
            shard = self._left.popleft() if self._left else _read(shards)
            if shard is None:
                if self.progress.total is None:
                    self._meter.found(len(self._keys))
                return None
            self._note(shard)
            record = manifest.good(shard.key)
            parts = self._work.parts(shard) if record is not None and record.status == "split" else []
            if record is not None and record.status == "done":
                self._meter.skip()
                self._tell()
            elif record is not None and parts and record.parts == tuple(part.key for part in parts):
                self._go_on_with(parts)
            else:
                arguments = (self._work.function, shard.item, dict(self._work.parameters), shard.seed, self._work.codec)
                return Task(shard.key, attempt, arguments, shard)
        return None

    def _note(self, shard: Shard) -> None:
        if shard.depth == 0:
            if shard.key in self._keys:
                raise ValueError(f"two items are the same: {shard.label}; each needs something that tells it apart")
            self._keys[shard.key] = None

    def _go_on_with(self, parts: list[Shard]) -> None:
        self._left.extend(parts)
        self._meter.grow(len(parts) - 1)

    def _keep(self, settled: Settled, manifest: Manifest) -> None:
        shard: Shard = settled.task.subject
        outcome = settled.outcome
        if isinstance(outcome, Finished):
            record = ShardRecord(
                shard.key, shard.label, "done", settled.attempts, settled.seconds,
                outcome.n_bytes, outcome.n_rows, outcome.sha256,
            )  # fmt: skip
            manifest.add(record, outcome.content)
            self._registry.counter("job_written_bytes_total", job=self._work.name).add(record.size_bytes)
            self._meter.settle(done=1)
        else:
            record = self._keep_failure(shard, settled, outcome, manifest)
        status = record.status.replace(" ", "_")
        self._registry.counter("job_shards_total", job=self._work.name, status=status).add()
        self._registry.counter("job_retries_total", job=self._work.name).add(settled.attempts - 1)
        self._registry.timer("job_shard_seconds", job=self._work.name).observe(settled.seconds)

    def _keep_failure(self, shard: Shard, settled: Settled, cause: Cause, manifest: Manifest) -> ShardRecord:
        parts = self._work.parts(shard) if settled.is_memory and shard.depth < _SPLITS else []
        record = ShardRecord(
            shard.key, shard.label, "split" if parts else "set aside", settled.attempts, settled.seconds,
            cause=cause, parts=tuple(part.key for part in parts),
        )  # fmt: skip
        manifest.add(record)
        if parts:
            self._go_on_with(parts)
        else:
            _log.warning("shard %s of job %s is set aside: %s: %s", shard.label, self._work.name, *cause[:2])
            self._meter.settle(failed=1)
        return record


def _read(shards: Iterator[Shard]) -> Shard | None:
    """Next shard of an iterator that may be somebody else's."""
    try:
        return next(shards, None)
    except OSError as error:  # not to be taken for one of the job's own files
        raise StoppedError(f"its items cannot be read: {error}") from error
