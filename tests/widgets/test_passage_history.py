"""The history of a passage, under its text."""

from __future__ import annotations

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.story import edits
from gamebook_lab.widgets.passage_history import PassageHistory
from gamebook_lab.widgets.session import StorySession

TWEE = ":: Start\n[[Cellar]]\n\n:: Cellar\nDark.\n"


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEBOOK_AUTOSAVE", "off")
    monkeypatch.setenv("GAMEBOOK_WATCH", "off")
    path = tmp_path / "tiny.twee"
    path.write_text(TWEE)
    session = StorySession.open(path)
    yield session
    session.workspace.close()


def set_text(session, text):
    session.apply(lambda story: edits.set_text(story, "Cellar", text), label="Edit text")
    assert session.flush()


@pytest.fixture
def pane(bundles, session):
    session.select(session.story.key("Cellar"))
    pane = PassageHistory(session)
    yield pane
    pane.close()


def receive(pane, **message):
    pane._receive(pane, {"view": "v", **message}, [])


def test_history__is_read_when_it_is_opened_and_follows_the_selection(pane, heard, session):
    sent = heard(pane)
    set_text(session, "Bright.")
    assert sent.of("history") == []
    receive(pane, type="open", is_open=True)
    shown = sent.last("history")
    assert (shown["passage"], [(row["revision"], row["n"], row["is_now"]) for row in shown["rows"]]) == (
        "Cellar", [(1, 1, True)],
    )  # fmt: skip
    session.select(session.story.key("Start"))
    assert (sent.last("history")["passage"], sent.last("history")["rows"]) == ("Start", [])


def test_version__is_compared_with_the_one_before_and_with_now(pane, heard, session):
    sent = heard(pane)
    set_text(session, "Bright and warm.")
    session.workspace.name("as sent")
    set_text(session, "Bright and cold.")
    receive(pane, type="open", is_open=True)
    assert [row["name"] for row in sent.last("history")["rows"]] == [None, "as sent"]
    receive(pane, type="look", revision=1)
    version = sent.last("version")
    assert version["came"] == [("gone", "Dark"), ("come", "Bright and warm"), ("same", ".")]
    assert ("come", "warm") in version["back"]
    assert version["can_restore"]


def test_version__of_a_list_that_is_shown_is_not_read_again(pane, heard, session, monkeypatch):
    sent = heard(pane)
    set_text(session, "Bright.")
    receive(pane, type="open", is_open=True)
    monkeypatch.setattr(session.workspace, "versions", lambda _: pytest.fail("read again"))
    receive(pane, type="look", revision=1)
    assert sent.last("version")["revision"] == 1


def test_history__goes_on_in_one_view_when_it_is_folded_in_another(pane, heard, session):
    sent = heard(pane)
    receive(pane, view="one", type="open", is_open=True)
    receive(pane, view="two", type="open", is_open=True)
    receive(pane, view="two", type="open", is_open=False)
    set_text(session, "Bright.")
    session.workspace.run(lambda _: None)  # after whoever watches what is kept was told
    assert [row["revision"] for row in sent.last("history")["rows"]] == [1]


def test_restore__brings_the_text_back_and_nothing_else_and_can_be_undone(pane, session):
    set_text(session, "Bright.")
    session.workspace.name("as sent")
    session.apply(lambda story: edits.rename_passage(story, "Cellar", "Vault"), label="Rename passage")
    session.apply(lambda story: edits.set_text(story, "Vault", "Cold."), label="Edit text")
    assert session.flush()
    receive(pane, type="restore", revision=1)
    assert session.story.text("Vault") == "Bright."
    assert session.undo_label == "Restore text of revision 1"
    session.undo()
    assert session.story.text("Vault") == "Cold."


def test_restore__of_a_version_that_is_gone_is_told(pane, session):
    told = []
    session.watch_notices(told.append)
    receive(pane, type="restore", revision=99)
    assert "not there any more" in told[0].text
    with pytest.raises(EditError):
        pane._restore({"revision": 99})
