"""Kills a kernel that edits, at random instants, and looks what is left. Also run by ``tests.store.soak``."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

from gamebook_lab.widgets.session import StorySession
from tests.store.editing import NAMES, Fault, edit_for_ever, forked, number_in, received


def kill_while_editing(
    path: Path, *, rounds: int, seed: int, fault: Fault = "", tell: Callable[[int], object] = bool
) -> tuple[int, int]:
    """Kill so many kernels, one after another, on one story; gives edits acknowledged and kernels killed.

    Every acknowledged edit must be in the journal, every passage must hold its newest acknowledged edit or a later one,
    and no text may be torn.
    """
    instants = random.Random(seed)
    acknowledged: set[int] = set()
    start = 0
    for number in range(rounds):
        tell(number)
        process, out = forked(edit_for_ever, path, seed, start, fault)
        for _ in range(instants.randrange(1, 20)):  # the first says that it has begun
            acknowledged.add(out.recv())
        time.sleep(instants.uniform(0, 0.03))
        process.kill()
        process.join()
        acknowledged |= set(received(out))
        acknowledged.discard(-1)
        start = check(path, acknowledged)
    return len(acknowledged), rounds


def check(path: Path, acknowledged: set[int]) -> int:
    """Look at what is left; gives the number to go on with."""
    session = StorySession.open(path)
    try:
        found = {index: number_in(session.story.text(name)) for index, name in enumerate(NAMES)}
        for index, number in found.items():
            newest = max((each for each in acknowledged if each % 3 == index), default=-1)
            assert (-1 if number is None else number) >= newest, f"edit {newest} of passage {index} is lost: {number}"
        kept: set[int] = set()
        if session.workspace is not None and session.workspace.exists:
            labels = session.workspace.revisions()["label"]
            kept = {int(label) for label in labels[labels.str.isdigit()]}
        assert acknowledged <= kept, f"not in the journal: {sorted(acknowledged - kept)[:5]}"
        return max([-1, *kept]) + 1
    finally:
        if session.workspace is not None:
            session.workspace.close()
