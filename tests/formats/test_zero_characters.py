"""Zero characters (NUL): a file that has got some is read, told of, and written as it was; what is no text is refused."""

from __future__ import annotations

import pytest

from gamebook_lab.errors import FormatError
from gamebook_lab.formats import read_story, save_story
from gamebook_lab.story.edits import add_passage

TWEE = b":: Start\n[[Yard]]\n\n:: Ya\0rd\na\0b\n\n:: Yard\nEnd\n"
PAGE = b'<tw-storydata name="a"><tw-passagedata pid="1" name="Start">a\0b</tw-passagedata></tw-storydata>'


@pytest.mark.parametrize(("name", "data"), [("a.twee", TWEE), ("a.html", PAGE)])
def test_file_with_a_few__is_read_and_told_of(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    story = read_story(path)
    assert "a\0b" in story.table["text"].tolist()
    assert "GB509" in story.problems()["code"].tolist()
    save_story(story)
    assert path.read_bytes() == data
    save_story(add_passage(story, "New"))
    assert "a\0b" in read_story(path).table["text"].tolist()


@pytest.mark.parametrize(
    "data",
    [":: Start\nplain".encode("utf-16-le"), b":: Start\n" + bytes(64), b":: Start\n\xff\xfe\x80\0 not UTF-8", b"a\0"],
    ids=["utf-16 without a mark", "padding", "bytes", "short"],
)
def test_what_is_no_text__is_refused(tmp_path, data):
    path = tmp_path / "a.twee"
    path.write_bytes(data)
    with pytest.raises(FormatError, match="binary file"):
        read_story(path)
