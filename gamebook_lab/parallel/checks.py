"""Checks large stories on several processes, with the same rows as on one.

Only parsing is spread out: passages are parsed on their own, while the checks look across all
of them and take a small part of the time. The work is pure Python, so it needs processes: those of a
:class:`~gamebook_lab.parallel.pool.WorkerPool`. Starting them takes longer than most stories take to parse.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final, Literal

import pandas as pd

from gamebook_lab.errors import GamebookError
from gamebook_lab.languages import registry
from gamebook_lab.parallel.processors import n_processors
from gamebook_lab.story.language import Language
from gamebook_lab.story.program import Program
from gamebook_lab.story.story import Story

__all__ = ["check", "parsed"]

_log: Final = logging.getLogger(__name__)

CROSSOVER_CHARACTERS: Final = 16_000_000
"""Text from which ``"auto"`` takes several processes. An estimate, not a measured crossover: more than any story of
the corpora has. ``benchmarks/check_crossover.py STORY`` prints what one process and several take on your machine.
"""
_CHARACTERS_PER_WORKER: Final = CROSSOVER_CHARACTERS // 2


def check(story: Story, workers: int | Literal["auto"] = "auto") -> pd.DataFrame:
    """Find everything that an author should know, on several processes where that is faster.

    Parameters
    ----------
    story
        What to check.
    workers
        Number of processes; ``"auto"`` takes one for small stories and up to one per processor
        for large ones.

    Returns
    -------
    pandas.DataFrame
        The same rows as ``story.problems()``, whatever the number of processes.

    Raises
    ------
    ValueError
        If ``workers`` is neither ``"auto"`` nor a positive number.
    """
    return parsed(story, workers).problems()


def parsed(story: Story, workers: int | Literal["auto"] = "auto") -> Story:
    """Parse a story for checking, on several processes where that is faster.

    Parameters
    ----------
    story
        What to parse; itself unchanged.
    workers
        As for :func:`check`.

    Returns
    -------
    Story
        Knows the programs of all passages, *without their tokens*, if they were parsed on other
        processes; else the same story, which parses as needed.

    Notes
    -----
    Where the processes cannot be started, or one of them dies, a warning is logged and the
    story is parsed here: slower, nothing lost.

    Raises
    ------
    ValueError
        As :func:`check`.
    """
    table = story.table.loc[story.unparsed()]
    n_workers = _number_of_workers(workers, sum(map(len, table["text"].tolist())))
    if n_workers == 1 or len(table) < 2 or not _is_known_by_name(story.language):
        return story
    columns = (table[column].tolist() for column in ("text", "passage_id", "tags"))
    passages = list(zip(table.index.tolist(), *columns, strict=True))
    try:
        programs = _parse(story.language.name, passages, n_workers)
    except (GamebookError, OSError) as error:
        _log.warning("parsing on %d processes failed, so one does it all: %s", n_workers, error)
        return story
    return story.with_programs(programs)


def _parse(
    language: str, passages: list[tuple[int, str, str, tuple[str, ...]]], n_workers: int
) -> Mapping[int, Program]:
    from gamebook_lab.parallel.shard import parse_on_processes

    return parse_on_processes(language, passages, n_workers)


def _number_of_workers(workers: int | str, n_characters: int) -> int:
    if workers != "auto":
        if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
            raise ValueError(f"workers is 'auto' or a number from 1 on, not {workers!r}")
        return workers
    if n_characters < CROSSOVER_CHARACTERS:
        return 1
    return max(1, min(n_processors(), n_characters // _CHARACTERS_PER_WORKER))


def _is_known_by_name(language: Language) -> bool:
    """Tell whether another process would find just this language by its name."""
    try:
        return registry.language(language.name) == language
    except KeyError:
        return False
