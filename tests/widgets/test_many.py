"""What map and table do to several passages: one step of undo, and Twee that reads back."""

from __future__ import annotations

from itertools import combinations

import pytest

import gamebook_lab as gb
from gamebook_lab.errors import EditError
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.story import Story, passage_rows
from gamebook_lab.widgets import map_data
from gamebook_lab.widgets.many import do_to_many, twee_of
from gamebook_lab.widgets.session import StorySession

TWEE = ":: Start [day]\n[[Cellar]] [[Attic]]\n\n:: Cellar\n[[Start]]\n\n:: Attic [day]\nDust.\n"


@pytest.fixture
def session():
    return StorySession(gb.parse_twee(TWEE), debounce=3600)


def do(session, act, keys=(), value="", **more):
    return do_to_many(session, {"type": "many", "act": act, "keys": list(keys), "value": value, **more}, origin=None)


def test_tag_and_untag__are_one_step_of_undo_each(session):
    do(session, "tag", [0, 1, 99], "night late")
    assert session.story.table["tags"].tolist() == [("day", "night", "late"), ("night", "late"), ("day",)]
    do(session, "untag", [0, 1], "night")
    session.undo()
    session.undo()
    assert session.story.table["tags"].tolist() == [("day",), (), ("day",)]
    with pytest.raises(EditError):
        do(session, "paste", value="nothing here")


def test_copy_and_paste__bring_the_passages_along(session):
    copied = do(session, "copy", [1, 2, 99])
    assert copied["n"] == 2
    assert ":: StoryData" not in copied["twee"]
    do(session, "delete", [1, 2])
    assert len(session.story) == 1
    do(session, "paste", value=copied["twee"])
    assert session.story.table["passage_id"].tolist() == ["Start", "Cellar", "Attic"]
    assert session.story.text("Cellar") == "[[Start]]"
    assert session.story.name(session.selected) == "Cellar"


def test_tags__of_all_are_those_and_no_others(session):
    do(session, "tags", [0, 1, 99], "late early")
    assert session.story.table["tags"].tolist() == [("late", "early"), ("late", "early"), ("day",)]
    do(session, "tags", [0, 1], "")
    assert session.story.table["tags"].tolist() == [(), (), ("day",)]


def test_replace__is_made_in_the_chosen_passages_alone(session):
    do(session, "replace", [0, 2, 99], "Dust", instead="Sand")
    do(session, "replace", [0], "[[Cellar]]", instead="")
    assert session.story.table["text"].tolist() == [" [[Attic]]", "[[Start]]", "Sand."]
    session.undo()
    session.undo()
    assert session.story.text("Attic") == "Dust."


def test_save__gives_a_file_that_can_be_added_again(session):
    saved = do(session, "save", [2])
    assert saved["is_file"]
    assert gb.parse_twee(saved["twee"]).table["passage_id"].tolist() == ["Attic"]


def test_twee_of__reads_back_with_hostile_names():
    rows = [Passage("A :: B [x]", "\\:: not a header\n:: nor this", ("t",)), Passage("<script>", "x")]
    story = Story(passage_rows(rows), gb.parse_twee(TWEE).language)
    back = gb.parse_twee(twee_of(story, [0, 1]))
    assert back.table["passage_id"].tolist() == ["A :: B [x]", "<script>"]
    assert back.text("<script>") == "x"


def test_tidy_by_tag__keeps_groups_apart():
    rows = [Passage(f"P{n}", f"[[P{(n + 1) % 12}]]", (f"ch{n % 3}",) if n < 9 else ()) for n in range(12)]
    story = Story(passage_rows(rows), gb.parse_twee(TWEE).language)
    places = map_data.tidied_by_tag(map_data.read(story))
    assert sorted(places) == list(range(12))
    boxes = {}
    for key, (x, y) in places.items():
        left, top, right, bottom = boxes.get(key % 3 if key < 9 else 3, (x, y, x, y))
        boxes[key % 3 if key < 9 else 3] = (min(left, x), min(top, y), max(right, x), max(bottom, y))
    for (a, b, c, d), (e, f, g, h) in combinations(boxes.values(), 2):
        assert c + 100 <= e or g + 100 <= a or d + 100 <= f or h + 100 <= b
