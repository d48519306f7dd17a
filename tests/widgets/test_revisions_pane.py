"""The revisions pane: what it lists, what it shows, what its buttons do."""

from __future__ import annotations

import threading

import pytest

from gamebook_lab.formats import read_story, save_story
from gamebook_lab.story import edits
from gamebook_lab.widgets.revisions_pane import RevisionsPane
from gamebook_lab.widgets.session import StorySession
from tests.patience import PATIENCE


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "tiny.twee"
    path.write_text(":: Start\n[[Cellar]]\n\n:: Cellar\nDark here.\n", encoding="utf-8")
    return path


@pytest.fixture
def pane(path, bundles):
    session = StorySession.open(path)
    pane = RevisionsPane(session)
    yield pane
    pane.close()
    session.workspace.close()


@pytest.fixture
def sent(pane, heard):
    return heard(pane)


def receive(pane, **message):
    pane._receive(pane, {"view": "v", **message}, [])


def write(pane, text, passage="Cellar"):
    pane.session.apply(lambda story: edits.set_text(story, passage, text), label="Edit text")
    pane.session.flush()


def page(pane, sent, **how):
    receive(pane, type="page", **{"most": 50, "is_passage": False, **how})
    return sent.last("page")


def test_page__before_the_first_edit_is_empty(pane, sent):
    receive(pane, type="hello")
    assert not sent.last("situation")["has_workspace"]
    assert page(pane, sent)["rows"] == []


def test_page__lists_edits_newest_first(pane, sent):
    write(pane, "Light here.")
    write(pane, "Light there.")
    found = page(pane, sent)
    assert [row["revision"] for row in found["rows"]] == [2, 1]
    assert not found["has_more"]
    assert page(pane, sent, most=1)["has_more"]


def test_page__of_one_passage(pane, sent):
    write(pane, "[[Cellar]]!", passage="Start")
    write(pane, "Light here.")
    pane.session.select(pane.session.story.key("Cellar"))
    found = page(pane, sent, is_passage=True)
    assert found["passage"] == "Cellar"
    assert [row["revision"] for row in found["rows"]] == [2]


def test_look__shows_what_a_revision_changed_and_what_going_back_would(pane, sent):
    write(pane, "Light here.")
    write(pane, "Light there.")
    receive(pane, type="look", revision=1, is_back=False)
    (row,) = sent.last("looked")["rows"]
    assert (row["name"], row["pieces"]) == ("Cellar", [("gone", "Dark"), ("come", "Light"), ("same", " here.")])
    receive(pane, type="look", revision=0, is_back=True)
    (row,) = sent.last("looked")["rows"]
    assert "".join(text for kind, text in row["pieces"] if kind != "gone") == "Dark here."


def test_restore_and_name(pane, sent):
    write(pane, "Light here.")
    receive(pane, type="name", revision=1, name="lit", note="at last")
    assert page(pane, sent)["rows"][0]["name"] == "lit"
    receive(pane, type="restore", revision=0)
    assert pane.session.story.text("Cellar") == "Dark here."
    receive(pane, type="restore", revision=1, uid=pane.session.uid("Cellar"))
    assert pane.session.story.text("Cellar") == "Light here."


def test_errors__are_told_to_the_author(pane, sent):
    write(pane, "Light here.")
    told = []
    pane.session.watch_notices(told.append)
    receive(pane, type="look", revision=99, is_back=True)
    assert "no revision 99" in told[0].text


def test_outside__is_shown_and_merged(pane, sent, path):
    write(pane, "Ours.")
    save_story(edits.set_text(edits.set_text(read_story(path), "Cellar", "Theirs."), "Start", "[[Cellar]]?"))
    receive(pane, type="hello")
    outside = sent.last("situation")["outside"]
    assert sorted(change["name"] for change in outside["changes"]) == ["Cellar", "Start"]
    (conflict,) = outside["conflicts"]
    assert (conflict["ours"], conflict["theirs"]) == ("Ours.", "Theirs.")
    receive(pane, type="merge", choices={str(conflict["uid"]): "both"})
    assert pane.session.story.text("Cellar") == "Theirs.\n\nOurs."
    assert sent.last("situation")["outside"] is None


def test_conflict__of_two_kernels_is_shown_and_settled(pane, sent, path):
    write(pane, "Begun.")
    other = StorySession.open(path)
    try:
        with other._lock:
            write(pane, "Mine.")
            other.apply(lambda story: edits.set_text(story, "Cellar", "Yours."), label="Edit text")
        other.flush()
        receive(pane, type="hello")
        (conflict,) = sent.last("situation")["conflicts"]
        assert (conflict["theirs"], conflict["ours"]) == ("Mine.", "Yours.")
        receive(pane, type="settle", id=conflict["id"], choice="ours")
        assert pane.session.story.text("Cellar") == "Yours."
        assert sent.last("situation")["conflicts"] == []
    finally:
        other.workspace.close()


def test_close__leaves_no_watcher(pane):
    pane.close()
    assert pane.session.n_watchers == 0


def test_pane__waits_for_nobody_who_waits_for_it(path, bundles, heard):
    session = StorySession.open(path)
    write_of = lambda text: session.apply(lambda story: edits.set_text(story, "Cellar", text), label="Edit text")  # noqa: E731
    write_of("Begun.")
    session.flush()
    is_in, may_go_on, came = threading.Event(), threading.Event(), []

    def hold_up(_state):  # on the workspace's thread, before the pane's own listener, which takes the pane's lock
        is_in.set()
        came.append(may_go_on.wait(PATIENCE))

    session.watch_kept(hold_up)
    pane = RevisionsPane(session)
    sent = heard(pane)
    try:
        write_of("Kept in a moment.")
        assert is_in.wait(PATIENCE)
        session.load(session.story)  # the pane follows, under its lock, and has to ask the workspace
        may_go_on.set()
        assert session.flush()
        session.workspace.run(lambda _: None)
        assert all(came)
        assert sent.last("situation")["n_waiting"] == 0
    finally:
        may_go_on.set()
        pane.close()
        session.workspace.close()
