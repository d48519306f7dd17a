"""The Studio: opening, saving, conflicts, one edit in all widgets, and nothing left behind."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from ipywidgets.widgets.widget import _instances

from gamebook_lab import telemetry
from gamebook_lab.errors import ConflictError, EditError, FormatError, LabError
from gamebook_lab.formats import parse_twee, read_archive, read_story, save_story, to_twine_archive
from gamebook_lab.story import edits
from gamebook_lab.widgets import table_facts
from gamebook_lab.widgets.notices import Notice
from gamebook_lab.widgets.studio import Studio
from tests.patience import PATIENCE
from tests.widgets.conftest import end

TEXT = """\
:: StoryTitle
Tiny

:: StoryData
{"ifid": "7A3B2C1D-0000-4000-8000-000000000001", "start": "Start"}

:: Start
Go to the [[Cellar]].

:: Cellar
Dark. [[Start]]
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "tiny.twee"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def studio(path, bundles):
    studio = Studio(path)
    end("gamebook-open")  # on a slow machine it is read on while the Studio shows already
    yield studio
    studio.close()


@pytest.fixture
def sent(studio, heard):
    return heard(studio)


def receive(studio, **message):
    studio._receive(studio, {"view": "v", **message}, [])


def state(studio, sent):
    receive(studio, type="hello")
    return sent.last("state")


def test_save__a_tilde_is_the_home_folder(studio, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(tmp_path)
    receive(studio, type="save", path="~/copy.twee")
    assert studio.session.path == home / "copy.twee"
    assert not (tmp_path / "~").exists()


def test_ping__is_answered_to_the_view_that_asked(studio, sent):
    receive(studio, type="ping")
    assert sent.last("pong") == {"type": "pong", "view": "v"}


def test_open__shows_title_file_and_parts(studio, sent):
    shown = state(studio, sent)
    assert (shown["title"], shown["file"], shown["is_dirty"], shown["loading"]) == ("Tiny", "tiny.twee", False, None)
    assert set(studio.parts) == {"map", "editor", "history", "problems", "telemetry", "why"}


def test_tabs__but_the_first_are_made_when_they_are_looked_at(studio):
    receive(studio, type="look", pane="table")
    end("gamebook-pane")
    assert studio.parts["table"] == f"anywidget:{studio.pane('table').model_id}"
    assert "play" not in studio.parts
    made = dict(studio.parts)
    receive(studio, type="look", pane="table")
    end("gamebook-pane")
    assert studio.parts == made


def test_tabs__a_long_story_s_is_made_while_other_messages_are_answered(studio, sent, monkeypatch):
    is_wanted, usual = threading.Event(), table_facts.facts

    def facts(story):
        assert is_wanted.wait(PATIENCE)
        return usual(story)

    monkeypatch.setattr(table_facts, "facts", facts)
    receive(studio, type="look", pane="table")
    receive(studio, type="ping")
    assert sent.last("pong")["view"] == "v"
    assert "table" not in studio.parts
    is_wanted.set()
    end("gamebook-pane")
    assert "table" in studio.parts


def test_pane__of_an_unknown_name_says_which_there_are(studio, sent):
    with pytest.raises(LabError, match="map, table"):
        studio.pane("maps")
    receive(studio, type="look", pane="maps")
    end("gamebook-pane")
    assert "maps" in sent.last("notices")["notices"][0]["text"]


def test_panes__are_told_to_the_script_in_order(studio):
    tabs = [pane["name"] for pane in studio.panes if pane["place"] == "tab"]
    assert tabs[:2] == ["map", "table"]
    assert all(pane["label"] for pane in studio.panes)


def test_open__of_a_file_that_is_not_there_is_told_and_raised(bundles, heard, tmp_path):
    studio = Studio(tmp_path / "none.twee")
    with pytest.raises(FormatError):
        _ = studio.story
    sent = heard(studio)
    receive(studio, type="hello")
    assert sent.last("notices")["notices"][0]["kind"] == "error"
    studio.close()


def test_open__an_unexpected_error_is_raised_and_nobody_waits(bundles, monkeypatch, path, caplog):
    def broken(path, **_):
        raise RuntimeError("broken reader")

    monkeypatch.setattr("gamebook_lab.widgets.open_sessions.read_story", broken)
    studio = Studio(path)
    with pytest.raises(RuntimeError, match="broken reader"):
        _ = studio.story
    studio.close()


def test_apply_and_assignment__show_and_can_be_undone(studio, sent):
    studio.apply(edits.rename_passage, "Cellar", "Vault")
    assert studio.story.text("Start") == "Go to the [[Vault]]."
    assert sent.last("state")["undo"] == "Rename passage"
    studio.story = edits.set_text(studio.story, "Vault", "Darker.")
    assert studio.story.text("Vault") == "Darker."
    receive(studio, type="undo")
    receive(studio, type="undo")
    assert not sent.last("state")["is_dirty"]
    receive(studio, type="redo")
    assert sent.last("state")["redo"] == "Edit in Python"


def test_apply__that_fails_raises_in_python(studio):
    with pytest.raises(EditError):
        studio.apply(edits.rename_passage, "Cellar", "Start")


def test_save__writes_and_is_clean(studio, sent, path):
    studio.apply(edits.set_text, "Cellar", "Darker. [[Start]]")
    assert sent.last("state")["is_dirty"]
    receive(studio, type="save")
    assert path.read_text(encoding="utf-8") == TEXT.replace("Dark.", "Darker.")
    assert not sent.last("state")["is_dirty"]
    receive(studio, type="undo")
    assert sent.last("state")["is_dirty"]
    receive(studio, type="save")
    assert path.read_text(encoding="utf-8") == TEXT


def test_conflict__asks_and_each_answer_works(studio, sent, path, tmp_path):
    theirs = TEXT.replace("Dark.", "Theirs.")
    studio.apply(edits.set_text, "Cellar", "Ours. [[Start]]")
    path.write_text(theirs, encoding="utf-8")
    receive(studio, type="save")
    (notice,) = sent.last("notices")["notices"]
    assert notice["kind"] == "conflict"
    assert path.read_text(encoding="utf-8") == theirs

    copy = tmp_path / "copy.twee"
    receive(studio, type="save", path=str(copy))
    assert "Ours." in copy.read_text(encoding="utf-8")
    assert sent.last("state")["file"] == "copy.twee"
    assert sent.last("notices")["notices"] == []

    receive(studio, type="save", path=str(path))  # there already
    (notice,) = sent.last("notices")["notices"]
    assert notice["path"] == str(path)
    receive(studio, type="save", path=str(path), overwrite=True)
    assert "Ours." in path.read_text(encoding="utf-8")
    assert sent.last("notices")["notices"] == []


def test_conflict__that_is_over_by_itself_asks_no_more(studio, sent, path):
    text = path.read_bytes()
    path.write_bytes(text + b"\n:: More\n")
    studio.session._file._look()
    assert [notice["kind"] for notice in sent.last("notices")["notices"]] == ["conflict"]
    path.write_bytes(text)
    studio.session._file._look()
    assert sent.last("notices")["notices"] == []


def test_conflict__that_is_over_when_it_is_compared_says_so(studio, sent, path):
    text = path.read_bytes()
    path.write_bytes(text + b"\n:: More\n")
    studio.session._file._look()
    path.write_bytes(text)
    receive(studio, type="compare")
    (notice,) = sent.last("notices")["notices"]
    assert (notice["kind"], "nothing to merge" in notice["text"]) == ("info", True)


def test_conflict__that_is_come_upon_again_is_the_same_question(studio, sent, path):
    path.write_bytes(path.read_bytes() + b"\n:: More\n")
    asked = []
    for come_upon_it in (studio.session._file._look, studio.session._file._save_quietly):
        come_upon_it()
        asked += sent.last("notices")["notices"]
    assert [notice["kind"] for notice in asked] == ["conflict", "conflict"]
    assert asked[0]["id"] == asked[1]["id"], "another would be drawn anew, without the path that was typed into it"
    receive(studio, type="save")
    (notice,) = sent.last("notices")["notices"]
    assert notice["id"] != asked[0]["id"], "who asks is answered"


@pytest.mark.parametrize("asked", ["where", "exists"])
def test_conflict__that_comes_while_another_file_is_chosen_leaves_that_question(studio, sent, path, tmp_path, asked):
    other = tmp_path / "other.twee"
    other.write_bytes(path.read_bytes())
    receive(studio, **({"type": "where"} if asked == "where" else {"type": "save", "path": str(other)}))
    (before,) = sent.last("notices")["notices"]
    path.write_bytes(path.read_bytes() + b"\n:: More\n")
    studio.session._file._look()
    assert [notice["id"] for notice in sent.last("notices")["notices"]] == [before["id"], before["id"] + 1]


def test_conflict__reload_takes_the_file(studio, sent, path):
    studio.apply(edits.set_text, "Cellar", "Ours.")
    path.write_text(TEXT.replace("Dark.", "Theirs."), encoding="utf-8")
    with pytest.raises(ConflictError):
        studio.save()
    receive(studio, type="save")
    receive(studio, type="reload")
    assert studio.story.text("Cellar") == "Theirs. [[Start]]"
    assert not sent.last("state")["is_dirty"]
    assert sent.last("notices")["notices"] == []


def test_save__that_fails_is_told_until_the_next_one(studio, sent, tmp_path):
    for name in ("story.doc", "tiny.twee/story.twee"):
        receive(studio, type="save", path=str(tmp_path / name))
        (notice,) = sent.last("notices")["notices"]
        assert (notice["kind"], notice["path"]) == ("unsaved", str(tmp_path / name))
        studio.apply(edits.set_text, "Cellar", f"Not in {name}.")  # it is not over by that
        assert sent.last("notices")["notices"] == [notice]
    receive(studio, type="save", path=str(tmp_path / "copy.twee"))
    assert sent.last("notices")["notices"] == []


def test_save_as__into_a_folder_that_is_not_there_makes_none_and_says_so(studio, sent, path, tmp_path):
    studio.apply(edits.set_text, "Cellar", "Ours. [[Start]]")
    for name in ("copies/story.twee", "copies/more/story"):
        receive(studio, type="save", path=str(tmp_path / name))
        (notice,) = sent.last("notices")["notices"]
        assert str((tmp_path / name).parent) in notice["text"]
        assert "Nothing was written" in notice["text"]
        assert not (tmp_path / "copies").exists()
        assert studio.session.path == path
    (tmp_path / "copies").mkdir()
    receive(studio, type="save", path=str(tmp_path / "copies" / "story.twee"))
    assert "Ours." in (tmp_path / "copies" / "story.twee").read_text(encoding="utf-8")
    assert sent.last("notices")["notices"] == []


def test_gone__is_told_once_and_writes_the_file_again(studio, sent, path):
    studio.apply(edits.set_text, "Cellar", "Ours. [[Start]]")
    path.unlink()
    receive(studio, type="save")
    receive(studio, type="save")
    (notice,) = sent.last("notices")["notices"]
    assert notice["kind"] == "gone"
    for _ in range(2):  # there is nothing to read
        receive(studio, type="reload")
    kinds = [notice["kind"] for notice in sent.last("notices")["notices"]]
    assert kinds.count("error") == 1
    assert not path.exists()
    receive(studio, type="save", overwrite=True)
    assert "Ours." in path.read_text(encoding="utf-8")
    assert "gone" not in {notice["kind"] for notice in sent.last("notices")["notices"]}


def test_save__of_a_story_without_a_file_asks_where(bundles, heard, tmp_path):
    studio = Studio(parse_twee(TEXT))
    sent = heard(studio)
    receive(studio, type="save")
    assert sent.last("notices")["notices"][0]["kind"] == "where"
    receive(studio, type="save", path=str(tmp_path / "new.twee"))
    assert (tmp_path / "new.twee").is_file()
    assert sent.last("state")["file"] == "new.twee"
    studio.close()


def test_errors_of_widgets__are_told_here_and_can_be_dismissed(studio, sent):
    editor = studio.pane("editor")
    key = studio.story.key("Cellar")
    editor._receive(editor, {"view": "v", "type": "rename", "key": key, "name": "Start"}, [])
    (notice,) = sent.last("notices")["notices"]
    assert "Start" in notice["text"]
    receive(studio, type="dismiss", id=notice["id"])
    assert sent.last("notices")["notices"] == []


def test_refused_edit__is_told_until_something_else_is_done(studio, sent):
    def refused():
        editor = studio.pane("editor")
        message = {"view": "v", "type": "rename", "key": studio.story.key("Cellar"), "name": "Start"}
        editor._receive(editor, message, [])
        return [notice["kind"] for notice in sent.last("notices")["notices"]]

    def shown():
        return [notice["text"] for notice in sent.last("notices")["notices"]]

    assert refused() == ["refused"]
    studio.session.select(studio.story.key("Cellar"))
    assert shown() == []
    assert refused() == ["refused"]
    studio.apply(edits.rename_passage, "Cellar", "Vault")
    assert shown() == []
    studio._notices.tell(Notice("the disk is full"))
    receive(studio, type="undo")
    assert shown() == ["the disk is full"], "that is no edit, and not over"


def export(studio, **message):
    receive(studio, type="print", **message)
    for thread in threading.enumerate():
        if thread.name == "gamebook-print":
            thread.join()


@pytest.mark.parametrize(("what", "name"), [("html", "tiny.html"), ("json", "tiny.json"), ("twee", "tiny.copy.twee")])
def test_export__writes_beside_the_story_and_over_nothing_unasked(studio, sent, path, what, name):
    studio.apply(edits.rename_passage, "Cellar", "Vault")
    before, place = path.read_bytes(), path.with_name(name)
    export(studio, what=what)
    assert "Vault" in read_story(place).table["passage_id"].tolist()
    assert (path.read_bytes(), studio.session.path, studio.session.is_dirty) == (before, path, True)
    assert sent.last("notices")["notices"][-1]["text"].startswith(f"Written to {place}.")

    place.write_text("theirs")
    export(studio, what=what)
    notice = sent.last("notices")["notices"][-1]
    assert (notice["kind"], notice["path"], notice["what"]) == ("exists", str(place), what)
    assert place.read_text() == "theirs"
    export(studio, what=what, overwrite=True)
    assert "Vault" in place.read_text()
    assert "exists" not in [notice["kind"] for notice in sent.last("notices")["notices"]]


def test_create__then_search_finds_it(studio, sent):
    receive(studio, type="create")
    receive(studio, type="search", typed="untitled")
    assert [hit["name"] for hit in sent.last("found")["hits"]] == ["Untitled Passage"]
    receive(studio, type="search", typed="dark")
    (hit,) = sent.last("found")["hits"]
    assert (hit["name"], hit["span"]) == ("Cellar", (0, 4))
    receive(studio, type="select", key=hit["key"], span=list(hit["span"]))
    assert studio.session.selected == hit["key"]
    receive(studio, type="search", typed="  ")
    assert sent.last("found")["hits"] == []


QUERY = {
    "find": "the", "replace": "a", "is_regex": False, "is_case_sensitive": False, "is_whole_word": True, "within": "text",
}  # fmt: skip


def test_replace__previews_then_does_it_as_one_step(studio, sent):
    receive(studio, type="preview", query=QUERY)
    answer = sent.last("previewed")
    assert (answer["n"], answer["n_passages"], answer["is_done"]) == (1, 1, False)
    row = answer["rows"][0]
    assert (row["before"], row["old"], row["new"], row["after"]) == ("Go to ", "the", "a", " [[Cellar]].")
    receive(studio, type="replace", query=QUERY)
    assert studio.story.text("Start") == "Go to a [[Cellar]]."
    assert sent.last("previewed")["is_done"]
    receive(studio, type="undo")
    assert studio.story.text("Start") == "Go to the [[Cellar]]."


def test_replace__says_what_is_wrong_with_a_pattern(studio, sent):
    receive(studio, type="preview", query={**QUERY, "find": "(", "is_regex": True})
    assert sent.last("previewed")["error"]
    receive(studio, type="preview", query={**QUERY, "find": ""})
    assert sent.last("previewed")["n"] == 0


def test_one_edit_in_the_editor__reaches_map_table_and_toolbar(studio, sent, heard):
    story_map, table, editor = map(studio.pane, ("map", "table", "editor"))
    heard_map, heard_table = heard(story_map), heard(table)
    wanted = {"sort": [], "text": "", "kind": "", "tag": "", "problem": "", "verdict": ""}
    table._receive(table, {"type": "query", "view": "v", "query": 1, "wanted": wanted}, [])
    heard_table.clear()
    document = editor._documents[studio.session.selected]
    message = {"view": "v", "type": "edit", "seq": 1, "key": studio.session.selected, "base": document.revision}
    editor._receive(editor, {**message, "changes": [[0, 0, "Now [[Nowhere]]. "]]}, [])
    assert sent.last("state")["undo"] == "Edit text"
    assert heard_map
    assert heard_table


def test_close__leaves_no_comm_no_thread_no_watcher(bundles, path):
    comms, threads = set(_instances), set(threading.enumerate())
    studio = Studio(path)
    end("gamebook-open")
    session = studio.session
    studio.apply(edits.set_text, "Cellar", "Dark.")
    assert set(_instances) > comms
    studio.close()
    assert set(_instances) == comms
    assert session.n_watchers == 0
    session.workspace.close()  # whose thread goes on for as long as the session does
    left = [thread for thread in threading.enumerate() if thread not in threads]
    for thread in left:
        thread.join(PATIENCE)  # on their way out
    assert [thread for thread in left if thread.is_alive()] == []


def test_close__while_it_is_being_read(bundles, path, monkeypatch):
    comms, go = set(_instances), threading.Event()
    read = Studio._read

    def slow(self, path, which):
        assert go.wait(PATIENCE)
        read(self, path, which)

    monkeypatch.setattr("gamebook_lab.widgets.studio.PATIENCE_SECONDS", 0)
    monkeypatch.setattr(Studio, "_read", slow)
    studio = Studio(path)
    assert studio._loading == "tiny.twee"
    studio.close()
    go.set()
    assert studio.story.text("Cellar") == "Dark. [[Start]]"  # still there for Python
    assert set(_instances) == comms


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "archive.html"
    stories = [parse_twee(f":: StoryTitle\n{title}\n\n:: Start\nof {title}\n") for title in ("One", "<b>Two", "<b>Two")]
    path.write_text(to_twine_archive(stories))
    return path


def test_archive__asks_which_story_and_opens_it(archive, bundles, heard):
    studio = Studio(archive)
    sent = heard(studio)
    with pytest.raises(FormatError, match="3 stories"):
        assert studio.story
    receive(studio, type="hello")
    (asked,) = sent.last("notices")["notices"]
    assert (asked["kind"], asked["stories"]) == ("which", ["One", "<b>Two", "<b>Two"])
    receive(studio, type="open", index=2)
    assert studio.story.text("Start") == "of <b>Two"
    assert studio.story.source.index == 2
    receive(studio, type="open", index=0)
    assert studio.story.source.index == 2, "a second click is too late"
    receive(studio, type="hello")
    assert sent.last("notices")["notices"] == []
    assert sent.last("state")["title"] == "<b>Two"
    studio.close()


def test_archive__bad_answers_open_nothing(archive, bundles, heard):
    studio = Studio(archive)
    with pytest.raises(FormatError):
        assert studio.story
    receive(studio, type="open", index=7)
    with pytest.raises(FormatError, match="3 stories"):
        assert studio.story
    receive(studio, type="open", index=0)
    assert studio.story.text("Start") == "of One"
    studio.close()


def test_archive__title_opens_it_at_once_and_reload_stays_with_it(archive, bundles, heard):
    studio = Studio(archive, title="One")
    assert studio.story.text("Start") == "of One"
    theirs = read_archive(archive)[0]
    save_story(edits.set_text(theirs, "Start", "theirs"))
    receive(studio, type="reload")
    assert studio.story.text("Start") == "theirs"
    studio.close()


def test_alert__that_is_grave_is_shown_until_it_is_over(studio, sent):
    def alert(level, group="memory"):
        studio._notices.tell_alert(telemetry.Notice("firing", group, level, f"{level}: too much", "", (1,), 0.0))
        return [notice["text"] for notice in sent.last("notices")["notices"]]

    assert alert("critical") == ["critical: too much"]
    assert alert("maximum") == ["maximum: too much"], "of a group the newest only"
    assert alert("critical", group="errors") == ["maximum: too much", "critical: too much"]
    for group in ("cpu", "uptime"):
        assert alert("maximum", group=group) == ["maximum: too much", "critical: too much"], "the foot tells of it"
    assert alert("warning") == ["critical: too much"]
    assert not alert("", group="errors")


def test_studio__opening_waits_for_nothing_that_finds_verdicts():
    code = (
        "import sys, gamebook_lab as gb\n"
        "studio = gb.Studio(gb.parse_twee(':: Start\\n[[Start]]'))\n"
        "[studio.pane(name) for name in ('map', 'table', 'editor', 'problems', 'variables')]\n"
        "print([name for name in ('numba', 'scipy', 'dask', 'distributed') if name in sys.modules])\n"
        "studio.close()\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
