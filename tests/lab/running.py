"""A real kernel of the lab."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from tests.patience import PATIENCE


@contextmanager
def running(**environment: str) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """Start one as JupyterLab does, with more in its environment."""
    told = resources.files("gamebook_lab").joinpath("lab/share/kernel/kernel.json").read_text("utf-8")
    spec = KernelSpec(resource_dir="", **json.loads(told))
    spec.argv[0] = sys.executable
    manager = KernelManager()
    manager._kernel_spec = spec
    manager.start_kernel(env=os.environ | environment)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
