"""Decisions on synthetic series, half a second apart like the real ones."""

import itertools
import math

import pytest

from gamebook_lab.parallel.memory import Level
from gamebook_lab.parallel.scaling import Load, Plan, Policy, decide

STEP = 0.5


def simulate(policy, loads, target=None):
    """Targets over time; ``loads`` gives tasks, the others' share of the host and the memory's level at a time."""
    plan, targets, now = Plan(target or policy.minimum), [], 0.0
    for n_tasks, others, level in loads:
        own = min(plan.target, n_tasks) * policy.threads_per_worker / policy.cores
        plan = decide(policy, plan, Load(now, n_tasks, min(1.0, others + own), min(own, 1.0), level))
        targets.append(plan.target)
        now += STEP
    return targets


def steady(seconds, n_tasks=0, others=0.0, level=Level.NORMAL):
    return [(n_tasks, others, level)] * int(seconds / STEP)


def n_changes(targets):
    return sum(before != after for before, after in itertools.pairwise(targets))


def test_decide__up_within_3_seconds_and_down_within_10():
    policy = Policy(minimum=1, maximum=4, cores=4, cpu_limit=1.0)
    targets = simulate(policy, steady(10, n_tasks=50) + steady(20))
    assert targets[int(3 / STEP)] == 4
    assert targets[int((10 - STEP) / STEP)] == 4
    assert targets[int(20 / STEP)] == 1
    assert n_changes(targets) == 2


@pytest.mark.parametrize(
    ("cores", "others", "expected"), [(2, 0.0, 1), (4, 0.0, 2), (8, 0.0, 5), (8, 0.3, 3), (8, 0.9, 1)]
)
def test_decide__leaves_the_host_below_the_limit(cores, others, expected):
    policy = Policy(minimum=1, maximum=cores, cores=cores, cpu_limit=0.70)
    assert simulate(policy, steady(10, n_tasks=100, others=others))[-1] == expected


def test_decide__limit_that_is_lifted_asks_no_cpu():
    policy = Policy(minimum=1, maximum=8, cores=8, cpu_limit=1.0)
    assert simulate(policy, steady(10, n_tasks=100, others=0.9))[-1] == 8


@pytest.mark.parametrize("period", [1, 2, 3, 4])
def test_decide__oscillating_queue_does_not_flap(period):
    policy = Policy(minimum=1, maximum=4, cores=4, cpu_limit=1.0)
    loads = (steady(period, n_tasks=50) + steady(period)) * 20
    assert n_changes(simulate(policy, loads)) <= 1


@pytest.mark.parametrize("period", [1.0, 2.0, 5.0, 10.0])
def test_decide__oscillating_host_does_not_flap(period):
    policy = Policy(minimum=1, maximum=8, cores=8, cpu_limit=0.70)
    loads = [(100, 0.2 + 0.06 * math.sin(2 * math.pi * n * STEP / period), Level.NORMAL) for n in range(240)]
    assert n_changes(simulate(policy, loads)) <= 2


def test_decide__short_burst_of_the_host_changes_nothing():
    policy = Policy(minimum=1, maximum=8, cores=8, cpu_limit=0.70)
    loads = steady(20, 100) + steady(2, 100, others=0.8) + steady(20, 100)
    targets = simulate(policy, loads)
    assert targets[-1] == 5
    assert n_changes(targets) == 1


def test_decide__memory_holds_and_shrinks():
    policy = Policy(minimum=1, maximum=4, cores=4, cpu_limit=1.0)
    assert simulate(policy, steady(20, 100, level=Level.CRITICAL), target=2)[-1] == 2
    assert simulate(policy, steady(6, 100, level=Level.MAXIMUM), target=3)[-1] == 2
    assert simulate(policy, steady(60, 100, level=Level.MAXIMUM), target=3)[-1] == 1


def test_decide__threads_count():
    policy = Policy(minimum=1, maximum=4, cores=8, cpu_limit=1.0, threads_per_worker=2)
    assert simulate(policy, steady(10, n_tasks=5))[-1] == 3


def test_decide__stays_within_the_bounds():
    policy = Policy(minimum=2, maximum=3, cores=4, cpu_limit=1.0)
    targets = simulate(policy, steady(10) + steady(10, 1000) + steady(20))
    assert min(targets) == 2
    assert max(targets) == 3
