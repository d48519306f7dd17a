"""Edits that are all undone leave the file's very bytes, in whichever sitting they were made, saved or undone."""

from __future__ import annotations

import shutil
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamebook_lab.errors import EditError
from gamebook_lab.formats import parse_twee
from gamebook_lab.story import edits
from gamebook_lab.widgets.session import StorySession

TWEE = """\
:: StoryTitle
Tiny

:: StoryData
{"ifid": "7A3B2C1D-0000-4000-8000-000000000001", "format": "SugarCube", "start": "Start"}

:: Start
Go to the [[Cellar]] or the [[Attic]].

:: Cellar [dark]  {"position":"10,20"}
Dark. [[Start]]



:: Attic
Dusty.
:: Odd  [ spaced   tags ]{"position":"5,5","size":"100,100"}

  no line end"""
HTML = """\
<!doctype html><html><body><tw-storydata name="Tiny" startnode="1" ifid="7A3B2C1D-0000-4000-8000-000000000001" \
format="SugarCube" hidden><style type="text/twine-css">b{}</style>
<tw-passagedata pid="1" name="Start" tags="" position="100,100">Go [[Cellar]] or [[Attic]].</tw-passagedata>
<tw-passagedata pid="2" name="Cellar" tags="dark">Dark &amp; &quot;cold&quot;.</tw-passagedata>\
<tw-passagedata  pid='7' name="Attic" tags="">Dusty.</tw-passagedata>  </tw-storydata></body></html>"""
FILES = {"a.twee": TWEE, "b.twee": TWEE.replace("\n", "\r\n"), "c.html": HTML}

ACTS = {
    "text": lambda story, key, n: edits.set_text(story, key, ("", "x", "\n\nlead", "trail \n\n", "[[Attic]]")[n % 5]),
    "rename": lambda story, key, n: edits.rename_passage(story, key, f"N{n}"),
    "add": lambda story, _, n: edits.add_passage(story, f"A{n}", text="new", x=3.0, y=4.0),
    "delete": lambda story, key, n: edits.delete_passage(story, key, unlink=n % 2 == 0),
    "tags": lambda story, key, n: edits.set_tags(story, key, ("a", "dark")[: n % 3]),
    "start": lambda story, key, _: edits.set_start(story, key),
    "merge": lambda story, key, n: edits.merge_passages(story, key, key_at(story, n)),
    "turn": lambda story, *_: story.with_table(story.table.iloc[::-1]),
}


def key_at(story, n):
    keys = story.table.index.tolist()
    return keys[n % len(keys)]


def act(session, what, n):
    if what == "save":
        session.save()
    elif what == "undo":
        session.undo()
    elif what == "redo":
        session.redo()
    elif len(session.story.table):
        with suppress(EditError):
            session.apply(lambda story: ACTS[what](story, key_at(story, n), n // 7), label=what)


def undone(path, acts):
    """Do all this, taking a new kernel where it says so; then undo all there is, and save."""
    session = StorySession.open(path)
    try:
        for what, n in acts:
            if what == "restart":
                session.workspace.close()
                session = StorySession.open(path)
            else:
                act(session, what, n)
        while session.undo_label is not None:
            session.undo()
        session.save()
    finally:
        session.workspace.close()
    return path.read_bytes()


@pytest.fixture
def folder(tmp_path):
    assert len(parse_twee(TWEE).choices)  # the language sets a limit when it is loaded, which hypothesis would mind
    return tmp_path / "stories"


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from([*ACTS, "save", "undo", "redo", "restart", "restart"]), st.integers(0, 60)),
        max_size=10,
    )
)
def test_whatever_was_done_and_in_however_many_sittings__undone_it_is_the_file_as_it_was(folder, name, acts):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / name
    path.write_bytes(FILES[name].encode())
    assert undone(path, acts) == FILES[name].encode()


@pytest.mark.parametrize("name", FILES)
def test_a_deletion_that_was_saved__is_undone_in_the_next_sitting_byte_for_byte(folder, name):
    folder.mkdir()
    path = folder / name
    path.write_bytes(FILES[name].encode())
    acts = [("delete", 2), ("save", 0), ("restart", 0), ("text", 8), ("save", 0), ("restart", 0)]
    assert undone(path, acts) == FILES[name].encode()


def test_a_folder_of_files__is_undone_byte_for_byte(folder):
    folder.mkdir()
    files = {
        "a.twee": b":: StoryTitle\nTiny\n:: Start\n[[Cellar]]\n",
        "b.twee": b"::  Cellar [ a  b ]\n\nDark.\n\n\n:: Attic\nDust.",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    session = StorySession.open(folder)
    act(session, "delete", 1)
    act(session, "text", 2)
    session.save()
    session.workspace.close()
    session = StorySession.open(folder)
    while session.undo_label is not None:
        session.undo()
    session.save()
    session.workspace.close()
    assert {path.name: path.read_bytes() for path in folder.glob("*.twee")} == files


def test_a_file_that_was_changed_outside__is_the_one_to_come_back_to(folder):
    folder.mkdir()
    path = folder / "a.twee"
    path.write_bytes(TWEE.encode())
    session = StorySession.open(path)
    act(session, "delete", 2)
    session.save()
    session.workspace.close()
    theirs = path.read_bytes().replace(b"Dark.", b"Darker.  \n")
    path.write_bytes(theirs)
    session = StorySession.open(path)
    act(session, "text", 1)
    session.save()
    session.workspace.close()
    session = StorySession.open(path)
    session.undo()
    session.save()
    session.workspace.close()
    assert path.read_bytes() == theirs
