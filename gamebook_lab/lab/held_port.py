"""A Jupyter server that keeps the port it has found.

Jupyter looks for a free port, lets go of it, and takes it again a moment later. Of two servers started in that moment
one ends with an error, and the address that it has printed leads to the other one, which asks for a password.
"""

from __future__ import annotations

import errno
import socket

from jupyter_server.serverapp import ServerApp
from tornado.netutil import bind_sockets


class HeldPortServer(ServerApp):
    """Jupyter's server, listening from the moment its port is chosen."""

    _held: list[socket.socket]

    def _find_http_port(self) -> None:
        self._held = []
        while not self._held:
            super()._find_http_port()  # ends the program where no port is free
            try:
                self._held = bind_sockets(self.port, self.ip)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise

    def _bind_http_server_tcp(self) -> bool:
        self.http_server.add_sockets(self._held)
        return True
