"""Has a process stand still while somebody waits for the kernel's answer.

However nice it is, a process that computes takes its share of the caches and of memory, and where there are two processors, a
browser that paints in software takes the other: whatever the author does is on the screen later. So the process is held
(``SIGSTOP``) for a moment at each message.

What stands still cannot notice that nobody is left to wake it. Only a process that Linux kills with its parent, and that
has said so, is ever held; elsewhere it goes on.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Final

from gamebook_lab.widgets.quiet import QUIET

__all__ = ["MAY_BE_HELD", "Holder", "ends_with_parent"]

MAY_BE_HELD: Final = "may be held"
"""What a process says first, if it ends with the one that started it."""
HELD_SECONDS: Final = 0.2
"""How long after a message it stands still: most answers are painted by then."""
MOST_HELD_SECONDS: Final = 2.0
"""How long on end, however many messages come."""
FREE_SECONDS: Final = 0.5
"""How long it then runs, whoever waits."""
_PR_SET_PDEATHSIG: Final = 1


class Holder:
    """Holds a process at each message, and lets it go a moment after the last.

    Parameters
    ----------
    process
        Has said :data:`MAY_BE_HELD`.
    name
        Of the thread that lets it go.
    """

    def __init__(self, process: subprocess.Popen[bytes], name: str) -> None:
        self._process = process
        self._changed = threading.Condition()
        self._since: float | None = None
        """When it was stopped; None: it runs."""
        self._until = 0.0
        self._is_over = False
        self._stop_hearing = QUIET.watch(self._hold)
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def end(self) -> None:
        """Hold it no more."""
        self._stop_hearing()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _hold(self) -> None:
        now = time.monotonic()
        with self._changed:
            self._until = now + HELD_SECONDS
            if self._since is None:
                self._since = now
                self._process.send_signal(signal.SIGSTOP)
                self._changed.notify_all()

    def _run(self) -> None:
        with self._changed:
            while not self._is_over:
                if self._since is None:
                    self._changed.wait()
                elif (left := min(self._until, self._since + MOST_HELD_SECONDS) - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    self._let_go()
            self._process.send_signal(signal.SIGCONT)

    def _let_go(self) -> None:
        assert self._since is not None
        self._process.send_signal(signal.SIGCONT)
        if self._until - self._since > MOST_HELD_SECONDS:
            self._changed.wait_for(lambda: self._is_over, FREE_SECONDS)  # and whoever holds it meanwhile finds it held
        self._since = None


def ends_with_parent(parent: int) -> bool:
    """Have this process killed when the thread that started it ends. False where that cannot be had: not on Linux."""
    if sys.platform != "linux":
        return False
    import ctypes

    if ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        return False
    if os.getppid() != parent:  # it ended before it was to be heard of
        os._exit(0)
    return True
