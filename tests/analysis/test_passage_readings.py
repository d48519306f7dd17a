"""Who came to which passage, however playthroughs and logs are given."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.coverage import covered
from gamebook_lab.analysis.passage_readings import passage_readings

STORY = """
:: StoryData
{"format": "SugarCube", "start": "Hall"}

:: Hall
[[Left]] [[Right]]

:: Left
[[Way]]

:: Way
<<goto "End">>

:: Right
[[End]]

:: End
Over.
"""


def test_readings__walks_suites_and_playthroughs_agree_with_coverage():
    space = gb.explore(gb.parse_twee(STORY))
    walks = space.paths().simulate(50, seed=3)
    expected = {
        row["passage_id"]: row["n_playthroughs"]
        for row in covered(space, walks, ["passage"]).to_dict("records")
        if row["n_playthroughs"]
    }
    found = passage_readings(walks)
    assert (found.what, found.total, found.by_passage) == ("playthroughs", 50, expected)
    suite = space.test_suite("passage")
    assert passage_readings(suite) == passage_readings(list(suite), space)
    assert passage_readings(suite).by_passage["Way"] == 1
    assert passage_readings([], space).by_passage == {}


def test_readings__of_a_log_count_sessions():
    space = gb.explore(gb.parse_twee(STORY))
    sessions = gb.simulate_readers(space, 40, seed=1)
    found = passage_readings(sessions)
    assert (found.what, found.total, found.by_passage["Hall"]) == ("sessions", 40, 40)
    assert passage_readings(gb.compare(sessions, space)) == found


def test_readings__what_they_are_not_is_refused():
    with pytest.raises(TypeError, match="space="):
        passage_readings([])
    with pytest.raises(TypeError, match="a reading log, not int"):
        passage_readings(3)
