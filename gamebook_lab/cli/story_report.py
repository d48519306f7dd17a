"""``gamebook report STORY``: what there is to know of a story as one HTML file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gamebook_lab import formats
from gamebook_lab.analysis.explored import explore
from gamebook_lab.analysis.printed import write_page
from gamebook_lab.analysis.problems import space_problems
from gamebook_lab.charts.story_report import report
from gamebook_lab.cli.progress import progress_line
from gamebook_lab.cli.terminal import counted, say
from gamebook_lab.errors import ConflictError
from gamebook_lab.story.problems import SEVERITIES

__all__ = ["run"]


def run(path: Path, *, output: Path, overwrite: bool, title: str | None, memory: str, seconds: float | None) -> int:
    """Write the report; gives the exit status: 0, or 1 if a limit was reached before all was looked through.

    Raises
    ------
    ConflictError
        If the file is there already, and is not to be replaced.
    """
    if output.exists() and not overwrite:
        raise ConflictError(f"{output} is there already; give --overwrite to replace it, or another --output")
    story = formats.read_story(path, title=title)
    with progress_line() as show:
        space = explore(story, memory=memory, seconds=seconds, progress=show)
    found = pd.concat([story.problems(), space_problems(space)], ignore_index=True)
    worst_first = (
        found["severity"].map({severity: at for at, severity in enumerate(SEVERITIES)}).sort_values(kind="stable")
    )
    found = found.loc[worst_first.index]
    write_page(output, report(space, found))
    say(f"{output}: {counted(len(space.endings()), 'place')} where play stops, {counted(len(found), 'problem')}")
    return 0 if space.is_complete else 1
