"""A kernel that says it is busy with a widget's message only once that takes a while.

Jupyter's protocol has a kernel say *busy* before each message and *idle* after it, and JupyterLab draws its indicators
anew at each word: a tab's icon, the status bar, a frame of the page for it. A widget's click is answered in a few
milliseconds, which is sooner than that is drawn, and comes after it. *Idle* is always said: it tells whoever asked that all is answered.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from ipykernel.ipkernel import IPythonKernel

__all__ = ["CalmKernel"]

PATIENCE_SECONDS: Final = 0.1
"""Of an answer, until it is something that the person at the screen should be told of."""


class CalmKernel(IPythonKernel):
    """ipykernel's, but for its word on messages of widgets, and that it is quiet in the background while one is answered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._being_answered: set[str] = set()

    async def shell_channel_thread_main(self, msg: Any) -> None:
        """Take a message on the thread that reads them, and have what goes on in the background make way for its answer."""
        quiet = sys.modules.get("gamebook_lab.widgets.quiet")  # else nothing of ours goes on
        if quiet is not None:
            quiet.QUIET.heard()
        await super().shell_channel_thread_main(msg)  # type: ignore[no-untyped-call]

    def _publish_status(self, status: str, channel: str, parent: Any = None) -> None:
        about = parent or self.get_parent(channel)  # type: ignore[no-untyped-call]
        header = about.get("header", {}) if channel == "shell" else {}
        if header.get("msg_type") != "comm_msg":
            self._publish(status, channel, parent)
        elif status == "busy":
            self._being_answered.add(header["msg_id"])
            self.iopub_thread.schedule(
                lambda: self.iopub_thread.io_loop.call_later(PATIENCE_SECONDS, self._tell_if_busy, about)
            )
        else:
            self._being_answered.discard(header["msg_id"])  # before it is queued: a late "busy" would come after it
            self._publish(status, channel, parent)

    def _tell_if_busy(self, asked: Any) -> None:
        """Called on the thread that publishes: what another thread says from now on is said after this."""
        if asked["header"]["msg_id"] in self._being_answered:
            self._publish("busy", "shell", asked)

    def _publish(self, status: str, channel: str, parent: Any) -> None:
        super()._publish_status(status, channel, parent)  # type: ignore[no-untyped-call]
