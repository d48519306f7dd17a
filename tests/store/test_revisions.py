"""Revisions: named, compared, brought back; and what went into them and came out is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store import patches
from gamebook_lab.store.diff import pieces, readable
from gamebook_lab.store.rows import STORY, canonical, decode, name_of, rank_of, text_of
from gamebook_lab.story import edits


def set_text(session, passage, text):
    session.apply(lambda story: edits.set_text(story, passage, text), label="Edit text")


@pytest.fixture
def session(begin):
    session = begin()
    set_text(session, "Cellar", "One.")
    session.apply(lambda story: edits.add_passage(story, "Roof", text="Windy."), label="New passage")
    set_text(session, "Cellar", "One. Two.")
    session.apply(lambda story: edits.delete_passage(story, "Attic"), label="Delete passage")
    return session


def texts(rows):
    return {name_of(row): text_of(row) for uid, row in rows.items() if uid != STORY}


def test_revisions__say_what_who_and_when(session):
    table = session.workspace.revisions()
    assert table["label"].tolist() == ["Delete passage", "Edit text", "New passage", "Edit text"]
    assert table["revision"].tolist() == [4, 3, 2, 1]
    assert table["parent"].tolist() == [3, 2, 1, 0]
    assert set(table["who"]) == {"Ada"}
    assert table["time"].is_monotonic_decreasing


def test_rows_at__gives_every_state_that_there_was(session):
    at = session.workspace.rows_at
    start = "Go to the [[Cellar]] or the [[Attic]]."
    assert texts(at(0)) == {"Start": start, "Cellar": "Dark. [[Start]]", "Attic": "Dusty."}
    assert texts(at(2)) == {"Start": start, "Cellar": "One.", "Attic": "Dusty.", "Roof": "Windy."}
    assert texts(at(4)) == {"Start": start, "Cellar": "One. Two.", "Roof": "Windy."}
    with pytest.raises(WorkspaceError, match="from 0 to 4"):
        at(5)


def test_diff__reads_like_a_sentence(session):
    table = session.workspace.diff(1, 4)
    assert table[["passage_id", "change", "diff"]].values.tolist() == [
        ["Cellar", "changed", "One.{+ Two.+}"],
        ["Attic", "removed", "[-Dusty.-]"],
        ["Roof", "added", "{+Windy.+}"],
    ]


def test_name__is_kept_with_its_note_and_ends_the_step_of_typing(session):
    session.apply(lambda story: edits.set_text(story, "Roof", "W"), label="Type", merge="typing")
    number = session.workspace.name("as sent", note="to the editor")
    session.apply(lambda story: edits.set_text(story, "Roof", "Wa"), label="Type", merge="typing")
    session.apply(lambda story: edits.set_text(story, "Roof", "Wav"), label="Type", merge="typing")
    table = session.workspace.revisions().set_index("revision")
    assert table.at[number, "name"] == "as sent"
    assert table.at[number, "note"] == "to the editor"
    assert texts(session.workspace.rows_at(number))["Roof"] == "W"
    with pytest.raises(WorkspaceError):
        session.workspace.name("  ")


def test_restore__one_passage_or_all_as_an_edit_that_can_be_undone(session):
    session.restore(1, ["Cellar", "Attic"])
    assert session.story.text("Cellar") == "One."
    assert session.story.text("Attic") == "Dusty."
    assert "Roof" in session.story.keys_by_name
    assert session.undo_label == "Restore revision 1"
    session.restore(0)
    assert session.story.table["passage_id"].tolist() == ["Start", "Cellar", "Attic"]
    session.undo()
    session.undo()
    assert texts(session._work.keeping.rows_of(session.story)) == texts(session.workspace.rows_at(4))
    with pytest.raises(WorkspaceError, match="no passage 'Nowhere'"):
        session.restore(1, ["Nowhere"])


def test_passage_history__lists_its_own_edits_only(session):
    uid = session._work.keeping.binding.uid(session.story.key("Cellar"))
    table = session.workspace.passage_history(uid)
    assert table[["revision", "text", "diff"]].values.tolist() == [
        [3, "One. Two.", "One.{+ Two.+}"],
        [1, "One.", "[-Dark. [[Start]]-]{+One.+}"],
    ]


rows = st.none() | st.fixed_dictionaries(
    {"passage_id": st.text(min_size=1, max_size=3), "rank": st.floats(-9, 9)},
    optional={
        "text": st.text(max_size=12),
        "tags": st.lists(st.text(min_size=1, max_size=2), max_size=2),
        "x": st.floats(allow_nan=False, allow_infinity=False),
        "is_start": st.booleans(),
    },
).map(canonical)


@given(rows, rows)
def test_patch__leads_there_and_back(old, new):
    patch = patches.unpack(patches.pack(patches.make({5: (old, new)})))
    if old == new:
        assert patch == {}
        return
    assert patches.forward(old, patch[5]) == new
    assert patches.back(new, patch[5]) == old


@given(rows)
def test_row__is_canonical(row):
    if row is not None:
        assert canonical(decode(row)) == row
        assert rank_of(row) == decode(row)["rank"]


def test_rank__is_the_row_s_own_whatever_its_text_says():
    text = 'a","rank":7.0} \\"rank":8'
    assert rank_of(canonical({"passage_id": text, "text": text, "tags": [text], "rank": 2.5})) == 2.5


@given(st.text("ab \n", max_size=30), st.text("ab \n", max_size=30))
def test_pieces__hold_both_texts(old, new):
    found = pieces(old, new)
    assert "".join(text for kind, text in found if kind != "come") == old
    assert "".join(text for kind, text in found if kind != "gone") == new


def test_readable__cuts_what_stayed():
    long = "word " * 100
    assert len(readable(f"{long}old {long}", f"{long}new {long}")) < 200
