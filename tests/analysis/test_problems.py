"""Problems that only show when conditions count, and why a passage can be reached or not."""

from __future__ import annotations

import pickle

import pytest

from gamebook_lab.analysis.findings import findings
from gamebook_lab.analysis.problems import space_problems
from gamebook_lab.analysis.why import why
from gamebook_lab.engine.exploration import explore, play
from gamebook_lab.formats import read_story
from gamebook_lab.story import schema
from tests.analysis.stories import space_of, to

STORY = """:: StoryData
{"ifid": "8C1F4B5E-0000-4000-8000-000000000000", "format": "SugarCube", "start": "Start"}

:: Start
<<set $key to false>><<set $gold to 2>>You wake. [[Go down->Cellar]] [[Go out->Gate]] [[Row->Island]]

:: Cellar
A chest. <<if $key>>[[Open the chest->Treasure]]<</if>> [[Leave->End]]

:: Treasure
Gold! [[Dig on->Deeper]]

:: Deeper
More gold! [[Leave->End]]

:: Gate
<<if $gold gte 3>>[[Pay->End]]<</if>>

:: Island
Sand. [[Walk around->Beach]]

:: Beach
Sand. [[Walk back->Island]]

:: Nobody
Nothing leads here. [[End]]

:: End
And so it ends.
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    path = tmp_path_factory.mktemp("story") / "story.twee"
    path.write_text(STORY, encoding="utf-8")
    return read_story(path)


@pytest.fixture(scope="module")
def space(story):
    return explore(story, threads=1)


def rows(table, code):
    return table[table["code"] == code].to_dict("records")


def test_space_problems__tell_what_conditions_block(space):
    table = space_problems(space)
    assert [row["passage_id"] for row in rows(table, "GB601")] == ["Treasure", "Deeper"]
    choices = rows(table, "GB602")
    assert [(row["passage_id"], "Open the chest" in row["message"]) for row in choices] == [
        ("Cellar", True), ("Gate", False)
    ]  # fmt: skip
    assert [row["passage_id"] for row in rows(table, "GB603")] == ["Gate"]
    assert [row["passage_id"] for row in rows(table, "GB604")] == ["Island"]
    assert table["severity"].eq("warning").all()


def test_space_problems__have_places_like_all_others(space):
    table = space_problems(space)
    (row,) = [row for row in rows(table, "GB602") if row["passage_id"] == "Cellar"]
    assert STORY.splitlines()[row["line"] - 1][row["column"] - 1 :].startswith("[[Open the chest")
    assert list(table.columns) == [column.name for column in schema.PROBLEMS]


def test_space_problems__nothing_is_said_of_what_was_not_all_explored(story):
    assert space_problems(explore(story, threads=1, max_states=3)).empty


def test_space_problems__a_passage_that_never_ends():
    space = space_of({"Start": to("Round"), "Round": {"goto": [[], "Square"]}, "Square": {"goto": [[], "Round"]}})
    assert rows(space_problems(space), "GB605")


def test_why__a_way_is_shown_and_can_be_played(space):
    found = why(space, "Beach")
    assert found.verdict == "reachable"
    assert [stage.passage for stage in found.way] == ["Start", "Island", "Beach"]
    assert found.way[0].clicks == ("Row",)
    assert not found.blocked
    assert play(space.story, found.witness).places[-1] == "Beach"


def test_why__the_blocking_condition_and_who_sets_its_variable(space):
    found = why(space, "Treasure")
    assert (found.verdict, found.way) == ("unreachable", ())
    (blocked,) = found.blocked
    assert (blocked.passage, blocked.verdict, blocked.label) == ("Cellar", "reachable", "Open the chest")
    assert "$key" in blocked.condition
    assert [(each.variable, each.passages) for each in blocked.setters] == [("$key", ("Start",))]


def test_why__behind_what_is_blocked(space):
    (blocked,) = why(space, "Deeper").blocked
    assert (blocked.passage, blocked.verdict, blocked.condition) == ("Treasure", "unreachable", "")


def test_why__of_the_start_and_of_nothing(space):
    assert [stage.passage for stage in why(space, "Start").way] == ["Start"]
    assert why(space, "StoryData") is None
    assert why(space, "no such passage") is None


def test_findings__go_between_processes(space):
    found = pickle.loads(pickle.dumps(findings(space)))
    assert found.is_exact
    assert set(found.passages["verdict"]) == {"reachable", "unreachable"}
    assert {problem.code for problem in found.problems} == {"GB601", "GB602", "GB603", "GB604"}
