"""The one table of everything that a dashboard shows."""

from __future__ import annotations

import math

import pytest

from gamebook_lab.telemetry import alerts, objectives, read
from gamebook_lab.telemetry.overview import OVERVIEW_COLUMNS, overview, step_of
from gamebook_lab.telemetry.recording import Recorder
from gamebook_lab.telemetry.registry import Registry
from gamebook_lab.telemetry.sample_run import record_sample_run

START = 1_800_000_000


@pytest.fixture
def clock():
    return [float(START)]


@pytest.fixture
def registry():
    return Registry()


@pytest.fixture
def second(tmp_path, registry, clock):
    """Lets one second pass, and records it."""
    recorder = Recorder(tmp_path, registry=registry, instruments=[], clock=lambda: clock[0], wall=lambda: clock[0])
    recorder.open()

    def tick():
        clock[0] += 1
        recorder.tick()

    yield tick
    recorder.stop()


def test_overview__is_in_percent_and_milliseconds(tmp_path, registry, second):
    registry.gauge("host_cpu_share").set(0.25)
    registry.gauge("host_memory_share").set(0.5)
    registry.gauge("host_memory_bytes").set(8e9)
    registry.gauge("process_memory_bytes", process="kernel").set(1.6e9)
    registry.gauge("process_memory_bytes", process="explorer").set(5e9)
    registry.timer("round_trip_seconds").observe(0.02)
    second()
    (row,) = overview(since=START, until=START + 10, folder=tmp_path).to_dict("records")
    assert row["cpu_host"] == 25
    assert row["memory_host"] == 50
    assert row["memory_kernel"] == pytest.approx(10), "of the 16 GB that there are"
    assert row["round_trip"] == pytest.approx(20, rel=0.01)
    assert math.isnan(row["workers"]), "there is no pool"


def test_percentiles__of_all_actions_together_are_merged_not_averaged(tmp_path, registry, second):
    for nth in range(100):
        registry.timer("response_seconds", action="often").observe(0.010)
        if nth < 4:
            registry.timer("response_seconds", action="seldom").observe(1.0)
    second()
    (row,) = overview(since=START, until=START + 10, folder=tmp_path).to_dict("records")
    assert row["response_p95"] == pytest.approx(10, rel=0.01)
    assert row["response_p99"] == pytest.approx(1000, rel=0.01)


def test_errors__are_nought_where_none_happened(tmp_path, registry, second):
    for n_errors in (0, 2, 0):
        registry.counter("errors_total", kind="A").add(n_errors / 2)
        registry.counter("errors_total", kind="B").add(n_errors / 2)
        second()
    found = overview(since=START, until=START + 10, folder=tmp_path, columns=["errors_per_minute"])
    assert found["errors_per_minute"].tolist()[-2:] == [120, 0]
    assert list(found) == ["errors_per_minute"]


def test_overview__of_a_folder_without_a_run_is_empty(tmp_path):
    found = overview(folder=tmp_path)
    assert found.empty
    assert list(found) == list(OVERVIEW_COLUMNS)


@pytest.mark.parametrize(
    ("seconds", "step"), [(60, 1), (300, 1), (3600, 10), (86_400, 300), (2_592_000, 3600), (1e8, 10_800)]
)
def test_step__suits_the_time(seconds, step):
    assert step_of(seconds) == step


def test_sample_run__shows_each_incident(tmp_path):
    session = record_sample_run(tmp_path, minutes=10, until=START)
    where = {"since": START - 600, "until": START, "folder": tmp_path}
    found = overview(**where)
    assert found.notna().any().all(), "every chart has something to show"
    assert found["memory_host"].max() > 80
    assert found["fps_lowest"].min() < 1
    assert found["errors_per_minute"].max() > 0
    assert {"memory", "errors", "error_storm"} & set(alerts(folder=tmp_path)["rule"])
    judged = objectives("10min", until=START, folder=tmp_path)
    assert (judged["state"] != "no data").all()
    assert set(read("probes_total", **where)["result"]) == {"ok"}
    assert session


def test_sample_run__is_the_same_every_time(tmp_path):
    for name in ("a", "b"):
        record_sample_run(tmp_path / name, minutes=1, until=START)
    first, again = (overview(since=START - 60, until=START, folder=tmp_path / name) for name in ("a", "b"))
    assert first.equals(again)
