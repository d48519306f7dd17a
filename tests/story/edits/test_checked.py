"""What no file of text can hold is refused by every edit that takes text."""

from __future__ import annotations

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.formats import parse_twee
from gamebook_lab.story import edits
from gamebook_lab.story.search import replace
from gamebook_lab.story.visible import is_visible, printable

STORY = parse_twee(":: Start\n[[go|Yard]] {$gold}\n\n:: Yard\nEnd\n")
CHOICE = STORY.choices["choice_id"].iloc[0]


@pytest.mark.parametrize("bad", ["a\0b", "\0", "a\ud800b"], ids=ascii)
@pytest.mark.parametrize(
    "edit",
    [
        lambda s, bad: edits.set_text(s, "Yard", bad),
        lambda s, bad: edits.add_passage(s, "New", bad),
        edits.add_passage,
        lambda s, bad: edits.add_passage(s, "New", tags=[bad]),
        lambda s, bad: edits.rename_passage(s, "Yard", bad),
        lambda s, bad: edits.duplicate_passage(s, "Yard", bad),
        lambda s, bad: edits.split_passage(s, "Yard", 0, bad),
        lambda s, bad: edits.set_tags(s, "Yard", [bad]),
        lambda s, bad: edits.tag_passages(s, ["Yard"], add=[bad]),
        lambda s, bad: edits.relabel_choice(s, CHOICE, bad),
        lambda s, bad: edits.retarget_choice(s, CHOICE, bad),
        lambda s, bad: edits.add_choice(s, "Yard", bad, "Start"),
        lambda s, bad: edits.add_choice(s, "Yard", "label", bad),
        lambda s, bad: edits.rename_variable(s, "$gold", f"${bad}"),
        lambda s, bad: replace(s, "End", bad),
    ],
)
def test_what_no_file_can_hold__is_refused_in_every_edit(edit, bad):
    with pytest.raises(EditError):
        edit(STORY, bad)


@pytest.mark.parametrize("text", [":: New\na\0b\n", ":: N\0w\nab\n", ":: New [t\0g]\nab\n"], ids=ascii)
def test_what_no_file_can_hold__is_refused_in_passages_that_are_pasted(text):
    with pytest.raises(EditError, match="zero character"):
        edits.import_passages(STORY, parse_twee(text))


def test_zero_character__is_named_with_its_place():
    with pytest.raises(EditError, match=r"a text holds a zero character \(NUL\) at position 1, .* remove it"):
        edits.set_text(STORY, "Yard", "a\0b")


def test_zero_character_that_is_there__stays_beside_other_edits_and_can_be_taken_out():
    story = parse_twee(":: Start\n[[Yard]] a\0b\n\n:: Yard\nEnd\n")
    story = edits.rename_passage(story, "Yard", "Court")
    assert story.text("Start") == "[[Court]] a\0b"
    assert story.problems()["code"].tolist().count("GB509") == 1
    row = story.problems().set_index("code").loc["GB509"]
    assert story.text("Start")[row["start"] : row["stop"]] == "\0"
    assert "GB509" not in edits.set_text(story, "Start", "[[Court]] ab").problems()["code"].tolist()


@pytest.mark.parametrize("name", ["\u202e", "\u200b\u2060", "\u3164", "\u00ad", "\ufe0f", "\u2800 \u115f"], ids=ascii)
def test_name_that_cannot_be_seen__is_refused(name):
    with pytest.raises(EditError, match="visible character"):
        edits.rename_passage(STORY, "Yard", name)


@pytest.mark.parametrize("name", ["\u202ea", "\U0001f600", "-", "\u0939\u093f", "\u2067\u05d0\u2069"], ids=ascii)
def test_name_with_something_to_see__is_taken_as_it_is(name):
    assert edits.rename_passage(STORY, "Yard", name).table["passage_id"].tolist() == ["Start", name]


def test_printable__spells_out_what_hides_or_turns():
    assert printable("\u202eRTL\u202c a\u200bb \u00e9\u00a0\U0001f468\u200d\U0001f469") == (
        "\\u202eRTL\\u202c a\\u200bb \u00e9\u00a0\U0001f468\u200d\U0001f469"
    )
    assert is_visible("a\u200b")
