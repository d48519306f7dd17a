"""The recorder as a whole: what happens shows in store, alert, log and notice within 3 s, and relief acts."""

from __future__ import annotations

import logging
import threading

import pytest

from gamebook_lab import telemetry
from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.delivery import Watchers
from gamebook_lab.telemetry.instruments import Machine, Processes
from gamebook_lab.telemetry.recording import Recorder
from gamebook_lab.telemetry.relief import Reliefs
from gamebook_lab.telemetry.rules import AlertLevel
from gamebook_lab.telemetry.settings import Settings
from tests.patience import PATIENCE


@pytest.fixture
def told():
    """Watchers, the notices that they were given, and an event for each new one."""

    class Told(Watchers):
        def __init__(self):
            super().__init__()
            self.notices, self.event = [], threading.Event()
            self.add(lambda notice: (self.notices.append(notice), self.event.set()))

    return Told()


@pytest.fixture
def run(tmp_path, registry, moments, told):
    reliefs = Reliefs(registry)
    made = Recorder(
        tmp_path, Settings(), registry=registry, watchers=told, reliefs=reliefs, instruments=[],
        clock=moments.clock, wall=moments.wall,
    )  # fmt: skip
    made.open()
    made.reliefs = reliefs
    yield made
    made.stop()


def pass_seconds(run, moments, n, each=lambda: None):
    for _ in range(n):
        each()
        moments.go()
        run.tick()


def test_memory__shows_in_store_alert_log_notice_and_relief_within_three_seconds(
    run, moments, registry, told, tmp_path
):
    relieved = threading.Event()
    run.reliefs.offer("memory", relieved.set)
    memory = registry.gauge("host_memory_share")
    start = moments.wall()
    pass_seconds(run, moments, 10, lambda: memory.set(0.4))
    pass_seconds(run, moments, 3, lambda: memory.set(0.93))
    assert told.event.wait(PATIENCE)
    assert (told.notices[0].group, told.notices[0].level) == ("memory", "maximum")
    assert relieved.wait(PATIENCE)
    assert telemetry.read("host_memory_share", since=start, folder=tmp_path)["value"].iloc[-1] == 0.93
    (alert,) = run.alerts()
    assert alert.level is AlertLevel.MAXIMUM
    found = telemetry.logs(folder=tmp_path, text="alert changed")
    assert found["fields"].iloc[-1]["rule"] == "memory"


def test_busy_processors__are_told_within_three_seconds(run, moments, registry, told):
    cpu = registry.gauge("host_cpu_share")
    pass_seconds(run, moments, 5, lambda: cpu.set(0.2))
    pass_seconds(run, moments, 3, lambda: cpu.set(1.0))
    assert told.event.wait(PATIENCE)
    assert {(notice.group, notice.level) for notice in told.notices} == {("cpu", "maximum")}


def test_error_storm__is_told_within_three_seconds(run, moments, registry, told):
    errors = registry.counter("errors_total", kind="KeyError")
    pass_seconds(run, moments, 5)
    pass_seconds(run, moments, 3, lambda: errors.add(5))
    assert told.event.wait(PATIENCE)
    assert {notice.group for notice in told.notices} == {"errors"}
    assert told.notices[0].level == "maximum"


def test_stalled_page__is_told_within_three_seconds(run, moments, registry, told):
    silence = registry.gauge("browser_silence_seconds")
    pass_seconds(run, moments, 5, lambda: silence.set(1.0))
    for seconds in (2.0, 3.0):
        pass_seconds(run, moments, 1, lambda seconds=seconds: silence.set(seconds))
    assert told.event.wait(PATIENCE)
    assert told.notices[0].group == "browser"


def test_stall__of_the_interpreter_is_missed_uptime(run, moments, registry):
    pass_seconds(run, moments, 10)
    moments.go(5)
    run.tick()
    snapshot = registry.snapshot()
    assert snapshot.value("probes_total", result="ok") == 11
    assert snapshot.value("probes_total", result="missed") == 4


def test_alerts__history_outlives_the_recorder(run, moments, registry, tmp_path):
    memory = registry.gauge("host_memory_share")
    pass_seconds(run, moments, 5, lambda: memory.set(0.4))
    pass_seconds(run, moments, 5, lambda: memory.set(0.93))
    pass_seconds(run, moments, 70, lambda: memory.set(0.4))
    run.stop()
    found = telemetry.alerts(folder=tmp_path)
    assert found[["rule", "level", "peak_level", "state"]].to_numpy().tolist() == [
        ["memory", "", "maximum", "resolved"]
    ]
    assert (found["ended"] - found["started"]).dt.total_seconds().tolist() == [62]
    assert telemetry.alerts("firing", folder=tmp_path).empty
    with pytest.raises(ValueError, match="state is one of"):
        telemetry.alerts("loud", folder=tmp_path)


def test_alert__of_a_process_that_ended_ended_with_it(run, moments, registry, tmp_path):
    memory = registry.gauge("host_memory_share")
    pass_seconds(run, moments, 10, lambda: memory.set(0.93))
    run.stop()
    assert telemetry.alerts(folder=tmp_path)["state"].tolist() == ["resolved"]


def test_silence__of_what_no_rule_has_is_refused(run):
    with pytest.raises(TelemetryError, match=r"no rule has rule 'memroy'; rules are .*memory"):
        run.silence({"rule": "memroy"}, 60)
    with pytest.raises(TelemetryError, match="no rule has group 'cpus'"):
        run.silence({"group": "cpus"}, 60)


def test_silences__outlive_the_recorder(run, moments, registry, tmp_path):
    number = run.silence({"rule": "memory"}, 3_600, "known").id
    run.stop()
    again = Recorder(tmp_path, Settings(), registry=registry, instruments=[], clock=moments.clock, wall=moments.wall)
    again.open()
    assert [silence.id for silence in again.silences()] == [number]
    again.unsilence(number)
    assert again.silences() == []
    with pytest.raises(TelemetryError, match="no silence"):
        again.unsilence(number)
    again.stop()


def test_instrument__that_fails_stops_no_other(tmp_path, registry, moments, caplog):
    def broken(_):
        raise OSError

    recorder = Recorder(
        tmp_path, Settings(), registry=registry, instruments=[broken, lambda given: given.gauge("pool_workers").set(3)],
        clock=moments.clock, wall=moments.wall,
    )  # fmt: skip
    recorder.open()
    moments.go()
    recorder.tick()
    assert registry.snapshot().value("pool_workers") == 3
    assert "an instrument failed" in caplog.text
    recorder.stop()


def test_series__beyond_the_limit_are_left_out_and_counted(tmp_path, registry, moments):
    recorder = Recorder(
        tmp_path, Settings(max_series=5), registry=registry, instruments=[], clock=moments.clock, wall=moments.wall
    )
    recorder.open()
    for number in range(20):
        registry.gauge("worker_memory_bytes", worker=str(number)).set(1)
    for _ in range(3):
        moments.go()
        recorder.tick()
    assert registry.snapshot().value("telemetry_lost_total", cause="series") >= 3
    recorder.stop()
    assert len(telemetry.series(folder=tmp_path)) <= 5


def test_clock__set_back_or_twice_in_a_second(run, moments):
    pass_seconds(run, moments, 3)
    assert run.tick() is None, "this second was written"
    moments.wall_seconds -= 600
    moments.seconds += 1
    assert run.tick() is not None


def test_stop__writes_what_came_after_the_last_second(run, moments, registry, tmp_path):
    start = moments.wall()
    pass_seconds(run, moments, 3)
    registry.counter("edits_total", kind="edit").add(2)
    run.stop()
    assert telemetry.read("edits_total", since=start, folder=tmp_path)["value"].sum() == 2
    assert telemetry.read("probes_total", since=start, folder=tmp_path)["value"].sum() == 3


def test_file__that_cannot_be_written_for_a_while_loses_nothing(run, moments, registry, tmp_path, monkeypatch):
    import apsw

    start = moments.wall()
    with monkeypatch.context() as patch:

        def refuse(*_):
            raise apsw.FullError

        patch.setattr(run._writer, "write", refuse)
        pass_seconds(run, moments, 10, registry.counter("edits_total", kind="edit").add)
    pass_seconds(run, moments, 1)
    assert telemetry.read("edits_total", since=start, folder=tmp_path)["value"].sum() == 10


def test_file__that_is_deleted_is_begun_anew_with_what_is_in_force(run, moments, registry, tmp_path):
    registry.gauge("host_memory_share").set(0.9)
    pass_seconds(run, moments, 4)
    silence = run.silence({"rule": "cpu"}, 600.0)
    for file in tmp_path.glob("metrics.sqlite*"):
        file.unlink()
    pass_seconds(run, moments, 3)
    shares = telemetry.read("host_memory_share", since=0, resolution=1, folder=tmp_path)
    assert len(shares) == 3
    assert [alert.rule for alert in run.alerts()] == ["memory"]
    assert [one.id for one in run.silences()] == [silence.id]


def test_file__that_is_damaged_is_put_aside_and_begun_anew(run, moments, registry, tmp_path):
    registry.gauge("host_memory_share").set(0.5)
    pass_seconds(run, moments, 2)
    for file in tmp_path.glob("metrics.sqlite-*"):
        file.unlink()  # what it could be healed from
    damaged = tmp_path / "damaged"
    damaged.write_bytes(b"no metrics" * 1000)
    damaged.replace(tmp_path / "metrics.sqlite")
    pass_seconds(run, moments, 3)
    assert len(telemetry.read("host_memory_share", since=0, resolution=1, folder=tmp_path)) == 3
    assert (tmp_path / "metrics.sqlite.damaged").exists()


def test_file__whose_folder_cannot_be_written_meanwhile_goes_on_when_it_can(run, moments, registry, tmp_path):
    registry.gauge("host_memory_share").set(0.5)
    pass_seconds(run, moments, 1)
    for file in tmp_path.glob("metrics.sqlite*"):
        file.unlink()
    (tmp_path / "metrics.sqlite").mkdir()
    pass_seconds(run, moments, 2)
    (tmp_path / "metrics.sqlite").rmdir()
    pass_seconds(run, moments, 1)
    assert len(telemetry.read("host_memory_share", since=0, resolution=1, folder=tmp_path)) == 3, "they waited"


def test_file__that_another_process_holds_loses_nothing_and_alerts_go_on(run, moments, registry, told, tmp_path):
    from gamebook_lab.telemetry.database import open_to_write

    start = moments.wall()
    memory, edits = registry.gauge("host_memory_share"), registry.counter("edits_total", kind="edit")
    pass_seconds(run, moments, 3, lambda: memory.set(0.4))
    other = open_to_write(tmp_path)
    other.execute("BEGIN IMMEDIATE")
    pass_seconds(run, moments, 4, lambda: (memory.set(0.93), edits.add()))
    assert told.event.wait(PATIENCE)
    other.execute("ROLLBACK")
    other.close()
    pass_seconds(run, moments, 70, lambda: memory.set(0.4))
    assert telemetry.read("edits_total", since=start, folder=tmp_path)["value"].sum() == 4
    assert [alert.state for alert in run.alerts()] == ["resolved"]
    assert registry.snapshot().value("telemetry_lost_total", cause="write") == 0


def test_instruments__of_this_machine(registry):
    machine, processes = Machine(), Processes("kernel", {"gone": 999_999_999})
    for _ in range(2):
        machine(registry)
        processes(registry)
    snapshot = registry.snapshot()
    assert 0 <= snapshot.value("host_cpu_share") <= 1
    assert 0 < snapshot.value("host_memory_share") < 1
    assert snapshot.value("process_memory_bytes", process="kernel") > 2**20
    assert snapshot.get("process_memory_bytes", process="gone") is None
    assert {sample.name for sample in snapshot.samples} <= CATALOGUE.keys()


def test_process__that_ends_is_no_longer_shown(registry):
    followed = {}
    processes = Processes("kernel", followed)
    import os

    followed["explorer"] = os.getpid()
    processes(registry)
    assert registry.snapshot().get("process_memory_bytes", process="explorer") is not None
    followed.clear()
    processes(registry)
    assert registry.snapshot().get("process_memory_bytes", process="explorer") is None


@pytest.fixture
def started(tmp_path):
    yield telemetry.start(tmp_path)
    telemetry.stop()


def test_start__is_one_recorder_for_the_process(started, tmp_path):
    assert telemetry.start() is started
    assert telemetry.start(tmp_path) is started
    assert telemetry.recorder() is started
    with pytest.raises(TelemetryError, match=r"stop\(\) first"):
        telemetry.start(tmp_path / "other")
    assert telemetry.start(settings=Settings()) is started
    with pytest.raises(TelemetryError, match="other settings"):
        telemetry.start(settings=Settings(max_series=7))
    telemetry.stop()
    assert telemetry.recorder() is None
    telemetry.stop()


def test_start__records_on_its_own(started, tmp_path):
    seen = threading.Event()
    end = threading.Event()

    def look(_):
        seen.set()

    started._instruments.append(look)
    assert seen.wait(PATIENCE)
    end.set()
    telemetry.stop()
    assert not telemetry.series(folder=tmp_path).empty


def test_off__records_nothing(monkeypatch):
    monkeypatch.setenv("GAMEBOOK_TELEMETRY", "off")
    assert not telemetry.start().is_running
    assert telemetry.recorder() is None
    with pytest.raises(TelemetryError, match="nothing is recorded now"):
        telemetry.acknowledge(1)


def test_manager__shows_its_group(started):
    manager = telemetry.MemoryAlertManager()
    assert manager.thresholds["memory"] == {"warning": 0.6, "critical": 0.7, "maximum": 0.8}
    assert manager.level is AlertLevel.NORMAL
    assert manager.alerts("resolved").empty
    number = manager.silence(for_="1h")
    assert telemetry.silences()["id"].tolist() == [number]
    manager.acknowledge()
    with pytest.raises(ValueError, match="no rule is of group 'weather'; there are breakers"):
        telemetry.AlertManager("weather")
    for kind in ("Cpu", "Response", "Browser", "Error", "Uptime"):
        assert getattr(telemetry, f"{kind}AlertManager")().rules


def test_logging__ends_with_the_recorder(run):
    handlers = len(logging.getLogger("gamebook_lab").handlers)
    run.stop()
    assert len(logging.getLogger("gamebook_lab").handlers) == handlers - 1
