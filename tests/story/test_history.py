from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from gamebook_lab.story.edits import (
    add_passage,
    delete_passage,
    merge_passages,
    move_passage,
    rename_passage,
    set_start,
    set_tags,
    set_text,
)
from gamebook_lab.story.history import History, changed_keys


@dataclass(frozen=True)
class File:
    fingerprint: str
    format: str = "twee"
    path: Path | None = None


def typed(history, passage, *texts, merge="typing"):
    for text in texts:
        history = history.do("Type", set_text(history.story, passage, text), merge=merge)
    return history


def undone(history):
    """Texts of passage 0 while all is taken back."""
    texts = [history.story.text(0)]
    while history.can_undo:
        history = history.undo()
        texts.append(history.story.text(0))
    return texts


def test_history__nothing_to_take_back(inn):
    history = History(inn)
    assert (history.can_undo, history.undo_label, history.can_redo, history.redo_label) == (False, None, False, None)
    assert history.undo() is history
    assert history.redo() is history


def test_history__undo_and_redo_give_the_tables_back(inn):
    first = rename_passage(inn, "Cellar", "Vault")
    second = delete_passage(first, "Attic")
    history = History(inn).do("Rename passage", first).do("Delete passage", second)
    assert (history.undo_label, history.redo_label) == ("Delete passage", None)
    back = history.undo()
    assert back.story.table.equals(first.table)
    assert (back.undo_label, back.redo_label) == ("Rename passage", "Delete passage")
    assert back.undo().story.table.equals(inn.table)
    assert back.undo().redo().redo().story.table.equals(second.table)
    assert history.story is second


def test_history__untouched_texts_and_programs_are_shared(inn):
    _ = inn.programs
    back = History(inn).do("x", set_text(inn, "Yard", "Weeds.")).undo().story
    assert all(back.text(key) is inn.text(key) for key in inn.table.index)
    assert back.program("Attic") is inn.program("Attic")


def test_history__an_edit_that_changes_nothing_is_no_step(inn):
    assert not History(inn).do("x", set_text(inn, "Yard", inn.text("Yard"))).can_undo
    assert not History(inn).do("x", inn.with_table(inn.table.copy())).can_undo


def test_history__a_new_edit_forgets_what_was_undone(inn):
    history = History(inn).do("a", set_text(inn, 0, "a")).undo()
    assert not history.do("b", set_text(inn, 0, "b")).can_redo


def test_history__brings_metadata_back(inn):
    deleted = delete_passage(rename_passage(inn, "Start", "Intro"), "Intro")
    history = History(inn).do("x", deleted)
    assert history.story.metadata.declared_start == "Intro"
    assert history.undo().story.metadata == inn.metadata
    assert history.undo().story.start_key == 0
    assert history.undo().redo().story.metadata.declared_start == "Intro"


def test_history__a_change_of_metadata_alone_is_a_step(inn):
    titled = inn.with_table(inn.table, metadata=replace(inn.metadata, title="Inn"))
    assert History(inn).do("x", titled).undo().story.metadata.title == ""


def test_history__undo_past_a_save_keeps_the_newest_source(inn):
    old, new = File("old"), File("new")
    history = History(inn.with_source(old))
    history = history.do("a", set_text(history.story, 0, "a"))
    history = history.saved(history.story.with_source(new))
    history = history.do("b", set_text(history.story, 0, "b"))
    assert history.undo().undo().story.source is new
    assert history.undo().undo().redo().story.source is new


def test_history__knows_whether_the_story_is_saved(inn):
    history = History(inn)
    assert history.is_saved
    history = typed(history, 0, "a")
    history = history.saved(history.story.with_source(File("x")))
    assert history.is_saved
    typed_on = typed(history, 0, "ab")
    assert not typed_on.is_saved
    assert typed_on.undo().is_saved
    assert not history.undo().is_saved
    assert history.undo().redo().is_saved


def test_history__a_key_is_never_used_again(inn):
    history = History(inn).do("Add", add_passage(inn, "Roof")).undo()
    other = add_passage(history.story, "Well")
    assert other.key("Well") == 5
    assert History(inn).do("Add", other).undo().redo().story.next_key == 6


def test_history__a_key_is_never_used_again_even_by_an_edit_of_an_old_story(inn):
    history = History(inn).do("Add", add_passage(inn, "Roof")).do("Text", set_text(inn, 0, "a"))
    assert history.story.next_key == 5
    assert history.undo().story.key("Roof") == 4


def test_history__order_comes_back(inn):
    turned = inn.with_table(inn.table.iloc[::-1])
    back = History(inn).do("x", turned).undo()
    assert back.story.table.index.tolist() == [0, 1, 2, 3]
    assert back.story.choices.equals(inn.choices)
    assert back.redo().story.table.index.tolist() == [3, 2, 1, 0]


def test_history__an_edit_with_many_parts(inn):
    merged = merge_passages(set_start(set_tags(inn, "Yard", ["a"]), "Yard"), "Cellar", "Yard")
    back = History(inn).do("Merge", merged).undo()
    assert back.story.table.equals(inn.table)
    assert back.story.choices.equals(inn.choices)


def test_typing__is_undone_by_words(inn):
    history = typed(History(set_text(inn, 0, "")), 0, "T", "Th", "The", "The ", "The o", "The ol", "The old")
    assert undone(history) == ["The old", "The ", ""]


def test_typing__of_doubled_letters_is_one_word(inn):
    assert undone(typed(History(set_text(inn, 0, "o")), 0, "oo", "ooo", "oooh")) == ["oooh", "o"]


def test_typing__a_new_line_begins_a_group(inn):
    assert undone(typed(History(set_text(inn, 0, "")), 0, "a", "a\n", "a\n\n", "a\n\nb")) == [
        "a\n\nb", "a\n\n", "a\n", "a", "",
    ]  # fmt: skip


def test_typing__deleting_is_one_group_apart_from_writing(inn):
    assert undone(typed(History(set_text(inn, 0, "")), 0, "abc", "ab", "a", "ax")) == ["ax", "a", "abc", ""]
    assert undone(typed(History(set_text(inn, 0, "abcd")), 0, "acd", "ad")) == ["ad", "abcd"]


def test_typing__elsewhere_begins_a_group(inn):
    assert undone(typed(History(set_text(inn, 0, "one two")), 0, "onex two", "onex twoy")) == [
        "onex twoy", "onex two", "one two",
    ]  # fmt: skip


@pytest.mark.parametrize("merge", [None, "later"])
def test_typing__needs_the_same_mark(inn, merge):
    history = typed(typed(History(inn), 0, "a", merge=merge), 0, "ab")
    assert len(undone(history)) == 3


def test_typing__in_another_passage_or_after_undo_begins_a_group(inn):
    assert len(undone(typed(typed(History(inn), 0, "a"), 1, "ab"))) == 3
    history = typed(History(set_text(inn, 0, "")), 0, "a", "a ", "a b").undo()
    assert undone(typed(history, 0, "a c")) == ["a c", "a ", ""]


def test_typing__does_not_swallow_another_change_of_the_passage(inn):
    history = typed(History(inn), 0, "a")
    moved = move_passage(history.story, 0, 1, 1)
    assert len(undone(typed(history.do("Type", moved, merge="typing"), 0, "ab"))) == 4


def test_changed_keys__by_any_column(inn):
    assert changed_keys(inn, inn) == frozenset()
    assert changed_keys(inn, move_passage(inn, "Attic", 1, 2)) == {2}
    assert changed_keys(inn, set_tags(inn, "Yard", ["a"])) == {3}
    assert changed_keys(inn, delete_passage(add_passage(inn, "Roof"), "Start")) == {0, 4}
    assert changed_keys(inn, inn.with_table(pd.concat([inn.table]))) == frozenset()


@pytest.mark.parametrize(
    "edit",
    [
        lambda story: set_text(story, "Yard", "Weeds."),
        lambda story: set_text(set_text(story, "Yard", "Weeds."), "Yard", story.text("Yard")),
        lambda story: set_text(story, "Yard", story.text("Yard")),
        lambda story: move_passage(set_tags(story, "Yard", ["a"]), "Cellar", 1, 2),
        lambda story: rename_passage(story, "Attic", "Loft"),
        lambda story: set_start(rename_passage(story, "Attic", "Loft"), "Yard"),
        lambda story: set_text(delete_passage(story, "Start"), "Yard", "Weeds."),
        lambda story: set_text(delete_passage(add_passage(story, "Roof"), "Roof"), "Yard", "Weeds."),
        lambda story: set_text(story.with_table(story.table.iloc[::-1]), "Yard", "Weeds."),
        lambda story: typed(History(story), 0, *"abcdefghijkl").story,
        lambda story: typed(History(story), 0, "a").undo().story,
        lambda story: History(story).do("x", rename_passage(story, "Attic", "Loft")).undo().redo().story,
    ],
)
def test_changed_keys__are_those_that_comparing_the_tables_tells(inn, edit):
    new = edit(inn)
    anew = type(new)(new.table.copy(), new.language, new.metadata)
    assert new.may_differ(anew) is None
    assert anew.may_differ(inn) is None
    assert changed_keys(inn, new) == changed_keys(inn, anew)


def test_may_differ__is_known_for_a_few_edits_in_a_row(inn):
    moved = move_passage(set_text(inn, "Yard", "Weeds."), "Attic", 1, 2)
    assert moved.may_differ(inn) == {2, 3}
    assert moved.may_differ(moved) is None
    assert add_passage(inn, "Roof").may_differ(inn) == {4}
    assert delete_passage(moved, "Cellar").may_differ(inn) == {1, 2, 3}
    assert set_text(inn, "Yard", "a").may_differ(moved) is None


def test_history__undo_leaves_passages_where_they_are_though_others_have_gone(inn):
    history = History(inn).do("Text", set_text(inn, "Attic", "Dusty."))
    history = history.followed(delete_passage(history.story, "Start"))
    assert history.undo().story.table["passage_id"].tolist() == ["Cellar", "Attic", "Yard"]


def test_history__undo_keeps_the_places_in_the_file_that_saving_has_told(inn):
    history = History(inn).do("Text", set_text(inn, "Attic", "Dusty."))
    told = history.story.table.assign(line=pd.array([1, 4, 7, 9], dtype="Int64"))
    history = history.saved(history.story.with_table(told)).undo()
    assert history.story.record("Attic").line == 7
    assert history.story.text("Attic") == inn.text("Attic")
