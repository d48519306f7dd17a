"""``gamebook check``: read a story, check it, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from gamebook_lab import formats
from gamebook_lab.analysis.modelled import left_open, modelled
from gamebook_lab.cli.app import FailOn, ReportFormat
from gamebook_lab.cli.outputs import require_folders
from gamebook_lab.cli.report import Explored, Report, file_in
from gamebook_lab.cli.summary import Summary, summarize
from gamebook_lab.cli.terminal import is_colored
from gamebook_lab.errors import ConflictError
from gamebook_lab.parallel import parsed
from gamebook_lab.story.problems import SEVERITIES
from gamebook_lab.story.story import Story

__all__ = ["run"]


def run(
    path: Path,
    *,
    report_format: ReportFormat,
    fail_on: FailOn,
    output: Path | None,
    title: str | None,
    workers: int | Literal["auto"],
    explores: bool,
    memory: str,
    seconds: float | None,
) -> int:
    """Check a story, and explore it for what conditions keep readers from, if asked to; gives the exit status."""
    if output is not None:
        require_folders([output])
    story = formats.read_story(path, title=title)
    if output is not None and output.resolve() in {file_in(path, file).resolve() for file in _files(story)}:
        raise ConflictError(f"the report would replace the story's file {output}; write it to another one")
    story = parsed(story, workers)
    problems, explored, found = story.problems(), None, modelled(story)
    if explores:
        from gamebook_lab.analysis.explored import explore
        from gamebook_lab.cli.progress import progress_line

        with progress_line() as show:
            space = explore(story, memory=memory, seconds=seconds, progress=show)
        problems = space.problems()
        explored = Explored(space.n_states, space.is_complete, space.is_exact, space.limit, left_open(space, found))
    report = Report(path, story, problems, summarize(story, problems), found, explored)
    if output is None:
        sys.stdout.write(_written(report, report_format, is_colored=is_colored(sys.stdout)))
    else:
        written = _written(report, report_format, is_colored=False)
        output.write_text(written, encoding="utf-8", errors="backslashreplace", newline="\n")
    return int(_fails(report.summary, fail_on))


def _files(story: Story) -> list[str | None]:
    return [None, *story.table["file"].dropna().unique().tolist()]


def _written(report: Report, report_format: ReportFormat, *, is_colored: bool) -> str:
    if report_format is ReportFormat.JSON:
        from gamebook_lab.cli.json_report import json_report

        return json_report(report)
    if report_format is ReportFormat.SARIF:
        from gamebook_lab.cli.sarif_report import sarif_report

        return sarif_report(report)
    from gamebook_lab.cli.text_report import text_report

    return text_report(report, is_colored=is_colored)


def _fails(summary: Summary, fail_on: FailOn) -> bool:
    if fail_on is FailOn.NEVER:
        return False
    counted = SEVERITIES[: SEVERITIES.index(fail_on.value) + 1]
    return any(summary.n_problems[severity] for severity in counted)
