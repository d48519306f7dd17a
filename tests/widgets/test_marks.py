"""Marks of a passage while it is edited."""

from __future__ import annotations

import gamebook_lab as gb
from gamebook_lab.story import edits
from gamebook_lab.story.checks import check, check_passage
from gamebook_lab.widgets.documents import Splice
from gamebook_lab.widgets.marks import marks_of, moved, newer_marks

TEXT = ":: Start\n[[Nowhere]] <<set $seen to 1>> <<if $never>>[[Cellar]]<</if>>\n\n:: Cellar\n[[Lost]]\n"


def marked(text: str = TEXT):
    story = gb.parse_twee(text)
    return story, marks_of(check(story), 0, len(story.text(0)))


def places(story, marks):
    return sorted((mark["code"], story.text(0)[mark["start"] : mark["stop"]]) for mark in marks)


def test_own__are_those_that_the_whole_check_finds():
    story, marks = marked()
    found = {(each.code, each.start, each.stop) for each in check_passage(story, 0)}
    assert {code for code, _, _ in found} == {"GB101"}
    assert found <= {(mark["code"], mark["start"], mark["stop"]) for mark in marks}


def test_newer__tell_broken_links_anew_and_move_the_others():
    story, marks = marked()
    assert places(story, marks) == [("GB101", "Nowhere"), ("GB201", "$never"), ("GB202", "$seen")]
    edited = edits.set_text(story, 0, "So. " + story.text(0).replace("Nowhere", "Nobody"))
    assert places(edited, newer_marks(edited, 0, story, marks)) == [
        ("GB101", "Nobody"), ("GB201", "$never"), ("GB202", "$seen"),
    ]  # fmt: skip


def test_newer__of_another_passages_name():
    story, marks = marked()
    edited = edits.rename_passage(story, "Cellar", "Nowhere")
    assert places(edited, newer_marks(edited, 0, story, marks)) == [("GB201", "$never"), ("GB202", "$seen")]


def test_newer__are_none_where_nothing_is_new():
    story, marks = marked()
    edited = edits.set_text(story, 0, "Once. " + story.text(0) + " Then.")
    assert newer_marks(edited, 0, story, marks) is None


def test_moved__leaves_out_what_was_changed_inside():
    _, marks = marked(":: Start\n[[Nowhere]] [[Lost]]\n")
    first, second = marks
    at = first["start"] + 1
    (left,) = moved(marks, [Splice(at, at + 1, "xyz")])
    assert (left["start"], left["stop"]) == (second["start"] + 2, second["stop"] + 2)
    assert moved(marks, [Splice(first["stop"], first["stop"], "!")])[0] == first
