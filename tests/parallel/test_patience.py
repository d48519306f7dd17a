"""Time of a process's own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gamebook_lab.parallel.patience import OwnTime, Patience, Used, used


def test_look__time_that_it_waited_or_worked_in_does_not_count() -> None:
    had = {1: Used(0.0, 0.0), 2: Used(0.0, 0.0), 3: Used(0.0, 0.0)}
    patience = Patience(lambda pid: had[pid])
    assert patience.look(had, 10.0) == dict.fromkeys(had, OwnTime(0.0, 0.0))
    had.update({2: Used(0.0, 0.4), 3: Used(0.3, 0.0)})
    assert patience.look(had, 10.5) == {
        1: OwnTime(0.5, 0.5), 2: OwnTime(pytest.approx(0.1), pytest.approx(0.1)), 3: OwnTime(0.5, 0.0)
    }  # fmt: skip


def test_look__of_long_without_a_look_little_counts() -> None:
    patience = Patience(lambda _: Used(0.0, 0.0))
    patience.look([1], 0.0)
    assert patience.look([1], 60.0)[1].seconds == 1.0


def test_count__starts_again_when_it_was_well() -> None:
    patience = Patience()
    assert patience.count({"a": 1.0, "b": 1.0}) == {"a": 1.0, "b": 1.0}
    assert patience.count({"a": 1.0}) == {"a": 2.0}
    assert patience.count({"a": 1.0, "b": 0.5}) == {"a": 3.0, "b": 0.5}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not tell")
def test_used__a_process_of_the_idle_class_waits_where_another_works() -> None:
    code = "import os; os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0)); print(flush=True)\nwhile True: pass"
    core = sorted(os.sched_getaffinity(0))[:1]
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            os.sched_setaffinity(process.pid, core)
            before, mine = used(process.pid), os.sched_getaffinity(0)
            os.sched_setaffinity(0, core)
            try:
                while used(process.pid).waited_seconds - before.waited_seconds < 0.2:
                    sum(range(100_000))
            finally:
                os.sched_setaffinity(0, mine)
        finally:
            process.kill()


def test_used__of_a_process_that_is_gone_is_nothing() -> None:
    assert used(2**31 - 1) == Used(0.0, 0.0)
