"""Verdicts as the map and the table show them."""

from __future__ import annotations

import numpy as np
import pytest

from gamebook_lab.analysis.answers import Findings
from gamebook_lab.story import schema
from gamebook_lab.story.checks import tabled
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.widgets import map_data, table_data, table_facts
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.passage_table import PassageTable
from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.story_map import StoryMap
from gamebook_lab.widgets.verdict_rows import REACH, Verdict, combined, reach, told, verdicts
from tests.widgets.conftest import make_story

NAMES = ("Start", "Drawn", "Trap", "End", "Lost", "Far")


@pytest.fixture
def tiny():
    return make_story(*(Passage(name, "Words.", is_start=name == "Start") for name in NAMES))


def found(limit=None, *, problems=()):
    import pandas as pd

    passages = pd.DataFrame(
        {
            "passage_id": [*NAMES, "gone since"],
            "verdict": ["reachable"] * 4 + ["unreachable", "unknown", "reachable"],
            "shortest": pd.array([0, 1, 2, 3, None, None, 1], "Int64"),
            "is_luck_only": [False, True, False, False, False, False, False],
            "n_soft_locked": [0, 0, 1, 0, 0, 0, 0],
            "expected_visits": [1.0, 0.5, np.inf, 0.25, 0.0, 0.0, 1.0],
        }
    )
    endings = pd.DataFrame({"passage_id": ["End", "Lost"], "stop": ["ending", "dead end"]})
    nothing = schema.empty(schema.PROBLEMS)
    return Findings(passages, nothing, nothing, endings, problems, (), limit is None, limit is None, limit, 7, 7)


def test_verdicts__are_by_key_and_leave_out_what_is_gone(tiny):
    known = verdicts(tiny, found())
    assert len(known) == len(NAMES)
    assert known[0] == Verdict("reachable", 0, 1.0)
    assert known[1].verdict == "luck"
    assert known[4] == Verdict("unreachable", -1, -1.0)
    assert verdicts(tiny, None) == {}


def test_reach__tells_the_worst_first(tiny):
    known = reach(tiny, found())
    assert [known[key] for key in range(6)] == ["reachable", "luck", "locked", "ending", "unreachable", "unknown"]
    keys, codes = map_data.reach(known)
    assert np.frombuffer(keys, "<i4").tolist() == list(range(6))
    assert [REACH[code] for code in np.frombuffer(codes, "u1")] == list(known.values())


def test_told__is_honest_about_limits(tiny):
    assert told(None) == told(Explored("exploring", tiny, None, None)) == "exploring the story …"
    assert told(Explored("done", tiny, found(), None)) == ""
    assert "not all" in told(Explored("done", tiny, found("seconds"), None))
    assert "failed" in told(Explored("failed", tiny, None, None))
    assert "cannot be explored" in told(Explored("unavailable", tiny, None, None))


def test_combined__keeps_the_worst_first(tiny):
    checked = tabled(tiny, [Problem("GB101", "broken", key=1), Problem("GB508", "no IFID")])
    more = tabled(tiny, [Problem("GB601", "blocked", key=4)])
    both = combined(checked, Explored("done", tiny, found(), more))
    assert both["code"].tolist() == ["GB101", "GB601", "GB508"]
    assert (both.dtypes == checked.dtypes).all()
    assert combined(checked, None) is checked


def test_table__sorts_and_filters_by_verdicts(tiny):
    facts, keys = table_facts.with_verdicts(table_facts.facts(tiny), verdicts(tiny, found()))
    assert keys == list(range(6))
    wanted = {"sort": [], "text": "", "kind": "", "tag": "", "problem": "", "verdict": "reachable"}
    assert table_data.ordered(facts, tiny, wanted).tolist() == [0, 2, 3]
    wanted = {**wanted, "verdict": "", "sort": [{"field": "expected_visits", "ascending": False}]}
    assert table_data.ordered(facts, tiny, wanted).tolist()[:2] == [2, 0]
    trap, lost = table_data.rows(facts, tiny, [2, 4])
    assert (trap["shortest"], trap["expected_visits"]) == (2, -1.0), "JSON knows no infinity"
    assert (lost["verdict"], lost["shortest"], lost["expected_visits"]) == ("unreachable", None, None)


def test_table__verdicts_stay_through_edits(tiny):
    from gamebook_lab.story.edits import set_text

    facts, _ = table_facts.with_verdicts(table_facts.facts(tiny), verdicts(tiny, found()))
    after, _ = table_facts.update(facts, set_text(tiny, 4, "More words."), [4])
    assert after.rows[4].verdict == "unreachable"


def test_widgets__are_sent_what_is_explored(tiny, heard, bundles):
    session = StorySession(tiny)
    explored = Explored("done", tiny, found(), None)
    shown = StoryMap(session)
    sent = heard(shown)
    shown._judge(explored)
    assert sent.last("reach")["note"] == ""
    shown.close()
    table = PassageTable(session)
    sent = heard(table)
    table._receive(table, {"type": "query", "view": "v", "query": 1, "wanted": {
        "sort": [], "text": "", "kind": "", "tag": "", "problem": "", "verdict": ""}}, [])  # fmt: skip
    table._explored(explored)
    assert [row["verdict"] for _, row in sent.last("changed")["rows"]][:2] == ["reachable", "luck"]
    table.close()
    assert session.n_watchers == 0
