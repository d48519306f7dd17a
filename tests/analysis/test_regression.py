"""A saved suite, played again after an edit: what changed, and at which step."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

import gamebook_lab as gb
from gamebook_lab.analysis.regression import replay_suite
from gamebook_lab.analysis.suite_files import read_suite, save
from gamebook_lab.analysis.suites import find_suite
from gamebook_lab.errors import ConflictError, FormatError
from tests.analysis.generated import passages
from tests.analysis.stories import space_of

STORY = """
:: StoryData
{"format": "SugarCube", "start": "Hall"}

:: Hall
A hall. [[Open the door|Cellar]] [[Take the key|Key]]

:: Key
<<set $key to true>>Yours. [[Back|Hall]]

:: Cellar
<<if $key>>[[Unlock|Treasure]]<</if>> [[Give up|Street]]

:: Treasure
Gold.

:: Street
Home.
"""


@pytest.fixture
def saved(tmp_path):
    space = gb.explore(gb.parse_twee(STORY))
    return read_suite(space.test_suite(("choice", "ending")).save(tmp_path / "suite.json"))


def replayed(saved, *changes):
    text = STORY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return replay_suite(gb.parse_twee(text), saved)


def the_change(table):
    changed = table[table["status"] == "changed"]
    assert len(changed)
    return changed.iloc[0]


def test_replay_suite__the_same_story_is_as_before(saved):
    assert set(replayed(saved)["status"]) == {"as before"}


def test_replay_suite__text_around_choices_may_change(saved):
    assert set(replayed(saved, ("A hall.", "A long, dark hall, and nobody there."))["status"]) == {"as before"}


def test_replay_suite__a_choice_that_is_gone(saved):
    row = the_change(replayed(saved, ("[[Open the door|Cellar]] ", ""), ("[[Take", "[[Sit|Street]] [[Take")))
    assert row["passage_id"] == "Hall"
    assert row["message"] == "'Open the door' is not offered; 'Sit' stands there, and leads to 'Street'"


def test_replay_suite__a_choice_that_leads_elsewhere(saved):
    row = the_change(replayed(saved, ("[[Unlock|Treasure]]", "[[Unlock|Street]]")))
    assert row["message"] == "'Unlock' leads to 'Street', not to 'Treasure'"
    assert row["passage_id"] == "Cellar"


def test_replay_suite__a_condition_that_holds_no_more(saved):
    row = the_change(replayed(saved, ("<<set $key to true>>", "")))
    assert row["message"].startswith("'Unlock' is not offered")
    assert row["step"] > 1


def test_replay_suite__an_ending_that_goes_on(saved):
    row = the_change(replayed(saved, ("Gold.", "Gold. [[On|Street]]")))
    assert row["message"] == "play goes on there; before, play stops (ending)"


def test_replay_suite__a_story_that_moves_on_by_itself(saved):
    row = the_change(replayed(saved, ("A hall.", '<<goto "Street">>')))
    assert "moves on by itself" in row["message"] or "begins at 'Street'" in row["message"]


def test_replay_suite__labels_and_renames_are_noted(saved):
    table = replayed(saved, ("[[Give up|", "[[Go home|"), ("Treasure", "Hoard"))
    assert set(table["status"]) <= {"as before", "noted"}
    notes = [note for each in table["notes"] for note in each]
    assert any("'Treasure' is called 'Hoard' now" in note for note in notes)


def test_replay_suite__a_passage_that_is_gone(saved):
    row = the_change(replayed(saved, (":: Treasure\nGold.", "")))
    assert "Treasure" in row["message"] or "missing" in row["message"]


DICE = """
:: StoryData
{"format": "SugarCube", "start": "Roll"}

:: Roll
<<set $x to random(1, 2)>><<if $x is 1>>[[Low|A]]<<else>>[[High|B]]<</if>>

:: A
Low.

:: B
High.
"""


def test_replay_suite__dice_are_loaded_as_they_fell(tmp_path):
    space = gb.explore(gb.parse_twee(DICE))
    saved = read_suite(space.test_suite().save(tmp_path / "dice.json"))
    assert set(replay_suite(space.story, saved)["status"]) == {"as before"}
    table = replay_suite(gb.parse_twee(DICE.replace("<<set $x to random(1, 2)>>", "<<set $x to 1>>")), saved)
    assert "changed" in set(table["status"])


@settings(max_examples=30)
@given(passages(circles=True), passages(circles=True))
def test_replay_suite__any_other_story_at_all(tmp_path_factory, story, other):
    space = space_of(story, "P0")
    path = save(find_suite(space), tmp_path_factory.mktemp("suites") / "suite.json", overwrite=False)
    saved = read_suite(path)
    assert set(replay_suite(space.story, saved)["status"]) <= {"as before"}
    replay_suite(space_of(other, "P0").story, saved)  # whatever it says, it says something


def test_save__every_format_and_no_other(tmp_path):
    suite = gb.explore(gb.parse_twee(STORY)).test_suite()
    for name in ("a.json", "a.md", "a.html", "a.csv"):
        assert suite.save(tmp_path / name).read_text()
    with pytest.raises(ConflictError):
        suite.save(tmp_path / "a.md")
    with pytest.raises(ValueError, match="docx"):
        suite.save(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("nonsense", "JSON"),
        ("[]", "test suite"),
        ('{"format": "gamebook-test-suite", "version": 99}', "version"),
        ('{"format": "gamebook-test-suite", "version": 1}', "missing"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_read_suite__anything_else_is_refused(tmp_path, content, why):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(FormatError, match=why):
        read_suite(tmp_path / "x.json")


def test_plan__the_storys_words_are_escaped(tmp_path):
    story = gb.parse_twee(":: Start\n[[<img src=x onerror=alert(1)> *a* | b|End]]\n\n:: End\n<b>.\n")
    suite = gb.explore(story).test_suite()
    assert "<img" not in suite.to_html()
    assert "<img" not in suite.to_markdown().replace("\\<", "")
    assert json.loads((suite.save(tmp_path / "s.json")).read_text())["version"] == 1
