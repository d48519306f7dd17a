"""Time of a process's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gamebook_lab.parallel.patience import OwnTime, Patience, Seen, see


def test_look__time_that_it_waited_or_worked_in_does_not_count() -> None:
    idle, computing, waiting = 1, 2, 3
    had = dict.fromkeys([idle, computing, waiting], Seen(0.0, is_ready=False))
    patience = Patience(lambda pid: had[pid])
    assert patience.look(had, 10.0) == dict.fromkeys(had, OwnTime(0.0, 0.0))
    had.update({computing: Seen(0.3, is_ready=True), waiting: Seen(0.01, is_ready=True)})
    assert patience.look(had, 10.5) == {
        idle: OwnTime(0.5, 0.5), computing: OwnTime(0.5, 0.0), waiting: OwnTime(0.05, 0.0)
    }  # fmt: skip


def test_look__of_long_without_a_look_little_counts() -> None:
    patience = Patience(lambda _: Seen(0.0, is_ready=False))
    patience.look([1], 0.0)
    assert patience.look([1], 60.0)[1].seconds == 1.0


def test_count__starts_again_when_it_was_well() -> None:
    patience = Patience()
    assert patience.count({"a": 1.0, "b": 1.0}) == {"a": 1.0, "b": 1.0}
    assert patience.count({"a": 1.0}) == {"a": 2.0}
    assert patience.count({"a": 1.0, "b": 0.5}) == {"a": 3.0, "b": 0.5}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not tell")
def test_see__one_that_computes_is_ready_and_one_that_waits_for_input_is_not() -> None:
    code = "import sys; print(flush=True); sys.stdin.readline(); print(flush=True)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdout.readline()
            while see(process.pid).is_ready:  # it is on its way to its input
                os.sched_yield()
            process.stdin.write(b"\n")
            process.stdin.flush()
            process.stdout.readline()
            assert see(process.pid).is_ready
        finally:
            process.kill()


def test_see__a_thread_with_an_odd_name(tmp_path: Path) -> None:
    thread = tmp_path / str(os.getpid()) / "task" / "7"
    thread.mkdir(parents=True)
    for state, is_ready in (("R", True), ("S", False)):
        (thread / "stat").write_text(f"7 (a) R b) {state} 1 7 7 0")
        assert see(os.getpid(), tmp_path).is_ready is is_ready


def test_see__one_that_is_gone_wants_nothing() -> None:
    assert see(2**31 - 1) == Seen(0.0, is_ready=False)
