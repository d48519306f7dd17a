"""A file that was changed outside is merged by passage, and never written over."""

from __future__ import annotations

import queue

import pytest

from gamebook_lab.errors import ConflictError
from gamebook_lab.formats import read_story, save_story
from gamebook_lab.store.merge import merge
from gamebook_lab.store.rows import canonical
from gamebook_lab.story import edits
from gamebook_lab.widgets.file_watch import FileWatch


def set_text(session, passage, text):
    session.apply(lambda story: edits.set_text(story, passage, text), label="Edit text")


def change(path, *changes):
    """As Git or Twine would: by reading the file and writing it."""
    story = read_story(path)
    for edit, *arguments in changes:
        story = edit(story, *arguments)
    save_story(story)


def heard(session):
    notices = []
    session.watch_notices(notices.append)
    return notices


def test_reopening__takes_over_what_was_changed_outside_as_an_edit(begin, path):
    session = begin()
    set_text(session, "Cellar", "Bright.")
    session.save()
    session.workspace.close()
    change(path, (edits.set_text, "Attic", "Clean."), (edits.rename_passage, "Cellar", "Vault"))
    again = begin()
    assert again.story.text("Attic") == "Clean."
    assert not again.is_dirty
    assert [notice.text for notice in heard(again)] == [
        "The file was changed outside: 3 passages taken over; Undo takes that back."
    ]
    table = again.workspace.diff(int(again.workspace.revisions()["revision"].max()) - 1)
    assert dict(zip(table["passage_id"], table["change"], strict=True)) == {
        "Start": "changed", "Vault": "renamed", "Attic": "changed",
    }  # fmt: skip
    again.undo()
    assert again.story.text("Attic") == "Dusty."
    again.undo()
    assert again.story.text("Cellar") == "Dark. [[Start]]"


def test_merge__offers_both_sides_and_writes_nothing_by_itself(begin, path):
    session = begin()
    set_text(session, "Cellar", "Ours.")
    session.workspace.close()
    change(path, (edits.set_text, "Attic", "Theirs."))
    written = path.read_bytes()
    again = begin()
    assert again.story.text("Cellar") == "Ours."
    assert [notice.kind for notice in heard(again)] == ["conflict"]
    with pytest.raises(ConflictError):
        again.save()
    result = again.outside()
    assert result.is_clean
    assert result.changes()[["passage_id", "diff"]].values.tolist() == [["Attic", "[-Dusty-]{+Theirs+}."]]
    again.merge()
    assert (again.story.text("Cellar"), again.story.text("Attic")) == ("Ours.", "Theirs.")
    assert path.read_bytes() == written
    again.save()
    assert "Ours." in path.read_text()
    assert "Theirs." in path.read_text()
    assert again.outside() is None
    for _ in range(3):
        again.undo()
    assert (again.story.text("Cellar"), again.story.text("Attic")) == ("Dark. [[Start]]", "Dusty.")


@pytest.fixture
def watching(monkeypatch):
    monkeypatch.setenv("GAMEBOOK_WATCH", "on")
    monkeypatch.setattr("gamebook_lab.widgets.file_watch.LOOK_SECONDS", 0.1)
    monkeypatch.setattr("gamebook_lab.widgets.story_file.WATCHING_SECONDS", 0.1)


@pytest.mark.usefixtures("watching")
@pytest.mark.parametrize("has_edits", [False, True])
def test_change_while_the_story_is_open__is_told_and_takes_nothing(begin, path, has_edits):
    session = begin()
    told = queue.Queue()
    session.watch_notices(told.put)
    if has_edits:
        set_text(session, "Cellar", "Ours.")
    change(path, (edits.set_text, "Attic", "Theirs."))
    assert told.get(timeout=60).kind == "conflict"
    assert session.story.text("Attic") == "Dusty."
    assert session.outside().is_clean
    session.merge()
    assert session.story.text("Attic") == "Theirs."
    assert session.story.text("Cellar") == ("Ours." if has_edits else "Dark. [[Start]]")


def test_change_while_the_story_is_open__by_us_or_another_kernel_is_no_news(begin):
    one, two = begin(), begin()
    notices = heard(one)
    set_text(one, "Cellar", "Ours.")
    one.save()
    one._file._look()
    assert two.flush()
    two.apply(lambda story: edits.set_text(story, "Attic", "Also ours."), label="Edit text")
    two.save()
    one._file._look()
    assert notices == []


def test_change_that_is_taken_back_outside__is_told_to_be_over_once(begin, path):
    session = begin()
    notices = heard(session)
    text = path.read_bytes()
    for is_saved in (False, True):
        change(path, (edits.set_text, "Attic", "Theirs."))
        if is_saved:
            set_text(session, "Cellar", "Ours.")
            with pytest.raises(ConflictError):
                session.save()
        else:
            session._file._look()
        path.write_bytes(text)
        session._file._look()
        session._file._look()
    assert [notice.kind for notice in notices] == ["conflict", "settled", "settled"]


def test_change_that_another_kernel_has_merged__is_told_to_be_over(begin, path):
    one, two = begin(), begin()
    set_text(one, "Cellar", "Ours.")
    assert one.flush()
    change(path, (edits.set_text, "Attic", "Theirs."))
    notices = heard(one)
    one._file._look()
    two.merge()
    two.save()
    one._file._look()
    assert [notice.kind for notice in notices] == ["conflict", "settled"]
    assert one.story.text("Attic") == "Theirs."


def test_look__at_a_file_that_cannot_be_read_is_due_again(begin, path, monkeypatch):
    monkeypatch.setenv("GAMEBOOK_WATCH", "on")
    session = begin()
    notices = heard(session)
    now = [0.0]
    watch = session._file._watch = FileWatch(lambda: now[0])
    change(path, (edits.set_text, "Attic", "Theirs."))
    with monkeypatch.context() as patch:
        patch.setattr("gamebook_lab.formats.is_unchanged", unreadable)
        assert watch.is_due(path)
        session._file._look()
    now[0] += 2
    assert watch.is_due(path)
    session._file._look()
    assert [notice.kind for notice in notices] == ["conflict"]
    now[0] += 2
    assert not watch.is_due(path)


def unreadable(_story):
    raise PermissionError("somebody writes to it")


def test_look__is_due_once_for_each_time_the_file_is_written(path, monkeypatch):
    monkeypatch.setenv("GAMEBOOK_WATCH", "on")
    now = 0.0
    watch = FileWatch(lambda: now)

    def later(seconds):
        nonlocal now
        now += seconds
        return watch.is_due(path)

    assert later(0)  # it may have been written since it was read
    assert not later(2)
    path.write_text("longer than it was" * 99, encoding="utf-8")
    assert not later(1)
    assert later(1)
    assert not later(2)
    text = path.read_bytes()
    path.unlink()
    assert not later(2)
    path.write_bytes(text)
    assert later(2)
    monkeypatch.setenv("GAMEBOOK_WATCH", "off")
    assert not FileWatch().is_due(path)


@pytest.mark.usefixtures("watching")
def test_change_in_a_folder__is_told(begin, path):
    folder = path.parent
    (folder / "more.twee").write_text(":: Well\nDeep.\n", encoding="utf-8")
    session = begin(folder)
    told = queue.Queue()
    session.watch_notices(told.put)
    (folder / "more.twee").write_text(":: Well\nDeeper than ever.\n", encoding="utf-8")
    assert told.get(timeout=60).kind == "conflict"


def test_merge__asks_about_a_passage_that_both_changed(begin, path):
    session = begin()
    set_text(session, "Cellar", "Ours.")
    change(path, (edits.set_text, "Cellar", "Theirs."))
    (conflict,) = session.outside().conflicts
    assert (conflict.name, conflict.our_text, conflict.their_text) == ("Cellar", "Ours.", "Theirs.")
    with pytest.raises(ConflictError):
        session.merge()
    session.merge({conflict.uid: "both"})
    assert session.story.text("Cellar") == "Theirs.\n\nOurs."
    assert session.is_dirty


def test_merge__after_a_restart_knows_what_the_file_had(begin, path):
    session = begin()
    set_text(session, "Cellar", "Ours.")
    change(path, (edits.set_text, "Attic", "Theirs."))
    session.merge()
    session.workspace.close()
    again = begin()
    assert again.is_dirty
    assert again.outside() is None
    again.save()
    again.workspace.close()
    assert not begin().is_dirty


def test_file_that_a_kernel_wrote_before_it_died__is_known_as_its_own(begin, path):
    session = begin()
    set_text(session, "Cellar", "One.")
    session.apply(lambda story: edits.add_passage(story, "Roof", text="Windy."), label="New passage")
    assert session.flush()
    save_story(session.story)  # and died before the workspace knew
    set_text(session, "Cellar", "Two.")
    session.workspace.close()
    again = begin()
    assert [notice.kind for notice in heard(again)] == ["info"]
    assert again.outside() is None
    assert again.is_dirty
    again.save()
    assert "Two." in path.read_text()
    assert path.read_text().count(":: Roof") == 1
    for _ in range(3):
        again.undo()
    assert again.story.text("Cellar") == "Dark. [[Start]]"


def test_reload__gives_the_files_story_and_can_be_undone(begin, path):
    session = begin()
    set_text(session, "Cellar", "Ours.")
    change(path, (edits.set_text, "Cellar", "Theirs."))
    session.load(read_story(path))
    assert session.story.text("Cellar") == "Theirs."
    assert not session.is_dirty
    session.undo()
    assert session.story.text("Cellar") == "Ours."


def row(name, text, **columns):
    return canonical({"passage_id": name, "text": text, "rank": 1.0, **columns})


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged", "clashes"),
    [
        (row("A", "1"), row("A", "2"), row("A", "1"), row("A", "2"), 0),
        (row("A", "1"), row("A", "1"), row("A", "3"), row("A", "3"), 0),
        (row("A", "1"), row("A", "2"), row("A", "2"), row("A", "2"), 0),
        (row("A", "1"), row("A", "2"), row("A", "3"), row("A", "3"), 1),
        (row("A", "1"), row("B", "1"), row("A", "3"), row("B", "3"), 0),
        (row("A", "1"), row("A", "2"), row("A", "1", x=4.0), row("A", "2", x=4.0), 0),
        (row("A", "1"), None, row("A", "1"), None, 0),
        (row("A", "1"), None, row("A", "3"), row("A", "3"), 1),
        (row("A", "1"), row("A", "2"), None, row("A", "2"), 1),
        (None, row("A", "2"), None, row("A", "2"), 0),
        (row("A", "1"), None, None, None, 0),
    ],
)
def test_merge__by_passage_and_column(base, ours, theirs, merged, clashes):
    sides = [{} if each is None else {7: each} for each in (base, ours, theirs)]
    result = merge(*sides)
    assert result.merged == ({} if merged is None else {7: merged})
    assert len(result.conflicts) == clashes
    for conflict in result.conflicts:
        assert result.resolved({7: "ours"}) == sides[1]
        assert result.resolved({7: "theirs"}) == sides[2]
        assert conflict.uid == 7
