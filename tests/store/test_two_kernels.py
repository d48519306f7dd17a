"""Two kernels on one story: each sees the other's edits, and nobody's is lost."""

from __future__ import annotations

import threading

import pytest

from gamebook_lab import formats
from gamebook_lab.errors import ConflictError, EditError
from gamebook_lab.story import edits
from gamebook_lab.widgets import autosave
from tests.patience import PATIENCE
from tests.store.editing import NAMES, forked, received
from tests.store.editing_together import edit_together


def set_text(session, passage, text, **how):
    session.apply(lambda story: edits.set_text(story, passage, text), label="Edit text", **how)


def until(session, is_so):
    """Wait for the story to become so, by being told of changes."""
    came = threading.Event()
    stop = session.watch(lambda change: came.set() if is_so(change.new) else None)
    assert is_so(session.story) or came.wait(PATIENCE)
    stop()


def has(passage, text):
    return lambda story: passage in story.keys_by_name and story.text(passage) == text


@pytest.fixture
def two(begin):
    return begin(), begin()


def test_edits__of_each_appear_in_the_other(two):
    one, other = two
    set_text(one, "Cellar", "Bright.")
    until(other, has("Cellar", "Bright."))
    set_text(other, "Attic", "Clean.")
    until(one, has("Attic", "Clean."))
    one.apply(lambda story: edits.add_passage(story, "Roof", text="Windy."), label="New passage")
    until(other, has("Roof", "Windy."))
    other.apply(lambda story: edits.delete_passage(story, "Roof"), label="Delete passage")
    until(one, lambda story: "Roof" not in story.keys_by_name)
    assert one.story.table.drop(columns="line").equals(other.story.table.drop(columns="line"))


def test_undo__takes_back_ones_own_edit_and_leaves_the_others(two):
    one, other = two
    set_text(one, "Cellar", "Bright.")
    until(other, has("Cellar", "Bright."))
    set_text(other, "Attic", "Clean.")
    until(one, has("Attic", "Clean."))
    one.undo()
    until(other, has("Cellar", "Dark. [[Start]]"))
    assert one.story.text("Attic") == "Clean."


def test_undo__of_what_the_other_has_changed_since_is_refused_and_passed_over(two):
    one, other = two
    set_text(one, "Attic", "First.")
    set_text(one, "Cellar", "Bright.")
    until(other, has("Cellar", "Bright."))
    set_text(other, "Cellar", "Brighter.")
    until(one, has("Cellar", "Brighter."))
    with pytest.raises(EditError, match="Cellar"):
        one.undo()
    one.undo()
    assert one.story.text("Attic") == "Dusty."
    assert one.story.text("Cellar") == "Brighter."


def test_conflict__on_one_passage_holds_both_texts(two):
    one, other = two
    set_text(one, "Attic", "Begin.")
    until(other, has("Attic", "Begin."))
    with other._lock:  # other cannot hear of it yet
        set_text(one, "Cellar", "Mine.")
        assert one.flush()
        other.apply(lambda story: edits.set_text(story, "Cellar", "Yours."), label="Edit text")
    assert other.flush()
    until(other, has("Cellar", "Mine."))
    (conflict,) = other.workspace.conflicts()
    assert (conflict.our_text, conflict.their_text) == ("Yours.", "Mine.")
    assert [each.id for each in one.workspace.conflicts()] == [conflict.id]
    other.settle(conflict, "both")
    until(one, has("Cellar", "Mine.\n\nYours."))
    assert one.workspace.conflicts() == []


def test_columns__are_put_together_without_a_conflict(two):
    one, other = two
    set_text(one, "Attic", "Begin.")
    until(other, has("Attic", "Begin."))
    with other._lock:
        set_text(one, "Cellar", "Mine.")
        assert one.flush()
        other.apply(lambda story: edits.move_passage(story, "Cellar", 7.0, 8.0), label="Move passage")
    until(other, has("Cellar", "Mine."))
    until(one, lambda story: story.record("Cellar").x == 7.0)
    assert one.workspace.conflicts() == []


def test_save__by_one_leaves_the_other_with_nothing_to_save(two, path):
    one, other = two
    set_text(one, "Cellar", "Bright.")
    until(other, has("Cellar", "Bright."))
    one.save()
    set_text(one, "Attic", "Clean.")
    until(other, has("Attic", "Clean."))
    other.save()
    assert "Bright." in path.read_text()
    assert "Clean." in path.read_text()
    set_text(one, "Start", "Over.")
    one.save()
    assert not one.is_dirty


@pytest.fixture
def meeting(two, monkeypatch):
    """Two kernels of which one has written the file, and says so only when the other has met what it wrote."""
    one, other = two
    set_text(one, "Cellar", "Bright.")
    until(other, has("Cellar", "Bright."))
    written, met = threading.Event(), threading.Event()
    kept, save_story = one._work.keeping.saved, formats.save_story

    def saved(*arguments, **how):
        written.set()
        assert met.wait(PATIENCE)
        kept(*arguments, **how)

    def meet(*arguments, **how):
        try:
            return save_story(*arguments, **how)
        except ConflictError:
            met.set()
            raise

    monkeypatch.setattr(one._work.keeping, "saved", saved)
    monkeypatch.setattr(formats, "save_story", meet)
    saving = threading.Thread(target=one.save)
    saving.start()
    assert written.wait(PATIENCE)
    yield other
    met.set()
    saving.join(PATIENCE)


def test_save__that_meets_the_save_of_another_kernel_is_made_again(meeting, path):
    set_text(meeting, "Attic", "Clean.")
    meeting.save()
    assert "Bright." in path.read_text()
    assert "Clean." in path.read_text()
    assert not meeting.is_dirty


def test_autosave__that_meets_the_save_of_another_kernel_is_made_again(meeting, path, monkeypatch):
    monkeypatch.setattr(autosave, "QUIET_SECONDS", 0.0)
    told, came = [], threading.Event()
    meeting.watch_notices(told.append)
    meeting.watch(lambda change: came.set() if change.kind == "save" else None)
    meeting.autosave = True
    set_text(meeting, "Attic", "Clean.")
    assert came.wait(PATIENCE)
    assert "Clean." in path.read_text()
    assert told == []


def test_save__that_meets_somebody_elses_change_is_refused(two, path):
    one, _ = two
    set_text(one, "Cellar", "Bright.")
    path.write_text(path.read_text().replace("Dusty.", "Swept."))
    with pytest.raises(ConflictError):
        one.save()
    assert "Swept." in path.read_text()


def test_two_processes__lose_no_edit_and_show_every_conflict(path):
    from gamebook_lab.widgets.session import StorySession

    n = 60
    parts = [forked(edit_together, path, name, n) for name in "ab"]
    done = [received(out) for _, out in parts]
    for process, _ in parts:
        process.join()
    assert [each[-1] for each in done] == [n, n]
    session = StorySession.open(path)
    texts = [session.story.text(name) for name in NAMES]
    every = session.workspace.run(lambda journal: list(journal.connection.execute("SELECT ours FROM conflicts")))
    session.workspace.close()
    held = " ".join([*texts, *(ours.decode() for (ours,) in every)])
    lost = [f"{name}{number}." for name in "ab" for number in range(n) if f"{name}{number}." not in held]
    assert lost == []
