"""What is written can be read: at each resolution, by several processes, after a kill and with a damaged file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pandas as pd
import pytest

from gamebook_lab import telemetry
from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.database import open_to_write, rows_of
from gamebook_lab.telemetry.recording import Recorder
from gamebook_lab.telemetry.retention import Retention, clean
from gamebook_lab.telemetry.settings import Settings


def record(recorder, registry, moments, seconds, each=lambda second: None):
    """Let seconds pass, in each of which something is done."""
    for second in range(seconds):
        each(second)
        moments.go()
        recorder.tick()


def test_read__raw_seconds(recorder, registry, moments, tmp_path):
    start = moments.wall()
    record(recorder, registry, moments, 5, lambda second: registry.gauge("pool_workers").set(second))
    found = telemetry.read("pool_workers", since=start, folder=tmp_path)
    assert found["value"].tolist() == [0, 1, 2, 3, 4]
    assert found["time"].iloc[0] == pd.Timestamp(start, unit="s", tz="UTC")
    assert str(found["time"].dtype) == "datetime64[us, UTC]"


@pytest.mark.parametrize("resolution", ["10s", "30s", "1min", "5min", 7])
def test_read__coarser_is_the_same_as_all_values_at_once(recorder, registry, moments, tmp_path, resolution):
    draw = np.random.default_rng(1)
    seen = [list(draw.lognormal(-4, 1, size=8)) for _ in range(305)]
    timer = registry.timer("response_seconds", action="edit")
    start = moments.wall()
    record(recorder, registry, moments, 305, lambda second: [timer.observe(value) for value in seen[second]])
    found = telemetry.read("response_seconds", since=start, folder=tmp_path, resolution=resolution)
    assert found["n"].sum() == 305 * 8
    length = pd.Timedelta(resolution).total_seconds() if isinstance(resolution, str) else resolution
    for row in found.itertuples():
        first = row.time.timestamp() - start
        inside = np.concatenate([seen[second] for second in range(305) if first <= second < first + length])
        assert row.n == len(inside)
        assert row.p95 == pytest.approx(np.quantile(inside, 0.95, method="lower"), rel=0.0101)
        assert row.mean == pytest.approx(inside.mean())


def test_read__counters_have_zeros_where_recorded_and_nothing_elsewhere(recorder, registry, moments, tmp_path):
    start = moments.wall()
    record(recorder, registry, moments, 4)
    record(recorder, registry, moments, 2, lambda second: registry.counter("edits_total", kind="edit").add(3))
    record(recorder, registry, moments, 4)
    found = telemetry.read("edits_total", since=start, folder=tmp_path)
    assert found["value"].tolist() == [0, 0, 0, 0, 3, 3, 0, 0, 0, 0]
    whole = telemetry.read("edits_total", since=start, folder=tmp_path, resolution="10s")
    assert (whole["value"].tolist(), whole["rate"].tolist(), whole["kind"].tolist()) == ([6], [0.6], ["edit"])


def test_read__labels_are_columns_and_can_be_chosen(recorder, registry, moments, tmp_path):
    start = moments.wall()
    for worker in ("0", "1"):
        registry.gauge("worker_memory_bytes", worker=worker).set(int(worker))
    record(recorder, registry, moments, 2)
    found = telemetry.read("worker_memory_bytes", since=start, folder=tmp_path)
    assert found[["worker", "value"]].to_numpy().tolist() == [["0", 0], ["0", 0], ["1", 1], ["1", 1]]
    assert len(telemetry.read("worker_memory_bytes", since=start, labels={"worker": "1"}, folder=tmp_path)) == 2
    assert telemetry.read("worker_memory_bytes", since=start, labels={"worker": "9"}, folder=tmp_path).empty


def test_read__a_metric_that_nobody_has_recorded_yet__is_an_empty_table(recorder, registry, moments, tmp_path):
    record(recorder, registry, moments, 2)
    responses = telemetry.read("response_seconds", folder=tmp_path)
    assert responses.empty
    assert list(responses.columns) == ["time", "action", "n", "min", "max", "mean", "p50", "p95", "p99"]


def test_read__unknown_name_or_no_file(recorder, registry, moments, tmp_path):
    record(recorder, registry, moments, 2)
    with pytest.raises(TelemetryError, match=r"no metric 'nope' was recorded; there are .*telemetry_series"):
        telemetry.read("nope", folder=tmp_path)
    with pytest.raises(TelemetryError, match="nothing was recorded in"):
        telemetry.read("pool_workers", folder=tmp_path / "elsewhere")
    assert telemetry.series(folder=tmp_path / "elsewhere").empty
    assert telemetry.runs(folder=tmp_path / "elsewhere").empty


@pytest.mark.parametrize(
    "bad", [{"since": "yesterday-ish"}, {"resolution": "0s"}, {"resolution": 0.5}, {"since": True}]
)
def test_read__bad_times(recorder, registry, moments, tmp_path, bad):
    record(recorder, registry, moments, 1)
    with pytest.raises(ValueError, match=r"like|second"):
        telemetry.read("telemetry_series", folder=tmp_path, **bad)


def test_retention__old_seconds_go_and_their_rollups_stay(tmp_path, registry, moments):
    kept = Retention(raw_seconds=60, ten_seconds=300, minute_seconds=86_400)
    recorder = Recorder(
        tmp_path, Settings(retention=kept), registry=registry, instruments=[], clock=moments.clock, wall=moments.wall
    )
    recorder.open()
    start = moments.wall()
    record(recorder, registry, moments, 600, lambda second: registry.counter("edits_total", kind="edit").add())
    recorder.stop()
    connection = open_to_write(tmp_path)
    ((raw,),) = rows_of(connection, "SELECT min(time) FROM raw")
    ((ten,),) = rows_of(connection, "SELECT min(time) FROM ten")
    assert raw >= start + 600 - 60 - 61
    assert ten >= start + 600 - 300 - 61
    connection.close()
    for resolution in ("1min", "10min"):
        found = telemetry.read("edits_total", since=start, folder=tmp_path, resolution=resolution)
        assert found["value"].sum() == 600


def test_size__the_oldest_days_go_first(tmp_path):
    connection = open_to_write(tmp_path)
    now = 1_700_000_000
    connection.execute("INSERT INTO writers VALUES (1, 's', 'kernel', 1, ?, ?, 1, ?, ?)", (now, now, now, now))
    connection.execute("INSERT INTO series VALUES (1, 'host_cpu_share', 'gauge', '{}')")
    rows = [(1, now - minute * 60, 1, 60, 1.0, 0.0, 1.0, 1.0, b"x" * 500) for minute in range(10_000)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO minute VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    for _ in range(10):
        clean(connection, Retention(max_bytes=2**21), now)
    ((oldest, newest),) = rows_of(connection, "SELECT min(time), max(time) FROM minute")
    pages = connection.pragma("page_count") - connection.pragma("freelist_count")
    assert pages * connection.pragma("page_size") <= 2**21
    assert newest == now
    assert oldest > now - 10_000 * 60
    connection.close()


def test_two_processes__share_a_file(tmp_path, moments):
    recorders, registries = [], []
    for process in ("kernel", "explorer"):
        registry = telemetry.Registry()
        made = Recorder(
            tmp_path,
            Settings(),
            process=process,
            registry=registry,
            instruments=[],
            clock=moments.clock,
            wall=moments.wall,
        )
        made.open()
        recorders.append(made)
        registries.append(registry)
    start = moments.wall()
    for _ in range(20):
        for place, registry in enumerate(registries):
            registry.counter("edits_total", kind="edit").add()
            registry.timer("kernel_seconds", action="edit").observe(1.0 + place)
        moments.go()
        for made in recorders:
            made.tick()
    found = telemetry.read("edits_total", since=start, folder=tmp_path, resolution="10s")
    assert found["value"].tolist() == [20, 20]
    spread = telemetry.read("kernel_seconds", since=start, folder=tmp_path, resolution="10s")
    assert spread[["n", "min", "max"]].to_numpy().tolist() == [[20, 1, 2], [20, 1, 2]]
    alone = telemetry.read("edits_total", since=start, folder=tmp_path, session=recorders[1].session)
    assert alone["value"].sum() == 20
    assert set(telemetry.runs(folder=tmp_path)["process"]) == {"kernel", "explorer"}
    for made in recorders:
        made.stop()


def test_file__of_garbage_is_put_aside(tmp_path, registry, moments):
    (tmp_path / "metrics.sqlite").write_bytes(b"this is no database " * 500)
    recorder = Recorder(tmp_path, Settings(), registry=registry, instruments=[], clock=moments.clock, wall=moments.wall)
    recorder.open()
    record(recorder, registry, moments, 2)
    recorder.stop()
    assert (tmp_path / "metrics.sqlite.damaged").exists()
    assert not telemetry.series(folder=tmp_path).empty


def test_file__of_a_later_version_is_left_alone(tmp_path, registry):
    connection = open_to_write(tmp_path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(TelemetryError, match="version 99"):
        Recorder(tmp_path, Settings(), registry=registry, instruments=[]).open()
    with pytest.raises(TelemetryError, match="version 99"):
        telemetry.series(folder=tmp_path)


def test_folder__that_cannot_be_written(tmp_path, registry):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(TelemetryError, match="cannot be written"):
        Recorder(tmp_path / "file" / "below", Settings(), registry=registry, instruments=[]).open()


KILLED = """
    import sys, time
    from gamebook_lab import telemetry
    recorder = telemetry.start(sys.argv[1])
    beats = telemetry.metrics.counter("edits_total", kind="edit")
    n = 0
    recorder._instruments.append(lambda _: print("look", n, flush=True))
    while True:
        beats.add()
        n += 1
        time.sleep(0.02)
"""


def test_kill_9__loses_what_came_since_the_last_look_but_one_and_leaves_the_file_readable(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "GAMEBOOK_TELEMETRY": str(tmp_path)},
    )  # fmt: skip
    start, looks = time.time(), []
    for line in process.stdout:
        looks.append(int(line.split()[1]))  # how often was beaten when it looked; it does so once a second
        if len(looks) == 5:
            process.send_signal(signal.SIGKILL)
            break
    looks += [int(line.split()[1]) for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    process.wait()
    process.stdout.close()
    found = telemetry.read("edits_total", since=start - 5, until=time.time() + 5, folder=tmp_path)
    assert found["value"].sum() >= looks[-2] > 0
    with telemetry.reading.opened(tmp_path) as connection:
        assert rows_of(connection, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("late", [0, 12, 24, 500])  # seconds: the next session begins amid intervals of any length
def test_kill_9__the_next_session_goes_on_and_counts_what_was_missed(tmp_path, moments, late):
    moments.go(late)
    lost = Recorder(
        tmp_path, Settings(), registry=telemetry.Registry(), instruments=[], clock=moments.clock, wall=moments.wall
    )
    lost.open()
    start = moments.wall()
    for _ in range(25):
        moments.go()
        lost.tick()
    # as a kill leaves it: no process of this number, nothing rolled up beyond 20 s, not marked as stopped
    lost._writer.connection.execute("UPDATE writers SET pid = 999999999")
    lost._writer.connection.close()
    moments.go(40)
    registry = telemetry.Registry()
    next_one = Recorder(tmp_path, Settings(), registry=registry, instruments=[], clock=moments.clock, wall=moments.wall)
    next_one.open()
    for _ in range(3):
        moments.go()
        next_one.tick()
    next_one.stop()
    for resolution in ("1s", "10s", "1min", "10min"):
        found = telemetry.read("probes_total", since=start, folder=tmp_path, resolution=resolution)
        assert found.groupby("result")["value"].sum().to_dict() == {"missed": 40, "ok": 28}, resolution
    states = telemetry.runs(folder=tmp_path).set_index("session")["ended"].to_dict()
    assert states == {lost.session: "lost", next_one.session: "stopped"}
