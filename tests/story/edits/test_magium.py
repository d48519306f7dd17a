"""Edits on a real story change only the bytes that they must."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.story.history import History


@pytest.fixture(scope="module")
def story(magium):
    return gb.read_story(magium)


@pytest.fixture(scope="module")
def twee(story):
    return gb.to_twee(story)


def changed_lines(before, after):
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return [(old, new) for old, new in pairs if old != new]


def test_rename_passage__only_its_header_and_its_links(story, twee):
    name = "Ch5-Intro"
    after = gb.to_twee(gb.edits.rename_passage(story, name, "Fifth"))
    lines = changed_lines(twee, after)
    assert len(lines) == 1 + (story.choices["target"] == name).sum()
    assert all(name in old and "Fifth" in new for old, new in lines)
    assert after.replace("Fifth", name) == twee


def test_retarget_choice__only_the_target(story, twee):
    choice = story.choices[story.choices["label"] != story.choices["target"]].iloc[5]
    after = gb.to_twee(gb.edits.retarget_choice(story, choice["choice_id"], "Elsewhere"))
    ((old, new),) = changed_lines(twee, after)
    assert old.replace(f"|{choice['target']}]", "|Elsewhere]") == new


def test_set_text__only_that_passage(story, twee):
    text = story.text(5)
    assert twee.count(text) == 1
    after = gb.to_twee(gb.edits.set_text(story, 5, f"{text}\nMore."))
    assert after == twee.replace(text, f"{text}\nMore.")


def test_rename_variable__only_its_name_and_undo_restores(story, twee):
    name = story.variables.sort_values("n_reads")["name"].iloc[-1]
    new = gb.edits.rename_variable(story, name, "$brand_new")
    after = gb.to_twee(new)
    assert name not in after
    assert after.replace("$brand_new", name) == twee
    assert gb.to_twee(History(story).do("Rename variable", new).undo().story) == twee


def test_saved_file__differs_in_the_bytes_of_three_edits_alone(story, magium, tmp_path):
    path = tmp_path / "magium.twee"
    path.write_bytes(magium.read_bytes())
    edited = gb.edits.rename_passage(gb.read_story(path), "Ch5-Intro", "Fifth")
    choice = story.choices[story.choices["label"] != story.choices["target"]].iloc[5]
    edited = gb.edits.retarget_choice(edited, choice["choice_id"], "Elsewhere")
    edited = gb.edits.set_text(edited, 5, f"{edited.text(5)} More.")
    gb.save_story(edited)
    before, after = (each.read_bytes().split(b"\n") for each in (magium, path))
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    renamed = [(old, new) for old, new in differing if old == new.replace(b"Fifth", b"Ch5-Intro")]
    others = [(old, new) for old, new in differing if (old, new) not in renamed]
    assert len(renamed) == 1 + (story.choices["target"] == "Ch5-Intro").sum()
    assert sorted(len(new) - len(old) for old, new in others) == sorted([len("Elsewhere") - len(choice["target"]), 6])
