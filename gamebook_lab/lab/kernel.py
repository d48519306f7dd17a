"""The lab's Python kernel: ipykernel's, with a hole in it closed through which messages fall.

Since version 7 ipykernel reads its shell socket through a ``ZMQStream`` and writes replies to the same socket past the
stream. libzmq wakes a reader once, and such a write takes that wake-up away: a message that arrives meanwhile is not
read until something else happens on the socket. A notebook's first cell then never runs, or a click is never answered
(ipykernel's issue 1554). Version 7.4 writes through the stream, but holds every widget up while a cell runs.
"""

from __future__ import annotations

from ipykernel.kernelapp import IPKernelApp

__all__ = ["LabKernelApp"]


class LabKernelApp(IPKernelApp):
    """ipykernel's application, whose replies go through the stream that reads the requests."""

    def init_kernel(self) -> None:
        """Create the kernel; no message is read before it is started."""
        super().init_kernel()  # type: ignore[no-untyped-call]
        # a stream sends like a socket, and looks for what has come meanwhile
        self.shell_channel_thread.manager._shell_socket = self.kernel.shell_stream  # noqa: SLF001


if __name__ == "__main__":
    LabKernelApp.launch_instance()
