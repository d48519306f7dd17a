"""All Studios of one file share one session."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.errors import SeveralStoriesError
from gamebook_lab.story import edits
from gamebook_lab.widgets.open_sessions import session_of, session_of_file
from tests.patience import until_collected
from tests.widgets.conftest import end


def test_session_of_file__joins_unsaved_work(path):
    first = session_of_file(path)
    first.apply(lambda story: edits.set_text(story, "Cellar", "Bright."), label="Light")
    again = session_of_file(path)
    assert again is first
    assert again.story.text("Cellar") == "Bright."
    assert again.undo_label == "Light"


def test_session_of_file__finds_it_by_another_spelling_of_the_path(path, monkeypatch):
    first = session_of_file(path)
    monkeypatch.chdir(path.parent)
    assert session_of_file(path.relative_to(path.parent)) is first


def test_session_of_file__reads_a_changed_file_again_where_nothing_is_unsaved(path):
    first = session_of_file(path)
    path.write_text(":: Start\n[[Cellar]]\n\n:: Cellar\nFlooded.\n")
    assert session_of_file(path) is first
    assert first.story.text("Cellar") == "Flooded."


def test_session_of_file__keeps_unsaved_work_though_the_file_changed(path):
    first = session_of_file(path)
    first.apply(lambda story: edits.set_text(story, "Cellar", "Bright."), label="Light")
    path.write_text(":: Start\n")
    assert session_of_file(path).story.text("Cellar") == "Bright."


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "archive.html"
    stories = [gb.parse_twee(f":: StoryTitle\n{title}\n\n:: Start\nof {title}\n") for title in ("One", "Two", "Two")]
    path.write_text(gb.to_twine_archive(stories))
    return path


def test_session_of_file__each_story_of_an_archive_has_its_own(archive):
    sessions = [session_of_file(archive, which) for which in ("One", 1, 2)]
    assert len(set(sessions)) == 3
    assert session_of_file(archive, 0) is sessions[0]
    for session in sessions:
        session.apply(lambda story: edits.set_text(story, "Start", f"new {session}"), label="Write")  # noqa: B023
        session.save()
    assert [story.text("Start") for story in gb.read_archive(archive)] == [f"new {session}" for session in sessions]


def test_session_of_file__one_of_an_archive_is_joined_without_naming_it(archive):
    with pytest.raises(SeveralStoriesError):
        session_of_file(archive)
    session = session_of_file(archive, 2)
    assert session_of_file(archive) is session


def test_session_of_file__ends_with_its_last_holder_and_its_work_is_there_again(path):
    session = session_of_file(path)
    workspace = session.workspace
    session.apply(lambda story: edits.set_text(story, "Cellar", "Bright."), label="Light")
    del session
    until_collected(lambda: workspace.is_closing)
    again = session_of_file(path)
    assert again.story.text("Cellar") == "Bright."
    assert again.undo_label == "Light"
    assert "Dark." in path.read_text()


@pytest.mark.parametrize("widget", [gb.StoryMap, gb.PassageTable, gb.TextEditor, gb.ProblemList, gb.Studio])
def test_widgets__show_a_session_a_story_or_a_path(path, widget):
    story = gb.read_story(path)
    session = session_of(story)
    assert session.story is story
    shown = [widget(session), widget(story), widget(path), widget(str(path))]
    end("gamebook-open")
    joined = session_of(path)
    assert joined.n_watchers > 0
    assert session.n_watchers == joined.n_watchers / 2
    for each in shown:
        each.close()
    assert session.n_watchers == joined.n_watchers == 0
