"""The process that owns the pool is killed in the midst of a job: nothing stays behind, and the same call goes on."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from jupyter_client import KernelManager

from tests.parallel import faults, owner
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
N_SHARDS = 42
CELL = """
import time
from gamebook_lab.parallel.jobs import Job
from pathlib import Path
from gamebook_lab.parallel.pool import WorkerPool

FACTOR = 3

def triple(item, *, seconds, hold):
    while item > 20 and Path(hold).exists():  # the job is not over before its kernel is killed
        time.sleep(0.005)
    time.sleep(seconds)
    return [FACTOR * item] * 100

job = Job("cell", triple, range(42), {"seconds": 0.05, "hold": str(Path("hold").absolute())})
pool = WorkerPool(minimum=2, maximum=2, memory_limit="800MB", cpu_limit=1.0)
run = job.start(pool, "workspace")
"""
UNDISTURBED = 'job.run(workspace="undisturbed")'


def files(workspace):
    (folder,) = Path(workspace).glob("*/shards")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def n_finished(workspace):
    return len(list(workspace.glob("*/shards/[!.]*")))


def until_finished(workspace, n_shards):
    ends = time.monotonic() + PATIENCE
    while n_finished(workspace) < n_shards:
        assert time.monotonic() < ends, "the job never came so far"
        time.sleep(0.02)


def kill(pid):
    """Kill a process, and give those of its descendants that never end."""
    descendants = psutil.Process(pid).children(recursive=True)
    assert len(descendants) >= 4, "a cluster, the workers' parent and two workers"
    os.kill(pid, signal.SIGKILL)
    _, left = psutil.wait_procs(descendants, timeout=PATIENCE)
    return [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


def test_process_killed__no_orphans_and_the_same_call_goes_on(tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    (marks / faults.HOLD_SIGN).touch()
    command = [sys.executable, "-m", "tests.parallel.owner", marks, tmp_path / "workspace"]
    with subprocess.Popen(command, cwd=ROOT) as first:
        until_finished(tmp_path / "workspace", 8)
        left = kill(first.pid)
    assert left == []
    (marks / faults.HOLD_SIGN).unlink()
    n_kept = n_finished(tmp_path / "workspace")
    assert 8 <= n_kept < N_SHARDS
    began_before = Counter(path.name.rpartition("-")[0] for path in marks.iterdir())
    again = subprocess.run(command, cwd=ROOT, timeout=PATIENCE, check=True, capture_output=True, text=True)
    done, skipped = map(int, again.stdout.splitlines()[-1].split()[1:])
    assert (done, skipped) in {(N_SHARDS, n_kept), (N_SHARDS, n_kept - 1)}, "one may have had no line in the manifest"
    began = Counter(path.name.rpartition("-")[0] for path in marks.iterdir())
    assert (began - began_before).total() == N_SHARDS - skipped
    owner.job(str(marks)).run(workspace=tmp_path / "undisturbed")
    assert files(tmp_path / "workspace") == files(tmp_path / "undisturbed")


@contextlib.contextmanager
def kernel(folder):
    manager = KernelManager(connection_file=str(folder / "kernel.json"))
    manager.start_kernel(
        cwd=str(folder), env={**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython")}
    )
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def said(client, code):
    """Run a cell, and give what it printed."""
    texts = []

    def hear(message):
        if message["header"]["msg_type"] == "stream" and message["content"]["name"] == "stdout":
            texts.append(message["content"]["text"])

    reply = client.execute_interactive(code, timeout=PATIENCE, output_hook=hear)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(texts)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # sockets of a killed kernel
def test_kernel_killed__no_orphans_and_the_same_cell_goes_on(tmp_path):
    with kernel(tmp_path) as (manager, client):
        (tmp_path / "hold").touch()
        said(client, CELL)
        until_finished(tmp_path / "workspace", 8)
        left = kill(manager.provisioner.pid)
    assert left == []
    (tmp_path / "hold").unlink()
    with kernel(tmp_path) as (_, client):
        said(client, CELL)
        done, skipped = map(int, said(client, f"r = run.wait({PATIENCE}); print(r.n_done, r.progress.skipped)").split())
        said(client, UNDISTURBED)
    assert done == N_SHARDS
    assert 7 <= skipped < N_SHARDS
    assert files(tmp_path / "workspace") == files(tmp_path / "undisturbed")
