"""Programs that save the same file at the same time; each with a pause where another could come between."""

from __future__ import annotations

import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from gamebook_lab.errors import ConflictError
from gamebook_lab.formats import read_story, save_story, saving
from gamebook_lab.story import edits

GAP_SECONDS = 0.003
"""Between the last look at the file and writing it: long enough for another program to look as well."""


def add_lines(path: Path, name: str, n: int, out: Connection) -> None:
    """Add a passage n times, reading the file again whenever somebody else has written it; send each that was saved."""
    with pytest.MonkeyPatch.context() as patch:
        check = saving._check

        def look_and_dawdle(*arguments: object, **how: bool) -> None:
            check(*arguments, **how)
            time.sleep(GAP_SECONDS)

        patch.setattr(saving, "_check", look_and_dawdle)
        for number in range(n):
            mark = f"{name}{number}"
            while True:
                try:
                    save_story(edits.add_passage(read_story(path), mark))
                except ConflictError:
                    continue
                out.send(mark)
                break


def stop_while_saving(path: Path, out: Connection) -> None:
    """Look at the file, say so, and stand still there, to be killed."""
    story = edits.add_passage(read_story(path), "Late")
    with pytest.MonkeyPatch.context() as patch:
        replace = Path.replace

        def stand_still(part: Path, target: Path) -> Path:
            out.send("about to write")
            time.sleep(600)
            return replace(part, target)

        patch.setattr(Path, "replace", stand_still)
        save_story(story)
