"""A recorder whose time is set by hand, and who reads nothing of the machine."""

from __future__ import annotations

import pytest

from gamebook_lab.telemetry import Registry
from gamebook_lab.telemetry.recording import Recorder
from gamebook_lab.telemetry.settings import Settings


class Time:
    """Monotonic and wall clock that go together."""

    def __init__(self, wall: float) -> None:
        self.wall_seconds = wall
        self.seconds = 5_000.0

    def clock(self) -> float:
        return self.seconds

    def wall(self) -> float:
        return self.wall_seconds

    def go(self, seconds: float = 1.0) -> None:
        self.seconds += seconds
        self.wall_seconds += seconds


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def moments():
    import time

    # a whole minute, a quarter of an hour ago: what is recorded then is in the past when it is read
    return Time(float(int(time.time()) // 60 * 60 - 900))


@pytest.fixture
def recorder(tmp_path, registry, moments):
    made = Recorder(
        tmp_path, Settings(), registry=registry, instruments=[], clock=moments.clock, wall=moments.wall
    )  # fmt: skip
    made.open()
    yield made
    made.stop()
