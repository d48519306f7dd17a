"""How many workers the pool wants: a pure function of what was seen, so that tests need no cluster.

The processor's share of the pool is reckoned, not felt for: what the *other* programs use stays as it
is when workers come and go, and a worker uses a core for each thread. ``cap - others`` is thus what is left
for us. Answering to the host's load itself would flap: workers push it over the cap, are closed,
pull it under the cap, and are started again.

See also :mod:`gamebook_lab.parallel.supervisor`, which asks, and starts and stops the workers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from gamebook_lab.parallel.memory import Level

__all__ = ["Load", "Plan", "Policy", "decide"]


@dataclass(frozen=True)
class Policy:
    """What the pool may do.

    Parameters
    ----------
    minimum, maximum
        Bounds of the number of workers.
    cores
        Processors that this process may use.
    cpu_limit
        Share of the host's processors, 0 to 1, below which its load shall stay; 1 lifts the limit.
    threads_per_worker
        Cores that a busy worker uses.
    up_seconds, down_seconds
        For how long more or fewer workers must have been wanted.
    average_seconds
        Time constant of the moving average of the others' load.
    """

    minimum: int
    maximum: int
    cores: int
    cpu_limit: float = 0.70
    threads_per_worker: int = 1
    up_seconds: float = 1.0
    down_seconds: float = 5.0
    average_seconds: float = 3.0


@dataclass(frozen=True)
class Load:
    """What was seen at one moment.

    Parameters
    ----------
    now
        Seconds of a monotonic clock.
    n_tasks
        Tasks that wait or run.
    host_cpu, own_cpu
        Share of the host's processors in use, 0 to 1: by all programs, and by our workers.
    memory
        Level of the pool's memory.
    """

    now: float
    n_tasks: int
    host_cpu: float
    own_cpu: float
    memory: Level = Level.NORMAL


@dataclass(frozen=True)
class Plan:
    """What was decided, and what the next decision needs to remember.

    Parameters
    ----------
    target
        Number of workers that there shall be.
    others_cpu
        Moving average of the other programs' share; ``None`` before the first look.
    more_since, fewer_since
        Since when more or fewer workers than ``target`` are wanted, if they are.
    at
        Time of the decision.
    """

    target: int
    others_cpu: float | None = None
    more_since: float | None = None
    fewer_since: float | None = None
    at: float = 0.0


def decide(policy: Policy, plan: Plan, load: Load) -> Plan:
    """Decide how many workers there shall be.

    Parameters
    ----------
    policy
        What the pool may do.
    plan
        The decision before.
    load
        What is seen now.

    Returns
    -------
    Plan
        More workers once they were wanted for ``up_seconds`` without a break, fewer after
        ``down_seconds``, so that a short lull closes nothing.
    """
    others = _averaged(policy, plan, load)
    wanted = _wanted(policy, replace(plan, others_cpu=others), load)
    more = (load.now if plan.more_since is None else plan.more_since) if wanted > plan.target else None
    fewer = (load.now if plan.fewer_since is None else plan.fewer_since) if wanted < plan.target else None
    waited_up = more is not None and load.now - more >= policy.up_seconds
    waited_down = fewer is not None and load.now - fewer >= policy.down_seconds
    if waited_up or waited_down:
        return Plan(wanted, others, None, None, load.now)
    return Plan(plan.target, others, more, fewer, load.now)


def _averaged(policy: Policy, plan: Plan, load: Load) -> float:
    others = min(max(load.host_cpu - load.own_cpu, 0.0), 1.0)
    if plan.others_cpu is None:
        return others
    weight = 1.0 - math.exp(-max(load.now - plan.at, 0.0) / policy.average_seconds)
    return plan.others_cpu + weight * (others - plan.others_cpu)


def _wanted(policy: Policy, plan: Plan, load: Load) -> int:
    wanted = math.ceil(load.n_tasks / policy.threads_per_worker)
    if policy.cpu_limit < 1.0:
        room = (policy.cpu_limit - (plan.others_cpu or 0.0)) * policy.cores / policy.threads_per_worker
        # Half a worker too many stays, or noise around a whole number would flap.
        wanted = min(wanted, plan.target if plan.target - 0.5 < room < plan.target else math.floor(room))
    if load.memory is Level.MAXIMUM:
        wanted = min(wanted, plan.target - 1)
    elif load.memory is Level.CRITICAL:
        wanted = min(wanted, plan.target)
    return min(max(wanted, policy.minimum), policy.maximum)
