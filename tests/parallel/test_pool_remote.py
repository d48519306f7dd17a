"""The pool on a scheduler that someone else runs, over TLS."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import dask
import pytest

from gamebook_lab.errors import TaskTimeoutError
from gamebook_lab.parallel.pool import WorkerPool
from tests.parallel import faults, owner
from tests.parallel.fault_suite import N_GOOD, make_pool

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


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
        faults.wait_for(file)
        for _ in range(2):
            worker = [*dask_cli, "worker", *tls, *own, "--nthreads", "1", "--memory-limit", "400MB"]
            processes.append(subprocess.Popen(worker, **options))
        yield json.loads(file.read_text())["address"], processes[1]
    finally:
        for process in reversed(processes):
            process.kill()
        for process in processes:
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def pool(scheduler, certificate):
    cert, key = map(str, certificate)
    tls = {f"distributed.comm.tls.client.{name}": value for name, value in (("cert", cert), ("key", key))}
    with dask.config.set({**tls, "distributed.comm.tls.ca-file": cert}), WorkerPool(scheduler[0]) as pool:
        yield pool


def check(pool):
    pending = [pool.submit(faults.square, number) for number in range(40)]
    assert [future.result(PATIENCE) for future in pending] == [number * number for number in range(40)]


def test_remote__same_results_over_tls(pool, scheduler):
    assert scheduler[0].startswith("tls://127.0.0.1:")
    check(pool)
    status = pool.status()
    assert 1 <= status.n_workers <= 2
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
        job.run(local, tmp_path / "local")
    assert len({path.read_text() for path in marks.iterdir()}) == 4, "two workers there, two here"
    assert len(files(tmp_path / "remote")) == N_GOOD
    assert files(tmp_path / "remote") == files(tmp_path / "local")


def test_remote__hung_task_ends(pool):
    with pytest.raises(TaskTimeoutError):
        pool.submit(faults.hang, timeout=0.3).result(PATIENCE)
    check(pool)


def test_remote__nanny_is_killed(pool, scheduler, tmp_path):
    late = [pool.submit(faults.wait_for, tmp_path / "go", tmp_path / f"begun{n}") for n in range(2)]
    for n in range(2):
        faults.wait_for(tmp_path / f"begun{n}")
    scheduler[1].kill()
    (tmp_path / "go").touch()
    assert all(future.result(PATIENCE) for future in late)
    check(pool)
