"""Coroutines in tests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

T = TypeVar("T")
_THREAD: Final = ThreadPoolExecutor(1)
"""On the thread of the tests the browser tests' event loop may be running, whatever is tested first."""


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it to its end, on the same thread every time."""
    return _THREAD.submit(asyncio.run, coroutine).result()
