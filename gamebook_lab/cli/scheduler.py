"""``gamebook --scheduler``: long work goes to a Dask scheduler that is there already."""

from __future__ import annotations

import os

from gamebook_lab.parallel.cluster import checked_address
from gamebook_lab.parallel.pool import SCHEDULER_VARIABLE

__all__ = ["use"]


def use(address: str) -> None:
    """Have every pool of this process, and of the kernels that its lab starts, use the scheduler at this address.

    Raises
    ------
    PoolError
        If the address has another form, or would send work over a network without encryption.
    """
    os.environ[SCHEDULER_VARIABLE] = checked_address(address)
