"""A process that works beside the kernel: started, told, heard, ended."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from gamebook_lab.widgets.holding import MAY_BE_HELD, Holder
from gamebook_lab.widgets.outbox import Outbox

__all__ = ["Companion"]


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
        holder: Holder | None = None
        assert process.stdout is not None
        with process.stdout as said:
            try:
                while True:
                    each: tuple[Any, ...] = pickle.load(said)  # noqa: S301 -- from the process that this one started
                    if each == (MAY_BE_HELD,):
                        holder = Holder(process, f"{self._name}-hold")
                    else:
                        self._hear(*each)
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                pass
            finally:
                if holder is not None:
                    holder.end()
