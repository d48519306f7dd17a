"""The file is written by itself, but not over what was changed outside, and not when the author has said no."""

from __future__ import annotations

import threading

import pytest

from gamebook_lab import formats
from gamebook_lab.story import edits
from gamebook_lab.widgets import autosave
from gamebook_lab.widgets.autosave import Autosave
from tests.patience import PATIENCE


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def saver(clock, monkeypatch):
    monkeypatch.setenv("GAMEBOOK_AUTOSAVE", "on")
    return Autosave(clock)


def test_is_due__a_little_after_the_last_edit(saver, clock):
    assert not saver.is_due
    saver.edited()
    assert not saver.is_due
    clock.now = 3.0
    assert saver.is_due
    saver.written()
    assert not saver.is_due


def test_is_due__though_edits_go_on_for_long(saver, clock):
    for second in range(30):
        clock.now = float(second)
        saver.edited()
        assert not saver.is_due
    clock.now = 30.0
    saver.edited()
    assert saver.is_due


def test_is_due__not_at_once_after_a_failure(saver, clock):
    saver.edited()
    clock.now = 10.0
    saver.failed()
    assert not saver.is_due
    clock.now = 40.0
    assert saver.is_due


def test_is_due__never_if_the_author_says_no(monkeypatch, clock):
    monkeypatch.setenv("GAMEBOOK_AUTOSAVE", "off")
    saver = Autosave(clock)
    saver.edited()
    clock.now = 100.0
    assert not saver.is_due


def test_is_due__by_the_edits_that_came_while_the_file_was_written(saver, clock):
    saver.edited()
    clock.now = 30.0
    saver.edited()
    assert saver.is_due
    clock.now = 31.0
    saver.edited()
    saver.written(edited_since=30.0)
    for second in range(31, 60):
        clock.now = float(second)
        saver.edited()
        assert not saver.is_due
    clock.now = 60.0
    assert saver.is_due


@pytest.fixture
def hasty(monkeypatch, begin):
    monkeypatch.setattr(autosave, "QUIET_SECONDS", 0.0)
    session = begin()
    session.autosave = True
    return session


def test_session__writes_its_file_by_itself(hasty, path):
    saved = threading.Event()
    hasty.watch(lambda change: saved.set() if change.kind == "save" else None)
    hasty.apply(lambda story: edits.set_text(story, "Cellar", "Bright."), label="Edit text")
    assert saved.wait(PATIENCE)
    assert "Bright." in path.read_text()
    assert not hasty.is_dirty


def test_session__that_is_edited_while_it_is_written_is_not_written_again_at_once(begin, path, clock, monkeypatch):
    session = begin()
    session.autosave = True
    session._work.autosave.clock = clock
    wrote = threading.Event()
    save = formats.save_story

    def save_slowly(*arguments, **settings):
        saved = save(*arguments, **settings)
        session.apply(lambda story: edits.set_text(story, "Attic", "Later."), label="Edit text")
        wrote.set()
        return saved

    monkeypatch.setattr(formats, "save_story", save_slowly)
    session.apply(lambda story: edits.set_text(story, "Cellar", "Bright."), label="Edit text")
    saved = threading.Event()
    session.watch(lambda change: saved.set() if change.kind == "save" else None)
    clock.now = 40.0
    assert wrote.wait(PATIENCE)
    assert saved.wait(PATIENCE)
    assert session.is_dirty
    assert "Bright." in path.read_text()
    clock.now = 42.0
    session.apply(lambda story: edits.set_text(story, "Attic", "Still later."), label="Edit text")
    assert not session._work.autosave.is_due
    clock.now = 45.0
    assert session._work.autosave.is_due


@pytest.fixture
def edited_meanwhile(begin, monkeypatch):
    """A session that was edited while it was saved."""
    session = begin()
    save = formats.save_story

    def edit_meanwhile(*arguments, **settings):
        saved = save(*arguments, **settings)
        author = threading.Thread(
            target=lambda: session.apply(lambda story: edits.set_text(story, "Attic", "Later."), label="Edit text")
        )
        author.start()
        author.join(PATIENCE)
        assert not author.is_alive()
        return saved

    monkeypatch.setattr(formats, "save_story", edit_meanwhile)
    session.apply(lambda story: edits.set_text(story, "Cellar", "Bright.\nBrighter."), label="Edit text")
    session.save()
    monkeypatch.setattr(formats, "save_story", save)
    return session


def test_session__is_edited_while_it_is_saved_and_stays_unsaved(edited_meanwhile, path):
    session = edited_meanwhile
    assert session.is_dirty
    assert "Brighter." in path.read_text()
    assert "Later." not in path.read_text()
    session.undo()
    assert not session.is_dirty
    session.redo()
    session.save()
    assert not session.is_dirty
    assert "Later." in path.read_text()


def test_session__that_was_edited_while_it_was_saved_is_unsaved_when_it_is_opened_again(edited_meanwhile, begin, path):
    edited_meanwhile.workspace.close()
    again = begin()
    assert again.story.text("Attic") == "Later."
    assert again.is_dirty
    again.undo()
    assert (again.story.text("Attic"), again.is_dirty) == ("Dusty.", False)
    again.redo()
    again.save()
    assert "Later." in path.read_text()


def test_session__that_was_edited_while_it_was_saved_is_merged_with_what_was_changed_outside(
    edited_meanwhile, begin, path
):
    edited_meanwhile.workspace.close()
    path.write_text(path.read_text().replace("Dusty.", "Dusty.\nChanged outside."))
    again = begin()
    assert [conflict.name for conflict in again.outside().conflicts] == ["Attic"]


def test_session__never_writes_over_what_was_changed_outside(hasty, path):
    asked = threading.Event()
    hasty.watch_notices(lambda notice: asked.set() if notice.kind == "conflict" else None)
    path.write_text(":: Start\nChanged outside.\n")
    hasty.apply(lambda story: edits.set_text(story, "Cellar", "Bright."), label="Edit text")
    assert asked.wait(PATIENCE)
    assert path.read_text() == ":: Start\nChanged outside.\n"
