"""The tabs of variables and words."""

from __future__ import annotations

import json

import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.findings import findings
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.variables_pane import VariablesPane
from gamebook_lab.widgets.words_pane import WordsPane, words_by_tag

TWEE = """\
:: StoryData
{"ifid": "7A3B2C1D-0000-4000-8000-000000000001", "format": "SugarCube", "start": "Start"}

:: StoryInit
<<set $gold to 3>>

:: Start [one two]
Three words here. <<if $gold gt 1>>[[Shop]]<</if>>

:: Shop
<<set $gold -= 1>>[[Start]]
"""


@pytest.fixture
def session():
    return StorySession(gb.parse_twee(TWEE), debounce=3600)


def test_variables__rows_uses_and_rename(bundles, heard, session):
    pane = VariablesPane(session)
    sent = heard(pane)
    pane._receive(pane, {"type": "hello"}, [])
    pane.wait()
    json.dumps(sent.last("facts"))
    assert [row["cells"][:6] for row in sent.last("facts")["rows"]] == [["$gold", "number", "3", 2, 2, 3]]
    pane._receive(pane, {"type": "uses", "name": "$gold"}, [])
    assert sent.last("uses")["n"] == 4
    pane._receive(pane, {"type": "rename", "old": "$gold", "new": "$silver"}, [])
    assert "$silver" in session.story.text("Shop")
    told = []
    stop = session.watch_notices(told.append)
    pane._receive(pane, {"type": "rename", "old": "$silver", "new": "two words"}, [])
    assert "two words" in told[0].text
    stop()
    pane.close()


def test_words__in_all_and_by_tag(bundles, heard, session):
    pane = WordsPane(session)
    sent = heard(pane)
    pane._receive(pane, {"type": "hello"}, [])
    pane.wait()
    facts = sent.last("facts")
    assert (facts["n_words"], facts["n_passages"], facts["paths"]) == (5, 2, [])
    assert [row["cells"] for row in words_by_tag(session.story)] == [
        ["one", 1, 4, 4], ["two", 1, 4, 4], ["(no tag)", 1, 1, 1],
    ]  # fmt: skip
    pane.close()
    assert session.n_watchers == 0


def explored(session, status, **limits):
    return Explored(status, session.story, findings(gb.explore(session.story, threads=1, **limits)), None)


def test_words_and_values__as_exploring_finds_them(bundles, session):
    words, variables = WordsPane(session), VariablesPane(session)
    whole, cut = explored(session, "done"), explored(session, "done", max_states=2)
    assert words.content(whole)["extent"] == "whole"
    assert [row["cells"] for row in words.content(whole)["paths"]] == [["Start", "stuck", 14, 14, 14]]
    assert variables.content(whole)["rows"][0]["cells"][-1] == "3, 2, 1"
    assert (words.content(cut)["extent"], words.content(cut)["paths"]) == ("part", [])
    assert words.content(cut._replace(status="exploring"))["extent"] == "begun"
    words.close()
    variables.close()
