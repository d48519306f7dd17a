"""The second record of edits: without the database it alone gives back every edit that was acknowledged."""

from __future__ import annotations

import errno
import os
from contextlib import closing
from itertools import count

import pytest

from gamebook_lab.store.backups import logged_revision, make_backup
from gamebook_lab.store.edit import Document, Edit, Seed
from gamebook_lab.store.journal import Journal
from gamebook_lab.store.log import Log, read_logs
from gamebook_lab.store.places import Place
from gamebook_lab.store.rescue import make_sound
from gamebook_lab.store.rows import canonical

ROWS = {uid: canonical({"passage_id": str(uid), "text": "as it was", "rank": 1.0}) for uid in (1, 2)}
numbers = count(1)


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / ".tiny.twee.gamebook", is_beside=True)
    place.make()
    return place


@pytest.fixture
def begin(place):
    """Opens the workspace as a kernel does that is killed in the end: nothing is said goodbye to."""
    journals = []

    def start(session):
        log = Log(place.logs, session)
        journal = Journal(place.file, who="Ada", session=session, log=log, logged=logged_revision(place))
        journals.append(journal)
        return journal

    yield start
    for journal in journals:
        journal.close()


def write(journal, uid, text, *, number=None, document=None):
    """Keep an edit; with the same number it goes on with the step before."""
    before, after = journal.row(uid), canonical({"passage_id": str(uid), "text": text, "rank": 1.0})
    kind = "edit" if document is None else "save"
    edit = Edit(number or next(numbers), kind, text, {uid: (before, after)}, document=document)
    journal.commit([edit])


def seed(journal):
    assert journal.begin(Seed(ROWS, Document("as read", (1, 2))))


def killed_before_the_line(journal, uid, text, **how):
    """Keep an edit as one does who is killed when the database has it and the log has not; nothing was acknowledged."""
    log, journal._log = journal._log, None
    write(journal, uid, text, **how)
    journal._log = log


def contents(place):
    with closing(Journal(place.file, who="", session="")) as journal:
        edits = list(journal.connection.execute("SELECT seq, label FROM edits ORDER BY seq"))
        return journal.rows(), edits, journal.document


def loses_its_database(place):
    """Remove it, and see whether all is there again."""
    expected = contents(place)
    place.file.unlink()
    for end in ("-wal", "-shm"):
        place.file.with_name(place.file.name + end).unlink(missing_ok=True)
    assert "could not be" not in make_sound(place)
    assert contents(place) == expected


def test_edit_that_a_killed_kernel_had_not_logged__is_logged_by_the_next_one(place, begin):
    first = begin("a")
    seed(first)
    write(first, 1, "one")
    killed_before_the_line(first, 1, "two")
    write(begin("b"), 1, "three")
    loses_its_database(place)


def test_edit_that_a_killed_kernel_had_not_logged__is_logged_by_one_that_was_there_before(place, begin):
    first, second = begin("a"), begin("b")
    seed(first)
    write(second, 1, "one")
    for text in ("two", "three"):
        killed_before_the_line(first, 1, text)
    write(second, 1, "four")
    loses_its_database(place)


def test_typing_that_a_killed_kernel_had_not_logged_to_its_end__is_logged_by_the_next_one(place, begin):
    first = begin("z")
    seed(first)
    write(first, 1, "t", number=5)
    killed_before_the_line(first, 1, "typed", number=5)
    write(begin("b"), 1, "three")
    loses_its_database(place)


def test_what_the_file_held__is_logged_with_the_save_by_the_next_one(place, begin):
    first = begin("a")
    seed(first)
    write(first, 1, "one")
    killed_before_the_line(first, 1, "two", document=Document("saved", (2, 1)))
    write(begin("b"), 2, "three")
    loses_its_database(place)


def test_beginning_that_a_killed_kernel_had_not_logged__is_logged_by_the_next_one(place, begin):
    first = begin("a")
    log, first._log = first._log, None
    seed(first)
    first._log = log
    write(begin("b"), 1, "one")
    loses_its_database(place)


def test_typing_that_goes_on_in_a_tenth_file__is_read_after_the_ninth(place, begin):
    journal = begin("a")
    seed(journal)
    for number in range(8):
        write(journal, 1, f"{number}")
        journal.end_log()
    write(journal, 1, "t", number=5)
    journal.end_log()
    write(journal, 1, "typed", number=5)
    assert {path.name for path in place.logs.iterdir()} >= {"a-9.log", "a-10.log"}
    loses_its_database(place)


def test_full_disk__what_the_log_lacks_is_written_with_the_next_edit(place, begin, monkeypatch):
    journal = begin("a")
    seed(journal)
    write(journal, 1, "one")
    real, n_left = os.write, [10]

    def full(descriptor, data):
        if not n_left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = real(descriptor, data[: n_left[0]])
        n_left[0] -= written
        return written

    monkeypatch.setattr(os, "write", full)
    write(journal, 1, "two")
    write(journal, 1, "three")
    monkeypatch.undo()
    write(journal, 1, "four")
    loses_its_database(place)


def test_log_that_another_kernel_has_removed__is_begun_anew(place, begin):
    journal = begin("a")
    seed(journal)
    write(journal, 1, "one")
    (path,) = place.logs.iterdir()
    make_backup(place)
    path.unlink()
    write(journal, 2, "two")
    assert [record["edit"][4] for record in read_logs(place.logs)] == ["two"]


def test_what_two_backups_have__is_not_logged_again(place, begin):
    journal = begin("a")
    seed(journal)
    for text in ("one", "two", "three"):
        write(journal, 1, text)
        journal.end_log()
        make_backup(place)
    write(begin("b"), 1, "four")
    labels = [record["edit"][4] for record in read_logs(place.logs) if "edit" in record]
    assert set(labels) == {"two", "three", "four"}  # to "two" itself more could have been typed since
