from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from gamebook_lab.errors import JobStoppedError, PoolError
from gamebook_lab.parallel.jobs import Job
from gamebook_lab.parallel.progress import Meter, duration
from gamebook_lab.parallel.submits import InProcess
from gamebook_lab.parallel.terminal import drawn, show


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_meter__rate_and_time_left(clock):
    meter = Meter("paths", 100, clock=clock)
    for _ in range(20):
        meter.skip()
    meter.turn("running")
    assert meter.now().seconds_left is None
    for _ in range(10):
        clock.now += 0.5
        meter.settle(done=1)
    now = meter.now()
    assert (now.done, now.skipped, now.rate, now.seconds_left) == (30, 20, 2.0, 35.0)
    assert now.line() == "paths: 30 of 100 shards, 2.0 a second, 35 s left"


def test_meter__rate_forgets_what_is_long_ago(clock):
    meter = Meter("paths", 1000, clock=clock)
    meter.turn("running")
    for step in (0.1, 1.0):
        for _ in range(100):
            clock.now += step
            meter.settle(done=1)
    assert meter.now().rate == pytest.approx(1.0)
    clock.now += 60
    assert meter.now().rate == 0
    assert meter.now().seconds_left is None


def test_meter__time_that_it_was_paused_does_not_count(clock):
    meter = Meter("paths", 10, clock=clock)
    meter.turn("running")
    clock.now += 1
    meter.settle(done=2)
    meter.turn("paused")
    assert meter.now().line() == "paths: 2 of 10 shards, paused"
    clock.now += 20
    meter.turn("running")
    clock.now += 1
    meter.settle(done=4)
    assert meter.now().rate == 4


def test_meter__many_shards_a_second(clock):
    meter = Meter("paths", None, clock=clock)
    meter.turn("running")
    for _ in range(20_000):
        clock.now += 0.001
        meter.settle(done=1)
    assert meter.now().rate == pytest.approx(1000, rel=0.01)
    assert meter.now().line() == "paths: 20,000 of ? shards, 1,000 a second"
    assert meter.now().share is None


def test_meter__end(clock):
    meter = Meter("paths", 2, clock=clock)
    meter.turn("running")
    meter.settle(done=1, failed=1)
    clock.now = 125
    meter.turn("done")
    clock.now = 1000
    assert meter.now().line() == "paths: 1 of 2 shards, 1 set aside, done after 2 min 5 s"
    assert meter.now().share == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3599.4, "59 min 59 s"), (12_000, "3 h 20 min")],
)
def test_duration__words(seconds, words):
    assert duration(seconds) == words


def console(**options):
    return Console(file=io.StringIO(), width=120, **options)


@pytest.mark.parametrize("total", [None, 0, 3])
def test_terminal__draws_any_moment(total, clock):
    meter = Meter("a", total, clock=clock)
    for state in ("waiting", "running", "paused", "stopped"):
        meter.turn(state)
        screen = console()
        screen.print(drawn(meter.now()))
        assert meter.now().line() in screen.file.getvalue()


@pytest.mark.parametrize("is_terminal", [True, False])
def test_terminal__shows_a_job_until_its_end(jobs, calls, tmp_path, is_terminal):
    screen = console(force_terminal=is_terminal)
    job = Job("squares", jobs.square, range(5), {"folder": str(calls)})
    assert show(job.start(workspace=tmp_path), screen).is_complete
    output = screen.file.getvalue()
    assert re.search(r"squares: 5 of 5 shards, done after \d+ s", output)
    if not is_terminal:
        assert output.count("squares") == 1


def test_terminal__job_that_stops(jobs, calls, tmp_path):
    class Broken(InProcess):
        def submit(self, function, /, *args, **options):
            raise PoolError("gone")

    job = Job("squares", jobs.square, range(5), {"folder": str(calls)})
    with pytest.raises(JobStoppedError):
        show(job.start(Broken(), tmp_path), console())
