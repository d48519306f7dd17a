"""A process beside the kernel: stands still for a moment at each message, and is never left behind so."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys

import psutil
import pytest

from gamebook_lab.widgets import companion as companions
from gamebook_lab.widgets import holding
from gamebook_lab.widgets.companion import Companion
from gamebook_lab.widgets.quiet import QUIET
from tests.patience import PATIENCE

EXPLORING = "gamebook_lab.widgets.exploring"
HOLDS_ONE = f"""
import queue, sys
from gamebook_lab.widgets import companion, holding
from gamebook_lab.widgets.quiet import QUIET
holding.HELD_SECONDS = holding.MOST_HELD_SECONDS = 3600.0
heard = queue.Queue()
one = companion.Companion({EXPLORING!r}, "test", hear=lambda *said: heard.put(said), ended=lambda _: None)
one.tell("why", 1, "Start")
heard.get()
QUIET.heard()
print(one.pid, flush=True)
sys.stdin.read()
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a process with its parent")


@pytest.fixture
def started():
    """Start companions that have said that they may be held, and end them; gives each with what it says."""
    running = []

    def start():
        heard, ended = queue.Queue(), queue.Queue()
        one = Companion(EXPLORING, "test", hear=lambda *said: heard.put(said), ended=ended.put)
        running.append(one)
        ask(one, heard)
        return one, heard, ended

    yield start
    for one in running:
        one.end()


def ask(one, heard):
    one.tell("why", 1, "Start")
    assert heard.get(timeout=PATIENCE) == ("why", 1, "Start", None)


def is_held(pid):
    return psutil.Process(pid).status() == psutil.STATUS_STOPPED


def held(pid):
    """Wait until it stands still: a signal takes effect a little after it was sent."""
    one = psutil.Process(pid)
    for _ in range(int(PATIENCE / 0.01)):
        if is_held(pid):
            return True
        try:
            one.wait(0.01)
        except psutil.TimeoutExpired:
            continue
        return False
    return False


@linux
def test_message__has_it_stand_still(started, monkeypatch):
    monkeypatch.setattr(holding, "HELD_SECONDS", 3600.0)
    monkeypatch.setattr(holding, "MOST_HELD_SECONDS", 3600.0)
    one, _, ended = started()
    assert not is_held(one.pid)
    QUIET.heard()
    assert held(one.pid)
    one.end()
    assert ended.get(timeout=PATIENCE) is one
    assert not one.is_running
    QUIET.heard()  # nobody is held any more


@linux
def test_answering__holds_it_where_no_message_was_heard_of(started, monkeypatch):
    monkeypatch.setattr(holding, "HELD_SECONDS", 3600.0)
    monkeypatch.setattr(holding, "MOST_HELD_SECONDS", 3600.0)
    one, _, _ = started()
    with QUIET.answering():
        assert held(one.pid)


@linux
def test_it_goes_on__a_moment_after_the_last_message(started, monkeypatch):
    monkeypatch.setattr(holding, "HELD_SECONDS", 0.01)
    one, heard, _ = started()
    for _ in range(3):
        QUIET.heard()
        ask(one, heard)


@linux
def test_it_goes_on__in_between_if_messages_do_not_end(started, monkeypatch):
    monkeypatch.setattr(holding, "HELD_SECONDS", 3600.0)  # as if one came at every moment
    monkeypatch.setattr(holding, "MOST_HELD_SECONDS", 0.01)
    one, heard, _ = started()
    QUIET.heard()
    ask(one, heard)
    QUIET.heard()
    ask(one, heard)


@pytest.mark.skipif(sys.platform == "win32", reason="there an interrupt is no signal")
def test_interrupt__of_a_cell_is_not_meant_for_it(started):
    one, heard, _ = started()
    os.kill(one.pid, signal.SIGINT)  # Jupyter sends it to all processes of the kernel's group
    ask(one, heard)
    ask(one, heard)


@linux
def test_it_is_killed__with_whoever_holds_it():
    with subprocess.Popen([sys.executable, "-c", HOLDS_ONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        pid = int(holder.stdout.readline())
        assert held(pid)
        left = psutil.Process(pid)
        holder.kill()
        left.wait(PATIENCE)
    assert not left.is_running()


def test_start__that_fails_is_told_of(monkeypatch):
    monkeypatch.setattr(companions.sys, "executable", "/nowhere/python")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Companion(EXPLORING, "test", hear=print, ended=print)
