"""Functions that workers run in the tests of the pool. Files say what happens: processes share nothing else."""

import asyncio
import contextlib
import os
import random
import secrets
import time
from pathlib import Path


def square(number):
    return number * number


def pid():
    return os.getpid()


def fail(text):
    raise ValueError(text)


class TwoArgumentsError(Exception):
    def __init__(self, first, second):
        super().__init__(f"{first} {second}")


def fail_oddly():
    raise TwoArgumentsError("one", "two")


def leave():
    raise SystemExit(3)


def interrupt():
    raise KeyboardInterrupt


def unpicklable():
    return (number for number in range(3))


def note_and_square(folder, number):
    """Square a number, and leave a trace of having done so."""
    with (Path(folder) / "trace").open("a") as file:
        file.write(f"{number}\n")
    return number * number


def wait_for(file, begun=None):
    """Tell by one file that this has begun, and end when another is there; gives the process that saw it."""
    if begun:
        Path(begun).write_text(str(os.getpid()))
    while not Path(file).exists():
        time.sleep(0.005)
    return os.getpid()


def hang(begun=None):
    if begun:
        Path(begun).write_text(str(os.getpid()))
    while True:
        time.sleep(0.05)


def die():
    os._exit(1)


def deafen(begun):
    """Have the worker's event loop do nothing more once this task's result is out."""
    from distributed.worker import get_worker

    def hang():
        Path(begun).write_text(str(os.getpid()))
        time.sleep(3_600)

    loop = get_worker().loop
    loop.add_callback(loop.call_later, 0.5, hang)


def keep(begun):
    """Have the first worker answer no question for a result any more, as after an error while it answered one."""
    from distributed.worker import get_worker

    async def never(*_args, **_options):
        await asyncio.sleep(3_600)

    if not Path(begun).exists():
        Path(begun).write_text(str(os.getpid()))
        get_worker().handlers["get_data"] = never
    return os.getpid()


def part(begun):
    """Have the worker lose its scheduler, and its process not end."""
    from distributed.worker import get_worker

    def lose():
        stream.comm.abort()
        time.sleep(3_600)

    stream = get_worker().batched_stream
    Path(begun).write_text(str(os.getpid()))
    get_worker().loop.add_callback(lose)
    time.sleep(3_600)


def allocate_array(n_bytes):
    import numpy as np

    return int(np.ones(n_bytes, dtype="u1").sum())


def allocate_objects(n_bytes):
    kept = [{"number": bytes(700)} for _ in range(n_bytes // 900)]
    return len(kept)


LEAK = []


def leak(n_bytes):
    block = bytearray(n_bytes)
    block[::4096] = b"x" * len(block[::4096])
    LEAK.append(block)
    return len(LEAK)


def leak_up_to(n_bytes):
    """Leak until this worker has so much memory in all, as whoever looks after it counts it."""
    import psutil

    while psutil.Process().memory_info().rss < n_bytes:
        leak(2**20)
    return len(LEAK)


def fail_first(folder, n_failures):
    """Raise an error the first few times."""
    file = Path(folder) / "tries"
    n_tries = len(file.read_text()) if file.exists() else 0
    file.write_text("x" * (n_tries + 1))
    if n_tries < n_failures:
        raise OSError("not yet")
    return n_tries


LEAK_SIGN = "leak"
HOLD_SIGN = "hold"
HELD_FROM = 20
"""Good shards beyond this number do not end as long as there is that file."""


def shard(item, *, seed, marks, seconds, limit_bytes):
    """A shard of a job: a good one gives numbers that its seed decides, each other kind does what its name says."""
    kind, number = item
    (Path(marks) / f"{kind}-{number}-{secrets.token_hex(4)}").write_text(str(os.getpid()))
    if kind != "good":
        return BAD[kind](limit_bytes)
    with contextlib.suppress(FileNotFoundError):
        leak_up_to(int((Path(marks) / LEAK_SIGN).read_text()))
    while number > HELD_FROM and (Path(marks) / HOLD_SIGN).exists():
        time.sleep(0.005)
    time.sleep(seconds)
    draw = random.Random(seed)
    return {"number": number, "drawn": [draw.random() for _ in range(500)]}


BAD = {
    "arrays": lambda limit_bytes: allocate_array(4 * limit_bytes),
    "objects": lambda limit_bytes: allocate_objects(4 * limit_bytes),
    "raises": lambda _: fail("no good"),
    "exits": lambda _: leave(),
    "interrupts": lambda _: interrupt(),
    "hangs": lambda _: hang(),
    "dies": lambda _: die(),
    "unpicklable": lambda _: unpicklable(),
}


def fork_and_stray(number, *, seconds):
    """Fork a child that ends, and one that goes on as if it were the worker, as a careless library does."""
    ending = os.fork()
    if ending == 0:
        os._exit(0)
    os.waitpid(ending, 0)
    time.sleep(seconds)
    if os.fork() == 0:
        return -1
    return number
