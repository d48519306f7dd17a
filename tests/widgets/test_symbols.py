"""Names in a text: what stands there, where it is defined, where it is used."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.widgets.symbols import Symbol, definition_of, places_of, symbol_at, uses_of

TWEE = """\
:: StoryData
{"ifid": "7A3B2C1D-0000-4000-8000-000000000001", "format": "SugarCube", "start": "Start"}

:: Start
<<if $gold gt 1>>[[Buy|Shop]]<</if>><<hello "you">>

:: StoryInit
<<set $gold to 3>>

:: Shop
<<set $gold -= 1>>[[Back|Start]] [[Gone]]

:: Tools [widget]
<<widget "hello">>Hello <<print $args[0]>>.<</widget>>
"""


@pytest.fixture(scope="module")
def story():
    return gb.parse_twee(TWEE)


def at(story, passage: str, words: str) -> Symbol | None:
    return symbol_at(story, story.key(passage), story.text(passage).index(words) + 1)


def test_symbol__is_what_the_cursor_is_on(story):
    assert at(story, "Start", "$gold") == Symbol("variable", "$gold")
    assert at(story, "Start", "Shop") == Symbol("passage", "Shop")
    assert at(story, "Start", "hello") == Symbol("macro", "hello")
    assert at(story, "Start", "if ") is None


def test_definition__of_a_variable_is_where_the_story_begins_with_it(story):
    key, span = definition_of(story, Symbol("variable", "$gold"))
    assert (story.name(key), story.text(key)[slice(*span)]) == ("StoryInit", "$gold")


def test_definition__of_passages_and_macros(story):
    assert definition_of(story, Symbol("passage", "Shop"))[0] == story.key("Shop")
    assert definition_of(story, Symbol("passage", "Gone")) is None
    key, span = definition_of(story, Symbol("macro", "hello"))
    assert (story.name(key), story.text(key)[slice(*span)]) == ("Tools", "hello")
    assert definition_of(story, Symbol("variable", "$never")) is None


def test_uses__are_all_of_them_with_what_is_around(story):
    how = [(story.name(place.key), place.how) for place in places_of(story, Symbol("variable", "$gold"))]
    assert sorted(how) == [("Shop", "read"), ("Shop", "set"), ("Start", "read"), ("StoryInit", "set")]
    rows, n = uses_of(story, Symbol("passage", "Start"))
    assert (n, rows[0]["before"], rows[0]["what"]) == (1, "<<set $gold -= 1>>[[Back|", "Start")
    assert [row["how"] for row in uses_of(story, Symbol("macro", "hello"))[0]] == ["called"]
