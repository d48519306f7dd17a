"""``gamebook --scheduler``: the address is checked first, and then every pool finds it."""

import importlib

import pytest

import gamebook_lab as gb
from gamebook_lab.parallel.pool import SCHEDULER_VARIABLE, WorkerPool
from gamebook_lab.parallel.status import Notice
from tests.parallel import faults
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def _no_address(monkeypatch):
    monkeypatch.setenv(SCHEDULER_VARIABLE, "")


@pytest.mark.parametrize("wrong", ["", "tls://", "http://here:80", "tcp://example.org:8786", "here:8786"])
def test_scheduler__bad_address_is_one_line_and_nothing_runs(gamebook, monkeypatch, wrong):
    monkeypatch.setattr("gamebook_lab.formats.read_story", lambda path, **_: pytest.fail("it ran"), raising=False)
    run = gamebook("--scheduler", wrong, "check", "x")
    assert (run.status, run.out) == (2, "")
    assert "tls://" in run.err
    assert run.err.count("\n") == 1


def test_scheduler__an_address_without_an_address_is_bad_usage(gamebook):
    assert gamebook("check", "x", "--scheduler").status == 2


def test_scheduler__kernels_of_the_lab_inherit_it(gamebook, monkeypatch):
    seen = []
    launch = importlib.import_module("gamebook_lab.lab.launch")
    monkeypatch.setattr(launch, "launch", lambda path, **_: seen.append(launch.os.environ[SCHEDULER_VARIABLE]) or 0)
    assert gamebook("--scheduler", "tls://dask.example.org:8786", "lab").status == 0
    assert seen == ["tls://dask.example.org:8786"]


def test_scheduler__check_parses_on_its_workers(gamebook, reads, local_address, monkeypatch, caplog):
    reads(gb.parse_twee("".join(f":: Room {number}\n[[Cellar]]\n\n" for number in range(8))))
    alone = gamebook("check", "x")
    monkeypatch.setattr("gamebook_lab.parallel.pool.LocalCluster", lambda *_: pytest.fail("it has its own"))
    run = gamebook("--scheduler", local_address, "check", "x", "--workers", "2")
    assert (run.status, run.out, run.err) == (alone.status, alone.out, "")
    assert "one does it all" not in caplog.text, "it says so where it has to parse alone"


def test_scheduler__paths_are_written_by_it_and_it_must_be_there(gamebook, tmp_path):
    story = tmp_path / "two.twee"
    story.write_text(":: Start\n[[A]] [[B]]\n\n:: A\n.\n\n:: B\n.\n")
    run = gamebook("--scheduler", "tls://127.0.0.1:1", "paths", str(story), "--output", str(tmp_path / "paths"))
    assert run.status == 2
    assert "distributed.comm.tls" in run.err.splitlines()[-1]


@pytest.fixture
def local_address():
    """Address of a scheduler on this machine: that of another pool."""
    found = []

    def hear(what):
        if isinstance(what, Notice) and what.kind == "cluster-started":
            found.append(what.text.split()[-1])

    with WorkerPool(minimum=1, maximum=1, cpu_limit=1.0) as pool:
        pool.watch(hear)
        assert pool.submit(faults.square, 3).result(PATIENCE) == 9
        yield found[0]
