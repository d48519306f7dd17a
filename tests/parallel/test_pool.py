"""The pool with a real cluster of two workers, which every test finds able to work, whatever the one before did to it."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent import futures
from pathlib import Path

import psutil
import pytest

from gamebook_lab.errors import (
    JobStoppedError,
    MemoryLimitError,
    PoolError,
    QueueFullError,
    TaskTimeoutError,
    WorkerLostError,
)
from gamebook_lab.parallel import pool as pool_module
from gamebook_lab.parallel.jobs import Job
from gamebook_lab.parallel.pool import SHARED_BYTES, WorkerPool
from gamebook_lab.parallel.status import Notice
from tests.parallel import faults
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
WORKER_BYTES = 400 * 2**20


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(minimum=2, maximum=2, memory_limit=2 * WORKER_BYTES + SHARED_BYTES, cpu_limit=1.0) as pool:
        yield pool


@pytest.fixture
def notices(pool):
    """What the pool tells during a test."""
    seen = Notices()
    stop = pool.watch(seen)
    yield seen
    stop()


class Notices:
    def __init__(self):
        self.seen = []
        self.changed = threading.Condition()

    def __call__(self, what):
        if isinstance(what, Notice):
            with self.changed:
                self.seen.append(what)
                self.changed.notify_all()

    def wait(self, kind, cause=None):
        def found():
            return [n for n in self.seen if n.kind == kind and cause in (None, n.cause)]

        with self.changed:
            assert self.changed.wait_for(found, PATIENCE), f"no {kind} among {self.seen}"
            return found()[0]


def appears(path):
    """Wait for a file that a worker writes, and give its text."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with contextlib.suppress(OSError):
            if text := path.read_text():
                return text
        time.sleep(0.005)
    raise AssertionError(f"{path.name} never appeared")


def gone(pids, seconds):
    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=seconds)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def cluster_pid():
    return next(
        child.pid for child in psutil.Process().children() if "gamebook_lab.parallel.cluster_process" in child.cmdline()
    )


def results(pool, n_tasks=40, **options):
    return [pool.submit(faults.square, number, **options) for number in range(n_tasks)]


def check(pending):
    assert [future.result(PATIENCE) for future in pending] == [number * number for number in range(len(pending))]


def test_submit__gives_the_result(pool):
    assert pool.submit(faults.square, 7).result(PATIENCE) == 49
    pid, is_shown = pool.submit(faults.pid).result(PATIENCE), threading.Event()
    stop = pool.watch(lambda _: is_shown.set() if pid in {row.pid for row in pool.status().workers} else None)
    assert is_shown.wait(PATIENCE)
    stop()


def test_workers__give_way_to_everything_else(pool):
    assert pool.submit(os.nice, 0).result(PATIENCE) == 19
    if sys.platform == "linux":
        assert pool.submit(os.sched_getscheduler, 0).result(PATIENCE) == os.SCHED_IDLE


def test_submit__function_of_main_or_of_nowhere(pool):
    factor = 3
    assert pool.submit(lambda number: factor * number, 5).result(PATIENCE) == 15


def test_submit__error_of_the_function_with_its_place(pool):
    error = pool.submit(faults.fail, "broken").exception(PATIENCE)
    assert isinstance(error, ValueError)
    assert str(error) == "broken"
    assert "in fail" in error.__notes__[0]


def test_submit__error_that_cannot_travel(pool):
    error = pool.submit(faults.fail_oddly).exception(PATIENCE)
    assert isinstance(error, PoolError)
    assert "TwoArgumentsError: one two" in str(error)


@pytest.mark.parametrize(("end", "cause"), [(faults.leave, SystemExit), (faults.interrupt, KeyboardInterrupt)])
def test_submit__what_would_end_the_caller_is_an_error(pool, end, cause):
    error = pool.submit(end).exception(PATIENCE)
    assert isinstance(error, PoolError)
    assert f"raised {cause.__name__}," in str(error)
    assert isinstance(error.__cause__, cause)
    assert f"in {end.__name__}" in error.__notes__[0]


def test_submit__what_cannot_be_pickled_fails_alone(pool):
    good = results(pool, 5)
    with pytest.raises(PoolError, match="cannot be sent to a worker"):
        pool.submit(faults.square, threading.Lock()).result(PATIENCE)
    with pytest.raises(PoolError, match="its result cannot be sent back: generator"):
        pool.submit(faults.unpicklable).result(PATIENCE)
    check(good)


def test_submit__retries(pool, tmp_path):
    assert pool.submit(faults.fail_first, tmp_path, 2, retries=2).result(PATIENCE) == 2


def test_submit__large_argument_without_a_warning(pool):
    block = bytes(12_000_000)
    assert pool.submit(len, block).result(PATIENCE) == len(block)


def test_submit__from_a_callback(pool):
    second = []
    done = threading.Event()

    def go_on(first):
        second.append(pool.submit(faults.square, first.result()))
        done.set()

    pool.submit(faults.square, 3).add_done_callback(go_on)
    assert done.wait(PATIENCE)
    assert second[0].result(PATIENCE) == 81


def test_status__tells_what_runs(pool, tmp_path):
    future = pool.submit(faults.wait_for, tmp_path / "go", tmp_path / "begun", key="shard-7")
    appears(tmp_path / "begun")
    told = threading.Event()
    stop = pool.watch(
        lambda _: told.set() if any("shard-7" in row.executing for row in pool.status().workers) else None
    )
    assert told.wait(PATIENCE)
    stop()
    assert pool.status().running == 1
    (tmp_path / "go").touch()
    future.result(PATIENCE)


def test_priority__goes_before_the_batch(pool, tmp_path):
    blockers = [pool.submit(faults.wait_for, tmp_path / f"go{n}", tmp_path / f"begun{n}") for n in range(2)]
    for n in range(2):
        appears(tmp_path / f"begun{n}")
    batch = [pool.submit(faults.note_and_square, tmp_path, n, job="batch") for n in range(10)]
    click = pool.submit(faults.note_and_square, tmp_path, 99, priority=10)
    (tmp_path / "go0").touch()  # one worker alone goes on, so that they begin one after another
    assert click.result(PATIENCE) == 99 * 99
    futures.wait(batch, PATIENCE)
    (tmp_path / "go1").touch()
    futures.wait(blockers, PATIENCE)
    assert (tmp_path / "trace").read_text().split()[0] == "99"


def test_pause_resume_cancel(pool, tmp_path):
    pool.pause("held")
    held = [pool.submit(faults.square, n, job="held") for n in range(5)]
    check(results(pool, 5))
    assert not any(future.done() for future in held)
    assert pool.status().paused == {"held"}
    pool.resume("held")
    check(held)
    running = pool.submit(faults.hang, tmp_path / "begun", job="bad")
    pid = int(appears(tmp_path / "begun"))
    waiting = [pool.submit(faults.hang, job="bad") for _ in range(5)]
    assert pool.cancel("bad") == 6
    assert futures.wait([running, *waiting], PATIENCE).not_done == set()
    assert all(future.cancelled() for future in (running, *waiting))
    assert gone([pid], PATIENCE), "what runs on after a cancel is ended with its worker"
    check(results(pool, 4))


def test_future_cancel__while_it_runs(pool, tmp_path):
    future = pool.submit(faults.wait_for, tmp_path / "go", tmp_path / "begun")
    appears(tmp_path / "begun")
    assert future.cancel()
    (tmp_path / "go").touch()
    check(results(pool, 4))


def test_queue__is_bounded():
    with WorkerPool(maximum=1, max_queued=3, memory_limit="1GB") as small:
        small.pause("held")
        for number in range(3):
            small.submit(faults.square, number, job="held")
        with pytest.raises(QueueFullError, match="3 tasks wait already"):
            small.submit(faults.square, 3, job="held", block=False)


def test_kill_worker__its_task_is_run_again(pool, notices, tmp_path):
    late = pool.submit(faults.wait_for, tmp_path / "go", tmp_path / "begun")
    first = int(appears(tmp_path / "begun"))
    good = results(pool)
    (tmp_path / "begun").unlink()
    os.kill(first, signal.SIGKILL)
    assert int(appears(tmp_path / "begun")) != first
    (tmp_path / "go").touch()
    assert late.result(PATIENCE) != first
    check(good)
    notices.wait("worker-lost", "lost")


def test_stopped_worker__is_replaced(pool, notices, tmp_path):
    late = pool.submit(faults.wait_for, tmp_path / "go", tmp_path / "begun")
    first = int(appears(tmp_path / "begun"))
    os.kill(first, signal.SIGSTOP)
    good = results(pool)
    notices.wait("worker-restarted", "stopped")
    (tmp_path / "go").touch()
    assert late.result(PATIENCE) != first
    check(good)


def test_worker__whose_event_loop_hangs_is_replaced(pool, notices, tmp_path):
    pool.submit(faults.deafen, tmp_path / "begun").result(PATIENCE)
    first = int(appears(tmp_path / "begun"))
    good = results(pool)
    notices.wait("worker-restarted", "silent")
    check(good)
    assert gone([first], PATIENCE)


def test_worker__that_gives_no_result_away_is_replaced(pool, notices, tmp_path):
    kept = pool.submit(faults.keep, tmp_path / "begun")
    assert kept.result(PATIENCE) != int(appears(tmp_path / "begun"))
    notices.wait("worker-restarted", "silent")
    check(results(pool))


def test_worker__that_lost_its_scheduler_is_ended_at_once(pool, notices, tmp_path):
    lost = pool.submit(faults.part, tmp_path / "begun")
    first = int(appears(tmp_path / "begun"))
    notices.wait("worker-lost")
    assert gone([first], 12)  # and not when its nanny has waited in vain for another, which is 15 s
    lost.cancel()
    check(results(pool))


def test_kill_cluster__everything_is_run_again(pool, notices, tmp_path):
    late = pool.submit(faults.wait_for, tmp_path / "go", tmp_path / "begun")
    first = int(appears(tmp_path / "begun"))
    good = results(pool)
    workers = [row.pid for row in pool.status().workers]
    os.kill(cluster_pid(), signal.SIGKILL)
    assert gone(workers, PATIENCE), "workers end with their scheduler"
    notices.wait("cluster-lost")
    (tmp_path / "go").touch()
    assert late.result(PATIENCE) != first
    check(good)


def test_task_that_kills_its_worker__fails_alone(pool):
    bad = pool.submit(faults.die)
    good = results(pool)
    assert isinstance(bad.exception(PATIENCE), WorkerLostError)
    check(good)


def test_timeout__worker_of_a_hung_task_is_restarted(pool, notices):
    hung = pool.submit(faults.hang, timeout=0.3)
    good = results(pool, timeout=PATIENCE)
    with pytest.raises(TaskTimeoutError, match=r"longer than its limit of 0\.3 s"):
        hung.result(PATIENCE)
    restarted = notices.wait("worker-restarted", "timeout")
    assert restarted.worker == notices.wait("task-timeout").worker
    assert gone([int(restarted.text.split()[1])], PATIENCE)
    check(good)


@pytest.mark.parametrize("allocate", [faults.allocate_array, faults.allocate_objects])
def test_memory__four_times_the_limit_is_a_clear_error(pool, allocate):
    bad = pool.submit(allocate, 4 * WORKER_BYTES)
    good = results(pool)
    with pytest.raises(MemoryLimitError, match="Raise the limit"):
        bad.result(PATIENCE)
    check(good)


def test_memory__paused_worker_is_restarted(pool, notices):
    # more than the 80 % at which Dask pauses a worker, less than the 92 % at which it gets no more
    leak = pool.submit(faults.leak_up_to, WORKER_BYTES * 86 // 100)
    good = results(pool)
    check(good)
    notices.wait("worker-restarted", "paused")
    assert notices.wait("memory").level is not None
    assert futures.wait([leak], PATIENCE).not_done == set()


def test_memory__what_others_left_behind_is_no_fault_of_a_task():
    with WorkerPool(maximum=1, memory_limit=WORKER_BYTES + SHARED_BYTES) as small:
        # less than the share at which a worker is paused, and too much for the next one
        assert small.submit(faults.leak, WORKER_BYTES // 2).result(PATIENCE) == 1
        seen = Notices()
        small.watch(seen)
        n_bytes = WORKER_BYTES // 2
        assert small.submit(faults.allocate_array, n_bytes).result(PATIENCE) == n_bytes
        seen.wait("worker-restarted", "memory")
        with pytest.raises(MemoryLimitError):
            small.submit(faults.allocate_array, 4 * WORKER_BYTES).result(PATIENCE)


def test_listens__on_this_machine_only(pool):
    check(results(pool, 2))
    tree = [psutil.Process(cluster_pid()), *psutil.Process(cluster_pid()).children(recursive=True)]
    listening = [c.laddr.ip for p in tree for c in p.net_connections() if c.status == psutil.CONN_LISTEN]
    assert len(listening) > 2
    assert set(listening) == {"127.0.0.1"}


def test_owner_killed__leaves_no_process(tmp_path):
    code = (
        "import os\n"
        "from gamebook_lab.parallel.pool import WorkerPool\n"
        "from tests.parallel import faults\n"
        "pool = WorkerPool(minimum=2, maximum=2, memory_limit='800MB')\n"
        "pool.submit(faults.hang, os.environ['BEGUN']).result()\n"
    )
    begun = tmp_path / "begun"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "BEGUN": str(begun)}) as owner:
        appears(begun)
        pids = [child.pid for child in psutil.Process(owner.pid).children(recursive=True)]
        assert len(pids) >= 2
        os.kill(int(begun.read_text()), signal.SIGSTOP)
        owner.kill()
    assert gone(pids, PATIENCE)


def test_close__ends_everything_and_cancels_what_waits(tmp_path):
    pool = WorkerPool(maximum=1, memory_limit="1GB")
    running = pool.submit(faults.hang, tmp_path / "begun")
    waiting = pool.submit(faults.square, 1)
    pid = int(appears(tmp_path / "begun"))
    pool.close()
    assert running.cancelled()
    assert waiting.cancelled()
    assert gone([pid], PATIENCE)
    assert pool.status().state == "closed"
    with pytest.raises(PoolError, match="the pool was closed"):
        pool.submit(faults.square, 1)


@pytest.mark.parametrize(
    "address", ["tcp://192.0.2.1:8786", "tcp://example.org:8786", "http://localhost:1", "nonsense", 5]
)
def test_address__that_is_not_safe_is_refused(address):
    with pytest.raises(PoolError):
        WorkerPool(address)


def test_address__of_the_environment(monkeypatch):
    monkeypatch.setenv("GAMEBOOK_SCHEDULER", "tcp://192.0.2.1:8786")
    with pytest.raises(PoolError, match="use tls://"):
        WorkerPool()


def test_address__where_nothing_answers_is_given_up_soon_and_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr("gamebook_lab.parallel.runner._CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with WorkerPool(address) as pool:
        with pytest.raises(PoolError, match=f"no cluster: .*{address}"):
            pool.submit(faults.square, 3).result(PATIENCE)
        with pytest.raises(JobStoppedError, match=f"no cluster: .*{address}"):
            Job("squares", faults.square, items=range(3)).run(pool=pool, workspace=tmp_path)
        assert pool.status().state == "failed"


def test_address__that_asks_for_keys_says_where_they_are_named():
    with WorkerPool("tls://127.0.0.1:1") as pool, pytest.raises(PoolError, match=r"distributed\.comm\.tls\.ca-file"):
        pool.submit(faults.square, 3).result(PATIENCE)


@pytest.mark.parametrize(
    "options",
    [{"minimum": 0}, {"minimum": 3, "maximum": 2}, {"cpu_limit": 0}, {"cpu_limit": 1.5}, {"memory_limit": "lots"},
     {"maximum": "two"}, {"maximum": 1.5}, {"cpu_limit": "70%"}, {"memory_limit": "10MB"}, {"threads_per_worker": 0}, {"max_queued": 0}],
)  # fmt: skip
def test_pool__numbers_that_make_no_sense(options):
    with pytest.raises(ValueError, match=r"pool|maximum is a whole number|cpu_limit|memory limit|too little|queue"):
        WorkerPool(**options)


def test_close__a_cancellation_that_was_swallowed_is_repeated(monkeypatch):
    # as asyncio.wait_for does up to Python 3.11, if its future is done at that very moment
    monkeypatch.setattr(pool_module, "_AGAIN_SECONDS", 0.05)
    pool = WorkerPool()
    runs = threading.Event()

    async def stubborn():
        runs.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3_600)
        await asyncio.sleep(3_600)

    monkeypatch.setattr(pool._runner, "run", stubborn)
    pool.start()
    assert runs.wait(PATIENCE)
    pool.close()
    assert pool.is_closed


@pytest.mark.parametrize("wrong", [{"priority": "high"}, {"timeout": 0}, {"timeout": "5s"}, {"retries": -1}])
def test_submit__numbers_that_make_no_sense_are_told_at_once(pool, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        pool.submit(faults.square, 7, **wrong)
