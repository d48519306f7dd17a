"""Snowman beyond the cases: kinds of passages, spellings, bugs that were found."""

from __future__ import annotations

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.languages.registry import for_format
from gamebook_lab.languages.snowman import LANGUAGE
from gamebook_lab.story.language import Language


def test_it_is_the_language_of_snowman():
    assert isinstance(LANGUAGE, Language)
    assert for_format("Snowman") == LANGUAGE


@pytest.mark.parametrize(
    ("name", "tags", "kind"), [("x", (), "story"), ("x", ("script",), "script"), ("StoryData", (), "special")]
)
def test_kind_follows_name_and_tags(name: str, tags: tuple[str, ...], kind: str):
    assert LANGUAGE.kind(name, tags) == kind


def test_a_name_cannot_end_the_code_around_it():
    assert LANGUAGE.encode("100%>", "double") == "100%\\x3e"


@pytest.mark.parametrize("name", ["a|b", "a->b", "a]]", "", "https://x.org"])
def test_what_a_link_cannot_hold_is_an_edit_error(name: str):
    with pytest.raises(EditError):
        LANGUAGE.encode(name, "link")


def test_a_snippet_that_is_not_closed_inside_a_link_is_a_problem():
    program = LANGUAGE.parse("[[Go|<%= s.x]]")
    assert [problem.message for problem in program.problems] == ["<% is not closed"]


@pytest.mark.parametrize(
    ("name", "is_one"), [("gold", True), ("$gold", True), ("a.b", False), ("1", False), ("", False)]
)
def test_variable_names_are_bare(name: str, is_one: bool):
    assert LANGUAGE.is_variable_name(name) is is_one
