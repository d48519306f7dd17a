"""The caller's side of parsing on other processes; see :mod:`gamebook_lab.parallel.hub`."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Final

import psutil

from gamebook_lab.errors import GamebookError
from gamebook_lab.parallel.hub import Order
from gamebook_lab.parallel.shard import Row
from gamebook_lab.story.program import Program

__all__ = ["WorkersError", "parse_on_processes"]

_SHARDS_PER_WORKER: Final = 4
_MEMORY_SHARE: Final = 0.6
_LEAST_MEMORY_BYTES: Final = 256 * 2**20


class WorkersError(GamebookError, RuntimeError):
    """The processes could not be started, or did not all finish their work."""


def parse_on_processes(language: str, passages: Sequence[Row], n_workers: int) -> dict[int, Program]:
    """Parse passages on other processes.

    Parameters
    ----------
    language
        Name of a registered language.
    passages
        What to parse: key, text, name and tags of each.
    n_workers
        Number of processes.

    Returns
    -------
    dict
        Program, without tokens, by key.

    Raises
    ------
    WorkersError
        If anything went wrong on the way.
    """
    shards = [pickle.dumps(shard, pickle.HIGHEST_PROTOCOL) for shard in _shards(passages, n_workers)]
    memory = int(psutil.virtual_memory().available * _MEMORY_SHARE / n_workers)
    order = Order(language, tuple(shards), n_workers, max(memory, _LEAST_MEMORY_BYTES))
    programs: dict[int, Program] = {}
    for result in pickle.loads(_run(pickle.dumps(order))):  # noqa: S301  # made by our own process a moment ago
        programs.update(pickle.loads(result))  # noqa: S301  # as above
    if len(programs) != len(passages):
        raise WorkersError(f"{len(passages)} passages went to the processes, {len(programs)} came back")
    return programs


def _shards(passages: Sequence[Row], n_workers: int) -> Iterator[list[Row]]:
    """Cut passages into stretches of about equally much text."""
    size = sum(len(row[1]) for row in passages) // (n_workers * _SHARDS_PER_WORKER) + 1
    shard: list[Row] = []
    filled = 0
    for row in passages:
        shard.append(row)
        filled += len(row[1])
        if filled >= size:
            yield shard
            shard, filled = [], 0
    if shard:
        yield shard


def _run(order: bytes) -> bytes:
    """Have the hub carry out an order, and give its answer."""
    if not sys.executable:
        raise WorkersError("there is no Python interpreter to start processes with")
    with subprocess.Popen(  # this very interpreter, with fixed arguments
        [sys.executable, "-P", "-m", "gamebook_lab.parallel.hub"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    ) as hub:
        try:
            answer, complaint = hub.communicate(order)
        except BaseException:
            _kill(hub)
            raise
    if hub.returncode != 0:
        lines = complaint.decode(errors="replace").strip().splitlines() or [f"exit status {hub.returncode}"]
        raise WorkersError(lines[-1])
    return answer


def _kill(hub: subprocess.Popen[bytes]) -> None:
    """End the hub along with its workers."""
    if hasattr(os, "killpg"):
        os.killpg(hub.pid, signal.SIGKILL)
    else:
        hub.kill()
