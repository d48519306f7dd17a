"""What the supervisor mends after several losses at once; Dask's parts are stand-ins here."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from distributed.core import Status
from distributed.scheduler import Scheduler as DaskScheduler

from gamebook_lab.parallel import supervisor as module
from gamebook_lab.parallel.patience import Patience, Seen
from gamebook_lab.parallel.scaling import Policy
from gamebook_lab.parallel.status import Sample, WorkerStatus
from gamebook_lab.parallel.supervisor import Supervisor
from tests.asynchronous import run

LOST = "tcp://127.0.0.1:1"
WORKING = "tcp://127.0.0.1:2"
LOOKS = [number / 2 for number in range(200)]


class Scheduler:
    def __init__(self, **workers: str) -> None:
        self.workers = {
            address: SimpleNamespace(name=name, status=Status.running, last_seen=0.0, processing=[])
            for name, address in workers.items()
        }

    async def remove_worker(self, *args: Any, **options: Any) -> None:
        given = inspect.signature(DaskScheduler.remove_worker).bind(self, *args, **options)
        self.workers.pop(given.arguments["address"], None)


class StandInNanny:
    def __init__(self, address: str | None, pid: int | None, status: Status = Status.running) -> None:
        self.worker_address, self.pid, self.status, self.is_closed = address, pid, status, False

    async def close(self, **_options: object) -> None:
        self.is_closed = True


class Stage:
    """A supervisor, whose scheduler and nannies are ``one=address, other=address``, and what it does to them.

    Parameters
    ----------
    is_starved
        Whether its workers wait for a processor all the time.
    is_busy
        Whether they compute all the time.
    """

    def __init__(self, *, is_starved: bool = False, is_busy: bool = False, **workers: str) -> None:
        self.scheduler = Scheduler(**workers)
        self.nannies = {name: StandInNanny(address, 10 + n) for n, (name, address) in enumerate(workers.items())}
        self.killed: list[int] = []
        self.told: list[Any] = []
        self.now = 0.0
        self.made = Supervisor(self.scheduler, Policy(1, 2, 2, 1.0, 1), 2**30, self.told.append)
        self.made._nannies = self.nannies  # type: ignore[assignment]  # names of a test are words
        self.made._patience = Patience(lambda _: Seen(self.now if is_busy else 0.0, is_ready=is_busy or is_starved))
        for address in self.scheduler.workers:
            self.made.joined(address)

    def look(self, times: Iterable[float], *, is_heard: bool = True, share: float = 0.0, **shown: str) -> None:
        """Have it look at these times; ``shown`` are workers and how they are."""

        async def look() -> None:
            for self.now in times:
                for state in self.scheduler.workers.values():
                    state.last_seen += is_heard
                rows = [
                    WorkerStatus(address, nanny.pid or 0, int(100 * share), 100, 0.0, shown[name], 1)
                    for name, nanny in self.nannies.items()
                    if (address := nanny.worker_address) in self.scheduler.workers and name in shown
                ]
                self.made._look_after(Sample(tuple(rows), len(rows), 0.0, None), self.now)
                await asyncio.sleep(0)  # what was begun on the side runs

        run(look())


@pytest.fixture(autouse=True)
def killed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Processes that were killed; the numbers here are nobody's."""
    pids: list[int] = []
    monkeypatch.setattr(module, "_kill", pids.append)
    monkeypatch.setattr(module, "_resident", lambda _: 2**30)
    return pids


def until(seconds: float) -> list[float]:
    return [now for now in LOOKS if now < seconds]


def test_stray__a_worker_that_no_nanny_has_is_removed_or_it_would_be_given_tasks() -> None:
    stage = Stage(one=WORKING, other=LOST)
    del stage.nannies["other"]
    stage.look(until(2.0), one="running")
    assert set(stage.scheduler.workers) == {LOST, WORKING}  # it may have come just now
    stage.look([2.0], one="running")
    assert set(stage.scheduler.workers) == {WORKING}
    assert not [what for what in stage.told if what.kind == "repair-failed"]


def test_stray__a_worker_whose_nanny_does_not_know_its_address_yet_is_none() -> None:
    stage = Stage(one=WORKING)
    stage.nannies["one"].worker_address, stage.nannies["one"].status = None, Status.init
    stage.look(until(10.0), one="running")
    assert set(stage.scheduler.workers) == {WORKING}


def test_absent__a_nanny_whose_worker_does_not_come_back_gives_way_to_another(killed: list[int]) -> None:
    stage = Stage(one=LOST, other=WORKING)
    del stage.scheduler.workers[LOST]
    idle = stage.nannies["one"]
    stage.look(until(15.0), other="running")
    assert not idle.is_closed
    stage.look([15.0, 15.5], other="running")
    assert idle.is_closed
    assert list(stage.nannies) == ["other"]
    assert killed == [10]  # a process that hangs would hold up its nanny's end


def test_absent__a_worker_that_came_back_is_left_alone() -> None:
    stage = Stage(one=WORKING)
    stage.look(until(10.0))
    stage.look([10.0], one="running")
    stage.look([now + 10.5 for now in until(10.0)])
    assert list(stage.nannies) == ["one"]


def test_absent__a_worker_that_is_starved_of_processors_may_take_long_to_start(killed: list[int]) -> None:
    stage = Stage(is_starved=True, one=LOST)
    del stage.scheduler.workers[LOST]
    stage.look(until(90.0))
    assert not killed
    assert list(stage.nannies) == ["one"]
    stage.look([now + 90.0 for now in until(90.0)])
    assert killed == [10]  # at some time it is no excuse


def test_absent__what_workers_are_forked_from_may_take_long_to_load() -> None:
    stage = Stage(one=LOST)
    del stage.scheduler.workers[LOST]
    stage.nannies["one"].pid, stage.nannies["one"].status = None, Status.init
    stage.look(until(90.0))
    assert list(stage.nannies) == ["one"]


@pytest.mark.parametrize(("status", "seconds"), [("paused", 1.5), ("stopped", 1.5)])
def test_worker__that_does_not_mend_itself_is_restarted(killed: list[int], status: str, seconds: float) -> None:
    stage = Stage(one=WORKING)
    stage.look(until(seconds), one=status)
    assert not killed
    stage.look([seconds, seconds + 0.5], one=status)
    assert killed[0] == 10
    assert stage.told[-1].cause == status


def test_worker__that_is_full_and_not_paused_for_it_is_restarted(killed: list[int]) -> None:
    stage = Stage(one=WORKING)
    stage.look(until(60.0), share=0.84, one="running")
    assert not killed
    stage.look([60.0, 61.0, 62.0], share=0.86, one="running")
    assert killed
    assert stage.told[-1].cause == "paused"


def test_worker__on_its_way_out_is_ended(killed: list[int]) -> None:
    # Dask gives one that met an error of its own, say for want of memory, half a minute
    stage = Stage(one=WORKING)
    stage.scheduler.workers[WORKING].status = Status.closing
    stage.look(until(5.0), one="closing")
    assert killed
    assert stage.told[-1].cause == "leaving"


@pytest.mark.parametrize("is_heard", [True, False])
def test_worker__that_begins_nothing_or_is_not_heard_of_is_restarted(killed: list[int], is_heard: bool) -> None:
    stage = Stage(one=WORKING)
    stage.scheduler.workers[WORKING].processing = ["task"] if is_heard else []
    stage.look(until(5.0), is_heard=is_heard, one="running")
    assert not killed
    stage.look([5.0, 5.5], is_heard=is_heard, one="running")
    assert killed
    assert stage.told[-1].cause == "silent"


def test_worker__that_works_is_left_alone_for_as_long_as_it_takes(killed: list[int]) -> None:
    stage = Stage(one=WORKING)
    stage.scheduler.workers[WORKING].processing = ["task"]
    stage.made.heard(WORKING, "task", is_running=True)
    stage.look(until(60.0), one="running")
    assert not killed
    stage.made.heard(WORKING, "task", is_running=False)
    stage.look([now + 60.0 for now in until(10.0)], one="running")
    assert killed  # as it says, it has ended that one


@pytest.mark.parametrize("how", ["is_starved", "is_busy"])
def test_worker__that_is_starved_or_holds_the_interpreter_is_left_alone(killed: list[int], how: str) -> None:
    stage = Stage(one=WORKING, **{how: True})
    stage.scheduler.workers[WORKING].processing = ["task"]
    stage.look(until(60.0), is_heard=False, one="running")
    assert not killed


def test_left__its_process_is_ended_at_once_for_it_never_joins_again(killed: list[int]) -> None:
    stage = Stage(one=WORKING)
    stage.look([0.0], one="running")
    stage.made.left(WORKING)
    assert killed == [10]
    assert stage.told[-1].cause == "memory"  # it has all its memory, so that is what it fell over


def test_restart__of_a_worker_that_its_nanny_does_not_know_yet(killed: list[int]) -> None:
    stage = Stage(one=WORKING)
    stage.nannies["one"].worker_address = None
    stage.made.restart(WORKING, "timeout")
    assert killed == [10]


def test_held_up_itself__blames_nobody(killed: list[int]) -> None:
    stage = Stage(one=WORKING)
    stage.look([0.0, 0.5, 60.0, 60.5, 120.0], is_heard=False, one="running")
    assert not killed
