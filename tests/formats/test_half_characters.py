"""Halves of characters (lone surrogates), which escapes can spell and no table or file can hold: read as U+FFFD, and told."""

from __future__ import annotations

import json

import pytest

import gamebook_lab as gb
from gamebook_lab.formats.jsontext import first_half

DATA = [
    {"ifid": "\ud800"}, {"format": "\ud800a"}, {"start": "\udc00"}, {"x": [{"\ud800": ["\udfff"]}]}, {"\ud800": 1}, {"tag-colors": {"\ud800": "\ud800"}},
]  # fmt: skip
PASSAGE = {"name": "\ud800", "text": "\udc00\ud800", "tags": ["\ud800"], "metadata": {"\ud800": "\ud800"}}


def assert_whole(story):
    for table in (story.passages, story.choices, story.variables, story.problems()):
        table.to_csv().encode()
    for write in (gb.to_twee, gb.to_twine_html, gb.to_twine_json):
        write(story).encode()


def codes(story):
    return [problem.code for problem in story.import_problems]


@pytest.mark.parametrize("data", DATA, ids=ascii)
def test_in_twee_metadata(data):
    story = gb.parse_twee(f":: StoryData\n{json.dumps(data)}\n\n:: Start\nHello.\n")
    assert_whole(story)
    assert any("half of a character" in problem.message for problem in story.import_problems)


@pytest.mark.parametrize("data", [{}, *DATA], ids=ascii)
def test_in_json(data, tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps({**data, "passages": [PASSAGE]}))
    story = gb.read_story(path)
    assert_whole(story)
    assert story.table["passage_id"].tolist() == ["\ufffd"]
    assert "GB503" in codes(story)
    assert gb.to_twine_json(story) == path.read_text()


@pytest.mark.parametrize("page", [
    '<tw-storydata name="&#xD800;" startnode="&#55296;"><tw-passagedata name="&#xDC00;" tags="&#xD800;">&#xDFFF;</tw-passagedata></tw-storydata>',
    '<div id="storeArea"><div tiddler="&#xD800;" tags="&#xD800;">&#xD800;</div></div>',
])  # fmt: skip
def test_in_html(page, tmp_path):
    path = tmp_path / "x.html"
    path.write_text(page)
    story = gb.read_story(path)
    for table in (story.passages, story.choices, story.variables, story.problems()):
        table.to_csv().encode()
    assert story.table["passage_id"].tolist() == ["\ufffd"]


def test_in_a_text_from_python():
    story = gb.parse_twee(":: A\ud800 [t\ud800]\n\udc00 [[B\ud800]]\n")
    assert_whole(story)
    assert "GB503" in codes(story)


def test_a_whole_pair_is_no_half():
    assert first_half(json.dumps({"a": "\U0001f600", "b": "\\ud800 \\\\"})) is None
    assert first_half('"\\\\\\ud83d\\ude00\\ud83d"') == 15
