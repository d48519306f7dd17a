"""A pane that does what takes a while on a thread of its own."""

from __future__ import annotations

from gamebook_lab.widgets.own_thread import OwnThread
from gamebook_lab.widgets.sight import CatchingUp

__all__ = ["ThreadedPane"]


class ThreadedPane(CatchingUp):
    """A widget that catches up on a thread of its own.

    Parameters
    ----------
    stem
        Of the script.
    thread
        Name of the thread.
    """

    def __init__(self, stem: str, thread: str) -> None:
        super().__init__(stem)
        self._thread = OwnThread(thread)

    def wait(self) -> None:
        """Wait until everything that was asked so far is done and shown."""
        self._thread.wait()

    def close(self) -> None:
        """End it, leaving no thread behind."""
        self.unfollow()
        self._thread.close()
        super().close()
