"""Panes that nobody can see do nothing, and show the newest of all when somebody can."""

import threading

import pytest

from gamebook_lab.analysis.explored import explore
from gamebook_lab.analysis.findings import findings
from gamebook_lab.languages.plain import LANGUAGE
from gamebook_lab.story import edits
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem, to_table
from gamebook_lab.story.story import Story, passage_rows
from gamebook_lab.widgets import map_data, table_facts, verdict_rows
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.facts_pane import FactsPane
from gamebook_lab.widgets.passage_table import PassageTable
from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.story_map import StoryMap
from tests.patience import PATIENCE

WANTED = {"sort": [], "text": "", "kind": "", "tag": "", "problem": "", "verdict": ""}


@pytest.fixture
def session(bundles):
    story = Story(
        passage_rows([
            Passage("Start", "Go. [[Cellar]]", x=0.0, y=0.0, is_start=True),
            Passage("Cellar", "Dark.", x=150.0, y=0.0),
            Passage("Attic", "Dust.", x=300.0, y=0.0),
        ]),
        LANGUAGE,
    )  # fmt: skip
    return StorySession(story, debounce=3600)


def say(widget, **message):
    widget._handle_custom_msg(message, [])


def look(widget, *, is_seen, view="a"):
    say(widget, type="_seen", view=view, is_seen=is_seen)


def hide(widget):
    look(widget, is_seen=True)
    look(widget, is_seen=False)


def listening(widget, monkeypatch):
    sent = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: sent.append(content))
    return sent


def kinds(sent):
    return [message["type"] for message in sent]


@pytest.fixture
def story_map(session, monkeypatch):
    widget = StoryMap(session)
    yield widget, listening(widget, monkeypatch)
    widget.close()


@pytest.fixture
def table(session, monkeypatch):
    widget = PassageTable(session)
    sent = listening(widget, monkeypatch)
    say(widget, type="query", view="a", query=1, wanted=WANTED)
    sent.clear()
    yield widget, sent
    widget.close()


# ---- the map


def test_map__that_was_never_shown_follows_at_once(session, story_map):
    _, sent = story_map
    session.apply(lambda story: edits.rename_passage(story, 2, "Loft"), label="Rename")
    assert kinds(sent) == ["rows"]


def test_map__hidden_says_once_that_it_is_behind(session, story_map):
    widget, sent = story_map
    hide(widget)
    for name in ("Loft", "Roof"):
        session.apply(lambda story, name=name: edits.rename_passage(story, 2, name), label="Rename")
    assert kinds(sent) == ["_behind"]


def test_map__seen_again_gets_all_that_changed_in_one(session, story_map):
    widget, sent = story_map
    hide(widget)
    session.apply(lambda story: edits.rename_passage(story, 2, "Loft"), label="Rename")
    session.apply(lambda story: edits.delete_passage(story, 1), label="Delete")
    session.apply(lambda story: edits.add_passage(story, "Well", x=0.0, y=500.0), label="New")
    session.select(0)
    widget.set_problems({0: "error"})
    sent.clear()
    look(widget, is_seen=True)
    assert kinds(sent) == ["rows", "problems", "_caught"]
    rows = sent[0]
    assert rows["base"] == 0
    assert rows["removed"] == [1]
    assert rows["selected"] == 0
    assert sorted(rows["names"]) == ["Loft", "Start", "Well"]


def test_map__seen_again_tells_of_a_selection_alone(session, story_map):
    widget, sent = story_map
    hide(widget)
    session.select(2)
    look(widget, is_seen=True)
    assert sent == [
        {"type": "_behind"}, {"type": "selected", "key": 2}, {"type": "_caught"},
    ]  # fmt: skip


def test_map__in_which_nothing_changed_sends_nothing(story_map):
    widget, sent = story_map
    for is_seen in (True, False, True):
        look(widget, is_seen=is_seen)
    assert sent == []


def test_map__seen_in_one_of_two_views_follows(session, story_map):
    widget, sent = story_map
    look(widget, view="a", is_seen=True)
    look(widget, view="b", is_seen=True)
    look(widget, view="a", is_seen=False)
    session.select(1)
    assert kinds(sent) == ["selected"]


def test_map__new_view_of_a_hidden_one_gets_the_story_of_now(session, story_map):
    widget, sent = story_map
    hide(widget)
    session.apply(lambda story: edits.rename_passage(story, 2, "Loft"), label="Rename")
    sent.clear()
    say(widget, type="hello")
    assert sent[0]["names"] == ["Start", "Cellar", "Loft"]
    sent.clear()
    look(widget, view="new", is_seen=True)
    assert kinds(sent) == ["_caught"]


# ---- the table


def test_table__seen_again_gets_the_rows_that_changed(session, table):
    widget, sent = table
    hide(widget)
    session.apply(lambda story: edits.rename_passage(story, 1, "Vault"), label="Rename")
    session.apply(lambda story: edits.set_tags(story, 2, ("high",)), label="Tag")
    widget._judge(to_table([Problem("GB101", "broken", key=0, passage_id="Start")]))
    session.select(2)
    assert kinds(sent) == ["_behind"]
    look(widget, is_seen=True)
    assert kinds(sent) == ["_behind", "changed", "selected", "_caught"]
    rows = {row: (made["name"], made["tags"], made["n_problems"]) for row, made in sent[1]["rows"]}
    assert rows == {0: ("Start", "", 1), 1: ("Vault", "", 0), 2: ("Attic", "high", 0)}


def test_table__asked_while_behind_answers_of_now(session, table):
    widget, sent = table
    hide(widget)
    session.apply(lambda story: edits.add_passage(story, "Well", x=0.0, y=500.0), label="New")
    say(widget, type="query", view="a", query=2, wanted=WANTED)
    assert sent[-1]["n"] == 4


# ---- facts


def test_facts__are_not_gathered_while_nobody_sees_them(session, monkeypatch):
    gathered = []

    class Counted(FactsPane):
        def content(self, explored):
            gathered.append(self.session.story.name(2))
            return {"rows": gathered[-1:]}

    widget = Counted(session, "counted")
    try:
        sent = listening(widget, monkeypatch)
        hide(widget)
        session.apply(lambda story: edits.rename_passage(story, 2, "Loft"), label="Rename")
        widget._follow()
        widget.wait()
        assert gathered == []
        look(widget, is_seen=True)
        widget.wait()
    finally:
        widget.close()
    assert sent == [{"type": "_behind"}, {"type": "facts", "rows": ["Loft"]}, {"type": "_caught"}]


def test_facts_of_a_long_story__hold_up_no_message_and_are_said_to_be_there_once_they_are(session, monkeypatch):
    may_go_on = threading.Event()

    class Slow(FactsPane):
        def content(self, explored):
            may_go_on.wait(30)
            return {"rows": []}

    widget = Slow(session, "slow")
    try:
        sent = listening(widget, monkeypatch)
        say(widget, type="hello")
        hide(widget)
        widget._follow()
        look(widget, is_seen=True)
        assert kinds(sent) == ["_behind"]  # and here we are
        may_go_on.set()
        widget.wait()
        assert kinds(sent) == ["_behind", "facts", "_caught"]
        widget._follow()
        widget.wait()
        assert kinds(sent) == ["_behind", "facts", "_caught"]
    finally:
        may_go_on.set()
        widget.close()


def test_facts__gathered_before_it_fell_behind_are_not_said_to_be_all(session, monkeypatch):
    at_it, may_go_on = threading.Event(), threading.Event()

    class Slow(FactsPane):
        def content(self, explored):
            names = self.session.story.table["passage_id"].tolist()
            at_it.set()
            may_go_on.wait(30)
            return {"rows": names}

    widget = Slow(session, "slow")
    try:
        sent = listening(widget, monkeypatch)
        look(widget, is_seen=True)
        widget._follow()
        assert at_it.wait(PATIENCE)
        look(widget, is_seen=False)
        session.apply(lambda story: edits.rename_passage(story, 2, "Loft"), label="Rename")
        widget._follow()
        look(widget, is_seen=True)
        may_go_on.set()
        widget.wait()
    finally:
        may_go_on.set()
        widget.close()
    assert kinds(sent) == ["_behind", "facts", "facts", "_caught"]
    assert sent[2]["rows"][2] == "Loft"


def test_facts__that_could_not_be_gathered_reach_a_new_view_as_soon_as_they_can(session, monkeypatch, caplog):
    class Fails(FactsPane):
        fails = False

        def content(self, explored):
            return {"rows": [1 // (not self.fails)]}

    widget = Fails(session, "fails")
    try:
        sent = listening(widget, monkeypatch)
        say(widget, type="hello")
        widget.wait()
        widget.fails = True
        say(widget, type="hello")
        widget.wait()
        assert kinds(sent) == ["facts"]
        assert "ZeroDivisionError" in caplog.text
        widget.fails = False
        widget._follow()
        widget.wait()
    finally:
        widget.close()
    assert kinds(sent) == ["facts", "facts"]


# ---- verdicts


@pytest.mark.parametrize("make", [StoryMap, PassageTable])
def test_an_edit_made_while_verdicts_of_a_long_story_are_worked_out_does_not_wait_for_them(session, monkeypatch, make):
    widget = make(session)
    told = []
    session.watch(told.append, is_late=True)
    usual = verdict_rows._read
    told_meanwhile = []

    def reading(findings):
        editing = threading.Thread(
            target=lambda: session.apply(lambda story: edits.set_text(story, "Attic", "Dusted."), label="a word")
        )
        editing.start()
        editing.join(3)
        told_meanwhile.extend(change.label for change in told)
        return usual(findings)

    monkeypatch.setattr(verdict_rows, "_read", reading)
    explored = Explored("done", session.story, findings(explore(session.story, threads=1)), None)
    try:
        (widget._judge if make is StoryMap else widget._explored)(explored)
        assert told_meanwhile == ["a word"]
    finally:
        widget.close()


# ---- making one


@pytest.mark.parametrize(
    ("make", "module", "read", "shown"),
    [
        (StoryMap, map_data, "read", lambda pane: pane._data.rows[2].targets),
        (PassageTable, table_facts, "facts", lambda pane: pane._facts.targets[2]),
    ],
)
def test_an_edit_made_while_a_pane_reads_a_long_story_is_told_at_once_and_is_in_the_pane(
    session, monkeypatch, make, module, read, shown
):
    told, told_meanwhile = [], []
    session.watch(told.append, is_late=True)
    usual = getattr(module, read)

    def reading(story):
        editing = threading.Thread(
            target=lambda: session.apply(lambda story: edits.set_text(story, "Attic", "[[Cellar]]"), label="a link")
        )
        editing.start()
        editing.join(PATIENCE)
        told_meanwhile.extend(change.label for change in told)
        return usual(story)

    monkeypatch.setattr(module, read, reading)
    widget = make(session)
    try:
        assert told_meanwhile == ["a link"]
        assert shown(widget) == ("Cellar",)
    finally:
        widget.close()
