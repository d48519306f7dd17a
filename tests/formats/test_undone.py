"""Edits, saves, and all of it undone: the file is then what it was, byte for byte."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamebook_lab.formats import read_archive, read_story, save_story, to_twine_archive
from gamebook_lab.formats.twee_section import without_blank_end
from gamebook_lab.story.edits import add_passage, delete_passage, duplicate_passage, rename_passage, set_start, set_text
from gamebook_lab.story.history import History

SMALL = Path(__file__).parents[2] / "data" / "small"
ODD = ":: StoryTitle\nOdd\n\n\n:: Start\n[[B]]\n:: B [x  y]   \n\n\ntext\n   \n\t\n:: Empty\n:: Last <1,2>\nend"
HTML = (
    "<!doctype html>\n<tw-storydata name='Odd' startnode=7 ifid=x hidden><style role=stylesheet id=twine-user-stylesheet>\n"
    "a {}</style>\n\n <tw-passagedata pid=7 name=Start >[[B]] &#60;</tw-passagedata><tw-passagedata name=B tags='b  a'>\n"
    "</tw-passagedata>\n</tw-storydata>\n<p>engine</p>"
)
JSON = json.dumps({"passages": [{"text": "[[B]]", "name": "Start"}, {"name": "B", "x": 1}], "name": "Odd"}, indent=3)
FOLDER = {"a.twee": ":: Start\r\n[[B]]\r\n", "sub/b.tw": ":: B\n[[C]]\n\n\n:: C", "z.twee": ":: D\nend\n\n"}
FILES = {
    "gated.twee": (SMALL / "gated.twee").read_text(encoding="utf-8"),
    "odd.twee": ODD,
    "windows.twee": ODD.replace("\n", "\r\n"),
    "mixed.twee": ODD.replace("\n", "\r", 3).replace("\n", "\r\n", 4),
    "page.html": HTML,
    "story.json": JSON,
}


def content(path):
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    return {str(file): file.read_bytes() for file in files}


def written(folder, name):
    path = Path(folder) / name
    parts = {"": FILES[name]} if name != "folder" else FOLDER
    for part, text in parts.items():
        file = path / part if part else path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return path


def undone(history):
    while history.can_undo:
        history = history.undo()
    return history.saved(save_story(history.story))


@pytest.mark.parametrize("name", [*FILES, "folder"])
@pytest.mark.parametrize("where", ["first", "middle", "last", "all"])
def test_deleted_passage_that_comes_back_after_a_save_is_as_it_was(tmp_path, name, where):
    path = written(tmp_path, name)
    before = content(path)
    history = History(read_story(path))
    keys = history.story.table.index.tolist()
    chosen = {"first": keys[:1], "middle": keys[len(keys) // 2 :][:1], "last": keys[-1:], "all": keys}[where]
    for key in chosen:
        history = history.do("Delete", delete_passage(history.story, key))
        history = history.saved(save_story(history.story))
    assert content(path) != before
    undone(history)
    assert content(path) == before


@pytest.mark.parametrize("name", [*FILES, "folder"])
def test_added_passage_that_is_undone_after_a_save_leaves_nothing(tmp_path, name):
    path = written(tmp_path, name)
    before = content(path)
    history = History(read_story(path))
    history = history.do("Add", add_passage(history.story, "Foo \u2192", "bar"))
    history = history.saved(save_story(history.story))
    assert "Foo" in b"".join(content(path).values()).decode()
    undone(history)
    assert content(path) == before


def with_file(story, key, name):
    table = story.table.copy()
    table.loc[key, "file"] = name
    return story.with_table(table, [key])


def test_file_that_a_folder_was_given_by_a_save_goes_when_that_is_undone(tmp_path):
    path = written(tmp_path, "folder")
    before = content(path)
    history = History(read_story(path))
    added = add_passage(history.story, "Foo", "bar")
    history = history.do("Add", with_file(added, added.key("Foo"), "new.twee"))
    history = history.saved(save_story(history.story))
    assert (path / "new.twee").read_text() == ":: Foo\nbar\n"
    history = undone(history)
    assert content(path) == before
    assert history.story.source.fingerprint == read_story(path).source.fingerprint


def test_file_of_the_folder_that_loses_its_passages_stays(tmp_path):
    path = written(tmp_path, "folder")
    story = read_story(path)
    save_story(delete_passage(save_story(delete_passage(story, "Start")), "D"))
    assert {file.name for file in path.rglob("*.tw*")} == {"a.twee", "b.tw", "z.twee"}


def test_undoing_in_an_archive_leaves_what_became_of_its_other_story_meanwhile(tmp_path):
    path = tmp_path / "archive.html"
    one, two = read_story(SMALL / "gated.twee"), read_story(SMALL / "loop.twee")
    path.write_text(to_twine_archive([one, two]))
    before = path.read_text()
    history = History(read_archive(path)[0])
    history = history.do("Add", add_passage(history.story, "Foo", "bar"))
    history = history.saved(save_story(history.story))
    other = read_archive(path)[1]
    save_story(set_text(other, other.table.index[0], "changed meanwhile"))
    undone(history)
    assert "changed meanwhile" in path.read_text()
    assert "Foo" not in path.read_text()
    assert read_archive(path)[0].source.element == path.read_text()[: len(before.partition("</tw-storydata>")[0]) + 15]


def test_without_its_history_a_file_whose_last_passage_is_deleted_ends_as_it_did(tmp_path):
    path = written(tmp_path, "gated.twee")
    before = path.read_bytes()
    save_story(add_passage(read_story(path), "Foo", "bar"))
    assert path.read_bytes() != before
    save_story(delete_passage(read_story(path), "Foo"))
    assert path.read_bytes() == before


def test_text_of_a_saved_story_is_what_its_file_holds(tmp_path):
    path = written(tmp_path, "odd.twee")
    saved = save_story(add_passage(read_story(path), "Foo", "bar"))
    again = save_story(delete_passage(saved, "B"))
    assert again.source.documents[0].text == path.read_text()
    assert save_story(again).source.documents == again.source.documents


def texts_of(story):
    return {
        name: without_blank_end(text) for name, text in zip(story.table["passage_id"], story.table["text"], strict=True)
    }


def edited(story, kind, at, name):
    keys = story.table.index.tolist()
    key = keys[at % len(keys)] if keys else None
    if kind == "add" or key is None:
        return story if name in story.keys_by_name else add_passage(story, name, f"of {name}\n\n", x=1.0, y=2.0)
    if kind == "delete":
        return delete_passage(story, key)
    if kind == "copy":
        return duplicate_passage(story, key)
    if kind == "rename":
        return story if name in story.keys_by_name else rename_passage(story, key, name)
    if kind == "start":
        return set_start(story, key) if story.table.at[key, "kind"] == "story" else story
    return set_text(story, key, "" if kind == "clear" else f"{name}\n:: {at}\n")


KINDS = ("add", "delete", "copy", "rename", "start", "clear", "write", "save", "undo", "redo")


@settings(deadline=None, max_examples=40)
@given(
    name=st.sampled_from([*FILES, "folder"]),
    steps=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.sampled_from("PQR")), max_size=10),
)
def test_any_edits_and_saves_undone_leave_the_bytes_that_were_read(name, steps):
    folder = tempfile.mkdtemp()
    try:
        path = written(folder, name)
        before = content(path)
        history = History(read_story(path))
        for kind, at, to in steps:
            if kind == "save":
                history = history.saved(save_story(history.story))
                assert texts_of(read_story(path)) == texts_of(history.story)
            elif kind in {"undo", "redo"}:
                history = getattr(history, kind)()
            else:
                history = history.do(kind, edited(history.story, kind, at, to))
        undone(history)
        assert content(path) == before
    finally:
        shutil.rmtree(folder)
