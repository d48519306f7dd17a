"""Of programs that save one file at the same instant, each sees what the others have written."""

from __future__ import annotations

import errno
import fcntl
import os

import pytest

from gamebook_lab.errors import ConflictError, FormatError
from gamebook_lab.formats import locked, read_story, save_story
from gamebook_lab.story import edits
from tests.formats.saving_together import add_lines, stop_while_saving
from tests.store.editing import forked, received

STORY = ":: Start\n[[Cellar]]\n\n:: Cellar\nDark.\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.twee"
    path.write_text(STORY)
    return path


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "story"
    path.mkdir()
    (path / "a.twee").write_text(STORY)
    return path


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_saves__of_two_processes_lose_nothing_that_was_saved(kind, request):
    path = request.getfixturevalue(kind)
    parts = [forked(add_lines, path, name, 15) for name in "ab"]
    saved = [mark for _, out in parts for mark in received(out)]
    for process, _ in parts:
        process.join()
    assert len(saved) == 30
    assert [mark for mark in saved if mark not in read_story(path).keys_by_name] == []
    assert [each.name for each in path.parent.rglob(".*")] == []


def test_save__goes_on_after_a_program_was_killed_while_saving(file):
    process, out = forked(stop_while_saving, file)
    assert out.recv() == "about to write"
    process.kill()
    process.join()
    assert file.read_text() == STORY
    save_story(edits.set_text(read_story(file), "Cellar", "Bright."))
    assert "Bright." in file.read_text()


def test_save__says_so_if_a_program_holds_the_file_for_too_long(file, monkeypatch):
    monkeypatch.setattr(locked, "PATIENCE_SECONDS", 0.05)
    story = read_story(file)
    process, out = forked(stop_while_saving, file)
    assert out.recv() == "about to write"
    with pytest.raises(FormatError, match="another program"):
        save_story(edits.set_text(story, "Cellar", "Bright."))
    assert file.read_text() == STORY
    process.kill()
    process.join()


@pytest.mark.parametrize("reason", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_save__where_there_are_no_locks_looks_before_it_writes(file, monkeypatch, caplog, reason):
    def refuse(_file, _how):
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(fcntl, "flock", refuse)
    story = save_story(edits.set_text(read_story(file), "Cellar", "Bright."))
    assert "Bright." in file.read_text()
    assert "cannot be locked" in caplog.text
    file.write_text(STORY)
    with pytest.raises(ConflictError):
        save_story(edits.set_text(story, "Cellar", "Brighter."))
