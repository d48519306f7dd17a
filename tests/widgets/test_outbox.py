"""Telling a process, which may take its time."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from gamebook_lab.widgets.outbox import Outbox
from tests.patience import PATIENCE

ECHO = """
import pickle, sys
while True:
    try:
        told = pickle.load(sys.stdin.buffer)
    except EOFError:
        break
    sys.stdout.write(f"{told[0]} {len(told[1])}\\n")
"""
DEAF = "import time; print('here', flush=True); time.sleep(600)"


@pytest.fixture
def begin():
    processes = []

    def start(code):
        process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def test_put__is_told_in_order(begin):
    process = begin(ECHO)
    outbox = Outbox(process)
    for number in range(3):
        outbox.put(number, b"x" * 10**number)
    outbox.close()
    assert process.stdout.read().split() == [b"0", b"1", b"1", b"10", b"2", b"100"]


def test_put__waits_for_nobody_who_does_not_read(begin):
    process = begin(DEAF)
    process.stdout.readline()
    outbox = Outbox(process)
    whole = b"x" * 10_000_000  # more than any pipe holds
    asked = threading.Thread(target=lambda: [outbox.put("explore", whole), outbox.put("stop", 0)])
    asked.start()
    asked.join(PATIENCE)
    assert not asked.is_alive()
    process.kill()
    outbox.close()
    assert process.stdin.closed
    outbox.put("stop", 1)
