"""A small story in a file of its own, and workspaces that are closed in the end."""

from __future__ import annotations

import pytest

from gamebook_lab.widgets.session import StorySession

TEXT = """\
:: StoryTitle
Tiny

:: StoryData
{"ifid": "7A3B2C1D-0000-4000-8000-000000000001", "format": "SugarCube", "start": "Start"}

:: Start
Go to the [[Cellar]] or the [[Attic]].

:: Cellar
Dark. [[Start]]

:: Attic
Dusty.
"""


@pytest.fixture(autouse=True)
def settings(monkeypatch, tmp_path):
    """No autosave and no look at the file unless asked for, and no state folder of the user's own."""
    monkeypatch.setenv("GAMEBOOK_AUTOSAVE", "off")
    monkeypatch.setenv("GAMEBOOK_WATCH", "off")
    monkeypatch.setenv("GAMEBOOK_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("GAMEBOOK_AUTHOR", "Ada")


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "stories"
    folder.mkdir()
    path = folder / "tiny.twee"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def begin(path):
    """Opens the story in a session, as a kernel of its own would."""
    sessions = []

    def start(where=path):
        session = StorySession.open(where)
        sessions.append(session)
        return session

    yield start
    for session in sessions:
        session.workspace.close()
