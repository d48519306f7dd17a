"""The faults of `fault_suite.py` for as long as you like: random ones, at random moments, on one pool that must outlive them all.

    python -m tests.parallel.soak [--rounds 52] [--seed 1] [--shard-seconds 0.2]

Every fault has had its turn before one comes again. Prints a table, and what was wrong, if anything was.
"""

# ruff: noqa: T201  # a table in the terminal is what it is for

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.parallel.fault_suite import FAULTS, UNDISTURBED, Fault, Row, Suite, make_pool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=4 * len(FAULTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shard-seconds", type=float, default=0.2)
    options = parser.parse_args()
    logging.getLogger("gamebook_lab").setLevel(logging.ERROR)  # what is set aside stands in the table
    draw = random.Random(options.seed)
    turns = _turns(draw)
    begun = time.monotonic()
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, seed {options.seed}")
    print(Row.HEAD, Row.RULE, sep="\n")
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, make_pool() as pool:
        suite = Suite(pool, Path(folder), options.shard_seconds, seed=options.seed)
        _round(suite, UNDISTURBED, wrong)
        for _ in range(options.rounds):
            suite.n_bad = draw.randint(1, 3)
            _round(suite, next(turns), wrong)
    print(f"{len(suite.rows)} jobs in {time.monotonic() - begun:.0f} s, {len(wrong)} rounds went wrong")
    return 1 if wrong else 0


def _turns(draw: random.Random) -> Iterator[Fault]:
    while True:
        yield from draw.sample(FAULTS, len(FAULTS))


def _round(suite: Suite, fault: Fault, wrong: list[str]) -> None:
    n_rows = len(suite.rows)
    try:
        suite.try_out(fault)
    except Exception as error:  # noqa: BLE001  # whatever it is, the next rounds tell more
        wrong.append(fault.name)
        print(f"WRONG: {type(error).__name__}: {error}")
    for row in suite.rows[n_rows:]:
        print(row, flush=True)


if __name__ == "__main__":
    sys.exit(main())
