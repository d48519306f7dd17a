"""The server's port, when several servers start at once."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from gamebook_lab.lab.held_port import HeldPortServer


def server_that_found_a_port(stack: ExitStack, start_from: int, retries: int) -> HeldPortServer:
    server = HeldPortServer(ip="127.0.0.1", port=start_from, port_retries=retries)
    server._find_http_port()
    for sock in getattr(server, "_held", []):
        stack.enter_context(sock)
    return server


# tornado leaves the socket that it could not bind to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_held_port__another_server_cannot_find_the_same() -> None:
    with ExitStack() as stack:
        first = server_that_found_a_port(stack, 0, 0)
        second = server_that_found_a_port(stack, first.port, 50)
        assert second.port != first.port
