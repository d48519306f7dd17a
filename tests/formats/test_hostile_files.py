"""What may stand at a path besides a story: each is a clear error, nothing is waited for, and no device is ever written to."""

from __future__ import annotations

import os
import socket
import zipfile

import pytest

import gamebook_lab as gb
from gamebook_lab.cli import main
from gamebook_lab.errors import FormatError, LimitError
from gamebook_lab.formats import files
from gamebook_lab.formats.files import write_bytes

STORY = gb.parse_twee(":: Start\n[[Cellar]]\n\n:: Cellar\nDark.\n")


def pipe(path):
    os.mkfifo(path)


def loop(path):
    path.symlink_to(path)


def device(path):
    path.symlink_to(os.devnull)


def listener(path):
    with socket.socket(socket.AF_UNIX) as each:
        each.bind(str(path))


def archive(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("story.twee", ":: Start\n")


def picture(path):
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))


def zeros(path):
    path.write_bytes(bytes(10_000))


def half_utf16(path):
    path.write_bytes(b"\xff\xfe:\0:\0 ")


def empty_folder(path):
    path.mkdir()


def folder_with_a_pipe(path):
    path.mkdir()
    pipe(path / "a.twee")


def folder_with_a_loop(path):
    path.mkdir()
    (path / "self").symlink_to(path)
    loop(path / "a.twee")


KINDS = [
    pipe, loop, device, listener, archive, picture, zeros, half_utf16, empty_folder, folder_with_a_pipe, folder_with_a_loop,
]  # fmt: skip
SPECIAL = [pipe, loop, device, listener]


@pytest.mark.parametrize("make", KINDS)
def test_what_is_no_story_is_a_clear_error(make, tmp_path, capsys):
    path = tmp_path / "x.twee"
    make(path)
    with pytest.raises(FormatError):
        gb.read_story(path)
    for arguments in (["check", str(path)], ["convert", str(path), str(tmp_path / "out.json")]):
        assert main(arguments) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1
        assert "mistake of GameBook Lab" not in printed.err


@pytest.mark.parametrize("make", SPECIAL)
def test_a_device_or_pipe_is_never_replaced(make, tmp_path):
    path = tmp_path / "x.twee"
    make(path)
    before = path.lstat()
    with pytest.raises(FormatError):
        gb.save_story(STORY, path, overwrite=True)
    with pytest.raises(FormatError):
        write_bytes(path, b"text")
    assert path.lstat() == before


@pytest.mark.parametrize("name", ["a\0b.twee", "\ud800.twee", os.fsdecode(b"\xff.twee"), "a" * 5000 + ".twee"])
def test_an_impossible_name_is_a_clear_error(name, tmp_path):
    path = tmp_path / name
    for work in (
        gb.read_story,
        lambda path: gb.save_story(STORY, path),
        lambda path: gb.save_story(STORY, path, overwrite=True),
    ):
        with pytest.raises(FormatError):
            work(path)


def test_a_file_that_may_not_be_read_is_a_clear_error(tmp_path, monkeypatch):
    path = tmp_path / "x.twee"
    path.write_text(":: Start\n")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.os, "open", refuse)
    with pytest.raises(FormatError, match="Permission denied"):
        gb.read_story(path)


def test_a_file_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    path = tmp_path / "x.twee"
    path.write_text(":: Start\n" * 200)
    with pytest.raises(LimitError, match="limit"):
        gb.read_story(path)


def test_a_pickle_is_never_opened(tmp_path):
    path = tmp_path / "x.tws"
    path.write_bytes(b"cos\nsystem\n(S'touch x'\ntR.")
    with pytest.raises(FormatError, match="never opened"):
        gb.read_story(path)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_twee_file_is_an_empty_story(data, tmp_path):
    path = tmp_path / "x.twee"
    path.write_bytes(data)
    assert len(gb.read_story(path)) == 0


@pytest.mark.parametrize("name", ["x.html", "x.json", "x"])
def test_another_empty_file_is_a_clear_error(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(b"")
    with pytest.raises(FormatError):
        gb.read_story(path)


def test_a_large_page_without_a_story_is_not_taken_apart(tmp_path, monkeypatch):
    path = tmp_path / "x.html"
    path.write_text('<p class="a">no story &amp; no end</p>\n' * 1000)

    def scan(*_):
        raise AssertionError("the page was scanned for tags")

    monkeypatch.setattr("gamebook_lab.formats.html_tree.tags", scan)
    monkeypatch.setattr("gamebook_lab.formats.twine1_html.tags", scan)
    with pytest.raises(FormatError):
        gb.read_story(path)
