"""Exact levels at exact times, of series made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gamebook_lab.telemetry.judging import Standing, judge
from gamebook_lab.telemetry.rules import DEFAULT_RULES, AlertLevel, Rule

MEMORY = DEFAULT_RULES["memory"]


def changes(rule, values, start=0.0):
    """Times and levels of all changes, of values a second apart."""
    found = []
    standing = Standing()
    for second, value in enumerate(values):
        before, standing = standing.level, judge(rule, standing, value, start + second)
        if standing.level != before:
            found.append((second, standing.level.word))
    return found


def noisy_hour():
    """The trace of the findings: an hour that hovers on 60, 70 and 80 %, with spikes, and a minute at 83 % from 1500 s on."""
    draw = np.random.default_rng(4)
    base = np.full(3600, 0.62)
    base[900:1500], base[1500:1560], base[1560:2400], base[2400:] = 0.70, 0.83, 0.71, 0.60
    noise = np.zeros(3600)
    for second in range(1, 3600):
        noise[second] = 0.9 * noise[second - 1] + draw.normal(0, 0.006)
    values = base + noise
    values[draw.random(3600) < 0.002] += 0.15
    return [float(value) for value in values]


def test_noisy_hour__few_changes_and_the_breach_is_seen_at_once():
    found = changes(MEMORY, noisy_hour())
    assert found == [(30, "warning"), (946, "critical"), (1502, "maximum"), (1619, "critical"), (2459, "warning")]


def test_noisy_hour__a_plain_threshold_would_change_hundreds_of_times():
    plain = replace(MEMORY, for_seconds=(0.0, 0.0, 0.0), clear=0.0, hold_seconds=0.0)
    assert len(changes(plain, noisy_hour())) > 300


def test_levels__are_reached_after_their_time():
    calm = [0.5]
    assert changes(MEMORY, calm + [0.65] * 40) == [(30, "warning")]
    assert changes(MEMORY, calm + [0.75] * 40) == [(10, "critical")]
    assert changes(MEMORY, calm + [0.85] * 40) == [(3, "maximum")]


def test_levels__looks_that_are_not_exactly_a_second_apart():
    standing = judge(MEMORY, Standing(), 0.5, 0.010)
    for second in (1.008, 2.006, 3.001):
        standing = judge(MEMORY, standing, 0.85, second)
    assert standing.level is AlertLevel.MAXIMUM


def test_levels__one_look_below_begins_anew():
    assert changes(MEMORY, [0.5, 0.85, 0.85, 0.5, 0.85, 0.85, 0.85]) == [(6, "maximum")]


def test_levels__are_left_with_a_margin_and_after_a_hold():
    up = [0.5] + [0.85] * 3
    assert changes(MEMORY, up + [0.76] * 100) == [(3, "maximum")], "5 points below 80 % it would be left"
    assert changes(MEMORY, up + [0.5] * 59) == [(3, "maximum")]
    assert changes(MEMORY, up + [0.5] * 60) == [(3, "maximum"), (63, "")]
    assert changes(MEMORY, up + [0.5] * 30 + [0.78] + [0.5] * 59) == [(3, "maximum")]
    assert changes(MEMORY, up + [0.5, 0.72] * 30) == [(3, "maximum"), (63, "critical")], (
        "no lower than it was meanwhile"
    )


def test_levels__of_values_that_shall_be_high():
    fps = replace(DEFAULT_RULES["fps"], window_seconds=1.0)
    assert changes(fps, [60] + [5] * 10) == [(3, "maximum")]
    assert changes(fps, [60] + [54] * 40) == [(30, "warning")]
    assert changes(fps, [60] + [56] * 40) == []


def test_no_data__is_a_state_of_its_own():
    standing = Standing()
    for second in range(30):
        standing = judge(MEMORY, standing, None, float(second))
        assert not standing.is_missing
    standing = judge(MEMORY, standing, None, 30.0)
    assert standing.is_missing
    assert standing.level is AlertLevel.NORMAL
    standing = judge(MEMORY, standing, 0.5, 31.0)
    assert not standing.is_missing


def test_no_data__a_short_gap_changes_nothing():
    assert changes(MEMORY, [0.5, 0.85, 0.85, 0.85] + [None] * 20 + [0.85] * 5) == [(3, "maximum")]


def test_no_data__where_none_is_expected_an_alert_ends_after_the_hold():
    response = DEFAULT_RULES["response"]
    assert changes(response, [0.01, 2.0, 2.0] + [None] * 70) == [(1, "maximum"), (62, "")]


def test_gap__says_nothing_of_the_time_between():
    standing = judge(MEMORY, Standing(), 0.5, 0.0)
    standing = judge(MEMORY, standing, 0.85, 100.0)
    assert standing.level is AlertLevel.NORMAL


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"metric": "nope"}, "no metric 'nope'"),
        ({"stat": "median"}, "stat is one of"),
        ({"over": "edits_total"}, "goes with stat = 'ratio'"),
        ({"stat": "rate"}, "counters only"),
        ({"warning": 0.9}, "get worse"),
        ({"for_seconds": (1.0,)}, "three numbers"),
        ({"summary": "{value.real}{x}"}, "nothing else in braces"),
        ({"relief_level": "high"}, "relief_level"),
        ({"hold_seconds": -1.0}, "0 or more"),
    ],
)
def test_rule__that_could_not_be_judged(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        replace(MEMORY, **change)


def test_rule__shows_values_for_people():
    assert MEMORY.shown(0.8234) == "82.3 %"
    assert DEFAULT_RULES["response"].shown(0.25) == "250 ms"
    assert Rule("pool_workers", unit="workers").shown(2.0) == "2 workers"
    assert MEMORY.shown(None) == "-"
