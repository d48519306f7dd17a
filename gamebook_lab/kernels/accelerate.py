"""How kernels are compiled: the one place that knows numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.extending import intrinsic, overload

__all__ = ["Flags", "Floats", "Ints", "Longs", "Slots", "Words", "kernel", "prefetch"]

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


def prefetch(array: Slots | Words | Floats, at: np.integer) -> None:
    """Ask the processor for an item that is wanted soon, and don't wait for it; in plain Python nothing happens.

    Random lookups in memory that no cache holds wait for one another unless each is announced some rounds before:
    putting 10 million rows into a set of 4 million took half the time.
    """


@intrinsic
def _asked_for(_typing: Any, array: Any, at: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        held = context.make_array(signature.args[0])(context, builder, arguments[0])
        pointer = builder.gep(held.data, [arguments[1]])
        address, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address, number, number, number])
        to_read, into_all_caches, data = number(0), number(3), number(1)
        builder.call(
            builder.module.declare_intrinsic("llvm.prefetch", (address,), kind),
            [builder.bitcast(pointer, address), to_read, into_all_caches, data],
        )
        return context.get_dummy_value()

    return numba.void(array, at), generate


@overload(prefetch)
def _compiled_prefetch(array: Any, at: Any) -> Any:  # noqa: ARG001 -- types, from which numba chooses
    def ask(array: Any, at: Any) -> Any:
        return _asked_for(array, at)  # type: ignore[call-arg]  # numba puts its own in front

    return ask
