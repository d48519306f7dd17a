from __future__ import annotations

import json
import math
import pickle
import random
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.telemetry import Registry, Sketch, Timer, metrics
from gamebook_lab.telemetry.sketch import RELATIVE_ERROR


@pytest.fixture
def registry():
    return Registry()


def test_registry__gives_the_same_metric_for_the_same_name_and_labels(registry):
    assert registry.counter("a_total", x="1", y="2") is registry.counter("a_total", y="2", x="1")
    assert registry.counter("a_total", x="1") is not registry.counter("a_total", x="2")


@pytest.mark.parametrize("make", ["gauge", "histogram", "timer"])
def test_registry__one_name_is_one_kind(registry, make):
    registry.counter("both_total", x="1")
    with pytest.raises(ValueError, match=r"already|ends in"):
        getattr(registry, make)("both_total", x="2")


@pytest.mark.parametrize("name", ["Bad", "1st_total", "a-b_total", "", "a b_total"])
def test_registry__bad_name(registry, name):
    with pytest.raises(ValueError, match="named like"):
        registry.gauge(name)


def test_registry__label_that_is_no_text(registry):
    with pytest.raises(TypeError, match="is text"):
        registry.counter("a_total", n=1)


def test_registry__name_that_was_refused_is_free_for_another_kind(registry):
    with pytest.raises(ValueError, match="_seconds"):
        registry.timer("level")
    assert registry.snapshot().samples == ()


def test_counter__only_counts_up(registry):
    counter = registry.counter("a_total")
    for amount in (-1, math.nan, math.inf):
        with pytest.raises(ValueError, match="only counts up"):
            counter.add(amount)
    with pytest.raises(ValueError, match="ends in _total"):
        registry.counter("a_count")
    counter.add()
    counter.add(2.5)
    assert counter.value == 3.5


def test_counter_and_histogram__lose_nothing_between_threads(registry):
    counter, seen, level = registry.counter("a_total"), registry.histogram("a_bytes"), registry.gauge("level")

    def work():
        for _ in range(5_000):
            counter.add()
            seen.observe(7)
            level.add(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value == level.value == seen.distribution().n == sum(seen.distribution().buckets.values()) == 20_000


def test_timer__times_a_block_that_raises():
    ticks = iter([10.0, 12.5])
    timer = Timer("a_seconds", clock=lambda: next(ticks))
    with pytest.raises(KeyError), timer.time():
        raise KeyError
    assert timer.distribution()[:4] == (1, 2.5, 2.5, 2.5)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_histogram__refuses_what_is_no_finite_number(registry, value):
    with pytest.raises(ValueError, match="finite"):
        registry.histogram("a_bytes").observe(value)


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.95, 0.999, 1])
def test_sketch__quantiles_are_within_the_documented_error(share):
    draw = random.Random(5)
    values = [draw.lognormvariate(-3, 2) for _ in range(20_000)]
    exact = float(np.quantile(values, share, method="lower"))
    assert Sketch.of(values).quantile(share) == pytest.approx(exact, rel=RELATIVE_ERROR * 1.001)


def test_sketch__stays_small_whatever_comes():
    sketch = Sketch.of([10.0**n for n in range(-300, 300)] + [0, -5.0])
    assert len(sketch.buckets) < 40
    assert sketch.quantile(0) == 0
    assert math.isnan(Sketch().quantile(0.5))
    with pytest.raises(ValueError, match="between 0 and 1"):
        sketch.quantile(95)


@given(st.lists(st.floats(1e-6, 1e6)), st.lists(st.floats(1e-6, 1e6)))
def test_sketch__merged_is_that_of_all_values(one, two):
    merged = Sketch.of(one)
    merged.merge(Sketch.of(two).buckets)
    assert merged.buckets == Sketch.of(one + two).buckets


def filled(n, time):
    registry = Registry()
    registry.counter("a_total", x="1").add(n)
    registry.counter(f"only_{n}_total").add()
    registry.timer("a_seconds").observe(n)
    gauge = registry.gauge("level")
    gauge._clock = lambda: time
    gauge.set(n)
    return registry


def test_snapshot__merges_in_any_order_and_newest_gauge_wins():
    one, two, three = (filled(n, time).snapshot() for n, time in ((1, 30), (2, 10), (3, 20)))
    merged = one.merge(two).merge(three)
    assert merged == three.merge(one.merge(two)) == two.merge(three).merge(one)
    assert merged.value("a_total", x="1") == 6
    assert merged.value("level") == 1
    seen = merged.get("a_seconds").distribution
    assert seen[:4] == (3, 6, 1, 3)
    assert seen.quantile(0.5) == pytest.approx(2, rel=0.011)
    assert merged.value("nothing_total") == 0


def test_registry__merge_is_the_merge_of_snapshots():
    registry, other = filled(1, 30), filled(2, 40)
    expected = registry.snapshot().merge(other.snapshot())
    registry.merge(other.snapshot())
    assert registry.snapshot() == expected


def test_registry__merge_refuses_another_kind(registry):
    registry.counter("a_total")
    other = Registry()
    other.gauge("a_total").set(1)
    with pytest.raises(ValueError, match="is a counter here and a gauge there"):
        registry.merge(other.snapshot())


def test_snapshot__is_plain_data():
    snapshot = filled(3, 5).snapshot()
    assert pickle.loads(pickle.dumps(snapshot)) == snapshot
    json.dumps(snapshot.samples)


def test_metrics__is_the_process_default():
    assert isinstance(metrics, Registry)
