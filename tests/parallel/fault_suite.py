"""Each fault that a job must survive, once: what is done to it, and how to tell that no harm came of it.

``test_faults.py`` is the short form, ``soak.py`` the long one. Each fault strikes the real pool in the midst of a real job of
42 good shards. The oracle is the same for all:

- each good shard is done, and has exactly one line that says so in the manifest;
- the bytes of its file are those of an undisturbed run;
- each bad shard is set aside, with its cause;
- the pool gets back to all its workers;
- all processes of the pool together stay below its memory limit.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from gamebook_lab.parallel.jobs import Effort, Job, JobReport, JobRun
from gamebook_lab.parallel.pool import SHARED_BYTES, WorkerPool
from gamebook_lab.parallel.status import Notice
from tests.parallel import faults
from tests.parallel.peak import Peak, children_now
from tests.patience import PATIENCE

N_GOOD = 42
N_WORKERS = 2
WORKER_BYTES = 400 * 2**20
LIMIT_BYTES = N_WORKERS * WORKER_BYTES + SHARED_BYTES
LEAST_BYTES = 64 * 2**20
"""A pool that takes less was not looked at."""
POLL_SECONDS = 0.02
SEED = 7


def make_pool() -> WorkerPool:
    return WorkerPool(minimum=N_WORKERS, maximum=N_WORKERS, memory_limit=LIMIT_BYTES, cpu_limit=1.0)


@dataclass
class Scene:
    """A job under way, and what strikes it."""

    pool: WorkerPool
    run: JobRun
    marks: Path
    draw: random.Random
    notices: list[Notice] = field(default_factory=list)
    victims: set[int] = field(default_factory=set)
    """Processes that are gone, or replaced, once all is well again."""

    def until(self, test: Callable[[], object], what: str) -> None:
        ends = time.monotonic() + PATIENCE
        while not test():
            assert time.monotonic() < ends, f"not {what} within {PATIENCE} s: {self.run.progress}, {self.pool.status()}"
            time.sleep(POLL_SECONDS)

    def worker(self) -> psutil.Process:
        self.until(lambda: len(self.pool.status().workers) == N_WORKERS, "all workers")
        return psutil.Process(self.draw.choice(self.pool.status().workers).pid)

    def cluster(self) -> psutil.Process:
        return next(p for p in self.worker().parents() if "gamebook_lab.parallel.cluster_process" in p.cmdline())

    def send(self, process: psutil.Process, sign: signal.Signals) -> None:
        self.victims |= {process.pid, *(child.pid for child in process.children(recursive=True))}
        process.send_signal(sign)


def nothing(scene: Scene) -> None:
    """An undisturbed run."""


def kill_worker(scene: Scene) -> None:
    scene.send(scene.worker(), signal.SIGKILL)


def kill_parent_of_workers(scene: Scene) -> None:
    """Kill the process that workers are forked from, and that takes them with it."""
    parent = scene.worker().parent()
    assert parent is not None
    scene.send(parent, signal.SIGKILL)


def kill_cluster(scene: Scene) -> None:
    """Kill the scheduler, which shares a process with the nannies."""
    scene.send(scene.cluster(), signal.SIGKILL)


def stop_worker(scene: Scene) -> None:
    scene.send(scene.worker(), signal.SIGSTOP)


def stop_cluster(scene: Scene) -> None:
    scene.send(scene.cluster(), signal.SIGSTOP)


def leak(scene: Scene) -> None:
    """Have good shards leak until a worker was paused and restarted for it."""
    # more than the 80 % at which Dask pauses a worker, less than the 92 % at which it gets no more
    sign = scene.marks / f"{faults.LEAK_SIGN}.new"
    sign.write_text(str(WORKER_BYTES * 86 // 100))
    sign.rename(scene.marks / faults.LEAK_SIGN)  # never read before all is in it

    def is_restarted() -> bool:
        return any(notice.kind == "worker-restarted" and notice.cause == "paused" for notice in scene.notices)

    scene.until(lambda: is_restarted() or scene.run.progress.is_over, "a worker paused for its leak")
    (scene.marks / faults.LEAK_SIGN).unlink()
    assert is_restarted(), "the leak did not pause a worker before the job was over"


@dataclass(frozen=True)
class Fault:
    """One fault.

    Parameters
    ----------
    name
        For people.
    strike
        Done while the job runs; returns when it has been done.
    bad, cause
        Kind of the bad shards (see :func:`tests.parallel.faults.shard`), and what their cause begins with.
    loses_workers
        Whether the bad shards' workers are lost with them. Where they aren't, no good shard is begun twice.
    """

    name: str
    strike: Callable[[Scene], None] = nothing
    bad: str = ""
    cause: str = ""
    loses_workers: bool = False
    shard_seconds: float | None = None
    """Time limit of a shard."""

    @property
    def is_lossless(self) -> bool:
        return self.strike is nothing and not self.loses_workers


UNDISTURBED = Fault("nothing")
FAULTS = (
    Fault("kill -9 of a worker", kill_worker),
    Fault("kill -9 of the workers' parent", kill_parent_of_workers),
    Fault("kill -9 of scheduler and nannies", kill_cluster),
    Fault("SIGSTOP of a worker", stop_worker),
    Fault("SIGSTOP of scheduler and nannies", stop_cluster),
    Fault("leak that pauses a worker", leak),
    Fault("allocates 4 x the limit, arrays", bad="arrays", cause="MemoryLimitError: .*more memory than a worker"),
    Fault("allocates 4 x the limit, objects", bad="objects", cause="MemoryLimitError: .*more memory than a worker"),
    Fault("raises", bad="raises", cause="ValueError: no good"),
    Fault("raises SystemExit", bad="exits", cause="SystemExit: 3"),
    Fault("raises KeyboardInterrupt", bad="interrupts", cause="PoolError: .*raised KeyboardInterrupt"),
    Fault("hangs", bad="hangs", cause="TaskTimeoutError: .*longer than its limit", loses_workers=True, shard_seconds=2.0),
    Fault("ends its worker", bad="dies", cause="WorkerLostError: .*each of them died", loses_workers=True),
    Fault("returns the unpicklable", bad="unpicklable", cause="CodecError: "),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What came of a fault."""

    fault: str
    n_done: int
    n_named: int
    n_again: int
    """Good shards that were begun more than once."""
    recovered_seconds: float | None
    seconds: float
    peak_bytes: int
    is_identical: bool

    HEAD = "| fault                            | good shards | bad named | again | recovered after | job took | peak MiB | of limit | identical |"
    RULE = re.sub(r"[^|]", "-", HEAD)

    def __str__(self) -> str:
        recovered = "-" if self.recovered_seconds is None else f"{self.recovered_seconds:.1f} s"
        return (
            f"| {self.fault:32} | {f'{self.n_done} of {N_GOOD}':>11} | {self.n_named:9} | {self.n_again:5} | {recovered:>15} "
            f"| {self.seconds:6.1f} s | {self.peak_bytes / 2**20:8.0f} | {self.peak_bytes / LIMIT_BYTES:8.0%} "
            f"| {'yes' if self.is_identical else 'NO':9} |"
        )


@dataclass
class Suite:
    """A pool, and a folder in which faults are tried on it one after another.

    Parameters
    ----------
    pool
        One that has not begun a task: what is started from here on is taken to be its own.
    shard_seconds
        How long a good shard takes.
    n_bad
        Bad shards in a job that has any.
    seed
        Of what is left to chance: which worker is struck, and when.
    """

    pool: WorkerPool
    folder: Path
    shard_seconds: float = 0.2
    n_bad: int = 1
    seed: int = SEED
    rows: list[Row] = field(default_factory=list)
    _expected: dict[str, bytes] = field(default_factory=dict)
    _n_tried: int = 0

    def __post_init__(self) -> None:
        # the same for all, because parameters are part of a shard's name
        self._marks = self.folder / "marks"
        self._others = children_now()

    def try_out(self, fault: Fault) -> Row:
        """Let a fault strike a job, and judge what came of it; the row is kept whatever it says."""
        if not self._expected and fault is not UNDISTURBED:
            self.try_out(UNDISTURBED)
        self._n_tried += 1
        draw = random.Random(f"{self.seed} {self._n_tried} {fault.name}")
        shutil.rmtree(self._marks, ignore_errors=True)
        self._marks.mkdir(parents=True)
        workspace = self.folder / f"workspace-{self._n_tried}"
        seen: list[Notice] = []
        stop = self.pool.watch(lambda what: seen.append(what) if isinstance(what, Notice) else None)
        try:
            with Peak(self._others) as peak:
                begun = time.monotonic()
                effort = Effort(attempts=2, losses=2, shard_seconds=fault.shard_seconds)
                run = self._job(fault, draw).start(self.pool, workspace, effort=effort)
                scene = Scene(self.pool, run, self._marks, draw, seen)
                recovered = self._strike(fault, scene)
                report = run.wait(PATIENCE)
                seconds = time.monotonic() - begun
        finally:
            stop()
        row = self._judged(fault, report, recovered, seconds, peak.most_bytes)
        shutil.rmtree(workspace)
        return row

    def _job(self, fault: Fault, draw: random.Random) -> Job[tuple[str, int]]:
        items = [("good", number) for number in range(N_GOOD)]
        for number in range(self.n_bad if fault.bad else 0):
            items.insert(draw.randrange(4, N_GOOD // 2), (fault.bad, number))
        parameters = {"marks": str(self._marks), "seconds": self.shard_seconds, "limit_bytes": WORKER_BYTES}
        return Job("faults", faults.shard, items, parameters, seed=SEED)

    def _strike(self, fault: Fault, scene: Scene) -> float | None:
        """Strike once some shards are done; gives the seconds until all is well again."""
        at = scene.draw.randrange(4, N_GOOD // 2)
        scene.until(lambda: scene.run.progress.done >= at or scene.run.progress.is_over, f"{at} shards")
        struck = time.time()
        fault.strike(scene)
        if fault is UNDISTURBED:
            return None
        scene.until(lambda: self._is_well(fault, scene), f"recovery from {fault.name}")
        bad = [path.stat().st_mtime for path in self._marks.glob(f"{fault.bad}-*")] if fault.bad else []
        return time.time() - min([*bad, struck])

    def _is_well(self, fault: Fault, scene: Scene) -> bool:
        if fault.bad and scene.run.progress.failed < self.n_bad and not scene.run.progress.is_over:
            return False
        victims = set(scene.victims)
        if fault.loses_workers:
            victims |= {int(path.read_text() or 0) for path in self._marks.glob(f"{fault.bad}-*")}
        workers = self.pool.status().workers
        return len(workers) == N_WORKERS and all(w.status == "running" and w.pid not in victims for w in workers)

    def _judged(self, fault: Fault, report: JobReport, recovered: float | None, seconds: float, peak_bytes: int) -> Row:
        shards = report.shards.set_index("label")
        good = shards[shards.index.str.startswith("('good'")]
        done = good[good["status"] == "done"]
        files = {path.name: path.read_bytes() for path in (report.folder / "shards").iterdir()}
        if fault is UNDISTURBED:
            self._expected = files
        bad = shards.drop(good.index)
        is_named = bad["status"].eq("set aside") & bad["cause"].fillna("").str.match(fault.cause)
        begun = Counter(path.name.rpartition("-")[0] for path in self._marks.glob("good-*"))
        n_again = sum(count > 1 for count in begun.values())
        row = Row(
            fault.name, len(done), int(is_named.sum()), n_again, recovered, seconds, peak_bytes, files == self._expected
        )
        self.rows.append(row)
        assert len(done) == len(good) == N_GOOD, f"{fault.name}: good shards are missing:\n{report}"
        assert is_named.all(), f"{fault.name}: bad shards are not named:\n{bad[['status', 'cause']].to_string()}"
        assert len(bad) == (self.n_bad if fault.bad else 0)
        written = Counter(_keys_done(report.folder / "manifest.jsonl"))
        assert set(written) == set(done["key"]), f"{fault.name}: the manifest has other shards"
        assert set(written.values()) == {1}, f"{fault.name}: a shard finished twice: {written.most_common(3)}"
        assert len(begun) == N_GOOD
        assert not (fault.is_lossless and n_again), f"{fault.name}: {n_again} good shards were begun twice"
        assert row.is_identical, f"{fault.name}: other bytes than undisturbed"
        assert LEAST_BYTES <= peak_bytes <= LIMIT_BYTES, f"{fault.name}: {row}"
        return row

    def table(self) -> str:
        return "\n".join([Row.HEAD, Row.RULE, *map(str, self.rows)])


def _keys_done(manifest: Path) -> Iterator[str]:
    for line in manifest.read_text().splitlines():
        record = json.loads(line.partition(" ")[2]).get("shard")
        if record and record["status"] == "done":
            yield record["key"]
