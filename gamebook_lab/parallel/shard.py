"""Parses passages on the pool's workers, in shards of about equally much text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from gamebook_lab.errors import PoolError
from gamebook_lab.languages.registry import language
from gamebook_lab.parallel.pool import WorkerPool
from gamebook_lab.story.program import Program

__all__ = ["Row", "parse_on_processes", "parse_shard"]

Row = tuple[int, str, str, tuple[str, ...]]
"""Key, text, name and tags of a passage."""

_SHARDS_PER_WORKER: Final = 4


def parse_on_processes(language_name: str, passages: Sequence[Row], n_workers: int) -> dict[int, Program]:
    """Parse passages on workers of their own, without regard to the processor's limit: somebody waits for this.

    Parameters
    ----------
    language_name
        Name of a registered language.
    passages
        What to parse.
    n_workers
        Number of workers.

    Returns
    -------
    dict
        Program, without tokens, by key.

    Raises
    ------
    PoolError
        If a shard could not be parsed, or the workers not be started.
    """
    programs: dict[int, Program] = {}
    with WorkerPool(minimum=n_workers, maximum=n_workers, cpu_limit=1.0) as pool:
        pending = [
            pool.submit(parse_shard, language_name, shard, key=f"parse-{number}", kind="parse", job="parse")
            for number, shard in enumerate(_shards(passages, n_workers))
        ]
        for future in pending:
            try:
                programs.update(future.result())
            except PoolError:
                raise
            except Exception as error:  # a language may raise anything
                raise PoolError(f"a shard could not be parsed: {error}") from error
    return programs


def parse_shard(language_name: str, shard: Sequence[Row]) -> dict[int, Program]:
    """Parse the passages of a shard; runs on a worker.

    Parameters
    ----------
    language_name
        Name of a registered language.
    shard
        The passages.

    Returns
    -------
    dict
        Program by key. The programs come without tokens: only an editor needs them, and they would be most of what
        goes between the processes.
    """
    parse = language(language_name).parse
    return {key: replace(parse(text, name=name, tags=tags), tokens=()) for key, text, name, tags in shard}


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
