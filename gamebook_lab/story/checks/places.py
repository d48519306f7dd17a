"""Puts problems in order, and says where in the file each one stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from gamebook_lab.story import schema
from gamebook_lab.story.problems import CODES, SEVERITIES, Problem
from gamebook_lab.story.story import Story

__all__ = ["placed"]

_TWEE: Final = "twee"
_HTML: Final = frozenset({"twine-html", "twine1-html", "twine-archive"})
_RANK: Final = {code: SEVERITIES.index(each.severity) for code, each in CODES.items()}


class _Home(NamedTuple):
    """The passage that has a problem; all is missing for a problem of the story as a whole."""

    name: str | None = None
    text: str = ""
    file: str | None = None
    line: int | None = None


def placed(story: Story, problems: Iterable[Problem]) -> pd.DataFrame:
    """Make the ``problems`` table (:data:`~gamebook_lab.story.schema.PROBLEMS`) of these.

    Sorted by severity, then story order (the story as a whole first), then place in the text. Passage, file, line and column
    are filled in wherever a problem does not have them yet.

    A problem of a passage as a whole stands at its header. In Twee the text begins on the line
    after it. In HTML it begins on the same line and is escaped, so that lines can be told and columns
    cannot; in other formats just the header's line is told. Without a file, lines and columns count within
    the text.
    """
    found, homes = _in_order(story, list(problems))
    file_format = _TWEE if story.source is None else story.source.format
    line_starts: dict[int | None, list[int]] = {}
    lines: list[tuple[int | None, int | None]] = []
    for problem, home in zip(found, homes, strict=True):
        if home.name is None or problem.line is not None:
            lines.append((problem.line, problem.column))
            continue
        if problem.start is not None and problem.key not in line_starts:
            line_starts[problem.key] = _line_starts(home.text)
        lines.append(_line_and_column(problem, home.line, file_format, line_starts.get(problem.key, ())))
    said: dict[str, list[Any]] = {
        name: [getattr(problem, name) for problem in found] for name in ("code", "severity", "key", "start", "stop")
    }
    pairs = list(zip(found, homes, strict=True))
    said["passage_id"] = [home.name if each.passage_id is None else each.passage_id for each, home in pairs]
    said["file"] = [home.file if each.file is None else each.file for each, home in pairs]
    said["line"], said["column"] = ([line[side] for line in lines] for side in (0, 1))
    said["message"] = [_sound(problem.message) for problem in found]
    said["hint"] = [_sound(problem.hint) for problem in found]
    return schema.build(schema.PROBLEMS, said)


def _in_order(story: Story, problems: list[Problem]) -> tuple[list[Problem], list[_Home]]:
    """Sort problems, and find the passage of each."""
    table = story.table
    keys = np.array([-1 if each.key is None else each.key for each in problems], dtype=np.int64)
    starts = np.array([-1 if each.start is None else each.start for each in problems], dtype=np.int64)
    places = table.index.get_indexer(pd.Index(keys))
    ranks = np.array([_RANK[each.code] for each in problems], dtype=np.int64)
    order = np.lexsort((starts, places, ranks))
    places = places[order]
    at = places[places >= 0]
    columns = (table[name].array.take(at).tolist() for name in ("passage_id", "text", "file", "line"))
    known = (
        _Home(name, text, file if isinstance(file, str) else None, line if isinstance(line, int) else None)
        for name, text, file, line in zip(*columns, strict=True)
    )
    nowhere = _Home()
    homes = [nowhere if place < 0 else next(known) for place in places.tolist()]
    return [problems[number] for number in order.tolist()], homes


def _line_and_column(
    problem: Problem, header: int | None, file_format: str, line_starts: Sequence[int]
) -> tuple[int | None, int | None]:
    """Place in the file of a problem whose passage begins at a line, or within its text."""
    if problem.start is None:
        return header, 1 if file_format == _TWEE and header is not None else None
    within = bisect_right(line_starts, problem.start)
    if header is None or file_format == _TWEE:
        return within + (header or 0), problem.start - line_starts[within - 1] + 1
    return header + (within - 1 if file_format in _HTML else 0), problem.column


def _sound(text: str) -> str:
    """Escape unpaired surrogates, which a story's text may have and a table's strings may not."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _line_starts(text: str) -> list[int]:
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts
