"""The line under the editor: what it says of each verdict, and where its chips lead."""

from __future__ import annotations

import pytest

from gamebook_lab.analysis.answers import Blocked, Setter, Stage, Why
from gamebook_lab.story.passage import Passage
from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.why_line import WhyLine, reason
from tests.widgets.conftest import make_story


@pytest.fixture
def tiny():
    return make_story(Passage("Start", "[[Hall]]", is_start=True), Passage("Hall", "[[Attic]]"), Passage("Attic", "."))


STAGES = (Stage("Start", ("Go in",)), Stage("Hall", ()), Stage("Attic", ()))
BLOCK = Blocked("Hall", 0, 9, "Up", "$key", "reachable", (Setter("$key", ("Start", "gone"), 12),))


def because(verdict, *, way=(), blocked=()):
    return Why(
        passage="Attic", verdict=verdict, n_choices=max(0, len(way) - 1), way=way, witness=None, is_luck_only=False,
        blocked=blocked, n_blocked=len(blocked), limit=None, n_states=3,
    )  # fmt: skip


REACHED = because("reachable", way=STAGES)
BLOCKED = because("unreachable", blocked=(BLOCK,))


def test_reason__of_a_way_is_chips(tiny):
    said = reason(tiny, 2, REACHED, None, can_play=True)
    assert [(chip["key"], chip["name"], chip["hint"]) for chip in said["way"]] == [
        (0, "Start", "Go in"), (1, "Hall", ""), (2, "Attic", "")
    ]  # fmt: skip
    assert (said["verdict"], said["n_steps"]) == ("reachable", 2)
    assert not said["can_play"], "there is no witness"


def test_reason__of_a_block_names_conditions_and_setters(tiny):
    (blocked,) = reason(tiny, 2, BLOCKED, None, can_play=False)["blocked"]
    assert (blocked["passage"]["key"], blocked["span"], blocked["condition"]) == (1, (0, 9), "$key")
    (setter,) = blocked["setters"]
    assert [chip["key"] for chip in setter["passages"]] == [0, None]
    assert setter["n_passages"] == 12


def test_reason__says_how_far_exploring_is(tiny):
    assert reason(tiny, 2, None, None, can_play=False)["note"].startswith("exploring")
    assert not reason(tiny, None, None, None, can_play=False)["note"]


def test_chip__selects_the_passage_and_the_choice(tiny, heard, bundles):
    session = StorySession(tiny)
    line = WhyLine(session)
    sent = heard(line)
    changes = []
    session.watch(changes.append)
    line._receive(line, {"type": "select", "key": 1, "span": [0, 5]}, [])
    assert session.selected == 1
    assert changes[-1].span == (0, 5)
    assert sent.last("reason")["key"] == 1
    line._receive(line, {"type": "nonsense"}, [])
    line.close()
    assert session.n_watchers == 1


def test_answer__that_comes_too_late_is_not_shown(tiny, heard, bundles):
    line = WhyLine(StorySession(tiny))
    sent = heard(line)
    line._answer(2, REACHED)
    assert not sent.of("reason"), "another passage is selected"
    line._answer(0, REACHED)
    assert sent.last("reason")["way"]
    line.close()
