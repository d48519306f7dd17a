"""``gamebook suite`` writes a suite, ``gamebook test`` plays it after an edit."""

import json

import pytest

STORY = """:: StoryData
{"ifid": "9A3B1C40-3D1B-4B7C-8B0E-3B9E9B1F5D01", "format": "SugarCube", "start": "Hall"}

:: Hall
A hall. [[Open the door|Cellar]] [[Leave|Street]]

:: Cellar
Dark. [[Up|Street]]

:: Street
Home.
"""


@pytest.fixture
def story(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "story.twee"
    file.write_text(STORY)
    return file


def test_suite__writes_what_is_asked_for(gamebook, story):
    run = gamebook("suite", "story.twee", "--output", "suite.json", "--output", "plan.md", "--level", "choice")
    assert run.status == 0
    assert run.out == (
        "2 playthroughs (no fewer would do)\n"
        "  passage    3 of 3 reachable (100.0%)\n"
        "  choice     3 of 3 reachable (100.0%)\n"
        "  ending     1 of 1 reachable (100.0%)\n"
        "suite.json\nplan.md\n"
    )
    assert "choose **Open the door**, and come to *Cellar*." in (story.parent / "plan.md").read_text()
    again = gamebook("suite", "story.twee", "--output", "suite.json")
    assert (again.status, "--overwrite" in again.err) == (2, True)


def test_test__as_before_changed_and_unreadable(gamebook, story):
    gamebook("suite", "story.twee", "--output", "suite.json")
    run = gamebook("test", "story.twee", "suite.json")
    assert (run.status, run.out) == (0, "2 playthroughs: all as before.\n")
    story.write_text(STORY.replace("[[Up|Street]]", "[[Up|Hall]]"))
    run = gamebook("test", "story.twee", "suite.json")
    assert run.status == 1
    assert "changed at step 2 of 2\n  In Cellar: 'Up' leads to 'Hall', not to 'Street'\n" in run.out
    markdown = gamebook("test", "story.twee", "suite.json", "--format", "markdown")
    assert "| 2 of 2 | Cellar | 'Up' leads to 'Hall', not to 'Street' |" in markdown.out
    document = json.loads(gamebook("test", "story.twee", "suite.json", "--format", "json").out)
    assert document["summary"] == {"as before": 1, "noted": 0, "changed": 1}
    assert gamebook("test", "story.twee", "story.twee").status == 2
    assert gamebook("test", "story.twee", "nothing.json").status == 2


def test_suite__of_a_story_without_choices_reads_it_once(gamebook, story):
    story.write_text(":: Start\nThat is all.\n", "utf-8")
    run = gamebook("suite", "story.twee")
    assert "1 playthrough (" in run.out
