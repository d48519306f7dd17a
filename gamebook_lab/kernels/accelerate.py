"""How kernels are compiled: the one place that knows numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.extending import intrinsic, overload

__all__ = ["AT_ONCE", "Flags", "Floats", "Ints", "Longs", "Slots", "Words", "alike", "kernel", "lowest", "prefetch"]

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Slots = npt.NDArray[np.uint32]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

AT_ONCE: Final = 16
"""Slots that :func:`alike` compares: as many as come from memory at once."""
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


def alike(slots: Slots, first: np.integer, wanted: np.uint32, most: np.uint32) -> np.uint64:
    """Compare 16 slots at once, from one on: no loop, and nothing that a processor would have to foresee.

    Returns
    -------
    numpy.uint64
        A bit for each slot, the lowest for the first: whether it differs from ``wanted``, and by ``most`` at most, when
        the two are laid over each other (exclusive or).
    """
    found = 0
    for nth in range(AT_ONCE):
        found |= (1 <= int(slots[int(first) + nth]) ^ int(wanted) <= int(most)) << nth
    return np.uint64(found)


@intrinsic
def _all_alike(_typing: Any, slots: Any, first: Any, wanted: Any, most: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number, several = ir.IntType(32), ir.VectorType(ir.IntType(32), AT_ONCE)
        held = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.bitcast(builder.gep(held.data, [arguments[1]]), several.as_pointer())
        slots = builder.load(place)
        slots.align = 4

        def each(value: Any) -> Any:
            none = ir.Constant(several, ir.Undefined)
            one = builder.insert_element(none, value, number(0))
            return builder.shuffle_vector(one, none, ir.Constant(several, [0] * AT_ONCE))

        # 0 is less one the most there is: too much
        difference = builder.sub(builder.xor(slots, each(arguments[2])), each(number(1)))
        flags = builder.icmp_unsigned("<", difference, each(arguments[3]))
        return builder.zext(builder.bitcast(flags, ir.IntType(AT_ONCE)), ir.IntType(64))

    return numba.uint64(slots, first, wanted, most), generate


@overload(alike)
def _compiled_alike(slots: Any, first: Any, wanted: Any, most: Any) -> Any:  # noqa: ARG001 -- types, from which numba chooses
    def compare(slots: Any, first: Any, wanted: Any, most: Any) -> Any:
        return _all_alike(slots, first, wanted, most)  # type: ignore[call-arg]  # numba puts its own in front

    return compare


def lowest(bits: np.uint64) -> np.uint64:
    """Give the number of the lowest bit that is set; 64 if none is."""
    given = int(bits)
    return np.uint64((given & -given).bit_length() - 1 if given else 64)


@intrinsic
def _zeros_below(_typing: Any, bits: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.IntType(1)(0))

    return numba.uint64(bits), generate


@overload(lowest)
def _compiled_lowest(bits: Any) -> Any:  # noqa: ARG001 -- a type, from which numba chooses
    def count(bits: Any) -> Any:
        return _zeros_below(bits)  # type: ignore[call-arg]  # numba puts its own in front

    return count
