"""A process that hands shards to worker processes, through Dask's multiprocessing scheduler.

Reads one pickled :class:`Order` from standard input, writes the pickled list of results to
standard output, and ends. It talks to nobody but the process that started it: no port is opened.
"""

from __future__ import annotations

import os
import pickle
import sys
from functools import partial
from typing import Final, NamedTuple

from gamebook_lab.parallel.shard import parse_shard, prepare_worker

__all__ = ["Order", "main"]

_NICENESS: Final = 10


class Order(NamedTuple):
    """What is to be done."""

    language: str
    shards: tuple[bytes, ...]
    n_workers: int
    memory_bytes: int
    """Limit for each worker."""


def main() -> None:
    """Carry out the order on standard input."""
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)  # whatever a language prints must not mix with the answer
        order = Order(*pickle.load(sys.stdin.buffer))  # noqa: S301  # from the process that started this one
        if hasattr(os, "nice"):
            os.nice(_NICENESS)
        pickle.dump(_carry_out(order), answer, pickle.HIGHEST_PROTOCOL)


def _carry_out(order: Order) -> list[bytes]:
    from dask import config
    from dask.base import compute
    from dask.delayed import delayed

    parse = delayed(parse_shard, pure=False)
    # Forking is quick, and safe here: this process has no other threads.
    context = "fork" if sys.platform == "linux" else "spawn"
    with config.set({"multiprocessing.context": context}):
        results = compute(  # type: ignore[no-untyped-call]  # Dask has no types here
            *(parse(order.language, shard) for shard in order.shards),
            scheduler="processes",
            num_workers=order.n_workers,
            chunksize=1,
            initializer=partial(prepare_worker, order.memory_bytes),
        )
    return list(results)


if __name__ == "__main__":
    main()
