"""What was edited is there again: after closing, after a restart, with all that can be undone."""

from __future__ import annotations

from gamebook_lab.story import edits


def set_text(session, passage, text, **how):
    session.apply(lambda story: edits.set_text(story, passage, text), label="Edit text", **how)


def close(session):
    session.workspace.close()


def heard(session):
    notices = []
    session.watch_notices(notices.append)
    return [notice.text for notice in notices]


def test_opening__leaves_no_trace_before_the_first_edit(begin, path):
    close(begin())
    assert [entry.name for entry in path.parent.iterdir()] == ["tiny.twee"]


def test_reopening__shows_edits_that_the_file_does_not_have_and_says_so(begin, path):
    before = path.read_bytes()
    first = begin()
    set_text(first, "Cellar", "Bright.")
    close(first)
    again = begin()
    assert path.read_bytes() == before
    assert again.story.text("Cellar") == "Bright."
    assert again.is_dirty
    assert heard(again) == ["Your work is here again: 1 passage with edits that the file does not have yet."]


def test_reopening__after_saving_has_nothing_to_say(begin):
    first = begin()
    set_text(first, "Cellar", "Bright.")
    first.save()
    close(first)
    again = begin()
    assert again.story.text("Cellar") == "Bright."
    assert not again.is_dirty
    assert heard(again) == []


def test_undo_and_redo__go_on_across_sittings(begin):
    first = begin()
    set_text(first, "Cellar", "One.")
    set_text(first, "Cellar", "Two.")
    first.apply(lambda story: edits.rename_passage(story, "Attic", "Loft"), label="Rename passage")
    first.undo()
    close(first)
    second = begin()
    assert (second.undo_label, second.redo_label) == ("Edit text", "Rename passage")
    second.redo()
    assert "Loft" in second.story.keys_by_name
    assert "[[Loft]]" in second.story.text("Start")
    for _ in range(3):
        second.undo()
    assert second.story.text("Cellar") == "Dark. [[Start]]"
    assert second.undo_label is None
    assert not second.is_dirty
    close(second)
    third = begin()
    assert third.undo_label is None
    third.redo()
    third.redo()
    assert third.story.text("Cellar") == "Two."


def test_passages__that_were_added_deleted_and_moved_come_back_in_order(begin):
    first = begin()
    first.apply(lambda story: edits.add_passage(story, "Roof", text="Windy.", x=1.0, y=2.0), label="New passage")
    first.apply(lambda story: edits.delete_passage(story, "Cellar"), label="Delete passage")
    order = first.story.table["passage_id"].tolist()
    first.apply(lambda story: story.with_table(story.table.iloc[::-1]), label="Reverse")
    close(first)
    second = begin()
    assert second.story.table["passage_id"].tolist() == order[::-1]
    assert second.story.record("Roof").x == 1.0
    second.undo()
    assert second.story.table["passage_id"].tolist() == order
    second.undo()
    assert second.story.table["passage_id"].tolist() == ["Start", "Cellar", "Attic", "Roof"]


def test_order__that_was_undone_in_a_later_sitting_is_kept_as_all_else_is(begin, path):
    before = path.read_bytes()
    first = begin()
    order = first.story.table["passage_id"].tolist()
    first.apply(lambda story: story.with_table(story.table.iloc[::-1]), label="Reverse")
    close(first)
    second = begin()
    second.undo()
    assert not second.is_dirty
    close(second)
    third = begin()
    assert third.story.table["passage_id"].tolist() == order
    third.redo()
    third.save()
    assert third.story.table["passage_id"].tolist() == order[::-1]
    third.undo()
    third.save()
    assert path.read_bytes() == before


def test_metadata__comes_back(begin):
    from dataclasses import replace

    first = begin()
    first.apply(lambda story: replace(story, metadata=replace(story.metadata, title="Huge")), label="Rename story")
    close(first)
    second = begin()
    assert second.story.metadata.title == "Huge"
    assert second.is_dirty
    second.undo()
    assert second.story.metadata.title == "Tiny"


def test_typing__is_one_revision_per_word(begin):
    session = begin()
    text = ""
    for letter in "Now write. ":
        text += letter
        set_text(session, "Attic", text, merge="typing")
    table = session.workspace.revisions()
    assert len(table) == 2
    assert session.workspace.rows_at(0) != session.workspace.rows_at(1)


def test_save_as__takes_the_history_along(begin, path):
    session = begin()
    set_text(session, "Cellar", "Bright.")
    session.save(path.with_name("copy.twee"))
    close(session)
    again = begin(path.with_name("copy.twee"))
    assert not again.is_dirty
    again.undo()
    assert again.story.text("Cellar") == "Dark. [[Start]]"


def test_folder_of_files__keeps_edits_inside(begin, tmp_path):
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "a.twee").write_text(":: Start\n[[B]]\n")
    (folder / "b.twee").write_text(":: B\nb\n")
    session = begin(folder)
    set_text(session, "B", "bb")
    close(session)
    assert (folder / ".gamebook" / "workspace.sqlite").exists()
    again = begin(folder)
    assert again.story.text("B") == "bb"
    again.save()
    close(again)
    assert not begin(folder).is_dirty
