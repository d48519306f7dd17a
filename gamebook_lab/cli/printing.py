"""``gamebook proof`` and ``gamebook paper``: a story as pages to print."""

from __future__ import annotations

import sys
from pathlib import Path

from gamebook_lab import formats
from gamebook_lab.cli.outputs import refuse_to_replace
from gamebook_lab.cli.terminal import counted, printable, say

__all__ = ["paper", "proof"]


def proof(path: Path, output: Path, *, overwrite: bool, code: bool) -> int:
    """Print a proofing copy; gives the exit status."""
    from gamebook_lab.analysis.proof import proofing_copy

    refuse_to_replace([output], overwrite=overwrite)
    copy = proofing_copy(formats.read_story(path), code=code)
    copy.save(output)
    say(f"{printable(str(output))}: {counted(copy.n_passages, 'passage')}")
    return 0


def paper(path: Path, output: Path, *, overwrite: bool, seed: int, memory: str, max_states: int | None) -> int:
    """Make a gamebook on paper; gives the exit status: 1 if the story cannot be one."""
    from gamebook_lab.analysis.paper import PaperError
    from gamebook_lab.analysis.paper import paper as make
    from gamebook_lab.analysis.paper.making import MOST_STATES

    refuse_to_replace([output], overwrite=overwrite)
    story = formats.read_story(path)
    try:
        book = make(story, seed=seed, memory=memory, max_states=max_states or MOST_STATES)
    except PaperError as error:
        say(f"{printable(str(path))}: this story cannot be played on paper", to=sys.stderr)
        for row in error.problems.to_dict("records"):
            line = "" if row["line"] is None or row["line"] != row["line"] else f":{row['line']}"
            say(f"  {row['code']}{line}: {printable(row['message'])}", to=sys.stderr)
        return 1
    book.save(output)
    say(
        f"{printable(str(output))}: {counted(len(book.sections), 'section')}, checked in {counted(book.n_states, 'state')}"
    )
    for note in book.notes:
        say(f"  {printable(note)}")
    return 0
