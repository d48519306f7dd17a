"""Twine JSON: what it says, what stays when it is edited, what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gamebook_lab.errors import FormatError
from gamebook_lab.formats import parse_twee, registry, to_twine_json
from gamebook_lab.formats.jsontext import JsonError, read_object, read_value, salvage, set_members
from gamebook_lab.formats.protocol import Document, Origin

STORY = """{
    "name": "T", "ifid": "0CBA6930-7035-462E-A19F-5801A703E414", "formatVersion": "1", "format": "Harlowe",
    "start": "B", "tagColors": {"a": "red"}, "zoom": "0.5", "mine": null, "script": "1;", "style": "",
    "passages": [
        {"name": "A", "tags": ["a"], "metadata": {"position": "1,2", "note": 3}, "text": "x", "pid": 7},
        {"text": "y", "name": "B"}
    ]
}
"""


def read(text):
    (story,) = registry.by_name("twine-json").read((Document(text),), Origin())
    return story


def test_story_is_read():
    story = read(STORY)
    assert story.table["passage_id"].tolist() == ["Story JavaScript", "A", "B"]
    assert story.table["line"].tolist() == [1, 5, 6]
    assert story.table.loc[1, ["x", "y", "tags"]].tolist() == [1, 2, ("a",)]
    assert story.start_key == 2
    facts = story.metadata
    assert (facts.title, facts.format_version, facts.zoom, dict(facts.extra)) == ("T", "1", 0.5, {"mine": None})
    assert dict(facts.tag_colors) == {"a": "red"}
    assert story.import_problems == ()
    assert to_twine_json(story) == STORY


def test_edit_keeps_every_other_value():
    story = read(STORY)
    table = story.table.copy()
    table.at[2, "text"] = "z"
    table.at[1, "x"] = 5.0
    expected = json.loads(STORY)
    expected["passages"][1]["text"] = "z"
    expected["passages"][0]["metadata"]["position"] = "5,2"
    text = to_twine_json(story.with_table(table))
    assert json.loads(text) == expected
    assert list(json.loads(text)) == list(expected)
    assert text.startswith('{\n    "name"')


def test_new_story_is_as_documented():
    story = parse_twee(':: Start [a] {"position":"1,2"}\nx\n\n:: s [script]\n1;\n')
    story = replace(story, metadata=replace(story.metadata, title="T", format="Harlowe"))
    assert json.loads(to_twine_json(story)) == {
        "name": "T",
        "format": "Harlowe",
        "script": '/* twine-user-script #1: "s" */\n1;',
        "passages": [{"name": "Start", "tags": ["a"], "text": "x", "metadata": {"position": "1,2"}}],
    }


@pytest.mark.parametrize(
    ("item", "n_problems"),
    [("3", 1), ("{}", 2), ('{"name":1,"text":[],"tags":"a","metadata":[]}', 4),
     ('{"name":"a","text":"","tags":[1],"metadata":{"position":"x"}}', 2)],
)  # fmt: skip
def test_odd_passage_is_a_row_and_stays(item, n_problems):
    text = f'{{"ifid":"12345678","format":"Harlowe","zoom":"big","passages":[{item}]}}'
    story = read(text)
    assert [row.code for row in story.import_problems] == ["GB501"] * (n_problems + 1)
    assert to_twine_json(story) == text


def test_half_a_character_is_replaced():
    assert read('{"passages":[{"name":"a\\ud800","text":"\\ud83d\\ude00"}]}').table.loc[
        0, ["passage_id", "text"]
    ].tolist() == [
        "a\ufffd",
        "\U0001f600",
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a":1}', '{"passages":{}}', '{"passages":[]} x', '{"passages":[NaN]}']
)
def test_what_is_no_story_is_refused(text):
    with pytest.raises(FormatError):
        read(text)


@pytest.mark.parametrize("text", ["[" * 65, '{"a":' * 65, "1e999", "Infinity", "9" * 5000, ""])
def test_value_beyond_the_limits_is_an_error(text):
    with pytest.raises(JsonError):
        read_value(text)


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ('{"a":1,"b":2}', {"a": 5}, '{"a":5,"b":2}'),
        ('{ "a" : 1 }', {"b": "x"}, '{ "a" : 1, "b": "x" }'),
        ('{"a":1}', {"b": "x"}, '{"a":1,"b":"x"}'),
        ('{\n  "a": 1\n}', {"b": 2}, '{\n  "a": 1,\n  "b": 2\n}'),
        ("{}", {"b": 2}, '{"b": 2}'),
        ('{"a":1, "b":2, "c":3}', {"a": None}, '{"b":2, "c":3}'),
        ('{"a":1, "b":2, "c":3}', {"b": None}, '{"a":1, "c":3}'),
        ('{"a":1, "b":2}', {"b": None}, '{"a":1}'),
        ('{"a":1}', {"a": None}, "{}"),
    ],
)
def test_member_is_set_where_it_stands(text, changes, expected):
    assert set_members(text, read_object(text)[0], changes) == expected


def test_broken_object_is_salvaged():
    text = '{"a": x y", "b": 12AB", "c": [1, "d": {"e": 1}, "f"'
    found = salvage(text, ["a", "b", "c", "d", "f"])
    assert {key: member.value for key, member in found.items()} == {"a": "x y", "b": "12AB", "d": {"e": 1}}
    assert text[found["b"].start : found["b"].stop] == "12AB"
