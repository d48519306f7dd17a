"""What happens to edits when kernels, disks and clocks fail; the long form is ``make soak-store``."""

from __future__ import annotations

import json
import shutil
import threading

import pytest

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store.places import place_of
from gamebook_lab.store.rows import text_of
from gamebook_lab.story import edits
from gamebook_lab.telemetry.log_writing import begin_logging
from gamebook_lab.telemetry.registry import Registry
from gamebook_lab.telemetry.settings import LogSettings
from tests.patience import PATIENCE
from tests.store.damaging import damage_and_open
from tests.store.killing import kill_while_editing
from tests.store.power import cut_at_random


def test_kill_9__loses_no_acknowledged_edit_and_tears_none(path):
    acknowledged, rounds = kill_while_editing(path, rounds=8, seed=1)
    assert rounds == 8
    assert acknowledged > 20


def test_damaged_files__give_back_the_newest_state(path):
    counts = damage_and_open(path, place_of(path), rounds=20, seed=2)
    assert sum(counts.values()) == 20
    assert counts["noticed"] > 5


def test_power_cuts__lose_nothing_acknowledged_and_damage_nothing(tmp_path):
    assert cut_at_random(tmp_path, cuts=40, n_edits=60, seed=3) == 40


def set_text(session, passage, text):
    session.apply(lambda story: edits.set_text(story, passage, text), label="Edit text")


def until(session, is_so):
    """Wait for the workspace to be so, by being told of it."""
    came = threading.Event()
    stop = session.watch_kept(lambda state: came.set() if is_so(state) else None)
    assert is_so(session.kept) or came.wait(PATIENCE)
    stop()


def pages(limit):
    return lambda journal: list(journal.connection.execute(f"PRAGMA max_page_count={limit}"))


def test_full_disk__is_told_and_everything_kept_once_there_is_room(begin):
    session = begin()
    set_text(session, "Cellar", "Before.")
    assert session.flush()
    session.workspace.run(pages(1))  # no more than there are
    for number in range(20):
        set_text(session, "Cellar", f"{number} " + "word " * 2_000)
    until(session, lambda state: state.trouble == "the disk is full")
    assert session.story.text("Cellar").startswith("19 ")
    assert session.kept.n_waiting > 0
    list(session.workspace._journal.connection.execute("PRAGMA max_page_count=100000"))
    assert session.flush()
    assert session.kept.trouble is None
    session.workspace.close()
    again = begin()
    assert again.story.text("Cellar").startswith("19 ")
    assert len(again.workspace.revisions()) == 21


def test_full_disk__is_in_the_log_by_its_name(begin, tmp_path):
    end = begin_logging(tmp_path, LogSettings(), "sitting", registry=Registry())
    session = begin()
    set_text(session, "Cellar", "Before.")
    assert session.flush()
    session.workspace.run(pages(1))
    for number in range(20):
        set_text(session, "Cellar", f"{number} " + "word " * 2_000)
    until(session, lambda state: state.trouble is not None)
    list(session.workspace._journal.connection.execute("PRAGMA max_page_count=100000"))
    assert session.flush()
    end()
    lines = [json.loads(line) for line in (tmp_path / "logs" / "sitting.jsonl").read_text().splitlines()]
    (line,) = [line for line in lines if line["event"].endswith("edits cannot be kept now")][:1]
    assert line["cause"] == "FullError"
    assert "<str>" not in line["event"]


def test_workspace_that_vanished__is_in_the_log(begin, tmp_path):
    end = begin_logging(tmp_path, LogSettings(), "sitting", registry=Registry())
    session = begin()
    set_text(session, "Cellar", "One.")
    assert session.flush()
    shutil.rmtree(session.workspace.place.folder)
    set_text(session, "Cellar", "Two.")
    assert session.flush()
    end()
    lines = [json.loads(line) for line in (tmp_path / "logs" / "sitting.jsonl").read_text().splitlines()]
    assert "the workspace's file had vanished, and was written anew" in {line["event"] for line in lines}


def test_folder_that_cannot_be_written__the_workspace_goes_elsewhere_and_says_so(begin, path, tmp_path):
    path.with_name(".tiny.twee.gamebook").write_text("somebody's file")
    session = begin()
    told = []
    session.watch_notices(told.append)
    set_text(session, "Cellar", "Bright.")
    assert session.flush()
    assert not session.workspace.place.is_beside
    assert session.workspace.place.folder.is_relative_to(tmp_path / "state")
    assert "kept in" in told[0].text
    session.workspace.close()
    assert begin().story.text("Cellar") == "Bright."


def test_folder_that_turns_read_only__takes_the_history_elsewhere(begin):
    session = begin()
    set_text(session, "Cellar", "One.")
    session.workspace.run(lambda journal: list(journal.connection.execute("PRAGMA query_only=ON")))
    set_text(session, "Cellar", "Two.")
    assert session.flush()
    assert not session.workspace.place.is_beside
    assert session.workspace.revisions()["revision"].tolist() == [2, 1]
    session.workspace.close()
    again = begin()
    assert again.story.text("Cellar") == "Two."
    set_text(again, "Cellar", "Three.")
    assert again.flush()
    again.workspace.close()
    assert begin().story.text("Cellar") == "Three."


def test_folder_that_turns_read_only__takes_two_kernels_to_one_place(begin, path):
    one, other = begin(), begin()
    set_text(one, "Cellar", "One.")
    assert one.flush()
    set_text(other, "Attic", "Swept.")
    assert other.flush()
    for number, session in enumerate((one, other)):
        session.workspace.run(lambda journal: list(journal.connection.execute("PRAGMA query_only=ON")))
        set_text(session, "Start", f"By kernel {number}.")
        assert session.flush()
    assert one.workspace.place == other.workspace.place
    said = {text_of(row) for row in other.workspace.run(lambda journal: journal.rows()).values()}
    held = said | {conflict.our_text for conflict in other.workspace.conflicts()}
    assert {"One.", "Swept.", "By kernel 0.", "By kernel 1."} <= held


def test_workspace_that_vanishes__is_written_anew_with_its_history(begin, path):
    session = begin()
    set_text(session, "Cellar", "One.")
    assert session.flush()
    shutil.rmtree(session.workspace.place.folder)
    set_text(session, "Cellar", "Two.")
    assert session.flush()
    session.workspace.close()
    again = begin()
    assert again.story.text("Cellar") == "Two."
    again.undo()
    again.undo()
    assert again.story.text("Cellar") == "Dark. [[Start]]"


def test_folder_that_vanishes__with_the_story_keeps_the_work_elsewhere(begin, path):
    session = begin()
    set_text(session, "Cellar", "One.")
    assert session.flush()
    shutil.rmtree(path.parent)
    set_text(session, "Cellar", "Two.")
    assert session.flush()
    assert not session.workspace.place.is_beside
    rows = session.workspace.rows_at(2)
    assert "Two." in {text_of(row) for row in rows.values()}


def test_clock_that_jumps__changes_no_order(begin, monkeypatch):
    session = begin()
    for number, moment in enumerate((2e9, 1e9, -5.0, 1e12, 3e9)):
        monkeypatch.setattr("time.time", lambda moment=moment: moment)
        set_text(session, "Cellar", str(number))
        assert session.flush()
    monkeypatch.undo()
    assert session.workspace.revisions()["revision"].tolist() == [5, 4, 3, 2, 1]
    session.workspace.close()
    again = begin()
    assert again.story.text("Cellar") == "4"
    again.undo()
    assert again.story.text("Cellar") == "3"


def test_question_while_it_ends__is_turned_away_at_once(begin, monkeypatch):
    workspace = begin().workspace
    ending, asked = threading.Event(), threading.Event()

    def last_backup(*_, **__):
        ending.set()
        assert asked.wait(PATIENCE)

    monkeypatch.setattr(workspace._backing_up, "end", last_backup)
    workspace.close(wait=False)
    assert ending.wait(PATIENCE)
    try:
        with pytest.raises(WorkspaceError, match="closed"):
            workspace.run(lambda _: None, timeout=5)
    finally:
        asked.set()
