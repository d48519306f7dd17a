"""What numba does not bring along, compiled and plain."""

from __future__ import annotations

import numpy as np
import pytest

from gamebook_lab.kernels import accelerate


@accelerate.kernel
def compared(slots, first, wanted, most):
    return accelerate.alike(slots, first, wanted, most)


@accelerate.kernel
def counted(bits):
    return accelerate.lowest(bits)


@pytest.mark.parametrize("alike", [compared, accelerate.alike], ids=["compiled", "plain"])
def test_alike__differ_in_low_bits_and_not_in_none(alike):
    slots = np.full(20, 0b1000, np.uint32)
    slots[[1, 3, 4, 18, 19]] = [0b10001, 0b10000, 0b10111, 0b10001, 0b10001]
    assert int(alike(slots, np.uint64(1), np.uint32(0b10000), np.uint32(0b11))) == 1
    assert int(alike(slots, np.uint64(1), np.uint32(0b10000), np.uint32(0b111))) == 0b1001
    assert int(alike(slots, np.uint64(4), np.uint32(0b10000), np.uint32(0b111))) == 1 | 1 << 14 | 1 << 15
    high = np.full(16, 2**32 - 1, np.uint32)
    assert int(alike(high, np.uint64(0), np.uint32(2**31), np.uint32(2**31 - 1))) == 2**16 - 1
    assert int(alike(high, np.uint64(0), np.uint32(0), np.uint32(2**31))) == 0


@pytest.mark.parametrize("lowest", [counted, accelerate.lowest], ids=["compiled", "plain"])
def test_lowest__of_the_bits(lowest):
    assert [int(lowest(np.uint64(bits))) for bits in (1, 0b1100, 2**63, 0)] == [0, 2, 63, 64]
