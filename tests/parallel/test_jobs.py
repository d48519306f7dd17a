from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from gamebook_lab.errors import (
    JobStoppedError,
    ManifestError,
    MemoryLimitError,
    PoolError,
    TaskTimeoutError,
    WorkerLostError,
)
from gamebook_lab.parallel.codecs import ARRAYS, TABLE
from gamebook_lab.parallel.jobs import Effort, Job
from gamebook_lab.parallel.submits import InProcess
from gamebook_lab.telemetry import Registry
from gamebook_lab.telemetry.breaker import CircuitBreaker, Policy
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
QUICK = Effort(backoff_seconds=0.001)


def files(report):
    return {path.name: path.read_bytes() for path in sorted((report.folder / "shards").iterdir())}


def squares(jobs, calls, n=6):
    return Job("squares", jobs.square, range(n), {"folder": str(calls)})


class Scripted(InProcess):
    """Answers the n-th submission with an error, if the script has one for it: raised if it is the pool's end."""

    def __init__(self, script):
        self.script, self.n = script, 0
        self.seen = []

    def submit(self, function, /, *args, **options):
        self.n += 1
        self.seen.append((args[1], options))
        error = self.script(self.n, args[1])
        if error is None:
            return super().submit(function, *args, **options)
        if type(error) is PoolError:
            raise error
        future = Future()
        future.set_exception(error)
        return future


def test_job__gives_results_in_order(jobs, calls, tmp_path):
    report = squares(jobs, calls).run(workspace=tmp_path)
    assert report.is_complete
    assert [row["square"] for row in report.results()] == [0, 1, 4, 9, 16, 25]
    table = report.shards
    assert table["status"].tolist() == ["done"] * 6
    assert table["n_rows"].tolist() == [2] * 6
    assert table["cause"].isna().all()
    assert str(report).startswith("squares: 6 of 6 shards, done after ")


def test_job__same_bytes_on_processes_threads_and_here(jobs, calls, tmp_path):
    here = squares(jobs, calls).run(workspace=tmp_path / "a")
    with ThreadPoolExecutor(4) as threads:
        threaded = squares(jobs, calls).run(jobs.Executor(threads), tmp_path / "b")
    with jobs.processes() as processes:
        spread = squares(jobs, calls).run(jobs.Executor(processes), tmp_path / "c")
    assert files(here) == files(threaded) == files(spread)
    assert set(jobs.marks(calls).values()) == {3}


def test_job__again_computes_nothing_again(jobs, calls, tmp_path):
    first = squares(jobs, calls).run(workspace=tmp_path)
    again = squares(jobs, calls).run(workspace=tmp_path)
    assert set(jobs.marks(calls).values()) == {1}
    assert again.progress.skipped == 6
    assert files(again) == files(first)
    assert_frame_equal(again.shards, first.shards)


def test_job__more_items_compute_only_the_new_ones(jobs, calls, tmp_path):
    squares(jobs, calls, 4).run(workspace=tmp_path)
    report = squares(jobs, calls, 6).run(workspace=tmp_path)
    assert set(jobs.marks(calls).values()) == {1}
    assert len(list(report.results())) == 6


def test_job__other_parameters_version_or_seed_are_another_job(jobs, tmp_path):
    folders = {
        Job("draw", jobs.draw, [1], parameters, version=version, seed=seed).folder(tmp_path)
        for parameters, version, seed in [({}, 1, 1), ({"a": 1}, 1, 1), ({}, 2, 1), ({}, 1, 2)]
    }
    assert len(folders) == 4


def test_job__seeds_differ_by_shard_and_stay(jobs, tmp_path):
    one = Job("draw", jobs.draw, [3, 1, 2], seed=7).run(workspace=tmp_path / "a")
    other = Job("draw", jobs.draw, [1, 2, 3], seed=7).run(workspace=tmp_path / "b")
    drawn = list(one.results())
    assert len(set(drawn)) == 3
    assert sorted(drawn) == sorted(other.results())
    assert files(one) == files(other)


def test_job__tables_and_arrays_come_back_as_they_were(jobs, tmp_path):
    report = Job("tables", jobs.table, [1, 2], {"rows": 4}, codec=TABLE).run(workspace=tmp_path)
    for item, frame in zip([1, 2], report.results(), strict=True):
        assert_frame_equal(frame, jobs.table(item, rows=4))
    assert report.shards["n_rows"].tolist() == [4, 4]
    (array,) = Job("arrays", jobs.arrays, [5], codec=ARRAYS).run(workspace=tmp_path).results()
    np.testing.assert_array_equal(array["powers"], [0, 1, 4, 9, 16])
    assert array["powers"].dtype == "int32"
    assert array["name"].tolist() == ["x", "é"]


def test_job__poisoned_shards_are_named_and_the_rest_finishes(jobs, calls, tmp_path):
    bad = {"raises": 3, "odd": 3, "exits": 3, "function": 1, "nan": 1}
    job = Job("moody", jobs.moody, [*range(20), *bad, "flaky", *range(20, 40)], {"folder": str(calls)})
    registry = Registry()
    with jobs.processes() as processes:
        report = job.start(jobs.Executor(processes), tmp_path, effort=QUICK, registry=registry).wait(PATIENCE)
    assert not report.is_complete
    assert list(report.results()) == [str(n) for n in range(20)] + ["flaky"] + [str(n) for n in range(20, 40)]
    rows = report.shards.set_index("label")
    assert rows.loc[rows["status"] == "set aside", "attempts"].to_dict() == {repr(name): n for name, n in bad.items()}
    assert rows.loc["'raises'", "cause"] == "ValueError: no good"
    assert "in moody" in rows.loc["'raises'", "traceback"]
    assert rows.loc["'odd'", "cause"] == "OddError: odd"
    assert rows.loc["'function'", "cause"].startswith("CodecError: expected text, finite numbers")
    assert rows.loc["'flaky'", "attempts"] == 3
    assert "1 set aside for ValueError: no good" in str(report)
    counts = jobs.marks(calls)
    assert all(counts[str(n)] == 1 for n in range(40))
    snapshot = registry.snapshot()
    assert snapshot.value("job_shards_total", job="moody", status="done") == 41
    assert snapshot.value("job_shards_total", job="moody", status="set_aside") == 5
    assert snapshot.value("job_retries_total", job="moody") == 8


def test_job__what_was_set_aside_is_tried_again_in_the_next_run(jobs, calls, tmp_path):
    job = Job("moody", jobs.moody, ["flaky", "a"], {"folder": str(calls)})
    once = Effort(attempts=1)
    assert [job.run(workspace=tmp_path, effort=once).n_set_aside for _ in range(3)] == [1, 1, 0]
    assert jobs.marks(calls) == {"flaky": 3, "a": 1}


def test_job__too_much_memory_splits_a_shard(jobs, tmp_path):
    job = Job("greedy", jobs.greedy, [[1, 2], [3, 4, 5, 6, 7], [8]], {"most": 2}, split=jobs.halves)
    report = job.run(workspace=tmp_path)
    assert list(report.results()) == [[1, 2], [3, 4], [5], [6, 7], [8]]
    assert report.is_complete
    assert report.shards["status"].tolist() == ["done", "split", "done", "split", "done", "done", "done"]
    assert report.progress.total == report.progress.done == 5
    again = job.run(workspace=tmp_path)
    assert again.progress.skipped == 5
    assert list(again.results()) == list(report.results())


def test_job__too_much_memory_without_a_split_is_set_aside_at_once(jobs, tmp_path):
    report = Job("greedy", jobs.greedy, [[1], [1, 2]], {"most": 1}).run(workspace=tmp_path)
    assert report.shards["status"].tolist() == ["done", "set aside"]
    assert report.shards.loc[1, "cause"] == "MemoryLimitError: 2 numbers are too many"
    assert report.shards.loc[1, "attempts"] == 1


def test_job__splitting_has_an_end(jobs, tmp_path):
    def refuse(n, item):
        return MemoryLimitError("never enough")

    job = Job("greedy", jobs.greedy, [[1, 2, 3]], {"most": 0}, split=jobs.halves)
    report = job.run(Scripted(refuse), tmp_path)
    assert report.n_set_aside == 3
    assert report.n_done == 0


def test_job__lost_worker_is_no_fault_of_its_shards(jobs, calls, tmp_path):
    # every shard loses its worker twice, the second time alone
    losses = Counter()

    def lose(n, item):
        losses[item] += 1
        return WorkerLostError("killed") if losses[item] <= 2 else None

    pool = Scripted(lose)
    breaker = CircuitBreaker("x", policy=Policy(least_calls=50), registry=Registry())
    report = squares(jobs, calls).start(pool, tmp_path, effort=QUICK, breaker=breaker).wait(PATIENCE)
    assert report.is_complete


def test_job__suspects_are_tried_alone(jobs, tmp_path):
    """Whoever is under way when a worker is lost suffers; only the guilty one is set aside."""
    lock, under_way, alone = threading.Lock(), {}, []

    class Crashing(InProcess):
        """Ends everything that is under way whenever the bad shard runs; runs three at a time."""

        def submit(self, function, /, *args, **options):
            future = Future()
            with lock:
                under_way[future] = (function, args)
                if args[1] == "bad" and len(under_way) == 1:
                    alone.append("bad")
                is_over = len(under_way) == 3 or args[1] == "bad" or options["key"].endswith("-3")
                if not is_over:
                    # let the rest come: what is left over at the end is done when asked for
                    threading.Timer(0.05, self.flush).start()
                    return future
            self.flush()
            return future

        def flush(self):
            with lock:
                batch = dict(under_way)
                under_way.clear()
            is_crash = any(args[1] == "bad" for _, args in batch.values())
            for future, (function, args) in batch.items():
                if is_crash:
                    future.set_exception(WorkerLostError("killed"))
                else:
                    future.set_result(function(*args))

    job = Job("words", jobs.prefix, ["a", "b", "bad", "c", "d"])
    breaker = CircuitBreaker("x", policy=Policy(least_calls=50), registry=Registry())
    effort = Effort(backoff_seconds=0.001, in_flight=3)
    report = job.start(Crashing(), tmp_path, effort=effort, breaker=breaker).wait(PATIENCE)
    assert report.shards.set_index("label")["status"].to_dict() == {
        "'a'": "done", "'b'": "done", "'bad'": "set aside", "'c'": "done", "'d'": "done",
    }  # fmt: skip
    assert "bad" in alone


def test_job__hanging_shard_is_set_aside_with_its_time_limit(jobs, calls, tmp_path):
    pool = Scripted(lambda n, item: TaskTimeoutError("over 5 s") if item == 2 else None)
    effort = Effort(backoff_seconds=0.001, shard_seconds=5)
    report = squares(jobs, calls).run(pool, tmp_path, effort=effort)
    assert report.shards.loc[2, ["status", "attempts", "cause"]].tolist() == [
        "set aside",
        3,
        "TaskTimeoutError: over 5 s",
    ]
    assert report.n_done == 5
    assert {options["timeout"] for _, options in pool.seen} == {5}
    assert len({options["key"] for _, options in pool.seen}) == len(pool.seen)


def test_job__pool_that_gives_up_stops_it_and_says_how_to_go_on(jobs, calls, tmp_path):
    pool = Scripted(lambda n, item: PoolError("no memory left") if item == 3 else None)
    run = squares(jobs, calls).start(pool, tmp_path)
    with pytest.raises(
        JobStoppedError, match=r"after 3 of 6 shards: the pool takes no more work \(no memory left\).*go on"
    ) as caught:
        run.wait(PATIENCE)
    assert str(run.folder) in str(caught.value)
    assert run.progress.state == "stopped"
    assert run.report.n_done == 3
    squares(jobs, calls).run(workspace=tmp_path)
    assert set(jobs.marks(calls).values()) == {1}


def test_job__whose_shards_are_cancelled_in_the_pool_stops_at_once(jobs, calls, tmp_path):
    class Closed(InProcess):
        """Cancels what it has when it is closed, as executors do."""

        def submit(self, function, /, *args, **options):
            future = Future()
            future.cancel()
            return future

    run = squares(jobs, calls, 30).start(Closed(), tmp_path)
    with pytest.raises(JobStoppedError, match=r"cancelled in the pool, or the pool was closed.*go on"):
        run.wait(20)  # less than a breaker stays open
    assert run.progress.failed == 0
    assert squares(jobs, calls, 30).run(workspace=tmp_path).is_complete


def test_job__stops_when_no_worker_stays_alive(jobs, calls, tmp_path):
    policy = Policy(least_calls=1, open_seconds=0.001, trials=1)
    breaker = CircuitBreaker("x", policy=policy, registry=Registry())
    pool = Scripted(lambda n, item: WorkerLostError("killed"))
    run = squares(jobs, calls).start(pool, tmp_path, effort=QUICK, breaker=breaker)
    with pytest.raises(JobStoppedError, match="no shard comes through any more"):
        run.wait(PATIENCE)


def test_job__waits_while_its_breaker_is_open(jobs, calls, tmp_path):
    policy = Policy(least_calls=1, open_seconds=0.01, trials=1)
    breaker = CircuitBreaker("x", policy=policy, registry=Registry())
    pool = Scripted(lambda n, item: WorkerLostError("killed") if n == 1 else None)
    report = squares(jobs, calls).start(pool, tmp_path, effort=QUICK, breaker=breaker).wait(PATIENCE)
    assert report.is_complete
    assert breaker.state == "closed"


def test_job__time_limit_keeps_what_is_finished(jobs, calls, tmp_path):
    times = [0.0]
    pool = Scripted(lambda n, item: times.append(n * 10.0))
    run = squares(jobs, calls).start(pool, tmp_path, effort=Effort(job_seconds=25), clock=lambda: times[-1])
    with pytest.raises(JobStoppedError, match=r"after 3 of 6 shards: its time limit of 25 s is over.*go on from there"):
        run.wait(PATIENCE)
    assert run.progress.seconds == 30


def test_job__cancel_and_go_on(jobs, calls, tmp_path):
    job = Job("held", jobs.hold_at, range(8), {"folder": str(calls), "at": 3})
    with ThreadPoolExecutor(1) as threads:
        run = job.start(jobs.Executor(threads), tmp_path, effort=Effort(in_flight=2))
        three = threading.Event()
        run.watch(lambda progress: three.set() if progress.done == 3 else None)
        if run.progress.done < 3:
            assert three.wait(PATIENCE)
        run.cancel()
        with pytest.raises(JobStoppedError, match=r"after 3 of 8 shards: it was cancelled.*start the same job again"):
            run.wait(PATIENCE)
        (tmp_path / "go").touch()
    assert job.run(workspace=tmp_path).progress.skipped == 3


def test_job__pause_and_resume(jobs, calls, tmp_path):
    job = Job("held", jobs.hold_at, range(4), {"folder": str(calls), "at": 0})
    steered = []

    class Steered(jobs.Executor):
        def pause(self, job):
            steered.append(("pause", job))

        def resume(self, job):
            steered.append(("resume", job))

        def cancel(self, job):
            steered.append(("cancel", job))

    with ThreadPoolExecutor(1) as threads:
        pool = Steered(threads)
        run = job.start(pool, tmp_path, effort=Effort(in_flight=1))
        states = []
        settled = threading.Event()
        run.watch(lambda progress: (states.append(progress.state), progress.done and settled.set()))
        while not pool.submitted:  # in flight is one, so the first shard is held and the rest is not begun
            pass
        run.pause()
        (tmp_path / "go").touch()
        assert settled.wait(PATIENCE)
        assert run.progress.state == "paused"
        assert len(pool.submitted) == 1
        run.resume()
        assert run.wait(PATIENCE).is_complete
    assert steered == [("pause", run.folder.name), ("resume", run.folder.name)]
    assert states[-1] == "done"


def test_job__cancelled_while_paused_leaves_nothing_paused_in_the_pool(jobs, calls, tmp_path):
    steered = []

    class Steered(InProcess):
        def pause(self, job):
            steered.append("pause")

        def resume(self, job):
            steered.append("resume")

        def cancel(self, job):
            steered.append("cancel")

    run = Job("held", jobs.hold_at, range(4), {"folder": str(calls), "at": 0}).start(Steered(), tmp_path)
    run.pause()
    (tmp_path / "go").touch()
    run.cancel()
    with pytest.raises(JobStoppedError):
        run.wait(PATIENCE)
    assert steered == ["pause", "cancel", "resume"]


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "manifest gone", "manifest torn", "manifest changed"])
def test_job__damage_is_noticed_and_mended(jobs, calls, tmp_path, damage, caplog):
    report = squares(jobs, calls).run(workspace=tmp_path)
    expected = files(report)
    victim = report.path(report.keys[2])
    manifest = report.folder / "manifest.jsonl"
    content, lines = victim.read_bytes(), manifest.read_bytes()
    again = 1
    match damage:
        case "cut":
            victim.write_bytes(content[:-1])
        case "changed":
            victim.write_bytes(bytes([content[0] ^ 1]) + content[1:])
        case "gone":
            victim.unlink()
        case "manifest gone":
            manifest.unlink()
            again = 6
        case "manifest torn":
            manifest.write_bytes(lines[:-20])
        case "manifest changed":
            manifest.write_bytes(lines.replace(b'"label":"3"', b'"label":"7"'))
    with caplog.at_level(logging.WARNING):
        mended = squares(jobs, calls).run(workspace=tmp_path)
    assert sum(jobs.marks(calls).values()) == 6 + again
    assert files(mended) == expected
    assert mended.progress.skipped == 6 - again
    assert ("damaged" in caplog.text) == (damage != "manifest gone")
    assert squares(jobs, calls).run(workspace=tmp_path).progress.skipped == 6


def test_job__what_a_crash_left_half_written_is_removed(jobs, calls, tmp_path):
    report = squares(jobs, calls).run(workspace=tmp_path)
    left = report.folder / "shards" / ".x.json.0123.part"
    left.write_bytes(b"half")
    squares(jobs, calls).run(workspace=tmp_path)
    assert not left.exists()


def test_job__damaged_result_is_no_result(jobs, calls, tmp_path):
    report = squares(jobs, calls).run(workspace=tmp_path)
    report.path(report.keys[0]).write_bytes(b"{}")
    with pytest.raises(ManifestError, match="run the job again"):
        list(report.results())


def test_job__folder_of_another_job(jobs, calls, tmp_path):
    job = squares(jobs, calls)
    report = job.run(workspace=tmp_path)
    (tmp_path / "other").mkdir()
    other = Job("draw", jobs.draw, [1], seed=1)
    report.folder.rename(other.folder(tmp_path))
    with pytest.raises(ManifestError, match=r"holds another job \('squares'\)"):
        other.run(workspace=tmp_path)


def test_job__manifest_is_json_lines_with_checksums(jobs, calls, tmp_path):
    report = squares(jobs, calls).run(workspace=tmp_path)
    header, *shards = (report.folder / "manifest.jsonl").read_text().splitlines()
    assert json.loads(header[9:])["job"]["function"] == "job_toys:square"
    assert {json.loads(line[9:])["shard"]["status"] for line in shards} == {"done"}


@pytest.mark.parametrize("items", [[1, 1], [1, 2, 1.0, 1]])
def test_job__items_that_are_the_same(jobs, calls, tmp_path, items):
    with pytest.raises(ValueError, match="two items are the same: 1"):
        Job("squares", jobs.square, items, {"folder": str(calls)}).run(workspace=tmp_path)


def test_job__refuses_what_it_could_not_find_again(jobs, tmp_path):
    with pytest.raises(TypeError, match="a name of its own"):
        Job("x", lambda item: item, [1]).run(workspace=tmp_path)
    with pytest.raises(TypeError, match="gone through twice"):
        Job("x", jobs.draw, iter([1]))
    with pytest.raises(ValueError, match="names a folder"):
        Job("../x", jobs.draw, [1])
    with pytest.raises(TypeError, match="known by their content"):
        Job("x", jobs.draw, [object()], seed=1).run(workspace=tmp_path)


def test_job__folder_that_cannot_be_written(jobs, calls, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JobStoppedError, match="its files cannot be written"):
        squares(jobs, calls).run(workspace=tmp_path / "file")


def test_job__items_come_as_they_are_needed(jobs, calls, tmp_path):
    seen = []

    class Endless:
        def __iter__(self):
            for n in range(10**9):
                seen.append(n)
                yield n

    pool = Scripted(lambda n, item: PoolError("enough") if item == 5 else None)
    run = Job("squares", jobs.square, Endless(), {"folder": str(calls)}).start(pool, tmp_path)
    with pytest.raises(JobStoppedError, match=r"after 5 of \? shards"):
        run.wait(PATIENCE)
    assert len(seen) == 6


def test_job__items_that_raise(jobs, calls, tmp_path):
    class Broken:
        def __iter__(self):
            yield from range(3)
            raise RuntimeError("the items broke")

    run = Job("squares", jobs.square, Broken(), {"folder": str(calls)}).start(workspace=tmp_path)
    with pytest.raises(RuntimeError, match="the items broke") as caught:
        run.wait(PATIENCE)
    assert str(run.folder) in caught.value.__notes__[0]
    assert run.progress.state == "stopped"
    assert squares(jobs, calls).run(workspace=tmp_path).progress.skipped == 3


def test_job__items_that_cannot_be_read(jobs, calls, tmp_path):
    class Gone:
        def __iter__(self):
            yield 0
            raise FileNotFoundError("no such folder")

    with pytest.raises(JobStoppedError, match=r"after 1 of \? shards: its items cannot be read: no such folder"):
        Job("squares", jobs.square, Gone(), {"folder": str(calls)}).run(workspace=tmp_path)


OWNER = """
import sys
from pathlib import Path
import job_toys
from gamebook_lab.parallel.jobs import Job, Effort
if __name__ == "__main__":
    calls, workspace, at = sys.argv[1], sys.argv[2], int(sys.argv[3])
    job = Job("held", job_toys.hold_at, range(12), {"folder": calls, "at": at})
    with job_toys.processes() as processes:
        run = job.start(job_toys.Executor(processes), workspace, effort=Effort(in_flight=2))
        run.watch(lambda progress: print(progress.state, progress.done, progress.skipped, flush=True))
        report = run.wait()
        print("over", report.n_done, report.progress.skipped, flush=True)
"""


@pytest.fixture
def owner(tmp_path, calls):
    """Starts processes that run the same job in the same workspace."""
    script = tmp_path / "owner.py"
    script.write_text(OWNER)
    started = []

    def start(at):
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "toys")])
        process = subprocess.Popen(
            [sys.executable, script, calls, tmp_path / "workspace", str(at)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}, start_new_session=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def until(process, wanted):
    for line in process.stdout:
        if wanted(line):
            return line
    raise AssertionError("it ended before")


def test_job__owner_killed_goes_on_with_the_same_bytes(jobs, calls, tmp_path, owner):
    first = owner(7)
    until(first, lambda line: int(line.split()[1]) >= 7)
    os.killpg(first.pid, signal.SIGKILL)  # and its executor's workers, which are no concern of the job
    before = jobs.marks(calls)
    (tmp_path / "go").touch()
    line = until(owner(7), lambda line: line.startswith("over"))
    n_done, skipped = map(int, line.split()[1:])
    assert n_done == 12
    assert skipped >= 7
    after = jobs.marks(calls)
    kept = [item for item in before if after[item] == before[item]]
    assert len(kept) == skipped
    undisturbed = Job("held", jobs.hold_at, range(12), {"folder": str(calls), "at": 7})
    expected = files(undisturbed.run(workspace=tmp_path / "undisturbed"))
    resumed = undisturbed.folder(tmp_path / "workspace") / "shards"
    assert {path.name: path.read_bytes() for path in resumed.iterdir()} == expected


def test_job__two_processes_share_one_job(jobs, calls, tmp_path, owner):
    first = owner(5)
    until(first, lambda line: int(line.split()[1]) >= 5)
    second = Job("held", jobs.hold_at, range(12), {"folder": str(calls), "at": 5}).start(
        InProcess(), tmp_path / "workspace"
    )
    assert second.progress.state == "waiting"
    (tmp_path / "go").touch()
    report = second.wait(PATIENCE)
    assert report.n_done == report.progress.skipped == 12
    assert set(jobs.marks(calls).values()) == {1}


def test_job__cancel_while_another_process_has_it(jobs, calls, tmp_path, owner):
    first = owner(2)
    until(first, lambda line: int(line.split()[1]) >= 2)
    second = Job("held", jobs.hold_at, range(12), {"folder": str(calls), "at": 2}).start(
        InProcess(), tmp_path / "workspace"
    )
    second.cancel()
    with pytest.raises(JobStoppedError, match="it was cancelled"):
        second.wait(PATIENCE)
