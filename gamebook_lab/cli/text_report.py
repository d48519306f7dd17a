"""Problems for people: grouped by code, worst first, each line with a place that editors can jump to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from gamebook_lab.cli.report import Explored, Report
from gamebook_lab.cli.share import opened, share
from gamebook_lab.cli.terminal import counted, painted, printable
from gamebook_lab.story.problems import CODES, SEVERITIES

__all__ = ["text_report"]

_PLURALS = {"error": "errors", "warning": "warnings", "info": "notes"}
_SINGULARS = {"error": "error", "warning": "warning", "info": "note"}


def text_report(report: Report, *, is_colored: bool) -> str:
    """Write a report as text; every character of it is printable."""
    lines = [*_groups(report, is_colored=is_colored), *_summary(report, is_colored=is_colored)]
    return "\n".join(lines) + "\n"


def _groups(report: Report, *, is_colored: bool) -> Iterator[str]:
    def group(row: dict[str, Any]) -> tuple[int, str]:
        return SEVERITIES.index(row["severity"]), row["code"]

    for (_, code), found in groupby(sorted(report.rows(), key=group), key=group):
        rows = list(found)
        hints = {row["hint"] for row in rows}
        yield painted(f"{CODES[code].title} ({len(rows):,})", "bold", is_on=is_colored)
        for row in rows:
            yield _line(report, row, is_colored=is_colored)
            if len(hints) > 1 and row["hint"]:
                yield _hint(row["hint"], is_colored=is_colored)
        if len(hints) == 1 and (hint := hints.pop()):
            yield _hint(hint, is_colored=is_colored)
        yield ""


def _line(report: Report, row: dict[str, Any], *, is_colored: bool) -> str:
    parts = (printable(str(report.file_of(row["file"]))), row["line"], row["column"])
    place = ":".join(str(part) for part in parts if part is not None)
    severity = painted(row["severity"], row["severity"], is_on=is_colored)
    slug = CODES[row["code"]].slug
    return f"{place}: {severity} {row['code']} {slug}: {printable(row['message'])}"


def _hint(hint: str, *, is_colored: bool) -> str:
    return painted(f"    {printable(hint)}", "dim", is_on=is_colored)


def _explored(explored: Explored) -> str:
    n = counted(explored.n_states, "state")
    if explored.is_complete:
        more = "" if explored.is_exact else "; what is not modelled may go either way, so there may be more problems"
        return f"Explored to the end: {n}{more}"
    why = f"at the limit of {explored.limit}" if explored.limit else "before the end"
    return f"Explored: stopped {why} after {n}, so nothing is told of what conditions keep readers from"


def _summary(report: Report, *, is_colored: bool) -> Iterator[str]:
    summary = report.summary
    title = printable(report.story.metadata.title) or printable(report.path.name)
    counts = (
        counted(summary.n_passages, "passage"), counted(summary.n_words, "word"),
        counted(summary.n_choices, "choice"), counted(summary.n_variables, "variable"),
        f"{counted(summary.n_endings, 'passage')} without a way on",
    )  # fmt: skip
    yield f"{painted(title, 'bold', is_on=is_colored)}: {', '.join(counts)}"
    found = [
        painted(f"{n:,} {(_SINGULARS if n == 1 else _PLURALS)[severity]}", severity, is_on=is_colored)
        for severity, n in summary.n_problems.items()
        if n
    ]
    yield from share(report.modelled, is_colored=is_colored)
    if report.explored is not None:
        yield _explored(report.explored)
        yield from opened(report.explored.left_open, is_colored=is_colored)
    yield ", ".join(found) if found else "No problems."
    if found:
        worst = report.problems["code"].iloc[0]
        yield f"Next: 'gamebook explain {worst}' tells what it means and what to do."
