"""Heavy work on Dask: the worker pool and its limits, and what runs on it.

Names are imported when first used, so that neither a worker nor a script that needs none of it waits for pandas or Dask.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gamebook_lab.parallel.checks import check, parsed
    from gamebook_lab.parallel.pool import WorkerPool, default_pool
    from gamebook_lab.parallel.status import Notice, PoolStatus, WorkerStatus

__all__ = ["Notice", "PoolStatus", "WorkerPool", "WorkerStatus", "check", "default_pool", "parsed"]

_MODULES: Final = {
    "Notice": "status",
    "PoolStatus": "status",
    "WorkerPool": "pool",
    "WorkerStatus": "status",
    "check": "checks",
    "default_pool": "pool",
    "parsed": "checks",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"gamebook_lab.parallel.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'gamebook_lab.parallel' has no attribute {name!r}")
