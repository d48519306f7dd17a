"""Real pressure on a real pool: it shows in the store and in an alert within 3 s, and relief acts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pandas as pd
import pytest

from gamebook_lab import telemetry
from gamebook_lab.parallel import WorkerPool
from gamebook_lab.telemetry.settings import Settings
from tests.patience import PATIENCE
from tests.telemetry.soak import hold


@pytest.fixture
def started(tmp_path):
    made = Settings()
    # below the 80 % at which Dask pauses a worker, whose task would then be taken from it
    rule = replace(made.rules["pool_memory"], warning=0.45, critical=0.50, maximum=0.55)
    telemetry.start(tmp_path, settings=replace(made, rules={"pool_memory": rule}))
    yield tmp_path
    telemetry.stop()


def test_task_that_fills_memory__is_seen_and_relieved(started):
    told, dropped = threading.Event(), threading.Event()
    end_watch = telemetry.watch(lambda notice: told.set() if notice.level == "maximum" else None)
    with WorkerPool(maximum=1, memory_limit="500MB", cpu_limit=1.0) as pool:
        pool.memory.drop_when_short(dropped.set)
        task = pool.submit(hold, 170_000_000, PATIENCE, started / "enough")
        assert told.wait(PATIENCE)
        assert dropped.wait(PATIENCE)
        (started / "enough").touch()
        assert task.result(PATIENCE) > 0
    end_watch()
    (alert,) = telemetry.alerts()[["rule", "peak_level", "started"]].itertuples(index=False)
    assert (alert.rule, alert.peak_level) == ("pool_memory", "maximum")
    memory = telemetry.read("pool_memory_share", since="10min")
    first = memory.loc[memory["value"] >= 0.55, "time"].iloc[0]
    # counted in the record, not by this test's clock: a machine that is late records late
    n_looks = (memory["time"] >= first) & (memory["time"] + pd.Timedelta("1s") <= alert.started)
    assert n_looks.sum() <= 3
    assert telemetry.read("worker_memory_bytes", since="10min")["worker"].unique().tolist() == ["0"]
    assert "cluster" in set(telemetry.read("process_memory_bytes", since="10min")["process"])
    telemetry.stop()
    tasks = telemetry.read("pool_tasks_total", since="10min", resolution="10min", folder=started)
    assert tasks.groupby("result")["value"].sum().to_dict() == {"done": 1}


def test_workers__are_fewer_for_a_while_when_relief_asks_for_it():
    with WorkerPool(minimum=1, maximum=2, memory_limit="800MB", cpu_limit=1.0) as pool:
        two, one = threading.Event(), threading.Event()

        def look(what):
            n_workers = getattr(what, "target", 0)
            if n_workers == 2:
                two.set()
            elif two.is_set() and n_workers == 1:
                one.set()

        pool.watch(look)
        tasks = [pool.submit(time.sleep, 0.3) for _ in range(120)]
        assert two.wait(PATIENCE)
        pool.ease()
        assert one.wait(PATIENCE)
        for task in tasks:
            task.cancel()


def test_busy_loops_and_a_storm_of_errors__are_in_record_alert_log_and_notice(tmp_path):
    rules = {name: Settings().rules[name] for name in ("cpu", "error_storm")}
    told = {"cpu": threading.Event(), "errors": threading.Event()}
    telemetry.start(tmp_path, settings=replace(Settings(), rules=rules))
    end_watch = telemetry.watch(lambda notice: told[notice.group].set() if notice.level == "maximum" else None)
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        assert told["cpu"].wait(PATIENCE)
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
    telemetry.metrics.counter("errors_total", kind="EditError").add(10)
    assert told["errors"].wait(PATIENCE)
    end_watch()
    telemetry.stop()
    alerts = telemetry.alerts(folder=tmp_path)
    assert alerts.set_index("rule")["peak_level"].to_dict() == {"cpu": "maximum", "error_storm": "maximum"}
    assert telemetry.read("host_cpu_share", since="10min", folder=tmp_path)["value"].max() >= rules["cpu"].maximum
    logged = telemetry.logs(folder=tmp_path, text="alert changed")["fields"]
    assert {"cpu", "error_storm"} <= {fields["rule"] for fields in logged}
