"""A kernel that edits a story as fast as it can and says what was acknowledged; to be killed at any moment.

Edit n sets the text of passage n modulo 3 to a text that tells n and its own checksum.
"""

from __future__ import annotations

import itertools
import multiprocessing
import random
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store.workspace import News
from gamebook_lab.story import edits
from gamebook_lab.widgets.session import StorySession

NAMES = ("Start", "Cellar", "Attic")


def text_of(number: int, seed: int) -> str:
    words = random.Random(number * 7919 + seed).choices(["lamp", "sea", "rope", "door", "wind"], k=40 + number % 200)
    body = f"{number} {' '.join(words)}"
    return f"{body} {zlib.crc32(body.encode()):08x}"


def number_in(text: str) -> int | None:
    """Number of the edit that wrote a text; None for the text that was there; an error for a torn one."""
    if not text[:1].isdigit():
        return None
    body, _, check = text.rpartition(" ")
    assert f"{zlib.crc32(body.encode()):08x}" == check, f"torn: {text!r}"
    return int(body.split(" ", 1)[0])


Fault = Literal["", "clock", "full disk", "read-only"]
PRAGMAS: dict[Fault, tuple[str, str]] = {
    "full disk": ("max_page_count=1", "max_page_count=1000000"),  # 1: no page more than there is
    "read-only": ("query_only=ON", "query_only=OFF"),
}


def strike(session: StorySession, fault: Fault, *, is_on: bool) -> None:
    """Have the workspace's file grow no more, or be written no more, or let go of it."""
    workspace = session.workspace
    if workspace is None or (fault == "read-only" and not workspace.place.is_beside):
        return  # from the state folder there is nowhere to go
    sql = f"PRAGMA {PRAGMAS[fault][not is_on]}"
    with suppress(WorkspaceError):  # nothing was kept yet
        workspace.run(lambda journal: list(journal.connection.execute(sql)))


class Telling(StorySession):
    """Says which edits are kept, once they are."""

    out: Connection

    def _take_in(self, news: News) -> None:
        super()._take_in(news)
        for kept in news.kept:
            if kept.edit.label.isdigit():
                self.out.send(int(kept.edit.label))


def edit_for_ever(path: Path, seed: int, start: int, fault: Fault, out: Connection) -> None:
    """Edit from number ``start`` on, saving now and then, until killed; something else goes wrong meanwhile."""
    session = Telling.open(path)
    session.out = out
    pauses = random.Random(seed)
    chance = random.Random(start)
    if fault == "clock":
        real = time.time
        time.time = lambda: real() + chance.choice([-1e9, -3600, 0, 3600, 1e9])
    out.send(-1)
    for number in itertools.count(start):
        if fault in PRAGMAS:
            strike(session, fault, is_on=number % 7 == 3)
        text = text_of(number, seed)
        session.apply(
            lambda story, name=NAMES[number % 3], text=text: edits.set_text(story, name, text), label=str(number)
        )
        pause = pauses.random()
        if pause < 0.02:
            session.save()
        elif pause < 0.3:
            session.flush(0.2 if fault else 30.0)


def forked(target: Callable[..., None], *arguments: object) -> tuple[BaseProcess, Connection]:
    """Start a process that has all imported already; gives it and what it sends."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.editing"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def received(out: Connection) -> list[int]:
    """All that it has sent before it died."""
    found = []
    with suppress(EOFError, OSError):
        while True:
            found.append(out.recv())
    return found
