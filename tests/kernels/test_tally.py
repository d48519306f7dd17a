"""Sums over rows that belong together."""

from __future__ import annotations

import numpy as np
import pytest

from gamebook_lab.kernels import tally
from tests.kernels.graphs import ints


@pytest.mark.parametrize("case", ["compiled", "plain"])
def test_tally__sums_flags_and_bits_of_groups(case):
    summed, any_of, bits = (
        each if case == "compiled" else each.py_func for each in (tally.summed, tally.any_of, tally.bits)
    )
    groups = ints(2, -1, 0, 2)
    assert summed(groups, np.array([0.5, 4.0, 1.0, 0.25]), 4).tolist() == [1.0, 0.0, 0.75, 0.0]
    assert any_of(groups, np.array([False, False, True, True]), 4).tolist() == [True, False, True, False]
    assert bits(ints(-1, 63, 64, 65, 128), 64).tolist() == [0, 0, 1, 2, 0]


@pytest.mark.parametrize("case", ["compiled", "plain"])
def test_tally__sums_of_those_that_have_a_bit(case):
    bits_summed = tally.bits_summed if case == "compiled" else tally.bits_summed.py_func
    found = bits_summed(np.array([0b101, 1 << 63, 0, 0b1], np.uint64), np.array([0.5, 4.0, 1.0, 0.25]))
    assert (found[0], found[1], found[2], found[63]) == (0.75, 0.0, 0.5, 4.0)
    assert found.sum() == 5.25
