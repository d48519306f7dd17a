from types import SimpleNamespace

import pytest

from gamebook_lab.cli import main


@pytest.fixture
def gamebook(capsys):
    """Run the command; gives its status, output and errors."""

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return SimpleNamespace(status=status, out=out, err=err)

    return run


@pytest.fixture
def reads(monkeypatch):
    """Have every file read as one story, whatever is in it."""

    def give(story):
        monkeypatch.setattr("gamebook_lab.formats.read_story", lambda path, **_: story, raising=False)
        return story

    return give


@pytest.fixture
def twee(tmp_path, monkeypatch):
    """A file for the story to come from, in the current folder."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "toy.twee"
    file.write_text("")
    return file.relative_to(tmp_path)
