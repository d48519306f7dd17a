"""Edits, jobs and faults for as long as you like, and then what the metrics file says of it.

    python -m tests.telemetry.soak [--minutes 20] [--seed 1] [--folder FOLDER]

An author edits and saves, a job runs on a worker pool, and time and again something goes wrong: workers are killed, a task
fills its memory, processes burn the processors, edits fail in a storm, the interpreter is held, the metrics file is locked,
a process that records too is killed. Prints, all of it read back from the file: the objectives with how many observations
stand behind them, the faults with how many were seen in an alert and how soon, and whether anything of the record is missing.
No browser takes part: responses and frames a second are measured by tests/browser.
"""

# ruff: noqa: T201  # a table in the terminal is what it is for

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import apsw
import pandas as pd

from gamebook_lab import read_story, telemetry
from gamebook_lab.errors import GamebookError
from gamebook_lab.parallel import WorkerPool
from gamebook_lab.parallel.jobs import Job
from gamebook_lab.story import edits
from gamebook_lab.telemetry.database import FILE
from gamebook_lab.telemetry.settings import Settings
from gamebook_lab.widgets.session import StorySession

ROOT = Path(__file__).resolve().parents[2]
POOL = "400MB"
FIRST_FAULT_SECONDS = 8.0


def settings() -> Settings:
    """Those of everybody, but for a pool whose one worker Dask would pause at 80 % before a level is reached."""
    made = Settings()
    pool = replace(made.rules["pool_memory"], warning=0.45, critical=0.50, maximum=0.55, hold_seconds=5.0)
    short = {
        name: replace(made.rules[name], hold_seconds=5.0) for name in ("cpu", "error_storm", "uptime", "workers_lost")
    }
    return replace(made, rules={**made.rules, **short, "pool_memory": pool})


# ---- what goes on


def shard(number: int) -> int:
    """A task of 0.2 s."""
    time.sleep(0.2)
    return number


def hold(n_bytes: int, seconds: float, until: Path | None = None) -> int:
    """A task that fills memory, for so long, or until there is a file."""
    held = bytearray(os.urandom(4096)) * (n_bytes // 4096)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not (until is not None and until.exists()):
        time.sleep(0.05)
    return len(held)


class Author:
    """Edits a story, twice a second, and saves it now and then."""

    def __init__(self, folder: Path, draw: random.Random) -> None:
        self.session = StorySession(read_story(ROOT / "data" / "lighthouse.twee"))
        self.session.save(folder / "story.twee")
        self._draw = draw
        self._n = 0

    def act(self) -> None:
        self._n += 1
        action = "save" if self._n % 20 == 0 else "edit"
        telemetry.metrics.counter("actions_total", action=action).add()
        with telemetry.metrics.timer("kernel_seconds", action=action).time():
            try:
                self.session.save() if action == "save" else self.edit()
            except GamebookError as error:
                self.session.report(error)

    def edit(self) -> None:
        story = self.session.story
        key = self._draw.choice(list(story.table.index))
        text = f"{story.table.at[key, 'text']} And on."
        if self._draw.random() < 0.3:
            self.session.undo()
        else:
            self.session.apply(lambda now: edits.set_text(now, key, text), label="Type")

    def fail(self) -> None:
        names = list(self.session.story.keys_by_name)
        telemetry.metrics.counter("actions_total", action="edit").add()
        try:
            self.session.apply(lambda now: edits.rename_passage(now, names[0], names[1]), label="Rename passage")
        except GamebookError as error:
            self.session.report(error)


# ---- what goes wrong


@dataclass
class Fault:
    """One kind of fault."""

    name: str
    strike: Callable[[], None]
    rule: str = ""
    """Rule whose alert shows it; without one, nothing but the record's being whole."""
    times: list[float] = field(default_factory=list)


class World:
    """All that a fault needs."""

    def __init__(self, folder: Path, pool: WorkerPool, author: Author) -> None:
        self.folder, self.pool, self.author = folder, pool, author
        self.faults = [
            Fault("worker killed", self.kill_worker, "workers_lost"),
            Fault("edits fail in a storm", self.storm, "error_storm"),
            Fault("a task fills memory", self.fill_memory, "pool_memory"),
            Fault("processors burn", self.burn, "cpu"),
            Fault("interpreter held", self.stall, "uptime"),
            Fault("metrics file locked", self.lock_file),
            Fault("recording process killed", self.kill_recorder),
        ]

    def kill_worker(self) -> None:
        for worker in self.pool.status().workers[:1]:
            os.kill(worker.pid, signal.SIGKILL)

    def storm(self) -> None:
        for _ in range(5):
            for _ in range(8):
                self.author.fail()
            time.sleep(0.6)

    def fill_memory(self) -> None:
        with contextlib.suppress(GamebookError):
            self.pool.submit(hold, int(self.pool.memory.limit_bytes * 0.45), 7.0, kind="soak").result(60)

    def burn(self) -> None:
        code = "import time\nend = time.monotonic() + 7\nwhile time.monotonic() < end: pass"
        burners = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(os.cpu_count() or 1)]
        for burner in burners:
            burner.wait()

    def stall(self) -> None:
        end = time.monotonic() + 5
        usual = sys.getswitchinterval()
        sys.setswitchinterval(10)  # no other thread gets a turn
        try:
            while time.monotonic() < end:
                pass
        finally:
            sys.setswitchinterval(usual)

    def lock_file(self) -> None:
        connection = apsw.Connection(str(self.folder / FILE))
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(4)
        connection.execute("ROLLBACK")
        connection.close()

    def kill_recorder(self) -> None:
        code = "import sys, time; from gamebook_lab import telemetry; telemetry.start(sys.argv[1]); print(flush=True); time.sleep(60)"
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(self.folder)], stdout=subprocess.PIPE, cwd=ROOT,
            env={**os.environ, "GAMEBOOK_TELEMETRY": str(self.folder)},
        )  # fmt: skip
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(2)
        child.kill()
        child.wait()
        child.stdout.close()


# ---- the run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the record is kept; a temporary folder without")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary) / "telemetry"
        return soak(folder, Path(temporary), options.minutes * 60, random.Random(options.seed))


def soak(folder: Path, work: Path, seconds: float, draw: random.Random) -> int:
    pd.set_option("display.width", 200, "display.max_columns", 20, "display.max_rows", 200)
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {seconds / 60:.0f} min", flush=True)
    recorder = telemetry.start(folder, settings=settings())
    began = time.time()
    over = threading.Event()
    with WorkerPool(maximum=1, memory_limit=POOL, cpu_limit=1.0) as pool:
        relieved: list[float] = []
        end_relief = telemetry.relieve("memory", lambda: relieved.append(time.time()))
        author = Author(work, draw)
        world = World(folder, pool, author)
        threads = [
            threading.Thread(target=keep_on, args=(over, 0.5, author.act), daemon=True),
            threading.Thread(target=keep_jobs, args=(over, pool, work), daemon=True),
        ]
        for thread in threads:
            thread.start()
        strike_all(world, began + seconds, draw)
        over.set()
        for thread in threads:
            thread.join(30)
        end_relief()
        if author.session.workspace is not None:
            author.session.workspace.close()
    ended = time.time()
    telemetry.stop()
    return told(folder, recorder.session, world, began, ended, len(relieved))


def keep_on(over: threading.Event, pause: float, act: Callable[[], None]) -> None:
    while not over.wait(pause):
        act()


def keep_jobs(over: threading.Event, pool: WorkerPool, work: Path) -> None:
    number = 0
    while not over.is_set():
        number += 1
        run = Job(f"soak{number % 5}", shard, items=list(range(number * 100, number * 100 + 25))).start(pool, work)
        while not over.is_set():
            try:
                run.wait(0.5)
                break
            except TimeoutError:
                continue
            except GamebookError:
                break
        run.cancel()


def strike_all(world: World, until: float, draw: random.Random) -> None:
    """Let each fault strike in turn, in a new order each time, with time between them to see what is whose."""
    time.sleep(FIRST_FAULT_SECONDS)
    left: list[Fault] = []
    while True:
        left = left or draw.sample(world.faults, len(world.faults))
        fault = left.pop()
        begun = time.time()
        fault.times.append(begun)
        fault.strike()
        took = time.time() - begun
        print(f"  {time.strftime('%H:%M:%S')} {fault.name}: {took:.1f} s", flush=True)
        if time.time() > until - 8:
            time.sleep(max(0.0, min(5.0, until - time.time())))
            return
        time.sleep(min(draw.uniform(1.0, 4.0) if until - time.time() < 60 else draw.uniform(6.0, 12.0), 12.0))


# ---- what the file says


def told(folder: Path, session: str, world: World, began: float, ended: float, n_relieved: int) -> int:
    print("\nObjectives, from the metrics file\n")
    window = f"{int(ended - began) + 1}s"
    print(telemetry.objectives(window, until=ended, session=session, folder=folder).to_string(index=False))
    alerts = telemetry.alerts(folder=folder)
    print("\nFaults\n")
    rows = [seen_of(fault, alerts) for fault in world.faults]
    print(
        pd.DataFrame(rows, columns=["fault", "injected", "alert", "in an alert", "after s (worst)"]).to_string(
            index=False
        )
    )
    print("\nAlerts\n")
    counts = alerts.groupby(["rule", "peak_level"]).size().rename("n").reset_index()
    print(counts.to_string(index=False))
    ticks = telemetry.read(
        "probes_total",
        since=began,
        until=ended,
        labels={"result": "ok"},
        session=session,
        folder=folder,
        resolution="1min",
    )
    span = ended - began
    n_ok = int(ticks["value"].sum())
    n_lost = counted("telemetry_lost_total", began, folder, session)
    print(f"\n{span:.0f} s: {n_ok} probes ok, {n_lost:.0f} seconds lost, relief asked for {n_relieved} times")
    for name in (
        "edits_total",
        "saves_total",
        "actions_total",
        "errors_total",
        "pool_tasks_total",
        "notices_total",
        "relief_total",
    ):
        print(f"  {name:<20}{counted(name, began, folder, session):>8.0f}")
    ends = telemetry.runs(folder=folder)["ended"].value_counts().to_dict()
    print(f"  sessions: {ends}; log lines: {len(telemetry.logs(since=began, folder=folder))}")
    wrong = [row[0] for row, fault in zip(rows, world.faults, strict=True) if fault.rule and row[3] == 0 and row[1]]
    wrong += ["seconds were lost"] if n_lost else []
    print(
        f"\n{'WRONG: ' + ', '.join(wrong) if wrong else 'every kind of fault was seen, and nothing of the record is lost'}"
    )
    return 1 if wrong else 0


def counted(name: str, since: float, folder: Path, session: str) -> float:
    try:
        return float(
            telemetry.read(name, since=since, session=session, folder=folder, resolution="1min")["value"].sum()
        )
    except GamebookError:  # it never happened
        return 0.0


def seen_of(fault: Fault, alerts: pd.DataFrame) -> tuple[object, ...]:
    """How many strikes fall into an alert of the fault's rule, and how long after the strike one began that was not there."""
    if not fault.rule:
        return fault.name, len(fault.times), "-", "-", "-"
    own = alerts[alerts["rule"] == fault.rule]
    starts = [moment.timestamp() for moment in own["started"]]
    ends = [moment.timestamp() if pd.notna(moment) else float("inf") for moment in own["ended"]]
    seen, delays = 0, []
    for struck in fault.times:
        if any(start <= struck <= end for start, end in zip(starts, ends, strict=True)):
            seen += 1
            continue
        after = [start - struck for start in starts if 0 <= start - struck <= 15]
        if after:
            seen += 1
            delays.append(min(after))
    return fault.name, len(fault.times), fault.rule, seen, f"{max(delays):.1f}" if delays else "-"


if __name__ == "__main__":
    sys.exit(main())
