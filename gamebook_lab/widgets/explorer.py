"""Has a session's story explored on a process of its own, after its checks are done and the author has paused.

Covers: debounce, giving up what a newer story has overtaken, starting the process with the first watcher and ending it
with the last. What the verdicts are is ``analysis``' business, how they come about that of ``exploring``.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

import pandas as pd

from gamebook_lab import telemetry
from gamebook_lab.analysis.answers import Findings, Why
from gamebook_lab.story.checks import tabled
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.companion import Companion
from gamebook_lab.widgets.exploring import packed

PAUSE_SECONDS: Final = 1.0
"""Quiet time after a check before exploring begins."""

_log = logging.getLogger(__name__)


class Explored(NamedTuple):
    """What is known of the newest story."""

    status: Literal["exploring", "done", "failed", "unavailable"]
    """``unavailable``: its language is not one that can be played elsewhere."""
    story: Story
    """Story that was or is being explored."""
    findings: Findings | None
    """Newest verdicts known; they are about an older story unless ``done``, or while a second try goes on."""
    problems: pd.DataFrame | None
    """What they mean for the author, as a problems table."""


class Explorer:
    """Explores the newest story given to it.

    Parameters
    ----------
    pause
        Seconds without a newer story before exploring begins.
    """

    def __init__(self, *, pause: float = PAUSE_SECONDS) -> None:
        self._pause = pause
        self._lock = threading.Lock()
        self._events: Broadcast[Explored] = Broadcast()
        self._last: Explored | None = None
        self._numbers = itertools.count(1)
        self._wanted: tuple[int, Story] | None = None
        self._timer: threading.Timer | None = None
        self._companion: Companion | None = None
        self._asked: dict[int, Callable[[Why | None], None]] = {}

    def __len__(self) -> int:
        return len(self._events)

    @property
    def last(self) -> Explored | None:
        """Newest state; None before the first."""
        return self._last

    def watch(self, callback: Callable[[Explored], None]) -> Callable[[], None]:
        """Have ``callback`` told every state, the present one first; the process ends with the last watcher."""
        with self._lock:
            end = self._events.watch(callback)
            last = self._last
        if last is not None:
            callback(last)

        def stop() -> None:
            end()
            if not len(self._events):
                self._end()

        return stop

    def want(self, story: Story) -> None:
        """Have this story explored instead of any older one, once there is a pause."""
        with self._lock:
            if not len(self._events) or (self._wanted is not None and self._wanted[1] is story):
                return
            number = next(self._numbers)
            self._wanted = number, story
            self._begin_after_pause(number)

    def give_up(self) -> None:
        """Give up what is being explored: there is a newer story, which is not checked yet."""
        with self._lock:
            self._cancel_timer()
            was_wanted, self._wanted = self._wanted, None
            if was_wanted is not None and self._companion is not None:
                self._companion.tell("stop", 0)

    def forget(self) -> None:
        """Forget what was found: there is another story."""
        self.give_up()
        with self._lock:
            self._last = None

    def why(self, passage: str, answer: Callable[[Why | None], None]) -> bool:
        """Ask for the reason of a verdict; ``answer`` is called with it on another thread. False: nothing is known yet."""
        with self._lock:
            if self._companion is None or self._last is None or self._last.findings is None:
                return False
            number = next(self._numbers)
            self._asked[number] = answer
            self._companion.tell("why", number, passage)
        return True

    # ---- the process

    def _begin_after_pause(self, number: int) -> None:
        self._cancel_timer()
        self._timer = threading.Timer(self._pause, self._begin, [number])
        self._timer.daemon = True
        self._timer.name = "gamebook-explore-pause"
        self._timer.start()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self, number: int) -> None:
        with self._lock:
            # a timer that runs already cannot be cancelled: it may come when something newer is wanted
            if self._wanted is None or self._wanted[0] != number or not len(self._events):
                return
            story = self._wanted[1]
            told = packed(story)
            if told is None:
                self._post(Explored("unavailable", story, None, None))
            else:
                before = self._last
                self._post(
                    Explored("exploring", story, *((before.findings, before.problems) if before else (None, None)))
                )
                self._started().tell("explore", number, told)
        self._events.deliver()

    def _started(self) -> Companion:
        if self._companion is None or not self._companion.is_running:
            self._companion = Companion(
                "gamebook_lab.widgets.exploring", "gamebook-explore", hear=self._hear, ended=self._lose
            )
            telemetry.follow("explorer", self._companion.pid)  # for as long as it lives
        return self._companion

    def _end(self) -> None:
        with self._lock:
            self._cancel_timer()
            companion, self._companion, self._wanted = self._companion, None, None
            self._asked.clear()
        if companion is not None:
            companion.end()

    # ---- what it answers

    def _lose(self, companion: Companion) -> None:
        with self._lock:
            if self._companion is companion:
                self._companion = None
                self._asked.clear()
                if self._wanted is not None:
                    self._fail("the exploring process ended")
        self._events.deliver()

    def _hear(self, kind: str, number: int, *rest: Any) -> None:
        if kind == "why" or (kind == "failed" and number in self._asked):
            with self._lock:
                answer = self._asked.pop(number, None)
            if answer is not None:
                answer(rest[1] if kind == "why" else None)
            return
        with self._lock:
            wanted = self._wanted
        if wanted is None or wanted[0] != number:
            return
        explored = self._explored(wanted[1], *rest) if kind == "found" else None
        with self._lock:
            if self._wanted is not wanted:
                return
            if explored is not None:
                self._post(explored)
            elif kind == "failed":
                self._fail(rest[0])
        self._events.deliver()

    def _explored(self, story: Story, findings: Findings, is_last: bool) -> Explored:
        return Explored("done" if is_last else "exploring", story, findings, tabled(story, findings.problems))

    def _fail(self, text: str) -> None:
        _log.error("exploring the story failed: %s", text)
        assert self._wanted is not None
        self._post(Explored("failed", self._wanted[1], None, None))

    def _post(self, explored: Explored) -> None:
        self._last = explored
        self._events.queue(explored)
