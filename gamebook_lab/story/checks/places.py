"""Puts problems in order, and says where in the file each one stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from gamebook_lab.story.checks.facts import Facts, Row
from gamebook_lab.story.problems import SEVERITIES, Problem

__all__ = ["in_order", "with_places"]

_TWEE: Final = "twee"
_HTML: Final = frozenset({"twine-html", "twine1-html", "twine-archive"})
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

    A problem of a passage as a whole stands at its header. In Twee the text begins on the line
    after it. In HTML it begins on the same line and is escaped, so that lines can be told and columns
    cannot; in other formats just the header's line is told. Without a file, lines and columns count within
    the text.
    """
    source = facts.story.source
    file_format = _TWEE if source is None else source.format
    line_starts: dict[int, list[int]] = {}
    placed = []
    for problem in problems:
        row = None if problem.key is None else facts.by_key.get(problem.key)
        if row is None:
            placed.append(_sound(problem))
            continue
        if problem.start is not None and row.key not in line_starts:
            line_starts[row.key] = _line_starts(row.text)
        placed.append(_place(_sound(problem), row, file_format, line_starts.get(row.key, ())))
    return placed


def _place(problem: Problem, row: Row, file_format: str, line_starts: Sequence[int]) -> Problem:
    line, column = problem.line, problem.column
    if line is None and problem.start is None:
        line = row.line
        column = 1 if file_format == _TWEE and line is not None else None
    elif line is None and problem.start is not None:
        within = bisect_right(line_starts, problem.start)
        if row.line is None or file_format == _TWEE:
            line = within + (row.line or 0)
            column = problem.start - line_starts[within - 1] + 1
        else:
            line = row.line + (within - 1 if file_format in _HTML else 0)
    return replace(
        problem,
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
