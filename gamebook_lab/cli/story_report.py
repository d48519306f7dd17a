"""``gamebook report STORY``: what there is to know of a story as one HTML file."""

from __future__ import annotations

from pathlib import Path

from gamebook_lab import formats
from gamebook_lab.analysis.explored import explore
from gamebook_lab.analysis.printed import write_page
from gamebook_lab.charts.story_report import report
from gamebook_lab.cli.outputs import refuse_to_replace
from gamebook_lab.cli.progress import progress_line
from gamebook_lab.cli.terminal import counted, printable, say

__all__ = ["run"]


def run(path: Path, *, output: Path, overwrite: bool, title: str | None, memory: str, seconds: float | None) -> int:
    """Write the report; gives the exit status: 0, or 1 if a limit was reached before all was looked through.

    Raises
    ------
    ConflictError
        If the file is there already, and is not to be replaced.
    """
    refuse_to_replace([output], overwrite=overwrite)
    story = formats.read_story(path, title=title)
    with progress_line() as show:
        space = explore(story, memory=memory, seconds=seconds, progress=show)
    found = space.problems()
    write_page(output, report(space, found))
    say(f"{printable(str(output))}: {counted(space.n_states, 'state')}, {counted(len(found), 'problem')}")
    return 0 if space.is_complete else 1
