"""Intervals and corrections, against figures worked out elsewhere."""

import numpy as np
import pytest

from gamebook_lab.analysis.significance import adjusted, share_interval


def test_share_interval__wilson():
    low, high = share_interval([8, 0, 0], [10, 10, 0])
    assert low == pytest.approx([0.4902, 0.0, 0.0], abs=1e-4)
    assert high == pytest.approx([0.9433, 0.2775, 1.0], abs=1e-4)


def test_adjusted__benjamini_hochberg():
    q = adjusted(np.array([0.01, 0.04, np.nan, 0.03, 0.5]))
    assert q[:2] == pytest.approx([0.04, 0.16 / 3])
    assert np.isnan(q[2])
    assert q[4] == 0.5
