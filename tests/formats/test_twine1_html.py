"""Twine 1 HTML is read, and never written."""

from __future__ import annotations

import pytest

from gamebook_lab.errors import FormatError
from gamebook_lab.formats import read_story, save_story, to_twee, unrepresentable

PAGE = """<html><body><div id="{store}" data-size="4" hidden>
<div tiddler="StoryTitle" tags="">Tea</div><div tiddler="Start" tags="a b" twine-position="10,20" modifier="twee">one\\ntwo\\tx \\sn &lt;b&gt;</div>
<div tiddler="s" tags="script">1;</div>{more}</div></body></html>
"""


@pytest.fixture(params=["storeArea", "store-area"])
def file(tmp_path, request):
    path = tmp_path / "one.html"
    path.write_text(PAGE.format(store=request.param, more=""))
    return path


def test_page_is_read(file):
    story = read_story(file)
    assert story.source.format == "twine1-html"
    assert story.metadata.title == "Tea"
    assert story.table["passage_id"].tolist() == ["Start", "s"]
    assert story.table["kind"].tolist() == ["story", "script"]
    assert story.table.loc[0, ["x", "y", "tags", "line"]].tolist() == [10, 20, ("a", "b"), 2]
    assert story.text("Start") == "one\ntwo\tx \\n <b>"
    assert story.start_key == 0


def test_it_is_not_written_but_converts(file, tmp_path):
    story = read_story(file)
    with pytest.raises(FormatError, match="only read"):
        save_story(story)
    save_story(story, tmp_path / "a.twee")
    assert ':: Start [a b] {"position":"10,20"}\none\ntwo\tx \\n <b>\n' in to_twee(story)
    assert [row.code for row in unrepresentable(story, "twee")] == ["GB506"]
    save_story(story, tmp_path / "a.html")
    assert read_story(tmp_path / "a.html").text("Start") == story.text("Start")


def test_rot13_is_turned_back(tmp_path):
    path = tmp_path / "one.html"
    more = '<div tiddler="StorySettings" tags="">undo:on\\nobfuscate:rot13\\n</div><div tiddler="Pryyne" tags="k">Uryyb</div>'
    path.write_text(PAGE.format(store="storeArea", more=more))
    story = read_story(path)
    assert story.text("Cellar") == "Hello"
    assert "undo:on" in story.text("StorySettings")


def test_engine_without_passages_is_no_story(tmp_path):
    path = tmp_path / "engine.html"
    path.write_text('<div id="storeArea">')
    with pytest.raises(FormatError):
        read_story(path)
