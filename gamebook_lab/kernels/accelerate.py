"""How kernels are compiled: the one place that knows numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["Flags", "Floats", "Ints", "Longs", "Slots", "Words", "kernel"]

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Slots = npt.NDArray[np.uint32]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

_Function = TypeVar("_Function", bound=Callable[..., Any])
_compiled: Final = numba.njit(cache=True, nogil=True)


def kernel(function: _Function) -> _Function:
    """Compile a function at its first call, keep the machine code on disk, and let other threads run beside it."""
    return cast("_Function", _compiled(function))
