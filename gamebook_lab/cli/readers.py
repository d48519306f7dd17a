"""``gamebook readers``: a reading log beside its story, in short, and as tables that are safe to open."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from gamebook_lab import formats
from gamebook_lab.analysis.explored import explore
from gamebook_lab.analysis.reader_report import ReaderReport, reader_report
from gamebook_lab.cli.outputs import refuse_to_replace
from gamebook_lab.cli.progress import progress_line
from gamebook_lab.cli.terminal import counted, is_colored, painted, printable, say
from gamebook_lab.errors import FormatError
from gamebook_lab.formats.logs.export import to_csv
from gamebook_lab.formats.logs.read import Kind, read_sessions
from gamebook_lab.formats.story_table import read_story_table
from gamebook_lab.story.story import Story

__all__ = ["run"]

_MOST_LISTED: Final = 12
_TABLES: Final = {".csv", ".tsv", ".xlsx", ".parquet"}


def run(
    log: Path,
    story: Path,
    *,
    columns: Sequence[str],
    kind: str | None,
    timezone: str,
    hash_key: str | None,
    output: Path | None,
    overwrite: bool,
    title: str | None,
    max_states: int | None,
) -> int:
    """Compare a log with a story; gives the exit status: 0, or 1 if a session cannot have happened."""
    names = ("sessions", "passages", "choices", "endings", "drop_off", "dwell", "problems")
    files = {name: output / f"{name}.csv" for name in names} if output is not None else {}
    refuse_to_replace(files.values(), overwrite=overwrite, made=output)
    sessions = read_sessions(
        log, kind=cast("Kind | None", kind), columns=_columns(columns), timezone=timezone, hash_key=hash_key
    )
    read = _story(story, title)
    with progress_line() as show:
        space = explore(read, max_states=max_states, progress=show)
    report = reader_report(sessions, space)
    for line in _said(report, is_colored=is_colored(sys.stdout)):
        say(line)
    tables = report.tables()
    for name, file in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        to_csv(tables[name], file)
    if output is not None:
        say(f"Tables: {', '.join(printable(str(file)) for file in files.values())}")
    return 1 if report.verdicts().get("impossible") else 0


def _columns(given: Sequence[str]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for each in given:
        meaning, mark, column = each.partition("=")
        if not mark:
            raise FormatError(f"--columns takes meaning=column, such as passage_id=slide, not {each!r}")
        found[meaning.strip()] = column.strip()
    return found or None


def _story(path: Path, title: str | None) -> Story:
    return (
        read_story_table(path, title=title) if path.suffix.lower() in _TABLES else formats.read_story(path, title=title)
    )


def _said(report: ReaderReport, *, is_colored: bool) -> Iterator[str]:
    def bold(text: str) -> str:
        return painted(text, "bold", is_on=is_colored)

    matched = report.matched
    title = printable(matched.space.story.metadata.title) or "Untitled story"
    yield f"{bold(title)}: {counted(len(matched), 'session')}, {counted(len(matched.sessions.table), 'step')}"
    yield f"  {', '.join(f'{n:,} {verdict}' for verdict, n in report.verdicts().items())}"
    why = matched.table.loc[matched.table["why"] != "", "why"].value_counts()
    if len(why):
        yield bold(f"What cannot have happened ({int(why.sum()):,})")
        yield from _some([f"{n:,} x {printable(str(reason))}" for reason, n in why.items()])
    if report.never_read:
        yield bold(f"Never read, though it can be ({len(report.never_read):,})")
        yield from _some([printable(name) for name in report.never_read])
    yield from _endings(report, bold)
    problems = report.problems()
    if len(problems):
        yield bold(f"Problems with the log ({len(problems):,})")
        yield from _some([_problem(row) for row in problems.to_dict("records")])


def _endings(report: ReaderReport, bold: Callable[[str], str]) -> Iterator[str]:
    table = report.endings.sort_values("n_sessions", ascending=False, kind="stable")
    if int(table["n_sessions"].sum()) == 0:
        yield "No reader came to an end"
        return
    yield bold(f"Where they ended ({int(table['n_sessions'].sum()):,})")
    rows = [
        f"{row['n_sessions']:>7,}  {_share(row['share'])} ({_share(row['low'])} to {_share(row['high'])})  model {_share(row['expected'])}"
        f"  {row['verdict']:<11}  {printable(row['passage_id']) or 'round in circles'}"
        for row in table.to_dict("records")
    ]
    yield from _some(rows)


def _share(value: float) -> str:
    return "unknown" if pd.isna(value) else f"{value:6.1%}"


def _problem(row: dict[Any, Any]) -> str:
    where = f"{printable(row['file'])}:" if isinstance(row["file"], str) else ""
    line = f"{row['line']}: " if not pd.isna(row["line"]) else " " if where else ""
    return f"{where}{line}{row['severity']} {row['code']}: {printable(row['message'])}"


def _some(lines: list[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:_MOST_LISTED])
    if len(lines) > _MOST_LISTED:
        yield f"  and {len(lines) - _MOST_LISTED:,} more"
