"""The lab's kernel answers whatever is asked while a reply goes out to somebody who has left."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import resources

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

ROUNDS = 2000
"""ipykernel 7.3's own kernel never came through more than 665 of them."""
ANSWER_MS = 15_000


@pytest.fixture
def kernel() -> Iterator[KernelManager]:
    told = resources.files("gamebook_lab").joinpath("lab/share/kernel/kernel.json").read_text("utf-8")
    spec = KernelSpec(resource_dir="", **json.loads(told))
    spec.argv[0] = sys.executable
    manager = KernelManager()
    manager._kernel_spec = spec
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield manager
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_kernel__reads_what_comes_while_it_answers_another(kernel: KernelManager) -> None:
    asks = kernel.connect_shell()
    for number in range(ROUNDS):
        # what the server does for each page that is opened
        leaves = kernel.connect_shell()
        kernel.session.send(leaves, "kernel_info_request")
        if number % 2:
            leaves.close(0)
        kernel.session.send(asks, "kernel_info_request")
        assert asks.poll(ANSWER_MS), f"round {number}: no answer"
        asks.recv_multipart()
        leaves.close(0)
    asks.close(0)
