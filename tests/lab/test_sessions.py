"""The lab's sessions: one kernel for a notebook, started before the page asks."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gamebook_lab.lab.server import STORY_VARIABLE
from gamebook_lab.lab.sessions import LabSessions
from tests.asynchronous import run


class Kernels:
    """Starts no process, but remembers what it was told to."""

    def __init__(self) -> None:
        self.started: list[dict[str, Any]] = []

    def cwd_for_path(self, path: str) -> str:
        return "/here"

    async def start_kernel(self, **options: Any) -> str:
        await asyncio.sleep(0)  # others have their turn meanwhile
        self.started.append(options)
        return f"kernel-{len(self.started)}"

    def __contains__(self, kernel_id: str) -> bool:
        return True

    def kernel_model(self, kernel_id: str) -> dict[str, Any]:
        return {"id": kernel_id}


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(STORY_VARIABLE, raising=False)
    made = LabSessions()
    kernels = Kernels()
    for name, value in {
        "kernel_manager": kernels,
        "contents_manager": SimpleNamespace(get_kernel_path=lambda path: ""),
    }.items():
        made._trait_values[name] = value
    yield made

    async def close() -> None:  # on the thread that has opened the database
        made.close()

    run(close())


def test_sessions__two_that_ask_at_once_get_one_kernel(sessions):
    async def ask() -> list[dict[str, Any]]:
        options = {"name": "a.ipynb", "type": "notebook", "kernel_name": "gamebook-lab"}
        return await asyncio.gather(
            sessions.start_ahead("a.ipynb", "gamebook-lab", None),
            sessions.create_session(path="a.ipynb", **options),
            sessions.create_session(path="a.ipynb", **options),
            sessions.create_session(path="b.ipynb", **options),
        )

    _, first, second, other = run(ask())
    assert first["kernel"] == second["kernel"] != other["kernel"]
    assert len(sessions.kernel_manager.started) == 2


def test_sessions__only_the_notebooks_own_kernel_is_told_its_story(sessions):
    async def start() -> None:
        await sessions.start_ahead("sub/a.ipynb", "gamebook-lab", Path("/here/sub/a.twee"))
        await sessions.create_session(path="b.ipynb", name="b.ipynb", type="notebook", kernel_name="gamebook-lab")

    run(start())
    own, other = sessions.kernel_manager.started
    assert own["env"][STORY_VARIABLE] == str(Path("/here/sub/a.twee"))
    assert own["kernel_name"] == "gamebook-lab"
    assert STORY_VARIABLE not in other["env"]
