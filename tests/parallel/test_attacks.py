"""What else may happen to a job on the real pool: a full disk, a pool that is closed, forks, two runs at once."""

import errno
import os
import sys
import time

import pytest

from gamebook_lab.errors import JobStoppedError
from gamebook_lab.parallel.jobs import Job
from tests.parallel import faults, owner
from tests.parallel.fault_suite import N_GOOD, make_pool
from tests.patience import PATIENCE


@pytest.fixture(scope="module")
def pool():
    with make_pool() as pool:
        yield pool


@pytest.fixture
def job(tmp_path):
    (tmp_path / "marks").mkdir()
    return owner.job(str(tmp_path / "marks"))


def files(report):
    return {path.name: path.read_bytes() for path in (report.folder / "shards").iterdir()}


def until_done(run, n_shards):
    ends = time.monotonic() + PATIENCE
    while run.progress.done < n_shards:
        assert time.monotonic() < ends, run.progress
        time.sleep(0.01)


def test_full_disk__job_stops_and_goes_on_when_there_is_room(pool, job, tmp_path, monkeypatch):
    n_calls = 0
    fsync = os.fsync

    def full(descriptor):
        nonlocal n_calls
        n_calls += 1
        if n_calls > 30:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        run = job.start(pool, tmp_path / "full")
        with pytest.raises(JobStoppedError, match=r"cannot be written: .*No space left.*go on from there"):
            run.wait(PATIENCE)
    assert list(run.folder.glob("**/.*.part")) == []
    report = job.start(pool, tmp_path / "full").wait(PATIENCE)
    assert 0 < report.progress.skipped < N_GOOD
    assert files(report) == files(job.run(pool, tmp_path / "undisturbed"))


def test_memory_stays_full__job_stops_and_goes_on_when_there_is_room(pool, job, tmp_path, monkeypatch):
    run = job.start(pool, tmp_path / "full")
    until_done(run, 5)
    with monkeypatch.context() as patched:
        patched.setattr(pool.memory, "is_exhausted", lambda now: True)
        with pytest.raises(JobStoppedError, match=r"memory stayed above 80 %.*kept.*go on from there"):
            run.wait(PATIENCE)
    assert run.report.n_set_aside == 0, "no shard is to blame"
    report = job.start(pool, tmp_path / "full").wait(PATIENCE)
    assert 5 <= report.progress.skipped < N_GOOD
    assert files(report) == files(job.run(pool, tmp_path / "undisturbed"))


def test_pool_closed__job_stops_and_goes_on_with_another(job, tmp_path):
    with make_pool() as closing:
        run = job.start(closing, tmp_path)
        until_done(run, 5)
    with pytest.raises(JobStoppedError, match="pool was closed"):
        run.wait(20)  # less than a breaker stays open
    with make_pool() as another:
        report = job.start(another, tmp_path).wait(PATIENCE)
    assert report.n_done == N_GOOD
    assert report.progress.skipped >= 5


def test_two_runs__share_the_work_of_one_job(pool, job, tmp_path):
    first, second = (job.start(pool, tmp_path) for _ in range(2))
    reports = [run.wait(PATIENCE) for run in (first, second)]
    assert [report.n_done for report in reports] == [N_GOOD, N_GOOD]
    assert sorted(report.progress.skipped for report in reports) == [0, N_GOOD]
    assert len(list((tmp_path / "marks").iterdir())) == N_GOOD


@pytest.mark.skipif(sys.platform == "win32", reason="nothing forks there")
def test_fork__in_a_shard_does_no_harm(pool, tmp_path):
    report = Job("forks", faults.fork_and_stray, range(12), {"seconds": 0.02}).start(pool, tmp_path).wait(PATIENCE)
    assert list(report.results()) == list(range(12))
