"""The list of formats that a notebook can be saved in, which comes when the page has been opened and not while it is.

JupyterLab asks for it as soon as a page is drawn, to fill a menu. The first answer loads all of ``nbconvert``, and
meanwhile the server passes no message on.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from typing import Any, Final, cast

from jupyter_server.services.nbconvert.handlers import NbconvertRootHandler
from jupyter_server.utils import url_path_join
from tornado import web

LATER_SECONDS: Final = 10.0


class LaterExportsHandler(NbconvertRootHandler):
    """The server's own answer, but the first one not at once."""

    @web.authenticated
    async def get(self) -> None:
        """List the formats."""
        if "nbconvert" not in sys.modules:
            await asyncio.sleep(LATER_SECONDS)
        await cast("Awaitable[None]", super().get())


def list_exports_later(web_app: Any) -> None:
    """Have this handler asked instead of the server's own."""
    path = url_path_join(web_app.settings["base_url"], "/api/nbconvert")
    web_app.add_handlers(".*$", [(path, LaterExportsHandler)])
