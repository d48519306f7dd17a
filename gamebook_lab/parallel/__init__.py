"""Work in shards on Dask.

Names are imported when first used, so that a worker process waits for neither pandas nor Dask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gamebook_lab.parallel.checks import check, parsed

__all__ = ["check", "parsed"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from gamebook_lab.parallel import checks

        return getattr(checks, name)
    raise AttributeError(f"module 'gamebook_lab.parallel' has no attribute {name!r}")
