"""SugarCube beyond the cases: kinds of passages, spellings, limits."""

from __future__ import annotations

import pickle

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.languages.registry import for_format
from gamebook_lab.languages.sugarcube import LANGUAGE
from gamebook_lab.story.language import Language


def test_it_is_the_language_of_sugarcube_and_sugarcane():
    assert isinstance(LANGUAGE, Language)
    assert for_format("SugarCube 2.36.1") == LANGUAGE
    assert for_format("Sugarcane") == LANGUAGE
    assert pickle.loads(pickle.dumps(LANGUAGE)) == LANGUAGE


@pytest.mark.parametrize(
    ("name", "tags", "kind"),
    [
        ("Hall", (), "story"), ("Hall", ("bookmark", "nobr"), "story"), ("StoryInit", (), "special"),
        ("PassageReady", (), "special"), ("x", ("widget",), "special"), ("x", ("init",), "special"),
        ("x", ("Twine.private",), "special"), ("x", ("Twine.image",), "special"), ("x", ("script",), "script"),
        ("x", ("stylesheet",), "style"), ("Start", (), "story"),
    ],
)  # fmt: skip
def test_kind_follows_name_and_tags(name: str, tags: tuple[str, ...], kind: str):
    assert LANGUAGE.kind(name, tags) == kind


def test_a_picture_passage_and_story_data_hold_no_markup():
    assert LANGUAGE.parse("[[a]]", name="x", tags=("Twine.image",)).choices == ()
    assert LANGUAGE.parse("[[a]]", name="StoryData").choices == ()
    assert LANGUAGE.parse("[[a]]", name="x", tags=("stylesheet",)).choices == ()


@pytest.mark.parametrize(
    ("text", "quoting", "written"),
    [
        ("Hall", "link", "Hall"), ("a|b", "link", '"a|b"'), ("a]]b", "link", r'"a\x5d\x5db"'), ("$x", "link", "~$x"),
        ("https://a.b", "link", "~https://a.b"), ("It's", "single", r"It\'s"), ("two words", "bareword", '"two words"'),
        ("$x", "bareword", '"$x"'), ("12", "bareword", '"12"'), ("Tom & Ann", "attribute-double", "Tom &amp; Ann"),
        ("say `x`", "double-in-backquote", r"say \x60x\x60"), ("a -> b", "label", '"a -> b"'),
    ],
)  # fmt: skip
def test_names_are_spelled_for_their_slot(text: str, quoting: str, written: str):
    assert LANGUAGE.encode(text, quoting) == written


@pytest.mark.parametrize(
    ("text", "quoting"), [("", "link"), (" ", "link"), ("two words", "attribute-bare"), ("$x", "attribute-double")]
)
def test_what_cannot_be_spelled_is_an_edit_error(text: str, quoting: str):
    with pytest.raises(EditError):
        LANGUAGE.encode(text, quoting)


def test_links_are_written_with_a_bar():
    assert LANGUAGE.link("Go", "Hall") == "[[Go|Hall]]"
    assert LANGUAGE.link(None, "Hall") == "[[Hall]]"
    assert LANGUAGE.link_inside("Go", "Hall") == "Go|Hall"


@pytest.mark.parametrize(
    ("name", "is_one"), [("$gold", True), ("_i", True), ("gold", False), ("$", False), ("$1", False), ("$a.b", False)]
)
def test_variable_names_have_a_sigil(name: str, is_one: bool):
    assert LANGUAGE.is_variable_name(name) is is_one


def test_a_macro_that_is_not_closed_does_not_hide_the_next_one():
    program = LANGUAGE.parse("<<set $a to 1>\n<<goto 'Hall'>>")
    assert [choice.target for choice in program.choices] == ["Hall"]
    assert [access.value for access in program.accesses] == ["1"]
    assert len(program.problems) == 1


def test_many_branches_are_bounded_and_say_so():
    program = LANGUAGE.parse("<<if $a>>" + "<<elseif $b>>[[x]]" * 500 + "<</if>>")
    assert max(len(choice.conditions) for choice in program.choices) <= 66
    assert any("branches" in problem.message for problem in program.problems)


def test_a_closing_tag_makes_an_unknown_macro_a_container():
    program = LANGUAGE.parse("<<if $a>><<box>>[[In]]<</box>><</if>> <<dot>> [[Out]]")
    assert [len(choice.conditions) for choice in program.choices] == [1, 0]
    assert [opaque.what for opaque in program.opaques] == ["<<box>>", "<<dot>>"]
    assert program.problems == ()


def test_label__quoted_tilde_is_the_tilde() -> None:
    program = LANGUAGE.parse('[["~"|Cellar]]')
    assert program.choices[0].label == "~"
