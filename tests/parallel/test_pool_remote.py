"""The pool on a scheduler that someone else runs, over TLS."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import dask
import distributed
import pytest

from gamebook_lab.errors import TaskTimeoutError
from gamebook_lab.parallel.pool import WorkerPool
from tests.parallel import faults, owner
from tests.parallel.fault_suite import N_GOOD, make_pool
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and is not here")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "cert.pem", folder / "key.pem"


def address_in(file):
    """Wait for the file that a scheduler writes, until there is all of it."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with contextlib.suppress(OSError, ValueError):
            return json.loads(file.read_text())["address"]
        time.sleep(0.02)
    raise AssertionError("no scheduler has begun")


@pytest.fixture(scope="module")
def scheduler(certificate, tmp_path_factory):
    """Address of a scheduler with two workers that were started by hand, and the process of a nanny."""
    cert, key = map(str, certificate)
    file = tmp_path_factory.mktemp("scheduler") / "scheduler.json"
    tls = ["--tls-ca-file", cert, "--tls-cert", cert, "--tls-key", key, "--scheduler-file", str(file)]
    own = ["--host", "tls://127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    options = {"cwd": ROOT, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "stderr": subprocess.DEVNULL}
    dask_cli = [sys.executable, "-m", "dask.__main__"]
    processes = [subprocess.Popen([*dask_cli, "scheduler", *tls, *own, "--port", "0"], **options)]
    try:
        address = address_in(file)
        for _ in range(2):
            worker = [*dask_cli, "worker", *tls, *own, "--nthreads", "1", "--memory-limit", "400MB"]
            processes.append(subprocess.Popen(worker, **options))
        yield address, processes[1]
    finally:
        for process in reversed(processes):
            process.kill()
        for process in processes:
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def pool(scheduler, certificate):
    cert, key = map(str, certificate)
    tls = {f"distributed.comm.tls.client.{name}": value for name, value in (("cert", cert), ("key", key))}
    # Only once its own settings are there: what is set before takes all of them along when it ends, and no pool starts any more.
    assert "scheduler" in distributed.config["distributed"]
    with dask.config.set({**tls, "distributed.comm.tls.ca-file": cert}), WorkerPool(scheduler[0]) as pool:
        until_all_work(pool)
        yield pool


def until_all_work(pool):
    """Wait for two workers: on a busy machine the second one may begin when the first has done everything."""
    check(pool)
    ends = time.monotonic() + PATIENCE
    while pool.status().n_workers < 2:
        assert time.monotonic() < ends, pool.status()
        time.sleep(0.02)


def check(pool):
    pending = [pool.submit(faults.square, number) for number in range(40)]
    assert [future.result(PATIENCE) for future in pending] == [number * number for number in range(40)]


def test_remote__same_results_over_tls(pool, scheduler):
    assert scheduler[0].startswith("tls://127.0.0.1:")
    check(pool)
    status = pool.status()
    assert status.n_workers == 2
    assert status.memory_limit_bytes == status.n_workers * 400_000_000
    assert all(row.memory_bytes for row in status.workers)


def files(workspace):
    (folder,) = workspace.glob("*/shards")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_remote__job_gives_the_bytes_of_the_local_pool(pool, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    job = owner.job(str(marks))
    assert job.run(pool, tmp_path / "remote").n_done == N_GOOD
    with make_pool() as local:
        until_all_work(local)
        job.run(local, tmp_path / "local")
    assert len({path.read_text() for path in marks.iterdir()}) == 4, "two workers there, two here"
    assert len(files(tmp_path / "remote")) == N_GOOD
    assert files(tmp_path / "remote") == files(tmp_path / "local")


def test_remote__hung_task_ends(pool):
    with pytest.raises(TaskTimeoutError):
        pool.submit(faults.hang, timeout=0.3).result(PATIENCE)
    until_all_work(pool)


def test_remote__nanny_is_killed(pool, scheduler, tmp_path):
    late = [pool.submit(faults.wait_for, tmp_path / "go", tmp_path / f"begun{n}") for n in range(2)]
    for n in range(2):
        faults.wait_for(tmp_path / f"begun{n}")
    scheduler[1].kill()
    (tmp_path / "go").touch()
    assert all(future.result(PATIENCE) for future in late)
    check(pool)
