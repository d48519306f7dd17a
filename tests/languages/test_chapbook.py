"""Chapbook beyond the cases: kinds of passages, spellings, bugs that were found."""

from __future__ import annotations

import pytest

from gamebook_lab.errors import EditError
from gamebook_lab.languages.chapbook import LANGUAGE
from gamebook_lab.languages.registry import for_format
from gamebook_lab.story.language import Language


def test_it_is_the_language_of_chapbook():
    assert isinstance(LANGUAGE, Language)
    assert for_format("Chapbook 2.3.0") == LANGUAGE


@pytest.mark.parametrize(
    ("name", "tags", "kind"), [("x", (), "story"), ("x", ("stylesheet",), "style"), ("StoryTitle", (), "special")]
)
def test_kind_follows_name_and_tags(name: str, tags: tuple[str, ...], kind: str):
    assert LANGUAGE.kind(name, tags) == kind


def test_a_backslash_before_a_quote_is_written_by_number():
    """Chapbook takes any quote after a backslash as escaped, even after an escaped backslash."""
    written = LANGUAGE.encode("a\\", "single")
    program = LANGUAGE.parse(f"{{embed passage: '{written}'}} {{gold}}")
    assert [reference.name for reference in program.references] == ["a\\"]
    assert [access.variable for access in program.accesses] == ["gold"]


def test_short_brackets_are_no_modifier():
    assert LANGUAGE.parse("[nb]\ntext").prose != ()


def test_a_link_inside_a_string_takes_plain_names_only():
    assert LANGUAGE.encode("Hall", "link-in-string") == "Hall"
    with pytest.raises(EditError):
        LANGUAGE.encode("Ann's", "link-in-string")


@pytest.mark.parametrize(("name", "is_one"), [("gold", True), ("passage", False), ("$x", True), ("a b", False)])
def test_variable_names_are_bare_and_not_reserved(name: str, is_one: bool):
    assert LANGUAGE.is_variable_name(name) is is_one
