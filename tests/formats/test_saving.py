"""Saving: atomic, byte for byte, never over somebody else's work; and reading what cannot be read."""

from __future__ import annotations

import os
from dataclasses import replace

import pandas as pd
import pytest

from gamebook_lab.errors import ConflictError, FormatError, LimitError, SeveralStoriesError
from gamebook_lab.formats import (
    files,
    is_unchanged,
    parse_twee,
    read_again,
    read_archive,
    read_story,
    save_story,
    to_twee,
)

STORY = ':: StoryData\r\n{"format":"Harlowe"}\r\n\r\n:: Start\r\n[[Caf\u00e9]]\r\n\r\n:: Caf\u00e9\r\nEnd'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.twee"
    path.write_bytes(STORY.encode())
    return path


def edited(story, text="new"):
    table = story.table.copy()
    table.at[0, "text"] = text
    return story.with_table(table, [0])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_unedited_story_is_saved_byte_for_byte_in_any_encoding(tmp_path, encoding):
    path = tmp_path / "a.twee"
    data = STORY.encode(encoding)
    path.write_bytes(data)
    story = read_story(path)
    assert story.table["passage_id"].tolist() == ["Start", "Caf\u00e9"]
    assert ("GB503" in {row.code for row in story.import_problems}) == (not encoding.startswith("utf-8"))
    save_story(story)
    assert path.read_bytes() == data
    save_story(edited(story))
    assert path.read_bytes() == STORY.replace("[[Caf\u00e9]]", "new").encode(encoding)


def test_character_that_the_encoding_lacks_turns_the_file_into_utf8(tmp_path):
    path = tmp_path / "a.twee"
    path.write_bytes(STORY.encode("cp1252"))
    save_story(edited(read_story(path), "\u2603"))
    assert "\u2603".encode() in path.read_bytes()
    assert "GB503" not in {row.code for row in read_story(path).import_problems}


def test_saved_story_knows_its_new_file(file):
    story = save_story(edited(read_story(file), "a\nb\nc"))
    again = read_story(file)
    assert story.source.fingerprint == again.source.fingerprint
    assert story.table["line"].tolist() == again.table["line"].tolist() == [4, 9]
    assert save_story(edited(story, "d")).text("Start") == "d"


def test_problem_that_was_corrected_is_gone_after_saving(tmp_path):
    path = tmp_path / "a.twee"
    path.write_text(":: A]\n")
    story = read_story(path)
    assert "GB502" in {row.code for row in story.import_problems}
    saved = save_story(story.with_table(story.table.assign(passage_id=["A"]), [0]))
    assert "GB502" not in {row.code for row in saved.import_problems}


def test_file_that_changed_on_disk_is_not_overwritten_unasked(file):
    story = read_story(file)
    file.write_bytes(b":: Other\n")
    with pytest.raises(ConflictError, match="changed on disk"):
        save_story(edited(story))
    assert file.read_bytes() == b":: Other\n"
    save_story(edited(story), overwrite=True)
    assert b"new" in file.read_bytes()


def test_deleted_file_is_not_written_again_unasked(file):
    story = read_story(file)
    file.unlink()
    with pytest.raises(ConflictError, match="was deleted"):
        save_story(story)


def test_other_file_is_not_overwritten_unasked(file, tmp_path):
    other = tmp_path / "b.twee"
    other.write_text("mine")
    with pytest.raises(ConflictError, match="exists"):
        save_story(read_story(file), other)
    assert other.read_text() == "mine"


def test_mode_and_link_stay(file, tmp_path):
    file.chmod(0o640)
    link = tmp_path / "link.twee"
    link.symlink_to(file)
    save_story(edited(read_story(link)), link)
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert b"new" in file.read_bytes()


def test_failed_write_leaves_the_file_and_no_rubbish(file, tmp_path, monkeypatch):
    story = edited(read_story(file))

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(FormatError, match="No space left"):
        save_story(story)
    assert file.read_bytes() == STORY.encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.twee"]


def test_half_a_character_cannot_be_saved(file):
    with pytest.raises(FormatError, match="half of a character"):
        save_story(edited(read_story(file), "\ud800"))
    assert file.read_bytes() == STORY.encode()


def test_folder_is_read_in_order_and_only_changed_files_are_written(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.tw").write_text(":: X\nx\n")
    (tmp_path / "a.twee").write_text(":: A\na\n")
    (tmp_path / "note.txt").write_text(":: no story\n")
    (tmp_path / ".hidden.twee").write_text(":: no story\n")
    story = read_story(tmp_path)
    assert story.table["file"].tolist() == ["a.twee", "b/x.tw"]
    new = parse_twee(":: N\nn\n").table.set_axis([5])
    saved = save_story(edited(story).with_table(pd.concat([edited(story).table, new])))
    assert (tmp_path / "a.twee").read_text() == ":: A\nnew\n"
    assert (tmp_path / "b" / "x.tw").read_text() == ":: X\nx\n\n:: N\nn\n"
    assert saved.table["file"].tolist() == ["a.twee", "b/x.tw", "b/x.tw"]
    before = (tmp_path / "b" / "x.tw").stat().st_mtime_ns
    save_story(edited(saved, "newer"))
    assert (tmp_path / "b" / "x.tw").stat().st_mtime_ns == before
    (tmp_path / "c.twee").write_text(":: C\n")
    with pytest.raises(ConflictError):
        save_story(saved)


def test_new_file_of_a_folder_stays_inside_it(tmp_path):
    folder = tmp_path / "story"
    folder.mkdir()
    (folder / "a.twee").write_text(":: A\na\n")
    story = read_story(folder)
    new = parse_twee(":: N\nn\n\n:: M\nm\n").table.set_axis([5, 6]).assign(file=["sub/n.twee", "../m.twee"])
    saved = save_story(story.with_table(pd.concat([story.table, new])))
    assert saved.table["file"].tolist() == ["a.twee", "sub/n.twee", "sub/n.twee"]
    assert sorted(path.name for path in tmp_path.rglob("*.twee")) == ["a.twee", "n.twee"]


@pytest.mark.parametrize("suffix", [".html", ".json", ".twee"])
def test_saving_elsewhere_converts_by_suffix_and_back(file, tmp_path, suffix):
    story = read_story(file)
    there = tmp_path / f"b{suffix}"
    saved = save_story(story, there)
    assert saved.source.path == there.resolve()
    back = save_story(read_story(there), tmp_path / "c.twee")
    assert back.table["text"].tolist() == story.table["text"].tolist()
    assert save_story(edited(saved)).text("Start") == "new"


def test_copy_in_the_same_format_keeps_every_byte(file, tmp_path):
    save_story(read_story(file), tmp_path / "copy.twee")
    assert (tmp_path / "copy.twee").read_bytes() == file.read_bytes()


def test_folder_becomes_one_file(tmp_path):
    folder = tmp_path / "story"
    folder.mkdir()
    (folder / "a.twee").write_text(":: A\na")
    (folder / "b.twee").write_text(":: B\nb")
    save_story(read_story(folder), tmp_path / "all.twee")
    assert (tmp_path / "all.twee").read_text() == ":: A\na\n:: B\nb"


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "archive.html"
    path.write_text(
        "".join(f"<tw-storydata name={n}><tw-passagedata name=a>x</tw-passagedata></tw-storydata>\n" for n in "AB")
    )
    return path


def test_story_of_an_archive_is_chosen_by_title_and_saved_in_it(archive):
    with pytest.raises(SeveralStoriesError, match="'A', 'B'") as caught:
        read_story(archive)
    assert caught.value.titles == ("A", "B")
    with pytest.raises(FormatError, match="no story 'C'"):
        read_story(archive, title="C")
    save_story(edited(read_story(archive, title="B")))
    assert [story.text("a") for story in read_archive(archive)] == ["x", "new"]


@pytest.mark.parametrize("text", ["long" * 20, ""])
def test_stories_of_an_archive_are_saved_beside_each_other(archive, text):
    first, second = read_archive(archive)
    save_story(edited(first, text))
    second = save_story(edited(second, "y"))
    assert [story.text("a") for story in read_archive(archive)] == [text, "y"]
    assert is_unchanged(second)
    save_story(edited(second, "z"))
    assert [story.text("a") for story in read_archive(archive)] == [text, "z"]


def test_story_of_an_archive_that_changed_on_disk_is_not_overwritten(archive):
    story = read_story(archive, title="B")
    save_story(edited(read_story(archive, title="B"), "theirs"))
    written = archive.read_bytes()
    with pytest.raises(ConflictError):
        save_story(edited(story, "mine"))
    assert archive.read_bytes() == written


def test_story_that_is_gone_from_its_archive_is_a_conflict(archive):
    story = edited(read_story(archive, title="B"))
    archive.write_text(archive.read_text().partition("\n")[0])
    with pytest.raises(ConflictError):
        save_story(story)
    with pytest.raises(FormatError, match="at least 2 stories"):
        read_again(story)


def test_story_is_read_again_from_its_place(archive, file):
    save_story(edited(read_story(archive, title="B"), "theirs"))
    assert [read_again(story).text("a") for story in read_archive(archive)] == ["x", "theirs"]
    assert read_again(read_story(file)).metadata.format == "Harlowe"
    with pytest.raises(FormatError, match="no file"):
        read_again(parse_twee(":: A\n"))


def test_story_from_nowhere_needs_a_path(tmp_path):
    story = parse_twee(":: A\n")
    with pytest.raises(FormatError, match="say where"):
        save_story(story)
    with pytest.raises(FormatError, match="suffix"):
        save_story(story, tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.tws", b"cos\nsystem\n", "Export"),
        ("a.twee", b"\0\1\2", "binary"),
        ("a.twee", b"\xff\xfea", "UTF-16"),
        ("a.md", b"hello", "expected a story"),
        ("a.json", b'{"passages": [}', "JSON"),
        ("a.json", b"[]", "object"),
    ],
)
def test_file_that_is_no_story_is_refused_with_its_name(tmp_path, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FormatError, match=said) as caught:
        read_story(path)
    assert name in str(caught.value)


def test_bad_json_says_where(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{\n "passages": [}')
    with pytest.raises(FormatError) as caught:
        read_story(path)
    assert (caught.value.line, caught.value.column) == (2, 15)


def test_deep_json_is_a_limit(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"passages": ' + "[" * 100_000)
    with pytest.raises(LimitError):
        read_story(path)


def test_missing_file_and_empty_folder_are_refused(tmp_path):
    with pytest.raises(FormatError, match="no such file"):
        read_story(tmp_path / "none.twee")
    with pytest.raises(FormatError, match="no Twee files"):
        read_story(tmp_path)


def test_file_that_is_too_large_is_refused(file, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(LimitError, match="limit"):
        read_story(file)
    with pytest.raises(LimitError, match="limit"):
        read_story(file.parent)


def test_format_is_found_by_content_and_can_be_said(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(":: A\n<tw-storydata>")
    assert read_story(path).source.format == "twee"
    with pytest.raises(FormatError, match="known are"):
        read_story(path, format="docx")


def test_story_that_was_opened_through_a_link_is_saved_without_asking(file, tmp_path):
    link = tmp_path / "link.twee"
    link.symlink_to(file)
    story = read_story(link)
    assert is_unchanged(story)
    save_story(edited(save_story(edited(story)), "newer"))
    assert link.is_symlink()
    assert b"newer" in file.read_bytes()


def test_file_without_suffix_is_saved_in_place(file, tmp_path):
    path = file.rename(tmp_path / "story")
    save_story(edited(read_story(path)))
    assert b"new" in path.read_bytes()


def test_file_that_changes_while_it_is_being_saved_is_not_overwritten(file, tmp_path, monkeypatch):
    story = edited(read_story(file))
    flush = files.os.fsync

    def another_program_writes(handle):
        flush(handle)
        file.write_bytes(b":: Start\ntheirs")

    monkeypatch.setattr(files.os, "fsync", another_program_writes)
    with pytest.raises(ConflictError, match="changed on disk"):
        save_story(story)
    assert file.read_bytes() == b":: Start\ntheirs"
    assert [path.name for path in tmp_path.iterdir()] == ["a.twee"]


def test_file_of_a_folder_that_another_program_writes_after_us_is_noticed(tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / f"{name}.twee").write_text(f":: {name}\nx")
    write = files.write_bytes

    def and_another_program_writes(path, data, **options):
        write(path, data, **options)
        path.write_bytes(b":: a\ntheirs")

    monkeypatch.setattr(files, "write_bytes", and_another_program_writes)
    story = save_story(edited(read_story(tmp_path)))
    assert not is_unchanged(story)
    with pytest.raises(ConflictError):
        save_story(edited(story, "newer"))


def test_text_file_saved_as_a_folder_is_found_there(file, tmp_path):
    story = read_story(file.rename(tmp_path / "a.txt"))
    save_story(story, tmp_path / "folder")
    assert read_story(tmp_path / "folder").table["passage_id"].tolist() == story.table["passage_id"].tolist()


def test_new_file_has_the_mode_that_the_umask_leaves(tmp_path):
    save_story(parse_twee(":: Start\nx"), tmp_path / "new.twee")
    (tmp_path / "other").touch()
    assert (tmp_path / "new.twee").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_stray_text_of_a_folder_stays_when_it_becomes_one_file(tmp_path):
    folder = tmp_path / "story"
    folder.mkdir()
    (folder / "a.twee").write_text("notes a\n:: A\na")
    (folder / "b.twee").write_text("notes b\n\n:: B\nb")
    save_story(read_story(folder), tmp_path / "all.twee")
    assert (tmp_path / "all.twee").read_text() == "notes a\nnotes b\n:: A\na\n:: B\nb"


def test_one_file_holds_all_passages_whatever_file_each_came_from(tmp_path):
    folder = tmp_path / "story"
    folder.mkdir()
    (folder / "a.twee").write_text(":: A\na")
    (folder / "b.twee").write_text(":: B\nb")
    story = read_story(folder)
    saved = save_story(story, tmp_path / "all.twee")
    again = save_story(edited(replace(story, source=saved.source)))
    assert (tmp_path / "all.twee").read_text() == to_twee(again) == ":: A\nnew\n:: B\nb"


def test_file_whose_name_is_not_utf8__is_left_out_told_of_and_left_alone(tmp_path):
    folder = tmp_path / "story"
    folder.mkdir()
    (folder / "a.twee").write_text(":: Start\n[[B]]\n")
    odd = folder / os.fsdecode(b"caf\xe9.twee")
    odd.write_bytes(b":: B\nend\n")
    story = read_story(folder)
    assert story.table["passage_id"].tolist() == ["Start"]
    (problem,) = [each for each in story.import_problems if each.code == "GB510"]
    assert problem.message == "The file caf\\xe9.twee was left out: its name is not UTF-8"
    saved = save_story(edited(story))
    assert "GB510" in {each.code for each in saved.import_problems}
    assert odd.read_bytes() == b":: B\nend\n"
    assert is_unchanged(saved)
