"""``gamebook suite``: find few playthroughs that cover all, and write them down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gamebook_lab import formats
from gamebook_lab.analysis.explored import explore
from gamebook_lab.analysis.levels import LevelName
from gamebook_lab.cli.outputs import refuse_to_replace
from gamebook_lab.cli.progress import progress_line
from gamebook_lab.cli.terminal import counted, printable, say

__all__ = ["run"]


def run(
    path: Path,
    *,
    levels: Sequence[LevelName],
    output: Sequence[Path],
    overwrite: bool,
    memory: str,
    seconds: float | None,
    title: str | None,
) -> int:
    """Make a suite; gives the exit status: 0, or 1 if a limit was reached, so that more may be reachable, or if reading cannot begin."""
    refuse_to_replace(output, overwrite=overwrite)
    story = formats.read_story(path, title=title)
    with progress_line() as show:
        space = explore(story, memory=memory, seconds=seconds, progress=show)
    if not space.n_states:
        say("Reading cannot begin: the story has no start passage (gamebook check tells more)")
        return 1
    suite = space.test_suite(levels)
    if not len(suite):  # there is nothing to choose: reading it once covers it
        suite = space.test_suite("passage")
    few = "no fewer would do" if suite.is_optimal else f"at least {suite.lower_bound:,} are needed"
    say(f"{counted(len(suite), 'playthrough')} ({few})")
    for row in suite.coverage().to_dict("records"):
        if not row["n_reachable"]:
            continue
        share = "" if row["of_reachable"] != row["of_reachable"] else f" ({row['of_reachable']:.1%})"
        say(f"  {row['level']:<9}  {row['n_covered']:,} of {row['n_reachable']:,} reachable{share}")
    for file in output:
        say(printable(str(suite.save(file, overwrite=overwrite))))
    if not space.is_complete:
        say(f"Stopped at the limit of {space.limit}: more may be reachable")
    return 0 if space.is_complete else 1
