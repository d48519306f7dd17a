"""The process that explores stories for the widgets, so that the kernel is never held up by it.

It lives as long as a session has somebody who watches its verdicts, and so remembers every situation that was played
before: after an edit only what changed is played again. It is told what to do, and answers, in pickled tuples over
its standard input and output; nothing that comes from a story's file is ever unpickled.

Told: ``("explore", number, Packed)``, ``("stop", number)``, ``("why", number, passage)``; ends with its input.
Answers: ``("found", number, Findings, is_last)``, ``("stopped", number)``, ``("failed", number, text)``,
``("why", number, passage, Why or None)``.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import pandas as pd

from gamebook_lab.errors import StoppedError
from gamebook_lab.languages import registry
from gamebook_lab.story.history import changed_keys
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.holding import MAY_BE_HELD, ends_with_parent

if TYPE_CHECKING:
    from gamebook_lab.engine.space import Space

__all__ = ["Packed", "packed"]

MEMORY: Final = "1GB"
SECONDS: Final = (2.0, 20.0)
"""Of the processor. A story too large for the first gets an answer as far as it is known by then, and a second try."""
MOST_STATES: Final = 2_000_000
"""What can be summed up in a few seconds as well."""
_NICE: Final = 19
_SELDOM: Final = 1 << 30
_MANY_ROUNDS: Final = 100
"""Of the collector among younger objects; a first exploration of a long story makes some hundreds."""


class Packed(NamedTuple):
    """A story as it goes to the process."""

    table: pd.DataFrame
    language: str
    metadata: dict[str, Any]


def packed(story: Story) -> Packed | None:
    """Make a story ready to be sent; None if another process would not know its language."""
    try:
        if registry.language(story.language.name) != story.language:
            return None
    except KeyError:
        return None
    data = {field.name: getattr(story.metadata, field.name) for field in fields(Metadata)}
    data["extra"] = {}  # what a file has besides may be anything, and says nothing of how a story is played
    return Packed(
        story.table, story.language.name, {k: dict(v) if isinstance(v, Mapping) else v for k, v in data.items()}
    )


class _Process:
    def __init__(self, told: BinaryIO, answers: BinaryIO) -> None:
        self._told, self._answers = told, answers
        self._lock = threading.Lock()
        self._work: queue.SimpleQueue[tuple[int, Packed]] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._story: Story | None = None
        self._known: tuple[Space, pd.DataFrame] | None = None
        self._number = -1

    def run(self) -> None:
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        while True:
            number, story = self._work.get()
            if number == self._number:
                self._explore(number, story)
            del story
            if self._work.empty():
                _tidy()

    # ---- the listening thread

    def _listen(self) -> None:
        while True:
            try:
                kind, number, *rest = pickle.load(self._told)  # noqa: S301 -- from the session that started this
            except (
                EOFError,
                OSError,
                pickle.UnpicklingError,
            ):  # also in the middle of a message: who started this is gone
                os._exit(0)
            if kind == "why":
                self._explain(number, *rest)
                continue
            self._stop.set()
            if kind == "explore":
                self._stop = threading.Event()
                self._number = number
                self._work.put((number, *rest))

    def _explain(self, number: int, passage: str) -> None:
        from gamebook_lab.analysis.why import why

        known = self._known
        try:
            found = None if known is None else why(known[0], passage, known[1])
        except Exception as error:  # noqa: BLE001 -- the other side is told
            self.say("failed", number, repr(error))
        else:
            self.say("why", number, passage, found)

    # ---- the working thread

    def _explore(self, number: int, told: Packed) -> None:
        stop = self._stop
        try:
            story = self._story = _unpacked(told, self._story)
            for seconds in SECONDS:
                space, is_last = self._try(story, seconds, stop)
                if stop.is_set():
                    break
                if space.n_states or is_last:  # nothing may be known yet of a long story: its text took all the time
                    self._tell(number, space, stop, is_last=is_last)
                if is_last:
                    return
            self.say("stopped", number)
        except StoppedError:
            self.say("stopped", number)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the other side is told and this goes on
            self.say("failed", number, repr(error))

    def _try(self, story: Story, seconds: float, stop: threading.Event) -> tuple[Space, bool]:
        from gamebook_lab.engine.exploration import explore

        space = explore(
            story, memory=MEMORY, max_states=MOST_STATES, seconds=seconds, threads=1, stop=stop,
            clock=time.process_time,
        )  # fmt: skip
        return space, space.limit != "seconds" or seconds == SECONDS[-1]

    def _tell(self, number: int, space: Space, stop: threading.Event, *, is_last: bool) -> None:
        from gamebook_lab.analysis.findings import findings

        found = findings(space, stop=stop)
        self._known = space, found.passages
        self.say("found", number, found, is_last)

    def say(self, *answer: object) -> None:
        """Tell whoever started this. May be called on any thread."""
        with self._lock:
            pickle.dump(answer, self._answers, pickle.HIGHEST_PROTOCOL)
            self._answers.flush()


def _tidy() -> None:
    """Look for cycles among all that there is, now that nobody waits.

    In a long story that takes a while, in which nothing else can be done: not even stop.
    """
    if gc.get_count()[2] >= _MANY_ROUNDS:
        gc.collect()


def _unpacked(told: Packed, before: Story | None) -> Story:
    """Make the story, keeping what is known of the one before."""
    metadata = Metadata(**told.metadata)
    if before is None or before.language.name != told.language:
        return Story(told.table, registry.language(told.language), metadata)
    now = replace(before, table=told.table)
    return before.with_table(told.table, changed_keys(before, now), metadata=metadata)


def main() -> None:
    """Do what is told until the input ends."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    told, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints must not come between the answers
    sys.stdin.close()
    gc.set_threshold(*gc.get_threshold()[:2], _SELDOM)  # see _tidy
    process = _Process(told, answers)
    if len(sys.argv) > 1 and ends_with_parent(int(sys.argv[1])):
        process.say(MAY_BE_HELD)
    process.run()


if __name__ == "__main__":
    main()
