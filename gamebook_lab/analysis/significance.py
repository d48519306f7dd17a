"""How sure a figure about readers is: intervals for shares, and many tests at once."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from gamebook_lab.kernels.accelerate import Floats

__all__ = ["adjusted", "share_interval"]


def share_interval(hits: npt.ArrayLike, n: npt.ArrayLike, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Bound shares: the interval of Wilson (1927), which keeps its word for few readers and for shares near 0 and 1.

    Parameters
    ----------
    hits, n
        How many of how many; of none, the interval is all from 0 to 1.
    confidence
        Share of such intervals that hold the true share.

    Returns
    -------
    tuple
        Least and greatest share.
    """
    k, total = np.asarray(hits, np.float64), np.asarray(n, np.float64)
    z = NormalDist().inv_cdf(0.5 + confidence / 2.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (k + z * z / 2.0) / (total + z * z)
        half = z / (total + z * z) * np.sqrt(k * (total - k) / np.where(total > 0, total, 1.0) + z * z / 4.0)
    low, high = np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)
    return np.where(total > 0, low, 0.0), np.where(total > 0, high, 1.0)


def adjusted(p_values: Floats) -> Floats:
    """Correct for many tests: the false discovery rate at which each would count as found (Benjamini and Hochberg 1995).

    Missing values stay so, and count for nothing.
    """
    found = np.full(p_values.size, np.nan)
    there = np.flatnonzero(~np.isnan(p_values))
    if there.size:
        order = there[np.argsort(p_values[there], kind="stable")]
        scaled = p_values[order] * there.size / np.arange(1, there.size + 1)
        found[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return found
