"""A thread of a widget's own: what takes a while is done there, in order, and the notebook's messages go on.

*See also* ``threaded_pane``, for panes that have one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

__all__ = ["OwnThread"]

_log = logging.getLogger(__name__)


class OwnThread:
    """Does one thing after the other. There is no thread before the first.

    Parameters
    ----------
    name
        Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)

    def submit(self, task: Callable[[], None]) -> None:
        """Do it after all that was asked before; nothing is done any more once this is closed."""
        try:
            self._executor.submit(self._run, task)
        except RuntimeError:  # closed meanwhile
            _log.debug("%s is closed", self._name)

    def wait(self) -> None:
        """Wait until everything that was asked so far is done."""
        self._executor.submit(lambda: None).result()

    def close(self) -> None:
        """Finish what is being done, and leave no thread behind."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _run(self, task: Callable[[], None]) -> None:
        try:
            task()
        except Exception:  # noqa: BLE001 -- whatever it is, what comes next is done, and the log has it
            _log.exception("%s failed", self._name)
