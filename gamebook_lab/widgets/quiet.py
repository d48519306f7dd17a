"""Keeps what runs in the background from holding up an author who waits for an answer.

A check and Python's garbage collector both hold the interpreter. The check is made to let go of it ten times as often
as usual, and to rest between its steps while somebody's click or key is being answered. The collector, which would
stop everything for 0.2 s to walk through a story of 1,300 passages time and again, waits meanwhile, and is told to
leave alone what has lived through a check (``gc.freeze``). Now and then, when nobody has asked for anything for a while, and when
the last session ends, it gets everything back, so that nothing is kept for ever: in a long story that can be felt.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Literal

SWITCH_SECONDS: Final = 0.0005
"""How long a check may keep the interpreter while another thread wants it; Python's own is 0.005."""
MOST_REST_SECONDS: Final = 0.1
"""How long a check waits for an answer that takes long."""
DUE_SECONDS: Final = 0.03
"""How long it waits for an answer to begin, once a message has come."""
FULL_EVERY: Final = 64
"""Checks after which everything is to be collected once more."""
IDLE_SECONDS: Final = 10.0
"""How long nobody has asked for anything before that is done."""

_Body = Literal["working", "asked", "open"]


class Quiet:
    """Counts who is at work, since both settings are of the whole process. All methods may be called on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered = threading.Condition(self._lock)
        self._n: Counter[_Body] = Counter()
        self._due = 0.0
        """Until when the answer to a message that has come should have begun."""
        self._watchers: tuple[Callable[[], None], ...] = ()
        self._asked = 0.0
        """When the last answer began."""
        self._n_settled = 0
        self._tidying: threading.Timer | None = None
        self._usual = 0.0
        self._collects = False

    def giving_way(self) -> AbstractContextManager[None]:
        """Let other threads in often while the body runs, and the collector not at all."""
        return self._counted("working", begin=self._give_way, end=self._go_on)

    def _give_way(self) -> None:
        self._usual = sys.getswitchinterval()
        sys.setswitchinterval(min(self._usual, SWITCH_SECONDS))
        self._collects = gc.isenabled()
        gc.disable()  # parsing makes hardly anything but what is kept

    def _go_on(self) -> None:
        sys.setswitchinterval(self._usual)
        if self._collects:
            gc.enable()

    def heard(self) -> None:
        """Have those at work :meth:`rest`: a message has come, which some threads hand on until its answer begins."""
        self._due = time.monotonic() + DUE_SECONDS
        self._tell()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have ``callback``, which must be quick, called at each message; returns what ends that."""
        with self._lock:
            self._watchers = (*self._watchers, callback)

        def stop() -> None:
            with self._lock:
                self._watchers = tuple(each for each in self._watchers if each is not callback)

        return stop

    def _tell(self) -> None:
        for each in self._watchers:
            each()

    def answering(self) -> AbstractContextManager[None]:
        """Have those at work :meth:`rest` while the body runs."""
        return self._counted("asked", begin=self._begin, end=self._answered.notify_all)

    def _begin(self) -> None:
        self._due, self._asked = 0.0, time.monotonic()
        self._tell()  # not every kernel hears beforehand

    def rest(self) -> None:
        """Wait, but not for long, while somebody is being answered. Whoever is at work calls it between two steps."""
        with self._lock:
            ends = time.monotonic() + MOST_REST_SECONDS
            while (left := (ends if self._n["asked"] else min(ends, self._due)) - time.monotonic()) > 0:
                self._answered.wait(left)

    def keeping(self) -> AbstractContextManager[None]:
        """Have :meth:`settle` hold while the body runs, and no longer than that of the last thread."""
        return self._counted("open", end=self._unfreeze)

    def _unfreeze(self) -> None:
        if self._tidying is not None:
            self._tidying.cancel()
            self._tidying = None
        gc.unfreeze()
        self._n_settled = 0

    def settle(self) -> None:
        """Have the collector pass over all that there is now. Call it when nobody waits."""
        gc.collect(1)  # not under the lock: what is collected may close something, which asks for it
        gc.freeze()
        with self._lock:
            if self._n_settled % FULL_EVERY == 0 and self._tidying is None:
                self._tidy_after(IDLE_SECONDS)
            self._n_settled += 1

    def _tidy_after(self, seconds: float) -> None:
        self._tidying = threading.Timer(seconds, self._tidy)
        self._tidying.daemon = True
        self._tidying.name = "gamebook-tidy"
        self._tidying.start()

    def _tidy(self) -> None:
        """Collect everything, or see later whether there is a pause."""
        with self._lock:
            if self._tidying is not threading.current_thread():  # nobody works any more
                return
            is_busy = self._n["asked"] or self._n["working"]
            left = IDLE_SECONDS if is_busy else self._asked + IDLE_SECONDS - time.monotonic()
            if left > 0:
                self._tidy_after(left)
                return
            self._tidying = None
        with self.keeping():  # or all may be closed meanwhile, and what is frozen here stay so
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    @contextmanager
    def _counted(
        self, body: _Body, *, begin: Callable[[], None] = lambda: None, end: Callable[[], None]
    ) -> Iterator[None]:
        """Begin with the first of the bodies of a kind that run at once, and end with the last; both under the lock."""
        with self._lock:
            if self._n[body] == 0:
                begin()
            self._n[body] += 1
        try:
            yield
        finally:
            with self._lock:
                self._n[body] -= 1
                if self._n[body] == 0:
                    end()


QUIET: Final = Quiet()
"""The process has one interpreter, and so one of these."""
