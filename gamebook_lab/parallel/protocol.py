"""What the owner and the cluster's process say to each other, besides samples and notices."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Demand", "Ease", "Order", "Ready", "Restart"]


class Order(NamedTuple):
    """What cluster to start; see :class:`gamebook_lab.parallel.scaling.Policy`.

    Parameters
    ----------
    minimum, maximum, cores, cpu_limit, threads_per_worker
        As in the policy.
    worker_bytes
        Memory limit of each worker.
    """

    minimum: int
    maximum: int
    cores: int
    cpu_limit: float
    threads_per_worker: int
    worker_bytes: int


class Ready(NamedTuple):
    """The scheduler answers at this address."""

    address: str


class Demand(NamedTuple):
    """So many tasks wait or run."""

    n_tasks: int


class Ease(NamedTuple):
    """Use a worker less for a while."""


class Restart(NamedTuple):
    """Kill this worker, so that another takes its place."""

    address: str
    cause: str
