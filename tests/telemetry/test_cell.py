from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry import Registry
from gamebook_lab.telemetry.cell import cell_between, merged
from gamebook_lab.telemetry.packing import packed, unpacked
from gamebook_lab.telemetry.rows import cell_of, row_of

values = st.floats(min_value=1e-6, max_value=1e6)
BUCKETS = st.dictionaries(st.integers(-1_100, 2_100), st.integers(1, 2**40), max_size=60)


def seen(registry, name, observed):
    before = registry.snapshot().get(name)
    for value in observed:
        registry.histogram(name).observe(value)
    return cell_between(before, registry.snapshot().get(name))


@given(BUCKETS)
def test_packing__comes_back(buckets):
    assert unpacked(packed(buckets)) == buckets


def test_packing__takes_about_two_bytes_a_bucket():
    assert len(packed(dict.fromkeys(range(-300, -200), 3))) <= 202


def test_packing__cut_short():
    with pytest.raises(TelemetryError, match="damaged"):
        unpacked(packed({5: 300})[:-1])


@given(st.lists(st.lists(values, min_size=1, max_size=30), min_size=1, max_size=12))
def test_merged_intervals__quantiles_within_one_percent_of_the_true_ones(intervals):
    registry = Registry()
    cells = [seen(registry, "response", observed) for observed in intervals]
    everything = sorted(value for observed in intervals for value in observed)
    whole = merged(cell_of(*row_of(cell)) for cell in cells)
    assert whole.n == len(everything)
    for share in (0.5, 0.95, 0.99):
        true = everything[math.floor(share * (len(everything) - 1))]
        assert whole.quantile(share) == pytest.approx(true, rel=0.0101)
    assert whole.min == pytest.approx(everything[0], rel=0.0101)
    assert whole.max == pytest.approx(everything[-1], rel=0.0101)


def test_quantile__of_many_merged_seconds_is_not_a_mean_of_quantiles(registry):
    draw = np.random.default_rng(7)
    seconds = [draw.lognormal(-4, 1, size=50) for _ in range(60)]
    true = np.quantile(np.concatenate(seconds), 0.95, method="lower")
    whole = merged(seen(registry, "response", second) for second in seconds)
    assert whole.quantile(0.95) == pytest.approx(true, rel=0.0101)


def test_cell__of_a_counter_is_its_growth(registry):
    registry.counter("edits_total").add(3)
    before = registry.snapshot().get("edits_total")
    registry.counter("edits_total").add(2)
    assert cell_between(before, registry.snapshot().get("edits_total")).sum == 2
    assert cell_between(before, before) is None


def test_cell__of_a_gauge_is_its_level(registry):
    registry.gauge("pool_workers").set(0)
    cell = cell_of(*row_of(cell_between(None, registry.snapshot().get("pool_workers"))))
    assert (cell.n, cell.last, cell.quantile(0.5)) == (1, 0.0, 0.0)
    registry.gauge("pool_workers").set(math.nan)
    assert cell_between(None, registry.snapshot().get("pool_workers")) is None


def test_merged__keeps_the_newest_level(registry):
    cells = []
    for level in (1, 5, 3):
        registry.gauge("pool_workers").set(level)
        cells.append(cell_between(None, registry.snapshot().get("pool_workers")))
    whole = merged(cells)
    assert (whole.n, whole.last, whole.min, whole.max, whole.mean) == (3, 3, 1, 5, 3)


def test_n_below(registry):
    cell = seen(registry, "response", [0.01, 0.05, 0.2, 0.3])
    assert cell.n_below(0.1) == 2
    assert cell.n_below(1) == 4
    assert cell.n_below(0.001) == 0
