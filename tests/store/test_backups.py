"""Backups count after their drill, grow fewer with age, and help where the workspace is damaged."""

from __future__ import annotations

import pytest

from gamebook_lab.cli import main
from gamebook_lab.errors import WorkspaceError
from gamebook_lab.formats import read_story
from gamebook_lab.store.backups import Backup, backups, make_backup, thinned, verified
from gamebook_lab.store.examine import examine
from gamebook_lab.story import edits
from gamebook_lab.story.edits.rows import with_cells

HOUR = 3600.0


def set_text(session, passage, text):
    session.apply(lambda story: edits.set_text(story, passage, text), label="Edit text")


@pytest.fixture
def worked_on(begin):
    """A closed workspace with one backup."""
    session = begin()
    set_text(session, "Cellar", "One.")
    session.workspace.close()
    return session.workspace


def test_closing__makes_a_backup_that_holds_the_newest_revision(worked_on):
    (backup,) = backups(worked_on.place)
    assert backup.revision == 1
    assert backup.n_passages == 3
    assert verified(worked_on.place, backup).is_sound
    assert not list(worked_on.place.backups.glob(".*"))


def test_backup__of_what_has_one_already_makes_none(worked_on):
    assert make_backup(worked_on.place) == backups(worked_on.place)[0]
    assert len(backups(worked_on.place)) == 1


def test_backup__whose_bytes_changed_does_not_count(worked_on):
    (backup,) = backups(worked_on.place)
    path = worked_on.place.backups / backup.name
    data = bytearray(path.read_bytes())
    data[5000] ^= 1
    path.write_bytes(data)
    assert not verified(worked_on.place, backup).is_sound


def test_backup__of_a_damaged_workspace_is_given_up(worked_on):
    data = bytearray(worked_on.place.file.read_bytes())
    at = data.index(b"One.")
    data[at : at + 4] = b"Two."
    worked_on.place.file.write_bytes(data)
    with pytest.raises(WorkspaceError, match="given up"):
        make_backup(worked_on.place)
    assert len(backups(worked_on.place)) == 1


def test_manifest__that_is_damaged_is_made_up_from_the_files(worked_on):
    before = backups(worked_on.place)
    (worked_on.place.backups / "manifest.json").write_text("{")
    assert [each.digest for each in backups(worked_on.place)] == [each.digest for each in before]


def made_at(*hours):
    return [Backup(str(index), hour * HOUR, index, 1, 1, "", "") for index, hour in enumerate(hours)]


def test_thinned__keeps_hours_then_days_then_weeks():
    known = made_at(*[quarter / 4 for quarter in range(4 * 24 * 60)])  # each quarter of an hour for 60 days
    kept = thinned(known, 24 * 60 * HOUR)
    ages = [24 * 60 - each.time / HOUR for each in kept]
    assert sum(age <= 24 for age in ages) in range(24, 29)
    assert sum(24 < age <= 14 * 24 for age in ages) in (13, 14)
    assert sum(age > 14 * 24 for age in ages) in (6, 7, 8)
    assert thinned(kept, 24 * 60 * HOUR) == kept


def test_thinned__keeps_the_newest_whatever_the_clock_says():
    known = made_at(1_000_000, 2, 1)
    assert thinned(known, 0.0) == known
    assert thinned(known, 9e9) == known


def test_damaged_workspace__is_restored_and_the_author_told(begin, worked_on):
    second = begin()
    set_text(second, "Attic", "Two.")
    second.workspace.name("before the flood", note="dry")
    set_text(second, "Attic", "Three.")
    second.flush()
    for backup in backups(worked_on.place)[1:]:
        (worked_on.place.backups / backup.name).unlink()
    second.workspace._backing_up._n_unsecured = 0  # no backup has these edits: the log has
    second.workspace.close()
    data = bytearray(worked_on.place.file.read_bytes())
    data[4096:12288] = bytes(8192)
    worked_on.place.file.write_bytes(data)
    third = begin()
    assert third.story.text("Cellar") == "One."
    assert third.story.text("Attic") == "Three."
    (said,) = third.workspace.said
    assert "restored from the backup of revision 1, with 2 edits made again" in said
    assert examine(third.workspace.place.file, is_deep=True).is_sound
    assert (third.workspace.place.damaged / "1" / "workspace.sqlite").exists()
    assert third.workspace.rows_of("before the flood")
    third.undo()
    assert third.story.text("Attic") == "Two."


def test_commands__backup_verify_and_restore(worked_on, path, capsys, begin):
    assert main(["backup", str(path)]) == 0
    assert main(["verify", str(path)]) == 0
    assert capsys.readouterr().out.count("sound, revision 1, 3 passages") == 2
    assert main(["restore", str(path)]) == 0
    assert "Ada  Edit text" in capsys.readouterr().out
    assert main(["restore", str(path), "0", "--write"]) == 0
    session = begin()
    assert session.story.text("Cellar") == "Dark. [[Start]]"
    assert session.undo_label == "Restore revision 0"
    session.workspace.close()
    (backup, *_) = backups(worked_on.place)
    assert main(["restore", str(path), backup.name, "--passage", "Cellar"]) == 0
    assert "edits that the file does not have" not in capsys.readouterr().err
    again = begin()
    assert again.story.text("Cellar") == "One."
    again.workspace.close()
    data = bytearray(worked_on.place.file.read_bytes())
    data[4096:8192] = bytes(4096)
    worked_on.place.file.write_bytes(data)
    assert main(["verify", str(path)]) == 1
    assert "DAMAGED" in capsys.readouterr().out
    assert main(["restore", str(path), "99"]) == 2


def test_commands__on_a_story_without_a_workspace_say_so(path, capsys):
    assert main(["verify", str(path)]) == 2
    assert "nothing was kept" in capsys.readouterr().err


@pytest.mark.parametrize("at", [60, 62, 68, 100])
def test_damaged_header__is_restored_whatever_byte_it_is(begin, worked_on, at):
    data = bytearray(worked_on.place.file.read_bytes())
    data[at] ^= 64
    worked_on.place.file.write_bytes(data)
    session = begin()
    assert session.story.text("Cellar") == "One."
    assert "restored" in session.workspace.said[0]


def test_later_version__is_left_alone(begin, worked_on):
    data = bytearray(worked_on.place.file.read_bytes())
    data[60:64] = (2).to_bytes(4)
    worked_on.place.file.write_bytes(data)
    with pytest.raises(WorkspaceError, match="later version"):
        begin()
    assert worked_on.place.file.read_bytes() == data


@pytest.mark.parametrize("data", [b"\0\1\2" * 50, None], ids=["unreadable", "gone"])
def test_commands__restore_when_the_file_cannot_be_read(worked_on, path, capsys, data):
    assert backups(worked_on.place)
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    assert main(["restore", str(path)]) == 0
    listed = capsys.readouterr()
    assert "Ada  Edit text" in listed.out
    assert "--write takes its place" in listed.err
    assert main(["restore", str(path), "1"]) == 2
    assert "with --write" in capsys.readouterr().err
    assert main(["restore", str(path), "1", "--write"]) == 0
    assert ("what was there is tiny.twee.unreadable now" in capsys.readouterr().out) == (data is not None)
    assert read_story(path).text("Cellar") == "One."
    if data is not None:
        assert path.with_name(f"{path.name}.unreadable").read_bytes() == data


def test_commands__restore_a_zero_character_that_was_kept_once(begin, path):
    session = begin()
    key = session.story.key("Cellar")
    session.apply(lambda story: with_cells(story, {"text": {key: "a\0b"}}), label="As it was possible once")
    session.save()
    session.flush()
    session.workspace.close()
    assert main(["restore", str(path), "0", "--write"]) == 0
    assert read_story(path).text("Cellar") == "Dark. [[Start]]"
    assert main(["restore", str(path), "1", "--write"]) == 0
    assert read_story(path).text("Cellar") == "a\0b"
