"""Jupyter server extension: answers clicks at once, and opens the lab's own notebook running.

Three things, all for the server that it is loaded into only:

* Kernel web sockets send without delay. Tornado leaves Nagle's algorithm on, which holds
  every small message back by 40 ms; a click in a widget is nothing but small messages.
  (A class named in a configuration file does not reach the handler; one in the settings does.)
* The page is told which notebook ``gamebook lab`` has just made, so that our JupyterLab
  extension can run it. No other notebook is ever run unasked.
* The kernel of that notebook is started with the server, and not when the page asks for it seconds later.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

NOTEBOOK_VARIABLE: Final = "GAMEBOOK_LAB_NOTEBOOK"
"""Environment variable in which ``gamebook lab`` names its notebook to its server, relative to the server's root."""
_PAGE_KEY: Final = "gamebookNotebook"
"""Where the page finds it."""

STORY_VARIABLE: Final = "GAMEBOOK_LAB_STORY"
"""Environment variable in which a kernel is told the story that it is about to be asked for."""


def without_delay(connection_class: type[Any]) -> type[Any]:
    """Make a kernel web socket connection class that turns Nagle's algorithm off.

    Parameters
    ----------
    connection_class
        The server's own, a ``BaseKernelWebsocketConnection``.
    """

    class QuickConnection(connection_class):  # type: ignore[misc] # a class known when the server runs
        """The server's connection, sending small messages at once."""

        def connect(self) -> Any:
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return QuickConnection


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "gamebook_lab.lab.server"}]


def _load_jupyter_server_extension(server: Any) -> None:
    settings = server.web_app.settings
    configured = settings["kernel_websocket_connection_class"]
    settings["kernel_websocket_connection_class"] = without_delay(configured)
    # taken out: a lab started from a terminal in this one would inherit it, and run a stranger's notebook of that name
    notebook = os.environ.pop(NOTEBOOK_VARIABLE, None)
    if notebook:
        page = settings.setdefault("page_config_data", {})
        page[_PAGE_KEY] = notebook
        page["buildCheck"] = False  # work for node, to find that there is nothing to build
        from gamebook_lab.lab.exports import list_exports_later

        list_exports_later(server.web_app)


async def _start_jupyter_server_extension(server: Any) -> None:
    """Called when the server listens."""
    notebook = server.web_app.settings.get("page_config_data", {}).get(_PAGE_KEY)
    if notebook:
        from gamebook_lab.lab.notebook import needs_of

        await server.session_manager.start_ahead(notebook, *needs_of(Path(server.root_dir, notebook)))
