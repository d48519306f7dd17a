"""The lab's Python kernel: ipykernel's, with a hole in it closed through which messages fall.

Since version 7 ipykernel reads its shell socket through a ``ZMQStream`` and writes replies to the same socket past the
stream. libzmq wakes a reader once, and such a write takes that wake-up away: a message that arrives meanwhile is not
read until something else happens on the socket. A notebook's first cell then never runs, or a click is never answered
(ipykernel's issue 1554). Version 7.4 writes through the stream, but holds every widget up while a cell runs.

A kernel that is told which story its notebook shows reads that while the page is still being loaded.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel
from traitlets import Type

from gamebook_lab.lab.server import STORY_VARIABLE
from gamebook_lab.lab.status import CalmKernel

__all__ = ["LabKernelApp"]


class LabKernelApp(IPKernelApp):
    """ipykernel's application, whose replies go through the stream that reads the requests."""

    kernel_class = Type(CalmKernel, klass=Kernel).tag(config=True)

    def initialize(self, argv: Any = None) -> None:
        """Set everything up, and begin to open the story."""
        super().initialize(argv)  # type: ignore[no-untyped-call]
        story = os.environ.pop(STORY_VARIABLE, None)
        if story:
            threading.Thread(target=self._open_ahead, args=(Path(story),), name="gamebook-ahead", daemon=True).start()

    def _open_ahead(self, story: Path) -> None:
        from gamebook_lab.widgets.ahead import Ahead

        assert self.shell is not None
        ahead = Ahead(story)
        ahead.open()
        events = self.shell.events

        def release(*_: object) -> None:
            if ahead.release():
                events.unregister("post_run_cell", release)

        events.register("post_run_cell", release)
        release()

    def init_kernel(self) -> None:
        """Create the kernel; no message is read before it is started."""
        super().init_kernel()  # type: ignore[no-untyped-call]
        # a stream sends like a socket, and looks for what has come meanwhile
        self.shell_channel_thread.manager._shell_socket = self.kernel.shell_stream  # noqa: SLF001


if __name__ == "__main__":
    LabKernelApp.launch_instance()
