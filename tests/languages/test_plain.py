"""Plain stories: links are found as Twine finds them, and everything else is prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.errors import EditError
from gamebook_lab.languages.plain import LANGUAGE
from gamebook_lab.languages.registry import language
from gamebook_lab.story.language import Language
from gamebook_lab.story.play import visits_of
from tests.languages.driving import play, story_of


@pytest.mark.parametrize(
    ("text", "label", "target"),
    [
        ("[[a]]", "a", "a"),
        ("[[ a ]]", "a", "a"),
        ("[[go there->a]]", "go there", "a"),
        ("[[a->b->c]]", "a->b", "c"),
        ("[[a<-go there]]", "go there", "a"),
        ("[[go there|a]]", "go there", "a"),
        ("[[->a]]", "", "a"),
    ],
)
def test_link_has_label_and_target(text, label, target):
    (choice,) = LANGUAGE.parse(text).choices
    assert (choice.label, choice.target) == (label, target)
    assert text[slice(*choice.target_slot.span)] == target
    assert text[slice(*choice.label_slot.span)] == label


@pytest.mark.parametrize("text", ["[[]]", "[[a->]]", "[[a", "[[a\n]]", "a]]", "[a]", ""])
def test_what_is_no_link_is_prose(text):
    program = LANGUAGE.parse(text)
    assert program.choices == ()
    assert "".join(text[slice(*span)] for span in program.prose) == text


def test_prose_leaves_out_markup_and_targets():
    text = "Go [[down->Cellar]] or [[up]]."
    assert [text[slice(*span)] for span in LANGUAGE.parse(text).prose] == ["Go ", "down", " or ", "up", "."]


def test_script_has_no_links():
    assert LANGUAGE.parse("[[a]]", tags=("script",)).choices == ()


def test_it_is_a_language_and_is_found_by_name():
    assert isinstance(LANGUAGE, Language)
    assert language("plain") is LANGUAGE


@pytest.mark.parametrize("target", ["", " a", "a]", "a]]", "a|b", "a->b", "a\nb"])
def test_target_that_a_link_cannot_hold_is_refused(target):
    with pytest.raises(EditError):
        LANGUAGE.link(None, target)


@given(st.text(), st.text())
def test_written_link_reads_back(label, target):
    try:
        text = LANGUAGE.link(label, target)
    except EditError:
        return
    (choice,) = LANGUAGE.parse(text).choices
    assert (choice.label, choice.target) == (label, target)


@given(st.text(alphabet="[]<->|ab \n"))
def test_spans_are_sorted_and_inside(text):
    program = LANGUAGE.parse(text)
    done = 0
    for token in program.tokens:
        assert done <= token.start < token.stop <= len(text)
        done = token.stop
    done = 0
    for span in program.prose:
        assert done <= span.start < span.stop <= len(text)
        done = span.stop


def test_player_offers_every_link_and_moves():
    reader = play(LANGUAGE, {"Start": "Go  [[down->Cellar]]\n\nor [[Start]].", "Cellar": ""})
    assert reader.text == "Go down\nor Start."
    assert reader.labels == ["down", "Start"]
    assert reader.player.click(reader.page, reader.page.offers[0], reader.turn) == ("Cellar",)
    assert reader.click("down").offers == ()
    assert reader.turn.values[visits_of("Start")] == 1
    assert reader.player.opaques("Start") == ()


def test_player_of_a_story_without_a_start_has_none():
    assert LANGUAGE.player(story_of(LANGUAGE, {})).start is None
