"""How long a test waits for what must come."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

PATIENCE = 240.0
"""Seconds. It costs nothing when all is well, and on a busy machine the pool itself gives a worker a minute and a half."""


def until_collected(is_so: Callable[[], object]) -> None:
    """Collect garbage until something is gone: a thread that tells it of something may hold it for a moment longer."""
    ends = time.monotonic() + PATIENCE
    while True:
        gc.collect()
        if is_so():
            return
        assert time.monotonic() < ends, "something holds it"
