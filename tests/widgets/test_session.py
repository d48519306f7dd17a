"""The session: edits, undo, selection, watchers, threads."""

from __future__ import annotations

import itertools
import queue
import threading

import pandas as pd
import pytest

from gamebook_lab.errors import EditError, UnknownPassageError
from gamebook_lab.formats import read_story
from gamebook_lab.story.edits import add_passage, rename_passage, set_text
from gamebook_lab.story.problems import to_table
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.checker import LEAST_SECONDS, MOST_SECONDS, Checker
from gamebook_lab.widgets.session import StorySession
from tests.patience import PATIENCE


@pytest.fixture
def session(story):
    return StorySession(story)


def test_apply__tells_watchers_what_changed(session, edit):
    seen = []
    session.watch(seen.append)
    old = session.story
    new = session.apply(edit(2, "Dustier."), label="Edit text", origin="me")
    (change,) = seen
    assert change.old is old
    assert change.new is new
    assert session.story is new
    assert change.changed == {2}
    assert (change.origin, change.label, change.kind) == ("me", "Edit text", "edit")


def test_apply__that_fails_changes_nothing(session):
    seen = []
    session.watch(seen.append)
    old = session.story

    def bad(story):
        raise EditError("no")

    with pytest.raises(EditError):
        session.apply(bad, label="Bad")
    assert session.story is old
    assert seen == []
    assert session.undo_label is None


def test_apply__that_returns_the_same_story_is_no_step(session):
    session.apply(lambda story: story, label="Nothing")
    assert session.undo_label is None


def test_undo_and_redo__restore_story_and_labels(session, edit):
    session.apply(edit(2, "A"), label="First")
    session.apply(edit(2, "B"), label="Second")
    assert session.undo_label == "Second"
    session.undo()
    assert session.story.text(2) == "A"
    assert (session.undo_label, session.redo_label) == ("First", "Second")
    session.undo()
    session.undo()
    assert session.story.text(2) == "Dusty."
    session.redo()
    assert session.story.text(2) == "A"
    session.apply(edit(2, "C"), label="Third")
    assert session.redo_label is None


def test_undo__selects_the_passage_it_changed(session, edit):
    session.apply(edit(2, "A"), label="First")
    session.select(0)
    session.undo()
    assert session.selected == 2


def test_merge__makes_typing_one_step(session, edit):
    for text in ("Dusty.D", "Dusty.Du", "Dusty.Dus"):
        session.apply(edit(2, text), label="Type", merge=("typing", 1))
    session.undo()
    assert session.story.text(2) == "Dusty."
    assert session.undo_label is None


def test_dirty__is_no_longer_so_when_all_is_undone(session, edit, renamed):
    assert not session.is_dirty
    session.apply(edit(2, "A"), label="Edit")
    assert session.is_dirty
    session.undo()
    assert not session.is_dirty
    session.apply(lambda story: renamed(story, "Other"), label="Rename story")
    assert session.is_dirty
    session.undo()
    assert not session.is_dirty


def test_dirty__sees_added_and_deleted_passages(session):
    session.apply(lambda story: story.with_table(story.table.drop(2)), label="Delete")
    assert session.is_dirty
    session.undo()
    assert not session.is_dirty


def test_undo__of_a_new_passage_selects_what_was_selected_before_and_redo_the_new_one(session):
    session.select(1)
    for name in ("First", "Second"):
        session.apply(
            lambda story, name=name: add_passage(story, name),
            label="New passage",
            select=lambda story, name=name: story.key(name),
        )
    second = session.selected
    session.select(2)
    session.undo()
    assert session.story.name(session.selected) == "First"
    session.undo()
    assert session.selected == 1
    session.redo()
    assert session.story.name(session.selected) == "First"
    session.redo()
    assert session.selected == second


def test_undo__of_a_passage_made_in_an_earlier_sitting_selects_the_start(tmp_path):
    path = tmp_path / "story.twee"
    path.write_text(":: Start\nGo.\n", encoding="utf-8")
    session = StorySession.open(path)
    session.apply(lambda story: add_passage(story, "New"), label="New passage")
    session.workspace.close()
    session = StorySession.open(path)
    session.select(session.story.key("New"))
    session.undo()
    assert session.story.name(session.selected) == "Start"
    session.workspace.close()


def test_select__tells_once_and_again_with_a_span(session):
    seen = []
    session.watch(seen.append)
    session.select(1)
    session.select(1)
    session.select(1, span=(0, 4))
    assert [(change.selected, change.span) for change in seen] == [(1, None), (1, (0, 4))]
    with pytest.raises(UnknownPassageError):
        session.select(99)


def test_selection__is_dropped_with_its_passage(session):
    session.select(2)
    session.apply(lambda story: story.with_table(story.table.drop(2)), label="Delete")
    assert session.selected is None


def test_watchers__hear_changes_in_order_even_when_one_edits(session, edit):
    first, second = [], []

    def editing(change):
        first.append(change.label)
        if change.label == "One":
            session.apply(edit(2, "two"), label="Two")

    session.watch(editing)
    session.watch(lambda change: second.append(change.label))
    session.apply(edit(2, "one"), label="One")
    assert first == second == ["One", "Two"]


def test_watchers__one_that_fails_does_not_keep_others_from_hearing(session, edit, caplog):
    seen = []
    session.watch(lambda change: 1 / 0)
    stop = session.watch(seen.append)
    session.apply(edit(2, "one"), label="One")
    assert len(seen) == 1
    assert "ZeroDivisionError" in caplog.text
    stop()
    stop()
    session.apply(edit(2, "two"), label="Two")
    assert len(seen) == 1


def test_two_threads__lose_no_edit_and_watchers_see_a_chain(session):
    seen = []
    session.watch(seen.append)

    def appender(key, mark):
        def edit(story):
            table = story.table.copy()
            table.at[key, "text"] = table.at[key, "text"] + mark
            return story.with_table(table, [key])

        for _ in range(50):
            session.apply(edit, label=mark)

    threads = [threading.Thread(target=appender, args=(2, mark)) for mark in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = session.story.text(2)
    assert (text.count("a"), text.count("b")) == (50, 50)
    assert len(seen) == 100
    assert all(before.new is after.old for before, after in itertools.pairwise(seen))


def test_load__begins_a_new_history(session, edit, renamed):
    session.apply(edit(2, "A"), label="Edit")
    session.select(1)
    other = renamed(session.story, "Other")
    session.load(other)
    assert session.story is other
    assert session.selected == 1
    assert session.undo_label is None
    assert not session.is_dirty


def check_threads():
    return {thread for thread in threading.enumerate() if thread.name == "gamebook-check"}


def test_checker__gives_only_the_newest_result(story, renamed):
    newer, before = renamed(story, "Newer"), check_threads()
    began, go = threading.Event(), threading.Event()

    def slow(checked, rest):
        if checked is story:
            began.set()
            assert go.wait(PATIENCE)
        return pd.DataFrame({"title": [checked.metadata.title]})

    checker = Checker(slow, debounce=0)
    done, titles = threading.Event(), []

    def hear(state):
        if state.status == "done":
            titles.extend(state.table["title"])
            done.set()

    stop = checker.watch(hear)
    checker.want(story)
    assert began.wait(PATIENCE)
    checker.want(newer)
    go.set()
    assert done.wait(PATIENCE)
    assert titles == ["Newer"]
    stop()
    assert not check_threads() - before


def test_checker__stops_what_a_newer_story_overtakes_also_when_that_is_the_one_before(story, renamed):
    newer = renamed(story, "Newer")
    began, go, done, checks = threading.Event(), threading.Event(), threading.Event(), []

    def slow(checked, rest):
        checks.append(checked)
        began.set()
        assert go.wait(PATIENCE)
        rest()
        checks.append("done")
        return pd.DataFrame({"title": [checked.metadata.title]})

    checker = Checker(slow, debounce=0)
    found = []
    stop = checker.watch(lambda state: (found.append(state), done.set()) if state.status == "done" else None)
    checker.want(story)
    assert began.wait(PATIENCE)
    checker.want(newer)
    checker.want(story)  # undone
    go.set()
    assert done.wait(PATIENCE)
    stop()
    assert checks == [story, story, "done"]
    assert [state.story for state in found] == [story]


def test_checker__that_fails_says_so(story, caplog):
    done = threading.Event()
    states = []

    def hear(state):
        states.append(state.status)
        if state.status == "failed":
            done.set()

    checker = Checker(lambda story, rest: 1 / 0, debounce=0)
    checker.want(story)
    stop = checker.watch(hear)
    assert done.wait(PATIENCE)
    stop()
    assert states == ["checking", "failed"]
    assert "ZeroDivisionError" in caplog.text


def test_watch_problems__begins_with_the_known_table(story, monkeypatch):
    table, before = pd.DataFrame({"code": ["GB101"]}), check_threads()
    monkeypatch.setattr("gamebook_lab.widgets.findings._problems", lambda story, rest: table)
    session = StorySession(story, debounce=0)
    done = threading.Event()
    stop = session.watch_problems(lambda found: done.set())
    assert done.wait(PATIENCE)
    again = []
    stop_again = session.watch_problems(again.append)
    assert again == [table] or again[0] is table
    stop()
    stop_again()
    assert session.n_watchers == 0
    assert not check_threads() - before


def test_save__a_folder_as_one_file_and_again_keeps_every_passage(tmp_path):
    (tmp_path / "story").mkdir()
    for name in "AB":
        (tmp_path / "story" / f"{name}.twee").write_text(f":: {name}\n{name}\n")
    session = StorySession(read_story(tmp_path / "story"))
    session.save(tmp_path / "all.twee")
    session.apply(lambda story: set_text(story, "B", "new"), label="Edit text")
    session.save()
    session.undo()
    session.save()
    assert (tmp_path / "all.twee").read_text() == ":: A\nA\n:: B\nB\n"


def test_save__tells_where_passages_are_now_and_forgets_what_was_repaired(tmp_path):
    path = tmp_path / "a.twee"
    path.write_text(":: Start]\na\n:: B\nb\n")
    session = StorySession(read_story(path))
    codes = {problem.code for problem in session.story.import_problems}
    session.apply(lambda story: rename_passage(story, 0, "Start"), label="Rename passage")
    session.apply(lambda story: set_text(story, "Start", "a\na\na"), label="Edit text")
    session.save()
    session.undo()
    after = {problem.code for problem in session.story.import_problems}
    assert codes - after == {"GB502"}
    assert session.story.record("B").line == 5


def test_check__waits_as_long_as_the_last_one_took_within_bounds(story):
    checker = Checker(lambda _: None)
    pauses = []
    for took in (0.0, 0.2, 4.0):
        checker._took = took
        pauses.append(checker._pause)
    assert pauses == [LEAST_SECONDS, 0.2, MOST_SECONDS]
    assert Checker(lambda _: None, debounce=7.0)._pause == 7.0


def test_broadcast__late_watchers_hear_after_all_others():
    heard, broadcast = [], Broadcast()
    stop = broadcast.watch(lambda event: heard.append("late"), is_late=True)
    broadcast.watch(lambda event: heard.append("first"))
    broadcast.watch(lambda event: heard.append("later"), is_late=True)
    broadcast.watch(lambda event: heard.append("second"))
    broadcast.queue(1)
    broadcast.deliver()
    stop()
    stop()
    broadcast.watch(lambda event: heard.append("third"))
    broadcast.queue(2)
    broadcast.deliver()
    assert heard == ["first", "second", "late", "later", "first", "second", "third", "later"]


def test_checker__whose_last_watcher_left_amid_a_check_makes_it_for_the_next(story):
    began, may_end, told = threading.Event(), threading.Event(), queue.Queue()

    def check(story, rest):
        began.set()
        while not may_end.is_set():
            rest()
        return to_table([])

    checker = Checker(check, debounce=0)
    stop = checker.watch(lambda _: None)
    checker.want(story)
    assert began.wait(PATIENCE)
    stop()
    may_end.set()
    stop = checker.watch(told.put)
    try:
        while told.get(timeout=PATIENCE).status != "done":
            pass
    finally:
        stop()
