"""``gamebook convert``: read a story, write it in another format, tell what that format cannot hold."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from gamebook_lab import formats
from gamebook_lab.cli.outputs import refuse_to_replace
from gamebook_lab.cli.terminal import counted, printable, say
from gamebook_lab.errors import FormatError
from gamebook_lab.formats.recorder import record_in
from gamebook_lab.story.problems import CODES, Problem

__all__ = ["run"]


def run(source: Path, target: Path, *, overwrite: bool, title: str | None = None, recorder: bool = False) -> int:
    """Convert a story; gives the exit status."""
    if recorder and target.suffix.lower() not in {".html", ".htm"}:
        raise FormatError("--recorder is for stories that a browser plays: name a target that ends in .html")
    refuse_to_replace([target], overwrite=overwrite or not target.is_file())
    story = formats.read_story(source, title=title)
    _warn(source, story.import_problems)
    saved = formats.save_story(story, target, overwrite=overwrite)
    if recorder:
        record_in(target)
    if saved.source is not None:
        _warn(target, formats.unrepresentable(story, saved.source.format))
    say(f"{printable(str(target))}: {counted(len(story), 'passage')} written")
    return 0


def _warn(path: Path, problems: Iterable[Problem]) -> None:
    for problem in problems:
        if problem.severity == "info":
            continue
        line = "" if problem.line is None else f":{problem.line}"
        what = f"{problem.severity} {problem.code} {CODES[problem.code].slug}"
        say(f"{printable(str(path))}{line}: {what}: {printable(problem.message)}", to=sys.stderr)
