from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from gamebook_lab import telemetry
from gamebook_lab.telemetry.goals import DEFAULT_GOALS, Goal
from gamebook_lab.telemetry.settings import Settings

SIX = ["memory", "cpu", "response", "fps", "uptime", "errors"]


def pass_seconds(recorder, moments, n, each=lambda: None):
    for _ in range(n):
        each()
        moments.go()
        recorder.tick()


def judged(tmp_path, moments, window="1h"):
    return telemetry.objectives(window, until=moments.wall() + 1, folder=tmp_path).set_index("objective")


def test_objectives__nothing_recorded(tmp_path):
    found = telemetry.objectives(folder=tmp_path)
    assert found["objective"].tolist() == SIX
    assert set(found["state"]) == {"no data"}
    assert found["n"].sum() == 0
    assert found[["current", "compliance", "budget_left"]].isna().all(axis=None)


def test_objectives__share_of_the_time_and_budget(recorder, registry, moments, tmp_path):
    memory = registry.gauge("host_memory_share")
    pass_seconds(recorder, moments, 398, lambda: memory.set(0.5))
    pass_seconds(recorder, moments, 2, lambda: memory.set(0.9))
    row = judged(tmp_path, moments).loc["memory"]
    assert (row["n"], row["current"], row["state"]) == (400, 0.9, "met")
    assert row["compliance"] == pytest.approx(0.995)
    assert row["budget_left"] == pytest.approx(0.5), "half of the 1 % that may fail"


def test_objectives__share_of_the_responses(recorder, registry, moments, tmp_path):
    timer = registry.timer("response_seconds", action="edit")

    def each():
        for _ in range(8):
            timer.observe(0.03)
        timer.observe(0.2)

    pass_seconds(recorder, moments, 30, each)
    row = judged(tmp_path, moments).loc["response"]
    assert (row["n"], row["state"]) == (270, "missed")
    assert row["compliance"] == pytest.approx(8 / 9)
    assert row["current"] == pytest.approx(0.2, rel=0.011)
    assert row["budget_left"] < 0


def test_objectives__frames_shall_be_many(recorder, registry, moments, tmp_path):
    frames = registry.histogram("frames_per_second")
    pass_seconds(recorder, moments, 97, lambda: frames.observe(60))
    pass_seconds(recorder, moments, 3, lambda: frames.observe(20))
    row = judged(tmp_path, moments).loc["fps"]
    assert (row["n"], row["state"]) == (100, "met")
    assert row["compliance"] == pytest.approx(0.97)


def test_objectives__uptime_and_errors(recorder, registry, moments, tmp_path):
    actions, errors = (
        registry.counter("actions_total", action="edit"),
        registry.counter("errors_total", kind="EditError"),
    )
    pass_seconds(recorder, moments, 100, lambda: actions.add(20))
    errors.add(1)
    moments.go(5)
    recorder.tick()
    found = judged(tmp_path, moments)
    assert found.loc["uptime", "n"] == 105
    assert found.loc["uptime", "current"] == pytest.approx(101 / 105)
    assert found.loc["uptime", "state"] == "missed"
    assert found.loc["errors", ["n", "state"]].tolist() == [2_000, "met"]
    assert found.loc["errors", "budget_left"] == pytest.approx(0.5)


def test_objectives__errors_without_actions_are_failures(recorder, registry, moments, tmp_path):
    registry.counter("errors_total", kind="OSError").add(3)
    pass_seconds(recorder, moments, 1)
    assert judged(tmp_path, moments).loc["errors", ["n", "current", "state"]].tolist() == [3, 1.0, "missed"]


def test_objectives__only_the_window_counts(recorder, registry, moments, tmp_path):
    memory = registry.gauge("host_memory_share")
    pass_seconds(recorder, moments, 300, lambda: memory.set(0.95))
    pass_seconds(recorder, moments, 60, lambda: memory.set(0.5))
    assert judged(tmp_path, moments, "30s").loc["memory", "compliance"] == 1.0
    assert judged(tmp_path, moments, "1h").loc["memory", "compliance"] < 0.2


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"metric": "nope"}, "no metric"),
        ({"over": "actions_total"}, "counter goes with"),
        ({"goal": 1.0}, "between 0 and 1"),
        ({"stat": "p42x"}, "stat is"),
    ],
)
def test_goal__that_could_not_be_judged(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        replace(DEFAULT_GOALS["memory"], **change)


def test_goal__for_people():
    assert [goal.target for goal in DEFAULT_GOALS.values()] == [
        "below 80 %, 99 % of the time",
        "below 70 %, 95 % of the time",
        "below 100 ms, 95 % of the time",
        "above 55 frames/s, 95 % of the time",
        "above 99.9 %",
        "below 0.1 %",
    ]
    assert Goal("saves_total", 0.5, over="edits_total").share == 0.5


# ---- tuning


def test_tune__proposes_what_would_have_been_quiet(recorder, registry, moments, tmp_path):
    draw = np.random.default_rng(3)
    cpu = registry.gauge("host_cpu_share")
    start = moments.wall()
    pass_seconds(recorder, moments, 850, lambda: cpu.set(float(np.clip(draw.normal(0.82, 0.05), 0, 1))))
    found = telemetry.tune(since=start, until=moments.wall(), folder=tmp_path)
    found = found[found["rule"] == "cpu"].set_index("level")
    assert found.loc["warning", "fired"] >= 1
    assert found["would_fire"].tolist() == [0, 0, 0]
    assert found["proposed"].is_monotonic_increasing
    assert 0.85 < found.loc["warning", "proposed"] <= 1
    assert found["n"].tolist() == [850] * 3


def test_tune__proposes_nothing_of_a_few_minutes(recorder, registry, moments, tmp_path):
    cpu = registry.gauge("host_cpu_share")
    start = moments.wall()
    pass_seconds(recorder, moments, 100, lambda: cpu.set(0.99))
    found = telemetry.tune(since=start, folder=tmp_path).set_index(["rule", "level"])
    assert math.isnan(found.loc[("cpu", "maximum"), "proposed"])
    assert found.loc[("cpu", "maximum"), "fired"] == 1


def test_tune__of_values_that_shall_be_high(recorder, registry, moments, tmp_path):
    draw = np.random.default_rng(3)
    frames = registry.histogram("frames_per_second")
    start = moments.wall()
    pass_seconds(recorder, moments, 700, lambda: frames.observe(float(draw.normal(50, 2))))
    found = telemetry.tune(since=start, folder=tmp_path).set_index(["rule", "level"]).loc["fps"]
    assert found["proposed"].is_monotonic_decreasing
    assert found["proposed"].max() < 48
    assert found["would_fire"].sum() == 0


def test_tune__nothing_recorded_or_nonsense(tmp_path):
    assert telemetry.tune(folder=tmp_path, settings=Settings()).empty
    with pytest.raises(ValueError, match="quiet is a share"):
        telemetry.tune(folder=tmp_path, quiet=1.5)
