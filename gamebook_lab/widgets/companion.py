"""A process that works beside the kernel, and stands still while somebody waits for the kernel's answer.

However nice it is, a process that computes takes its share of a processor's caches and memory, and of two processors a browser
that paints in software takes the other: with a story of 10,000 passages being explored, every answer was on the screen 25 ms
later. So whoever starts one has it held (``SIGSTOP``) for a moment at each message.

What stands still cannot notice that nobody is left to wake it. Only a process that Linux kills with its parent, and that
has said so, is ever held; elsewhere it goes on.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from gamebook_lab.widgets.outbox import Outbox
from gamebook_lab.widgets.quiet import QUIET

__all__ = ["MAY_BE_HELD", "Companion", "ends_with_parent"]

MAY_BE_HELD: Final = "may be held"
"""What a process says first, if it ends with the one that started it."""
HELD_SECONDS: Final = 0.2
"""How long after a message it stands still: most answers are painted by then."""
MOST_HELD_SECONDS: Final = 2.0
"""How long on end, however many messages come."""
FREE_SECONDS: Final = 0.5
"""How long it then runs, whoever waits."""
_PR_SET_PDEATHSIG: Final = 1


class Companion:
    """Starts a module as a process of its own. What they tell each other is pickled.

    Parameters
    ----------
    module
        Reads tuples from its standard input, writes tuples to its standard output, and is given this process' number.
    name
        Of the threads.
    hear
        Called with each tuple that it says, on a thread of its own.
    ended
        Called on that thread when it says no more, after all is closed.
    """

    def __init__(
        self, module: str, name: str, *, hear: Callable[..., None], ended: Callable[[Companion], None]
    ) -> None:
        self._command = [sys.executable, "-m", module, str(os.getpid())]
        self._name, self._hear, self._ended = name, hear, ended
        begun: Future[tuple[subprocess.Popen[bytes], Outbox]] = Future()
        # it is killed with the thread that starts it, so that has to be one that lives as long
        threading.Thread(target=self._run, args=(begun,), name=name, daemon=True).start()
        self._process, self._outbox = begun.result()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def tell(self, *told: object) -> None:
        """Tell it something. Returns at once; what it does not read any more is lost."""
        self._outbox.put(*told)

    def end(self) -> None:
        """Kill it. What it said before may still be heard."""
        self._process.kill()  # whoever listens to it closes its pipes
        self._process.wait()

    def _run(self, begun: Future[tuple[subprocess.Popen[bytes], Outbox]]) -> None:
        if sys.platform != "win32":
            # whoever interrupts a cell interrupts all processes of the kernel; what this thread does not take, its process does not
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process = subprocess.Popen(  # noqa: S603 -- this Python, and a module of ours
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            begun.set_exception(error)
            return
        outbox = Outbox(process)
        begun.set_result((process, outbox))
        try:
            self._listen(process)
        finally:
            process.kill()  # whoever still writes to it is not to wait for it
            outbox.close()
            process.wait()
            self._ended(self)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        holder: _Holder | None = None
        assert process.stdout is not None
        with process.stdout as said:
            try:
                while True:
                    each: tuple[Any, ...] = pickle.load(said)  # noqa: S301 -- from the process that this one started
                    if each == (MAY_BE_HELD,):
                        holder = _Holder(process, f"{self._name}-hold")
                    else:
                        self._hear(*each)
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                pass
            finally:
                if holder is not None:
                    holder.end()


class _Holder:
    """Holds a process at each message, and lets it go a moment after the last."""

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
