"""One of two kernels that write into the same passages at the same time."""

from __future__ import annotations

import random
from multiprocessing.connection import Connection
from pathlib import Path

from gamebook_lab.story import edits
from gamebook_lab.widgets.session import StorySession
from tests.store.editing import NAMES


def edit_together(path: Path, name: str, n: int, out: Connection) -> None:
    """Append ``name0. name1. ...`` to passages at random, and tell how many edits were made and kept."""
    session = StorySession.open(path)
    choice = random.Random(name)
    for number in range(n):
        passage, mark = choice.choice(NAMES), f" {name}{number}."
        session.apply(
            lambda story, passage=passage, mark=mark: edits.set_text(story, passage, story.text(passage) + mark),
            label="Edit text",
        )
        if choice.random() < 0.5:
            session.flush()
    assert session.flush()
    out.send(n)
    session.workspace.close()
