"""The command on a real story of 714,000 words."""

import json

import pytest
from pandas.testing import assert_frame_equal

import gamebook_lab as gb

pytest.importorskip("gamebook_lab.languages.sugarcube")


def test_magium__the_one_broken_link_is_named(gamebook, magium):
    run = gamebook("check", magium, "--format", "json")
    assert run.status == 1
    document = json.loads(run.out)
    errors = [row for row in document["problems"] if row["severity"] == "error"]
    assert [(row["code"], row["passage_id"]) for row in errors] == [("GB101", "B2-Ch11c-Credits")]
    assert "'B3-Ch01a-Intro'" in errors[0]["message"]
    lines = magium.read_text(encoding="utf-8").split("\n")
    assert lines[errors[0]["line"] - 1][errors[0]["column"] - 1 :].startswith("B3-Ch01a-Intro")
    assert document["summary"]["n_passages"] > 1300


def test_magium__same_rows_on_two_processes(magium):
    story = gb.read_story(magium)
    assert_frame_equal(gb.check(story, workers=2), story.problems())
