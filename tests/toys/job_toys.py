"""Functions for jobs in tests; worker processes import them by name, so they need a module of their own."""

from __future__ import annotations

import random
import secrets
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from gamebook_lab.errors import MemoryLimitError


def leave_mark(folder, item):
    """A file for each call, so that a test can count calls across processes and crashes."""
    (Path(folder) / f"{item}-{secrets.token_hex(4)}").touch()


def marks(folder):
    """Number of calls by item."""
    counts = {}
    for path in Path(folder).iterdir():
        item = path.name.rpartition("-")[0]
        counts[item] = counts.get(item, 0) + 1
    return counts


def square(item, *, folder):
    leave_mark(folder, item)
    return {"item": item, "square": item * item}


def table(item, *, rows=3):
    return pd.DataFrame({"item": np.full(rows, item), "name": [f"n{n}" for n in range(rows)]})


def arrays(item):
    return {"powers": np.arange(item, dtype="int32") ** 2, "name": np.array(["x", "é"])}


def draw(item, *, seed):
    return random.Random(seed).random()


def hold_at(item, *, folder, at):
    """Never end at one item; until a file says go."""
    leave_mark(folder, item)
    while item == at and not (Path(folder).parent / "go").exists():
        time.sleep(0.01)
    return item


class OddError(Exception):
    """Cannot be unpickled."""

    def __init__(self, one, two):
        super().__init__("odd")


def moody(item, *, folder):
    """Fail in a way that the item says."""
    leave_mark(folder, item)
    match item:
        case "raises":
            raise ValueError("no good")
        case "odd":
            raise OddError(1, 2)
        case "exits":
            raise SystemExit(3)
        case "function":
            return lambda: None
        case "nan":
            return float("nan")
        case "flaky" if marks(folder)["flaky"] < 3:
            raise OSError("not yet")
    return str(item)


def greedy(item, *, most):
    """Needs memory for as many numbers as it is given."""
    if len(item) > most:
        raise MemoryLimitError(f"{len(item)} numbers are too many")
    return list(item)


def halves(item):
    middle = len(item) // 2
    return [item[:middle], item[middle:]] if middle else []


def prefix(word):
    return word.upper()


@dataclass
class Executor:
    """The pool's protocol on an executor of the standard library."""

    executor: object
    submitted: list[str] = field(default_factory=list)

    def submit(self, function, /, *args, key=None, kind="job", job=None, priority=0, timeout=None, retries=0):
        self.submitted.append(key)
        return self.executor.submit(function, *args)


def processes(n=2):
    # not forked: a fork would hold the job's lock after its parent has died
    return ProcessPoolExecutor(n, mp_context=get_context("spawn"))
