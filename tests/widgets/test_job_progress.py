from __future__ import annotations

import threading

import pytest
from ipywidgets.widgets.widget import _instances

from gamebook_lab.parallel.progress import Meter
from gamebook_lab.widgets.job_progress import REFRESH_SECONDS, JobProgress


class FakeRun:
    """A job whose progress a test sets."""

    def __init__(self, clock):
        self.meter = Meter("paths <b>", 10, clock=clock)
        self.watchers, self.heard = [], []

    @property
    def progress(self):
        return self.meter.now()

    def watch(self, callback):
        self.watchers.append(callback)
        return lambda: self.watchers.remove(callback)

    def tell(self):
        for watcher in self.watchers:
            watcher(self.progress)

    def turn(self, state):
        self.heard.append(state)
        self.meter.turn("running" if state == "resume" else "paused" if state == "pause" else "stopped")
        self.tell()

    def pause(self):
        self.turn("pause")

    def resume(self):
        self.turn("resume")

    def cancel(self):
        self.turn("cancel")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def run(clock):
    made = FakeRun(clock)
    made.meter.turn("running")
    return made


@pytest.fixture
def widget(run, clock):
    made = JobProgress(run, clock=clock)
    yield made
    made.close()


def test_job_progress__follows_the_job(run, clock, widget):
    clock.now += 1
    run.meter.settle(done=4, failed=1)
    run.tell()
    assert widget.bar.value == 500
    assert widget.words.value == "paths <b>: 4 of 10 shards, 1 set aside, 5.0 a second, 1 s left"
    run.meter.settle(done=5)
    run.meter.turn("done")
    run.tell()
    assert widget.bar.value == 1000
    assert widget.bar.bar_style == "warning"
    assert widget.pause_button.disabled
    assert widget.cancel_button.disabled


def test_job_progress__does_not_flood_the_browser(run, clock, widget, monkeypatch):
    class Held(threading.Timer):
        """Is over when the test says so: the clock of all else here is the test's, too."""

        def run(self):
            self.finished.wait()

    monkeypatch.setattr("gamebook_lab.widgets.job_progress.threading.Timer", Held)
    changes = []
    widget.words.observe(lambda change: changes.append(change.new), "value")
    for _ in range(1_000):
        clock.now += REFRESH_SECONDS / 99
        run.meter.skip()
        run.tell()
    assert len(changes) <= 12
    widget._late.cancel()
    widget._catch_up()
    assert "1,000 of 10 shards" in changes[-1]


def test_job_progress__buttons(run, widget):
    widget.pause_button.click()
    assert widget.pause_button.description == "Resume"
    widget.pause_button.click()
    assert widget.pause_button.description == "Pause"
    widget.cancel_button.click()
    assert run.heard == ["pause", "resume", "cancel"]
    assert widget.bar.bar_style == "danger"


def test_job_progress__a_late_thread_does_not_undo_the_end(run, clock, widget):
    early = run.progress
    run.meter.turn("done")
    run.tell()
    clock.now += 10
    widget._hear(early)
    assert widget.cancel_button.disabled


def test_job_progress__closing_leaves_no_comm_and_no_watcher(run, clock):
    before = set(_instances)
    widget = JobProgress(run, clock=clock)
    widget.close()
    assert run.watchers == []
    assert set(_instances) == before
