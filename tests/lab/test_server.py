"""The Jupyter server extension."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from gamebook_lab.lab import server
from gamebook_lab.lab.notebook import studio_notebook
from tests.asynchronous import run


class Connection:
    def __init__(self) -> None:
        self.said: list[object] = []
        self.websocket_handler = SimpleNamespace(set_nodelay=self.said.append)

    def connect(self) -> str:
        self.said.append("connected")
        return "future"


def extension(monkeypatch: pytest.MonkeyPatch, notebook: str | None) -> dict[str, object]:
    if notebook is None:
        monkeypatch.delenv(server.NOTEBOOK_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(server.NOTEBOOK_VARIABLE, notebook)
    settings: dict[str, object] = {"kernel_websocket_connection_class": Connection, "base_url": "/lab-of/mine/"}
    web_app = SimpleNamespace(settings=settings, add_handlers=lambda *_: None)
    server._load_jupyter_server_extension(SimpleNamespace(web_app=web_app))
    return settings


def test_extension__kernel_sockets_send_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = extension(monkeypatch, None)["kernel_websocket_connection_class"]
    assert isinstance(quick, type)
    assert issubclass(quick, Connection)
    connection = quick()
    assert connection.connect() == "future"
    assert connection.said == [True, "connected"]


def test_extension__names_the_notebook_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    page = extension(monkeypatch, "a/b.ipynb")["page_config_data"]
    assert page == {"gamebookNotebook": "a/b.ipynb", "buildCheck": False}
    assert "page_config_data" not in extension(monkeypatch, None)


def test_extension__what_the_server_starts_inherits_no_notebook_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    extension(monkeypatch, "a/b.ipynb")
    assert server.NOTEBOOK_VARIABLE not in os.environ


@pytest.mark.parametrize("name", ["a.studio.ipynb", None])
def test_extension__starts_the_kernel_of_the_notebook_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str | None
) -> None:
    started: list[tuple[object, ...]] = []

    async def start_ahead(*what: object) -> None:
        started.append(what)

    nbformat.write(nbformat.from_dict(studio_notebook("a.twee")), tmp_path / "a.studio.ipynb")
    lab = SimpleNamespace(
        web_app=SimpleNamespace(settings=extension(monkeypatch, name)),
        root_dir=str(tmp_path),
        session_manager=SimpleNamespace(start_ahead=start_ahead),
    )
    run(server._start_jupyter_server_extension(lab))
    assert started == ([(name, "gamebook-lab", tmp_path / "a.twee")] if name else [])
