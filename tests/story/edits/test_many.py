"""Edits of many passages at once."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.errors import EditError
from gamebook_lab.story import edits

TWEE = ":: Start [day]\n[[Cellar]] [[Attic]]\n\n:: Cellar\n[[Start]]\n\n:: Attic [day dusty]\nDust.\n"


@pytest.fixture
def story():
    return gb.parse_twee(TWEE)


def tags(story) -> list[tuple[str, ...]]:
    return story.table["tags"].tolist()


def test_tag__adds_and_takes_in_one_edit(story):
    tagged = edits.tag_passages(story, ["Start", "Attic"], add=["night", "day"], remove=["day", "gone"])
    assert tags(tagged) == [("night", "day"), (), ("dusty", "night", "day")]
    assert edits.tag_passages(story, ["Start"], add=["day"]) is story
    with pytest.raises(EditError):
        edits.tag_passages(story, ["Start"], add=["two words"])


def test_tag__may_make_code_of_a_passage(story):
    tagged = edits.tag_passages(story, ["Cellar"], add=["script"])
    assert tagged.table["kind"].tolist() == ["story", "script", "story"]


def test_delete__of_none_changes_nothing(story):
    assert edits.delete_passages(story, []) is story
    left = edits.delete_passages(story, ["Cellar", "Attic"])
    assert left.table["passage_id"].tolist() == ["Start"]


def test_import__renames_what_is_taken_with_its_own_links_and_places_it(story):
    other = gb.parse_twee(
        ':: Cellar {"position":"100,100"}\n[[Cellar]] [[Wine]]\n\n:: Wine {"position":"300,200"}\nRed. [[Start]]\n'
    )
    both = edits.import_passages(story, other, x=10.0, y=20.0)
    assert both.table["passage_id"].tolist() == ["Start", "Cellar", "Attic", "Cellar 2", "Wine"]
    assert both.text("Cellar 2") == "[[Cellar 2]] [[Wine]]"
    assert both.text("Start") == story.text("Start")
    assert both.table.loc[both.key("Wine"), ["x", "y"]].tolist() == [210.0, 120.0]
    assert both.start_key == story.start_key


def test_import__of_nothing_is_refused(story):
    with pytest.raises(EditError, match="::"):
        edits.import_passages(story, gb.parse_twee("no passage"))
