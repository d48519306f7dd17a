"""What two sequences have in common, jitted and plain, against the textbook recursion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.kernels.alignment import alignment

sequences = st.lists(st.integers(0, 4), max_size=9)


def longest_common(one, other):
    if not one or not other:
        return 0
    if one[-1] == other[-1]:
        return 1 + longest_common(one[:-1], other[:-1])
    return max(longest_common(one[:-1], other), longest_common(one, other[:-1]))


@pytest.mark.parametrize("run", [alignment, alignment.py_func], ids=["jitted", "plain"])
@given(one=sequences, other=sequences)
def test_alignment__as_many_as_can_be_in_order(run, one, other):
    found = run(np.array(one, np.int32), np.array(other, np.int32))
    pairs = [(at, nth) for nth, at in enumerate(found.tolist()) if at >= 0]
    assert all(one[at] == other[nth] for at, nth in pairs)
    assert [at for at, _ in pairs] == sorted({at for at, _ in pairs})
    assert len(pairs) == longest_common(one, other)
