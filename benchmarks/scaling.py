"""How quickly the pool's workers follow the load, up and down, on a real cluster.

    python benchmarks/scaling.py [--rounds 3]

Steps: one worker to as many as there are cores once there is work for all, and back once there is none; the goals are 3 and 10
seconds, from the change of the load to the change of the workers. Then a load that swings between nothing and enough for all,
a second each: the number of workers shall change at most once.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from studio_in_chromium import load

from gamebook_lab.parallel.pool import WorkerPool
from gamebook_lab.parallel.status import Notice

UP_SECONDS, DOWN_SECONDS = 3.0, 10.0
SWINGS = 15
PATIENCE = 60.0


def nap(seconds: float) -> None:
    time.sleep(seconds)


class Workers:
    """Knows how many there are, and when that was decided to change."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self.decisions: list[str] = []
        pool.watch(lambda what: self.decisions.append(what.text) if _is_scaling(what) else None)

    def reach(self, number: int) -> float:
        """Wait until there are so many, and give the seconds that it took."""
        begun = time.monotonic()
        while self._pool.status().n_workers != number:
            if time.monotonic() - begun > PATIENCE:
                raise TimeoutError(f"never {number} workers: {self._pool.status()}")
            time.sleep(0.02)
        return time.monotonic() - begun


def _is_scaling(what: object) -> bool:
    return isinstance(what, Notice) and what.kind == "scaled"


def keep_busy(pool: WorkerPool, n_tasks: int) -> Callable[[], None]:
    """Keep so many tasks waiting or running; gives a function that ends this, and waits for what runs."""
    is_over = threading.Event()
    pending: set[Future[None]] = set()

    def feed() -> None:
        while not is_over.is_set():
            pending.difference_update([future for future in pending if future.done()])
            pending.update(pool.submit(nap, 0.2) for _ in range(n_tasks - len(pending)))
            time.sleep(0.05)

    thread = threading.Thread(target=feed)
    thread.start()

    def end() -> None:
        is_over.set()
        thread.join()
        for future in pending:
            future.result(PATIENCE)

    return end


def step(pool: WorkerPool, workers: Workers, most: int) -> tuple[float, float]:
    """Seconds from the load to all workers, and from its end to one."""
    end = keep_busy(pool, 4 * most)
    up = workers.reach(most)
    end()
    return up, workers.reach(1)


def swing(pool: WorkerPool, workers: Workers, most: int) -> list[str]:
    """What was decided while the load went up and down."""
    before = len(workers.decisions)
    for _ in range(SWINGS):
        end = keep_busy(pool, 4 * most)
        time.sleep(1.0)
        end()
        time.sleep(1.0)
    return workers.decisions[before:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    most = max(2, os.cpu_count() or 2)
    print(f"{load()}, 1 to {most} workers")
    # the cap on the processor is about other programs, and would make this measure them
    with WorkerPool(minimum=1, maximum=most, cpu_limit=1.0) as pool:
        pool.submit(nap, 0.0).result(PATIENCE)
        workers = Workers(pool)
        workers.reach(1)
        for number in range(rounds):
            up, down = step(pool, workers, most)
            verdict = "met" if up <= UP_SECONDS and down <= DOWN_SECONDS else "NOT met"
            print(
                f"  step {number + 1}: 1 -> {most} in {up:.1f} s, {most} -> 1 in {down:.1f} s (goals 3 and 10: {verdict})"
            )
        decisions = swing(pool, workers, most)
        print(f"  load that swings {SWINGS} times: {len(decisions)} changes (goal: at most 1): {decisions}")
    print(f"  {load()}")


if __name__ == "__main__":
    main()
