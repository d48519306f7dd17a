"""Which tasks the pool hands in again; Dask's client is a stand-in here."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from gamebook_lab.parallel.memory import MemoryManager
from gamebook_lab.parallel.queue import TaskQueue
from gamebook_lab.parallel.runner import Runner
from gamebook_lab.parallel.status import Sample, WorkerStatus
from gamebook_lab.parallel.task import Task
from tests.asynchronous import run

FREE = WorkerStatus("tcp://127.0.0.1:1", 1, 0, 2**30, 0.0, "running", 1)


class AskedScheduler:
    def __init__(self, given: list[str], done: list[str]) -> None:
        self.given, self.done = given, done

    async def processing(self, workers: object) -> dict[str, list[str]]:
        assert workers is None
        return {FREE.address: self.given}

    async def who_has(self, keys: list[str]) -> dict[str, list[str]]:
        return {key: [FREE.address] if key in self.done else [] for key in keys}


async def _handed_in(given: list[str], done: list[str], *, is_local: bool, n_starts: int) -> bool:
    queue: TaskQueue[Task] = TaskQueue(10)

    def no_cluster(_hear: object) -> Any:
        raise AssertionError

    runner = Runner(no_cluster, queue, MemoryManager(2**30), lambda _: None)
    runner._cluster = SimpleNamespace(is_local=is_local)  # type: ignore[assignment]
    runner._client = SimpleNamespace(scheduler=AskedScheduler(given, done))
    task = Task("square", b"", n_starts=n_starts)
    task.run = asyncio.create_task(asyncio.sleep(3_600))
    runner._running["square#1"] = task  # handed in at 0: long ago
    runner._hear(Sample((FREE,), 1))
    await asyncio.gather(*runner._aside)
    await asyncio.sleep(0)
    is_again = queue.take() is task
    assert task.run.cancelled() == is_again
    task.run.cancel()
    return is_again


@pytest.mark.parametrize(
    ("given", "done", "is_local", "n_starts", "is_again"),
    [
        ([], [], True, 0, True),
        # it was begun, on a worker that was lost
        ([], [], True, 1, True),
        # the worker is slow to begin, for others use the processors, or the supervisor ends it
        (["square#1"], [], True, 0, False),
        ([], ["square#1"], True, 1, False),
        # nobody here could end that worker
        (["square#1"], [], False, 0, True),
        (["square#1"], [], False, 1, False),
    ],
)
def test_unattended__handed_in_again_if_nobody_has_it(
    given: list[str], done: list[str], is_local: bool, n_starts: int, is_again: bool
) -> None:
    assert run(_handed_in(given, done, is_local=is_local, n_starts=n_starts)) == is_again
