"""Puts problems in order, and says where in the file each one stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from gamebook_lab.story.checks.facts import Facts, Row
from gamebook_lab.story.problems import SEVERITIES, Problem

__all__ = ["in_order", "with_places"]

_RANK: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def in_order(facts: Facts, problems: Iterable[Problem]) -> list[Problem]:
    """Sort by severity, then story order (the story as a whole first), then place in the text."""
    order = {row.key: number for number, row in enumerate(facts.rows)}

    def rank(problem: Problem) -> tuple[int, int, int]:
        place = -1 if problem.key is None else order.get(problem.key, -1)
        return _RANK[problem.severity], place, -1 if problem.start is None else problem.start

    return sorted(problems, key=rank)


def with_places(facts: Facts, problems: Iterable[Problem]) -> list[Problem]:
    """Fill in passage, file, line and column wherever a problem does not have them yet.

    The text of a passage begins on the line after its header; a problem of a passage as a
    whole stands at the header. Without a file, lines count within the text.
    """
    line_starts: dict[int, list[int]] = {}
    placed = []
    for problem in problems:
        row = None if problem.key is None else facts.by_key.get(problem.key)
        if row is None:
            placed.append(_sound(problem))
            continue
        if problem.start is not None and row.key not in line_starts:
            line_starts[row.key] = _line_starts(row.text)
        placed.append(_place(problem, row, line_starts.get(row.key, ())))
    return placed


def _place(problem: Problem, row: Row, line_starts: Sequence[int]) -> Problem:
    line, column = problem.line, problem.column
    if line is None and problem.start is None:
        line = row.line
        column = None if line is None else 1
    elif line is None and problem.start is not None:
        within = bisect_right(line_starts, problem.start)
        line = within + (row.line or 0)
        column = problem.start - line_starts[within - 1] + 1
    return replace(
        _sound(problem),
        passage_id=row.name if problem.passage_id is None else problem.passage_id,
        file=row.file if problem.file is None else problem.file,
        line=line,
        column=column,
    )


def _sound(problem: Problem) -> Problem:
    """Escape unpaired surrogates, which a story's text may have and a table's strings may not."""
    if problem.message.isascii() and problem.hint.isascii():
        return problem
    message, hint = (
        text.encode("utf-8", "backslashreplace").decode("utf-8") for text in (problem.message, problem.hint)
    )
    return replace(problem, message=message, hint=hint)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts
