"""A process that owns a pool and runs a job on it, so that a test can kill it: ``python -m tests.parallel.owner``."""

import sys

from gamebook_lab.parallel.jobs import Job
from tests.parallel import faults
from tests.parallel.fault_suite import N_GOOD, WORKER_BYTES, make_pool


def job(marks):
    parameters = {"marks": marks, "seconds": 0.05, "limit_bytes": WORKER_BYTES}
    return Job("owned", faults.shard, [("good", number) for number in range(N_GOOD)], parameters, seed=1)


if __name__ == "__main__":
    with make_pool() as pool:
        progress = job(sys.argv[1]).run(pool, sys.argv[2]).progress
    print("over", progress.done, progress.skipped)  # noqa: T201  # for the test that started it
