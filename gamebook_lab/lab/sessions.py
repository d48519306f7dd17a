"""The server's sessions: one kernel for a notebook, and that of the lab's own notebook started before the page asks."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

from jupyter_server.services.sessions.sessionmanager import SessionManager

from gamebook_lab.lab.server import STORY_VARIABLE


class LabSessions(SessionManager):
    """Jupyter's sessions, where two that ask for one notebook at once get one kernel, and not two."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._turns: defaultdict[str | None, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._stories: dict[str | None, Path] = {}

    async def create_session(self, path: str | None = None, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Create a session, or give the one that this path has by now."""
        async with self._turns[path]:
            if path is not None and await self.session_exists(path=path):  # type: ignore[no-untyped-call]
                return dict(await self.get_session(path=path))  # type: ignore[no-untyped-call]
            return await super().create_session(path, *args, **kwargs)

    async def start_ahead(self, notebook: str, kernel_name: str | None, story: Path | None) -> None:
        """Start a notebook's kernel, which begins to read the story; the page that opens the notebook finds it.

        Parameters
        ----------
        notebook
            Path from the server's root, with ``/``.
        kernel_name
            As the notebook names it; None: the server's default.
        story
            What its cell shows; None: no story.
        """
        if story is not None:
            self._stories[notebook] = story
        await self.create_session(notebook, name=notebook.rpartition("/")[2], type="notebook", kernel_name=kernel_name)

    def get_kernel_env(self, path: str | None, name: Any = None) -> dict[str, str]:
        """Environment of a kernel."""
        env: dict[str, str] = super().get_kernel_env(path, name)
        return env | {STORY_VARIABLE: str(self._stories[path])} if path in self._stories else env
