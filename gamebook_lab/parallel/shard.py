"""What a worker process does: parses a shard of passages. Imports the language, and neither pandas nor Dask."""

from __future__ import annotations

import os
import pickle
import threading
from dataclasses import replace
from multiprocessing import connection, parent_process

from gamebook_lab.languages.registry import language

__all__ = ["Row", "parse_shard", "prepare_worker"]

Row = tuple[int, str, str, tuple[str, ...]]
"""Key, text, name and tags of a passage."""


def parse_shard(language_name: str, shard: bytes) -> bytes:
    """Parse the passages of a shard.

    Parameters
    ----------
    language_name
        Name of a registered language.
    shard
        Pickled list of :data:`Row`.

    Returns
    -------
    bytes
        Pickled ``{key: Program}``. The programs come without tokens: only an editor needs them, and they
        would be most of what goes between the processes.
    """
    parse = language(language_name).parse
    rows: list[Row] = pickle.loads(shard)  # noqa: S301  # made by our own process a moment ago
    programs = {key: replace(parse(text, name=name, tags=tags), tokens=()) for key, text, name, tags in rows}
    return pickle.dumps(programs, pickle.HIGHEST_PROTOCOL)


def prepare_worker(memory_bytes: int) -> None:
    """Limit this process's memory, and let it end when the process that started it does."""
    _limit_memory(memory_bytes)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _limit_memory(memory_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
