"""The play pane: nothing before it is looked at, then steps, questions, edits and the selection."""

from __future__ import annotations

import threading

import pytest
from ipywidgets.widgets.widget import _instances

from gamebook_lab.engine.exploration import explore
from gamebook_lab.formats import parse_twee
from gamebook_lab.story import edits
from gamebook_lab.widgets.play_pane import PlayPane
from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.studio import Studio

TEXT = """\
:: StoryData
{"ifid": "7A3B2C1D-0000-4000-8000-000000000001", "format": "SugarCube", "start": "Hall"}

:: StoryInit
<<set $gold to 3>><<set $name to "Ann">>

:: Hall
You have <b>$gold</b>.
<<if $gold gte 2>>[[Buy a key|Shop]]<</if>>
[[Roll|Dice]]
<<if $key>>[[Open the door|End]]<</if>>

:: Shop
<<set $gold -= 2>><<set $key to true>>A key.
[[Back|Hall]]

:: Dice
<<set $roll to random(1, 6)>>$roll
[[Back|Hall]]

:: End
Out.

:: Nobody
Never comes here.
"""


@pytest.fixture
def session():
    return StorySession(parse_twee(TEXT), debounce=3600)


@pytest.fixture
def pane(session, bundles):
    widget = PlayPane(session)
    yield widget
    widget.close()
    assert session.n_watchers == 0


@pytest.fixture
def sent(pane, heard):
    messages = heard(pane)
    tell(pane, type="hello")
    return messages


def tell(pane, **message):
    pane._receive(pane, {"view": "v", **message}, [])
    pane.wait()


def labels(state):
    return [offer["label"] for offer in state["offers"]]


def choose(pane, sent, label):
    tell(pane, type="choose", nth=labels(sent.last("state")).index(label))
    return sent.last("state")


def test_nothing_is_made__before_it_is_looked_at(pane, session, heard):
    sent = heard(pane)
    session.apply(lambda story: edits.set_text(story, "Nobody", "Still."), label="Edit")
    pane.wait()
    assert pane._playing is None
    assert sent == []
    tell(pane, type="hello")
    assert [message["type"] for message in sent[:2]] == ["making", "state"]


def test_state__has_words_offers_and_variables(sent):
    state = sent.last("state")
    assert state["passage"] == "Hall"
    assert state["lines"] == ["You have 3."]
    assert labels(state) == ["Buy a key", "Roll"]
    assert {entry["name"]: entry["value"] for entry in state["variables"]} == {"$gold": "3", "$name": "'Ann'"}
    (hidden,) = state["hidden"]
    assert (hidden["label"], hidden["target"], hidden["why"]) == ("Open the door", "End", "condition")
    assert hidden["conditions"] == [
        {"text": "$key", "holds": False, "readings": [{"name": "$key", "value": "(unset)"}]}
    ]


def test_state__tells_apart_what_stands_around_and_links_that_are_broken(bundles, heard):
    text = f"{TEXT}\n:: StoryCaption\nGold: $gold\n\nRun, Ann.\n".replace(
        "[[Roll|Dice]]", "[[Roll|Die]]\n[[Ask|https://example.org]]"
    )
    pane = PlayPane(StorySession(parse_twee(text), debounce=3600))
    sent = heard(pane)
    tell(pane, type="hello")
    state = sent.last("state")
    assert (state["lines"], state["around"]) == (["You have 3."], ["Gold: 3", "Run, Ann."])
    assert {offer["label"]: offer["missing"] for offer in state["offers"]} == {
        "Buy a key": None, "Roll": "Die", "Ask": None,
    }  # fmt: skip
    state = choose(pane, sent, "Buy a key")
    assert (state["lines"], state["around"]) == (["A key."], ["Gold: 1", "Run, Ann."])
    pane.close()


def test_choose__shows_what_changed_and_back_undoes_it(pane, sent):
    state = choose(pane, sent, "Buy a key")
    assert (state["passage"], state["at"], state["n_steps"]) == ("Shop", 1, 2)
    assert {"name": "$gold", "value": "1", "before": "3"} in state["variables"]
    assert [step["label"] for step in state["trail"]] == [None, "Buy a key"]
    tell(pane, type="back")
    state = sent.last("state")
    assert (state["passage"], state["at"], state["n_steps"]) == ("Hall", 0, 2)
    tell(pane, type="forward")
    assert sent.last("state")["passage"] == "Shop"
    tell(pane, type="go", at=0)
    assert sent.last("state")["passage"] == "Hall"
    tell(pane, type="go", at=99)
    assert sent.last("state")["notice"]


def test_dice__are_rolled_anew_or_asked(pane, sent):
    choose(pane, sent, "Roll")
    tell(pane, type="reroll")
    assert (sent.last("state")["seed"], sent.last("state")["n_steps"]) == (1, 1)
    tell(pane, type="dice", is_asked=True)
    question = choose(pane, sent, "Roll")["question"]
    assert (question["kind"], question["n"]) == ("chance", 6)
    assert question["alternatives"][4] == {"effect": "$roll = 5", "chance": "16.7 %"}
    tell(pane, type="answer", nth=4)
    state = sent.last("state")
    assert state["question"] is None
    assert {"name": "$roll", "value": "5", "before": "(unset)"} in state["variables"]


def test_selection__follows_the_reader_if_wanted(pane, sent, session):
    choose(pane, sent, "Buy a key")
    assert session.selected == session.story.key("Shop")
    tell(pane, type="follow", is_on=False)
    choose(pane, sent, "Back")
    assert session.selected == session.story.key("Shop")
    tell(pane, type="follow", is_on=True)
    assert session.selected == session.story.key("Hall")


def test_looking__selects_nothing(pane, session, heard):
    heard(pane)
    session.select(session.story.key("End"))
    tell(pane, type="hello")
    session.apply(lambda story: edits.set_text(story, "End", "Outside."), label="Edit")
    pane.wait()
    assert session.selected == session.story.key("End")


def test_edit__is_played_at_once(pane, sent, session):
    choose(pane, sent, "Buy a key")
    session.apply(lambda story: edits.set_text(story, "StoryInit", "<<set $gold to 9>>"), label="Edit")
    pane.wait()
    assert {"name": "$gold", "value": "7", "before": "9"} in sent.last("state")["variables"]
    session.apply(lambda story: edits.set_text(story, "Hall", "Empty."), label="Edit")
    pane.wait()
    assert sent.last("state")["passage"] == "Hall"
    assert "Buy a key" in sent.last("state")["notice"]
    session.undo()
    pane.wait()
    assert labels(sent.last("state")) == ["Buy a key", "Roll"]


def test_show__plays_a_witness(pane, sent, session):
    space = explore(session.story)
    way = max((space.witness(state) for state in range(space.n_states)), key=len)
    pane.show(way)
    pane.wait()
    state = sent.last("state")
    assert not state["notice"]
    assert [step["label"] for step in state["trail"][1:]] == way.labels


def test_jump__goes_where_a_way_is_known(pane, sent, session):
    choose(pane, sent, "Buy a key")
    session.select(session.story.key("Hall"))
    pane.wait()
    assert sent.last("selected")["name"] == "Hall"
    tell(pane, type="jump")
    assert sent.last("state")["at"] == 0
    session.select(session.story.key("Nobody"))
    pane.wait()
    assert sent.last("selected")["name"] is None
    tell(pane, type="jump")
    assert "Nobody" in sent.last("state")["notice"]

    space = explore(session.story)
    witnesses = {space.places[at]: space.witness(state) for state, at in enumerate(space.location)}
    pane.ways = witnesses.get
    session.select(session.story.key("End"))
    pane.wait()
    assert sent.last("selected")["name"] == "End"
    tell(pane, type="jump")
    assert sent.last("state")["passage"] == "End"


def test_locate__shows_the_place_in_the_text(pane, sent, session):
    changes = []
    stop = session.watch(changes.append)
    hidden = sent.last("state")["hidden"][0]
    tell(pane, type="locate", passage=hidden["passage"], start=hidden["start"], stop=hidden["stop"])
    assert changes[-1].span == (hidden["start"], hidden["stop"])
    tell(pane, type="locate", passage="Gone", start=0, stop=1)
    stop()


def test_failure__is_told_and_the_next_try_begins_anew(pane, sent, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr("gamebook_lab.widgets.play_pane.state_of", broken)
        tell(pane, type="restart")
    assert sent.last("failed")
    tell(pane, type="hello")
    assert sent[-2]["type"] == "state"


def test_unknown_message__is_passed_over(pane, sent):
    n = len(sent)
    tell(pane, type="nonsense")
    assert len(sent) == n


def test_lone_surrogates__can_be_sent(bundles, heard, edit):
    story = parse_twee(TEXT)
    story = edit(story.key("Hall"), "A \ud800 <<set $x to '\udfff'>>[[\ud800|Hall]]")(story)
    pane = PlayPane(story)
    sent = heard(pane)
    tell(pane, type="hello")
    str(sent.last("state")).encode()
    pane.close()


def test_close__leaves_no_comm_no_thread(bundles, session):
    comms, threads = set(_instances), set(threading.enumerate())
    pane = PlayPane(session)
    tell(pane, type="hello")
    assert set(threading.enumerate()) - threads
    pane.close()
    assert set(_instances) == comms
    assert not set(threading.enumerate()) - threads
    pane._receive(pane, {"view": "v", "type": "back"}, [])  # too late, and harmless


def test_studio__play_shows_a_witness(bundles, heard, session):
    studio = Studio(session)
    sent = heard(studio)
    way = explore(session.story).witness(1)
    studio.play(way)
    assert sent.last("show")["tab"] == "play"
    studio.close()
