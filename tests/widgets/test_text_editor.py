"""The text editor's Python side: typing, changes from elsewhere, names, links, problems."""

from __future__ import annotations

import threading

import pytest

import gamebook_lab as gb
from gamebook_lab.languages.plain import LANGUAGE
from gamebook_lab.story import edits
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.program import TOKEN_KINDS
from gamebook_lab.story.story import Story, passage_rows
from gamebook_lab.widgets.documents import Splice, apply_splices
from gamebook_lab.widgets.session import StorySession
from gamebook_lab.widgets.text_editor import TextEditor
from tests.patience import PATIENCE


@pytest.fixture
def session():
    rows = passage_rows([
        Passage("Start", "🕯 To the [[Cellar]] or [[Nowhere]]; the [[Cellar]].", is_start=True, x=0.0, y=0.0),
        Passage("Cellar", "Dark. [[Start]]", ("dark",)),
        Passage("Attic", "Dusty."),
    ])  # fmt: skip
    return StorySession(Story(rows, LANGUAGE), debounce=0)


@pytest.fixture
def clock():
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    return Clock()


@pytest.fixture
def editor(session, bundles, clock):
    editor = TextEditor(session, clock=clock)
    yield editor
    editor.close()


@pytest.fixture
def sent(editor, heard):
    return heard(editor)


def receive(editor, **message):
    editor._receive(editor, {"view": "v", **message}, [])


def type_text(editor, base, *changes, key=0, seq=1):
    receive(editor, type="edit", key=key, seq=seq, base=base, changes=[list(change) for change in changes])


def opened(editor, sent):
    receive(editor, type="hello")
    return sent.last("open")


def test_hello__opens_the_selected_passage_with_tokens(editor, sent):
    message = opened(editor, sent)
    assert message["passage"]["name"] == "Start"
    assert message["passage"]["is_start"]
    assert message["text"].startswith("🕯 To")
    assert message["view"] == "v"
    gap, length, kind = message["tokens"][3:6]
    assert (gap, length, TOKEN_KINDS[kind]) == (0, len("Cellar"), "target")


def test_nothing_selected__says_so(editor, session, sent):
    session.select(None)
    assert sent.last("open")["passage"] is None


def test_typing__edits_the_story_and_is_confirmed(editor, session, sent):
    base = opened(editor, sent)["revision"]
    type_text(editor, base, (2, 4, "Down to"))
    assert session.story.text(0).startswith("🕯 Down to the")
    update = sent.last("update")
    assert (update["view"], update["seq"], update["key"]) == ("v", 1, 0)
    assert update["revision"] > base
    assert opened(editor, sent)["text"].startswith("🕯 Down to the")


def test_typing__on_an_old_revision_is_turned_down_and_nothing_lost(editor, session, sent):
    base = opened(editor, sent)["revision"]
    session.apply(lambda story: edits.rename_passage(story, "Cellar", "Vault"), label="Rename passage")
    update = sent.last("update")
    assert [insert for _, _, insert in update["changes"]] == ["Vault", "Vault"]
    assert update["view"] is None
    type_text(editor, base, (0, 1, "!"), seq=2)
    assert sent.last("reject")["seq"] == 2
    type_text(editor, update["revision"], (0, 1, "!"), seq=3)
    assert session.story.text(0) == "! To the [[Vault]] or [[Nowhere]]; the [[Vault]]."


def test_typing__that_changes_nothing_is_confirmed_too(editor, sent):
    message = opened(editor, sent)
    type_text(editor, message["revision"], (0, 1, "🕯"), seq=4)
    update = sent.last("update")
    assert (update["seq"], update["revision"], update["changes"]) == (4, message["revision"], [])


def test_typing__into_a_deleted_passage_is_told(editor, session, sent):
    base = opened(editor, sent)["revision"]
    session.apply(lambda story: edits.delete_passage(story, 0), label="Delete passage")
    assert sent.last("open")["passage"] is None
    type_text(editor, base, (0, 0, "x"))
    assert sent.last("reject")["is_gone"]


def test_typing__arrives_late_for_a_passage_just_left(editor, session, sent):
    base = opened(editor, sent)["revision"]
    session.select(1)
    type_text(editor, base, (0, 0, "Late. "))
    assert session.story.text(0).startswith("Late. 🕯")
    assert session.selected == 1


def test_typing__and_renaming_at_once_lose_nothing(editor, session, sent):
    """A writer types while another thread renames back and forth; both end up in the text."""
    opened(editor, sent)
    names = ["Cellar", "Vault"]

    def rename():
        for turn in range(20):
            old, new = names[turn % 2], names[(turn + 1) % 2]
            session.apply(lambda story, old=old, new=new: edits.rename_passage(story, old, new), label="Rename")

    renamer = threading.Thread(target=rename)
    renamer.start()
    for seq in range(1, 31):
        while True:
            known = editor._documents[0]
            type_text(editor, known.revision, (len(known.text), len(known.text), "x"), seq=seq)
            if not any(message["seq"] == seq for message in sent.of("reject")):
                break
            sent[:] = [message for message in sent if message["type"] != "reject"]
    renamer.join()
    assert session.story.text(0) == f"🕯 To the [[Cellar]] or [[Nowhere]]; the [[Cellar]].{'x' * 30}"


def test_updates__make_the_story_s_text_of_what_was_opened(editor, session, sent):
    message = opened(editor, sent)
    type_text(editor, message["revision"], (0, 0, "One. "))
    session.apply(lambda story: edits.rename_passage(story, "Cellar", "Vault"), label="Rename passage")
    session.undo()
    session.undo()
    text = message["text"]
    for update in sent.of("update"):
        text = apply_splices(text, [Splice(*change) for change in update["changes"]])
    assert text == session.story.text(0)
    assert [update["is_history"] for update in sent.of("update")] == [False, False, True, True]


def test_typing__is_one_step_of_undo_per_word_and_pause(editor, session, sent, clock):
    revision = opened(editor, sent)["revision"]
    end = len(session.story.text(0))
    for letter in "ab":
        type_text(editor, revision, (end, end, letter))
        revision, end = sent.last("update")["revision"], end + 1
    clock.now += 60
    type_text(editor, revision, (end, end, "c"))
    session.undo()
    assert session.story.text(0).endswith("ab")
    session.undo()
    assert session.story.text(0).endswith(".")


def test_rename__everywhere_and_back_if_it_cannot_be(editor, session, sent):
    opened(editor, sent)
    receive(editor, type="rename", key=0, name="Landing")
    assert session.story.text(1) == "Dark. [[Landing]]"
    assert sent.last("info")["passage"]["name"] == "Landing"
    receive(editor, type="rename", key=0, name="Attic")
    assert "Attic" in sent.last("notice")["text"]
    assert sent.last("info")["passage"]["name"] == "Landing"


def test_errors__go_to_whoever_shows_notices(editor, session, sent):
    notices = []
    session.watch_notices(notices.append)
    receive(editor, type="rename", key=0, name="Attic")
    assert len(notices) == 1
    assert sent.of("notice") == []


def test_tags_start_and_delete(editor, session, sent):
    receive(editor, type="tags", key=1, tags=["dark", "deep"])
    assert session.story.table.at[1, "tags"] == ("dark", "deep")
    receive(editor, type="start", key=1)
    assert session.story.start_key == 1
    receive(editor, type="delete", key=2)
    assert "Attic" not in session.story.keys_by_name
    assert session.undo_label == "Delete passage"


def test_create__selects_a_passage_of_a_free_name_at_a_free_place(editor, session, sent):
    receive(editor, type="create")
    receive(editor, type="create")
    names = session.story.table["passage_id"].tolist()
    assert names[-2:] == ["Untitled Passage", "Untitled Passage 2"]
    assert sent.last("open")["passage"]["name"] == "Untitled Passage 2"
    places = list(zip(session.story.table["x"], session.story.table["y"], strict=True))
    assert places[-2] != places[-1]


def test_create__of_a_name_that_is_there_selects_it(editor, session, sent):
    receive(editor, type="create", name="Nowhere")
    session.select(0)
    receive(editor, type="create", name="Nowhere")  # the second click of two
    assert session.story.name(session.selected) == "Nowhere"
    assert len(session.story.table) == 4
    assert "notice" not in {message["type"] for message in sent}


def test_hello__of_an_editor_that_has_unsent_text_opens_its_passage(editor, session, sent):
    receive(editor, type="hello", unsent=[["Renamed since", None], ["Attic", None], ["Cellar", None]])
    assert session.story.name(session.selected) == "Attic"
    assert sent[-1]["passage"]["name"] == "Attic"


def test_hello__finds_a_passage_with_unsent_text_that_another_kernel_has_renamed(bundles, heard, tmp_path):
    path = tmp_path / "story.twee"
    path.write_text(":: Start\n[[Cellar]]\n\n:: Cellar\nDark.\n\n:: Attic\nDust.\n", encoding="utf-8")
    first, other = StorySession.open(path), StorySession.open(path)
    first.apply(lambda story: edits.set_text(story, "Cellar", "Darker."), label="Edit text")
    lasting_id = first.lasting_id(1)
    first.flush()
    again = None
    try:
        other.workspace.run(lambda _: None)  # it has heard of the edit
        other.apply(lambda story: edits.rename_passage(story, "Cellar", "Vault"), label="Rename passage")
        other.apply(lambda story: edits.rename_passage(story, "Attic", "Cellar"), label="Rename passage")
        other.flush()
        again = StorySession.open(path)
        editor_again = TextEditor(again)
        sent = heard(editor_again)
        receive(editor_again, type="hello", unsent=[["Cellar", lasting_id]])
        assert (sent[-1]["passage"]["name"], sent[-1]["passage"]["id"]) == ("Vault", lasting_id)
    finally:
        for session in (first, other, again):
            if session is not None:
                session.workspace.close()


def test_goto__selects_or_offers_to_create(editor, session, sent):
    text = session.story.text(0)
    receive(editor, type="goto", key=0, at=text.index("Nowhere") + 2)
    assert sent.last("missing")["name"] == "Nowhere"
    receive(editor, type="goto", key=0, at=text.index("Cellar"))
    assert session.selected == 1
    receive(editor, type="goto", key=0, at=text.index("Nowhere"), create=True)
    assert session.story.table.at[session.selected, "passage_id"] == "Nowhere"
    receive(editor, type="goto", key=0, at=0)


def test_complete__offers_names_that_begin_then_names_that_hold(editor, sent):
    receive(editor, type="complete", id=5, what="passage", typed="t", key=0, at=0)
    assert sent.last("names") == {"type": "names", "view": "v", "id": 5, "names": ["Start", "Attic"]}
    receive(editor, type="complete", id=6, what="variable", typed="$", key=0, at=0)
    assert sent.last("names")["names"] == []


@pytest.mark.parametrize(
    ("file", "what", "typed", "names"),
    [
        ("gated.twee", "variable", "$ti", ["$ticket"]),
        ("gated.twee", "macro", "linkre", ["linkreplace"]),
        ("chance.twee", "macro", "link-rev", ["link-reveal", "link-reveal-goto"]),
        ("chapbook-ferry.twee", "insert", "embed pas", ["embed passage"]),
        ("chapbook-ferry.twee", "modifier", "align c", ["align center"]),
        ("chapbook-ferry.twee", "variable", "coi", ["coin", "coins"]),
        ("chapbook-ferry.twee", "insert", "coins", ["coins"]),
        ("snowman-orchard.twee", "macro", "story.ren", ["story.render"]),
        ("snowman-orchard.twee", "variable", "appl", ["apples"]),
    ],
)
def test_complete__knows_each_language(bundles, heard, file, what, typed, names):
    editor = TextEditor(StorySession(gb.read_story(f"data/small/{file}"), debounce=3600))
    sent = heard(editor)
    receive(editor, type="complete", id=1, what=what, typed=typed, key=0, at=0)
    assert sent.last("names")["names"][: len(names)] == names
    editor.close()


def test_complete__leaves_out_the_word_that_is_being_typed(bundles, heard):
    story = gb.parse_twee(":: Start\n<<set $food to 1>><<print $fo>> $hat\n\n:: Cellar\n$hat")
    editor = TextEditor(StorySession(story, debounce=3600))
    sent, text = heard(editor), story.text(0)

    def offered(typed, at):
        receive(editor, type="complete", id=1, what="variable", typed=typed, key=0, at=at)
        return sent.last("names")["names"]

    assert offered("$fo", text.index("$fo>") + 3) == ["$food"]
    assert offered("$fo", text.index("$food") + 3) == ["$fo"], "it is in one place, and that is this one"
    assert offered("$h", text.index("$hat") + 2) == ["$hat"], "it is elsewhere, too"
    editor.close()


def test_checks__mark_problems_and_links(session, bundles, heard, monkeypatch):
    editor = TextEditor(session)
    sent, done = heard(editor), threading.Event()
    editor.follow(session.watch_checks(lambda checked: checked.status == "done" and done.set()))
    assert done.wait(PATIENCE)
    receive(editor, type="hello")
    marks = sent.last("marks")["marks"]
    text = session.story.text(0)
    broken = [mark for mark in marks if mark["code"] == "GB101"]
    assert len(broken) == 1
    assert "Nowhere" in text[broken[0]["start"] : broken[0]["stop"]]
    links = sent.last("links")
    assert links["incoming"] == [{"key": 1, "name": "Cellar"}]
    assert links["outgoing"] == [{"key": None, "name": "Nowhere"}, {"key": 1, "name": "Cellar"}]
    editor.close()
    assert session.n_watchers == 0


def test_pause__underlines_what_the_passage_tells_by_itself_before_the_check(session, bundles, heard):
    editor = TextEditor(session)
    sent, done, marked = heard(editor), threading.Event(), threading.Event()
    editor.follow(session.watch_checks(lambda checked: checked.status == "done" and done.set()))
    assert done.wait(PATIENCE)
    session._checker._debounce = 3600  # as if the check took for ever
    editor.follow(session.watch_pauses(lambda _: marked.set()))
    text = "Well. " + session.story.text(0) + " [[No such]]"
    session.apply(lambda story: edits.set_text(story, 0, text), label="Edit text")
    assert marked.wait(PATIENCE)
    broken = [text[mark["start"] : mark["stop"]] for mark in sent.last("marks")["marks"] if mark["code"] == "GB101"]
    assert broken == ["Nowhere", "No such"]
    n = len(sent)
    marked.clear()
    session.apply(lambda story: edits.set_text(story, 0, "Oh. " + text), label="Edit text")
    assert marked.wait(PATIENCE)
    assert "marks" not in [message["type"] for message in sent[n:]], "the browser moves them along"
    editor.close()
    assert session.n_watchers == 0


def test_select__one_message_opens_the_passage_with_links_and_marks(session, bundles, heard):
    done = threading.Event()
    editor = TextEditor(session)
    editor.follow(session.watch_checks(lambda checked: checked.status == "done" and done.set()))
    assert done.wait(PATIENCE)
    sent = heard(editor)
    session.select(1)
    (message,) = sent
    assert message["type"] == "open"
    assert message["links"]["incoming"] == [{"key": 0, "name": "Start"}]
    assert message["marks"] == {"type": "marks", "key": 1, "revision": message["revision"], "marks": []}
    editor.close()


def test_span__is_shown(editor, session, sent):
    session.select(1, span=(0, 4))
    assert sent.last("show") == {"type": "show", "key": 1, "start": 0, "stop": 4}
    assert [message["type"] for message in sent].index("open") < [message["type"] for message in sent].index("show")


def test_load__opens_the_new_story(editor, session, sent):
    rows = passage_rows([Passage("Start", "Other.", is_start=True)])
    session.load(Story(rows, LANGUAGE))
    assert sent.last("open")["text"] == "Other."


def test_unknown_message__is_logged(editor, caplog):
    receive(editor, type="nonsense")
    assert "nonsense" in caplog.text


def test_lone_surrogates__do_not_break_the_message(session, bundles, heard):
    rows = passage_rows([Passage("Start", "a\ud83db [[x]]", is_start=True)])
    session = StorySession(Story(rows, LANGUAGE))
    editor = TextEditor(session)
    sent = heard(editor)
    message = opened(editor, sent)
    assert message["text"] == "a\ufffdb [[x]]"
    editor.close()
