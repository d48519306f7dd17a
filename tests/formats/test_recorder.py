"""The recorder is put where a browser runs it, once, and nowhere else."""

from __future__ import annotations

import pytest

import gamebook_lab as gb
from gamebook_lab.errors import FormatError
from gamebook_lab.formats.recorder import has_recorder, record_in, with_recorder

PAGE = '<html><body><tw-storydata name="A &gt; B" format="{}" hidden><tw-passagedata pid="1" name="Start">Hi</tw-passagedata></tw-storydata></body></html>'


def test_with_recorder__before_the_end_of_the_body_and_once():
    html = PAGE.format("SugarCube")
    found = with_recorder(html)
    assert found.index("</tw-storydata>") < found.index('<script id="gamebook-recorder">') < found.index("</body>")
    assert found.count("</script>") == 1
    assert with_recorder(found) == found
    assert has_recorder(found)
    assert not has_recorder(html)
    assert found.startswith(html[: html.index("</body>")])


def test_with_recorder__harlowe_gets_a_hidden_header_that_says_where_the_reader_is():
    assert 'tags="header"' in with_recorder(PAGE.format("Harlowe"))
    assert "(print: " in with_recorder(PAGE.format('Harlowe" format-version="2.1.0'))
    assert "(verbatim-print: " in with_recorder(PAGE.format('Harlowe" format-version="3.3.9'))
    assert 'tags="header"' not in with_recorder(PAGE.format("Chapbook"))


def test_with_recorder__without_a_body_it_stands_at_the_end():
    html = PAGE.format("Snowman").replace("</body></html>", "")
    assert with_recorder(html).endswith("</script>\n")


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<html></html>", "there is none"),
        (PAGE.format("A") + PAGE.format("B"), "archive"),
        ("<tw-storydata name='", "there is none"),
    ],
)
def test_with_recorder__what_is_no_published_story_is_refused(html, said):
    with pytest.raises(FormatError, match=said):
        with_recorder(html)


def test_with_recorder__the_script_asks_nothing_of_the_network():
    script = with_recorder(PAGE.format("SugarCube"))
    for word in (
        "fetch(",
        "XMLHttpRequest",
        "sendBeacon",
        "WebSocket",
        "http://",
        "https://",
        "import(",
        "EventSource",
        "new Image",
    ):
        assert word not in script


def test_record_in__a_file_is_read_as_before(tmp_path):
    story = gb.parse_twee(':: StoryData\n{"format":"SugarCube"}\n\n:: Start\n[[End]]\n\n:: End\nOver.\n')
    gb.save_story(story, tmp_path / "a.html")
    before = gb.read_story(tmp_path / "a.html").passages["passage_id"].tolist()
    record_in(tmp_path / "a.html")
    assert has_recorder((tmp_path / "a.html").read_text())
    assert gb.read_story(tmp_path / "a.html").passages["passage_id"].tolist() == before
    (tmp_path / "b.html").write_text("<p>none")
    with pytest.raises(FormatError, match=r"b\.html"):
        record_in(tmp_path / "b.html")
