"""What is told to a process, in order, without waiting for it to read."""

from __future__ import annotations

import contextlib
import logging
import pickle
import queue
import subprocess
import threading

__all__ = ["Outbox"]

_log = logging.getLogger(__name__)


class Outbox:
    """Writes to a process on a thread of its own: a whole story fills its pipe, and a nice process reads when it can.

    Parameters
    ----------
    process
        Reads pickled tuples from its standard input, which is closed in the end.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._waiting: queue.SimpleQueue[tuple[object, ...] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="gamebook-explore-tell", daemon=True)
        self._thread.start()

    def put(self, *told: object) -> None:
        """Tell it something. Returns at once; what it does not read any more is lost."""
        self._waiting.put(told)

    def close(self) -> None:
        """Tell nothing more to a process that has ended, and wait until its input is closed."""
        self._waiting.put(None)
        self._thread.join()

    def _write(self) -> None:
        assert self._process.stdin is not None
        try:
            while (told := self._waiting.get()) is not None:
                self._process.stdin.write(pickle.dumps(told, pickle.HIGHEST_PROTOCOL))
                self._process.stdin.flush()
        except OSError:  # it has ended; whoever listens to it tells
            _log.info("the exploring process takes no more", exc_info=True)
        finally:
            with contextlib.suppress(OSError):  # what was not taken any more
                self._process.stdin.close()
