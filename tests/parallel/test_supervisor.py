"""What the supervisor mends after several losses at once; Dask's parts are stand-ins here."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from gamebook_lab.parallel.scaling import Policy
from gamebook_lab.parallel.status import Sample, WorkerStatus
from gamebook_lab.parallel.supervisor import Supervisor
from tests.asynchronous import run

LOST = "tcp://127.0.0.1:1"
WORKING = "tcp://127.0.0.1:2"


class Scheduler:
    def __init__(self, *addresses: str) -> None:
        self.workers = dict.fromkeys(addresses)

    async def remove_worker(self, address: str, **_options: object) -> None:
        self.workers.pop(address, None)


class StandInNanny:
    def __init__(self, address: str) -> None:
        self.worker_address, self.pid, self.is_closed = address, 1, False

    async def close(self, **_options: object) -> None:
        self.is_closed = True


def sample(*addresses: str) -> Sample:
    rows = tuple(WorkerStatus(address, 1, 0, 1, 0.0, "running", 1) for address in addresses)
    return Sample(rows, len(rows), 0.0, None)


def supervisor(scheduler: Scheduler, **nannies: Any) -> Supervisor:
    made = Supervisor(scheduler, Policy(1, 2, 2, 1.0, 1), 2**30, SimpleNamespace)
    made._nannies = dict(enumerate(nannies.values()))
    return made


def look(made: Supervisor, seen: Sample, *times: float) -> None:
    async def mend() -> None:
        for now in times:
            made._mend(seen, now)
            await asyncio.sleep(0)  # what was begun on the side runs

    run(mend())


def test_mend__a_worker_that_no_nanny_has_is_removed_or_it_would_be_given_tasks() -> None:
    scheduler = Scheduler(LOST, WORKING)
    made = supervisor(scheduler, one=StandInNanny(WORKING))
    look(made, sample(WORKING), 0.0, 1.0)
    assert set(scheduler.workers) == {LOST, WORKING}  # it may have come just now
    look(made, sample(WORKING), 2.5)
    assert set(scheduler.workers) == {WORKING}


def test_mend__a_nanny_whose_worker_does_not_come_back_gives_way_to_another() -> None:
    idle, working = StandInNanny(LOST), StandInNanny(WORKING)
    made = supervisor(Scheduler(WORKING), one=idle, other=working)
    look(made, sample(WORKING), 0.0, 14.0)
    assert not idle.is_closed
    look(made, sample(WORKING), 15.0)
    assert idle.is_closed
    assert list(made._nannies.values()) == [working]


def test_mend__a_worker_that_came_back_is_left_alone() -> None:
    nanny = StandInNanny(WORKING)
    made = supervisor(Scheduler(WORKING), one=nanny)
    look(made, sample(), 0.0, 10.0)
    look(made, sample(WORKING), 11.0)
    look(made, sample(), 12.0, 20.0)
    assert not nanny.is_closed
