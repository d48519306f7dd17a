"""Published HTML: everything around the story and every attribute stays; only what was edited is written anew."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from gamebook_lab.errors import FormatError, LimitError
from gamebook_lab.formats import parse_twee, registry, to_twee, to_twine_archive, to_twine_html
from gamebook_lab.formats.html_code import Part, join_code, split_code
from gamebook_lab.formats.html_scan import tags
from gamebook_lab.formats.html_text import unescape, unescape_attribute
from gamebook_lab.formats.protocol import Document, Origin

PAGE = """<!DOCTYPE html>
<html><head><title>x <tw-storydata></title><!-- <tw-storydata> --><script>"<tw-storydata>"</script></head>
<body><tw-story tags></tw-story>
<TW-STORYDATA name="A &amp; B" startnode='2' ifid=0CBA6930-7035-462E-A19F-5801A703E414 format="Harlowe" odd="1" hidden
><style role="stylesheet" id="twine-user-stylesheet" type="text/twine-css">b { c: "<" }</style>
<script role="script" id="twine-user-script" type="text/twine-javascript">1 && 2</script>
<tw-tag name="t" color="red"></tw-tag>
<tw-passagedata pid="1" name="One" tags="t u" position="1,2" size="3,4" mine>a &lt; b &#x27;c&#39; &amp d</tw-passagedata>
<unknown>kept</unknown>
<tw-passagedata name='Two' pid=2>[[One]]</tw-passagedata>
</TW-STORYDATA>
<script>engine("</tw-storydata>")</script></body></html>
"""


def read(text):
    (story,) = registry.by_name("twine-html").read((Document(text),), Origin())
    return story


def edit(story, name, column, value):
    table = story.table.copy()
    table.at[story.key(name), column] = value
    return story.with_table(table, [story.key(name)])


def test_page_is_read():
    story = read(PAGE)
    assert story.table["passage_id"].tolist() == ["Story Stylesheet", "Story JavaScript", "One", "Two"]
    assert story.table["kind"].tolist() == ["style", "script", "story", "story"]
    assert story.table["tags"].tolist() == [("stylesheet",), ("script",), ("t", "u"), ()]
    assert story.table["line"].tolist() == [5, 6, 8, 10]
    assert story.text("One") == "a < b 'c' & d"
    assert story.text("Story JavaScript") == "1 && 2"
    assert story.start_key == 3
    facts = story.metadata
    assert (facts.title, facts.format, dict(facts.tag_colors), dict(facts.extra)) == (
        "A & B",
        "Harlowe",
        {"t": "red"},
        {"odd": "1"},
    )
    assert story.import_problems == ()
    assert to_twine_html(story) == PAGE


@pytest.mark.parametrize(
    ("name", "column", "value", "old", "new"),
    [
        ("Two", "text", "<&>\"'", "[[One]]", "&lt;&amp;&gt;&quot;&#39;"),
        ("Two", "passage_id", "Zwei", "name='Two'", 'name="Zwei"'),
        ("Two", "tags", ("a",), "pid=2>", 'pid=2 tags="a">'),
        ("One", "tags", (), 'tags="t u"', 'tags=""'),
        ("One", "y", 5.0, 'position="1,2"', 'position="1,5"'),
        ("Story JavaScript", "text", "3", "1 && 2", "3"),
        ("Story Stylesheet", "text", "b{}", 'b { c: "<" }', "b{}"),
    ],
)
def test_edit_of_a_cell_changes_just_its_bytes(name, column, value, old, new):
    assert to_twine_html(edit(read(PAGE), name, column, value)) == PAGE.replace(old, new)


def test_start_is_written_by_number():
    story = read(PAGE)
    table = story.table.assign(is_start=[False, False, True, False])
    assert to_twine_html(story.with_table(table)) == PAGE.replace("startnode='2'", 'startnode="1"')


def test_passages_are_deleted_added_and_moved():
    story = read(PAGE)
    new = parse_twee(":: Three [x]\nthree\n").table.set_axis([9])
    table = pd.concat([story.table.iloc[[0, 1, 3]], new])
    text = to_twine_html(story.with_table(table))
    assert 'name="One"' not in text
    assert "\n<unknown>kept</unknown>" in text
    assert '<tw-passagedata pid="3" name="Three" tags="x">three</tw-passagedata>\n</TW-STORYDATA>' in text


def test_metadata_is_changed_in_place():
    story = read(PAGE)
    facts = replace(story.metadata, title='"', tag_colors={"t": "blue", "n": "red"}, extra={}, zoom=2.0)
    text = to_twine_html(replace(story, metadata=facts))
    assert "<TW-STORYDATA name=\"&quot;\" startnode='2' ifid=" in text
    assert 'odd="1"' not in text
    assert 'zoom="2"' in text
    assert '<tw-tag name="t" color="blue"></tw-tag>' in text
    assert dict(read(text).metadata.tag_colors) == {"t": "blue", "n": "red"}


@pytest.mark.parametrize(
    ("inside", "codes", "n_passages"),
    [
        ('startnode="9"><tw-passagedata pid=1 name=a></tw-passagedata>', {"GB507"}, 1),
        ('startnode=""><tw-passagedata pid=1 name=a></tw-passagedata>', set(), 1),
        ("><tw-passagedata pid=1 name=a></tw-passagedata><tw-passagedata pid=1 name=b></tw-passagedata>", {"GB507"}, 2),
        ("><tw-passagedata pid=1 name=a>x<tw-passagedata pid=2 name=b>y</tw-passagedata>", {"GB507"}, 2),
        ("><tw-passagedata pid=1 name=a>x<b>y</b></tw-passagedata>", {"GB507"}, 1),
        ("><tw-passagedata pid=1 name=a position=here></tw-passagedata>", {"GB507"}, 1),
        ("><tw-passagedata pid=1></tw-passagedata>", {"GB507"}, 1),
    ],
)
def test_faults_are_rows(inside, codes, n_passages):
    story = read(f"<p><tw-storydata ifid=12345678 format=Harlowe {inside}</tw-storydata>")
    assert {row.code for row in story.import_problems} == codes
    assert len(story) == n_passages


@pytest.mark.parametrize("attributes", ["", "name=a", "pid=1", 'pid="" name=""', "nam=b"])
def test_passage_without_name_or_number_stays_as_it_is(attributes):
    text = f"<p><tw-storydata><tw-passagedata {attributes}>x</tw-passagedata></tw-storydata>"
    story = read(text)
    assert to_twine_html(story) == text
    started = story.with_table(story.table.assign(is_start=True))
    assert read(to_twine_html(started)).start_key == 0


def test_edit_of_a_passage_that_is_never_closed_escapes_what_it_swallowed():
    text = (
        '<p><tw-storydata><tw-passagedata pid=1 name=a>x<tw-passagedata pid="2 name=b>y</tw-passagedata></tw-storydata>'
    )
    story = read(text)
    edited = to_twine_html(edit(story, "a", "text", story.text("a") + "!"))
    assert read(edited).text("a") == story.text("a") + "!"


def test_unescaped_markup_in_a_passage_is_kept_as_text():
    assert (
        read("<p><tw-storydata><tw-passagedata name=a>x<b>y</b></tw-passagedata></tw-storydata>").text("a")
        == "x<b>y</b>"
    )


def test_start_of_two_with_one_number_gets_its_own():
    text = "<p><tw-storydata><tw-passagedata pid=1 name=a></tw-passagedata><tw-passagedata pid=1 name=b></tw-passagedata></tw-storydata>"
    story = read(text)
    written = to_twine_html(story.with_table(story.table.assign(is_start=[False, True])))
    assert read(written).start_key == 1


def test_scripts_of_a_compiler_are_split_by_name_and_joined_again():
    story = parse_twee(":: a [script]\n1;\n\n:: b [script]\n2;\n\n:: c [stylesheet]\nb{}\n\n:: Start\nx\n")
    text = to_twine_html(story)
    assert text.count("<script") == 1
    (back,) = registry.by_name("twine-archive").read((Document(text),), Origin())
    assert back.table["passage_id"].tolist() == ["c", "a", "b", "Start"]
    assert to_twee(back) == ":: c [stylesheet]\nb{}\n\n:: a [script]\n1;\n\n:: b [script]\n2;\n\n:: Start\nx\n"


def test_code_cannot_end_its_element():
    assert join_code([Part("Story JavaScript", "</scripts>")], "script") == "</scripts>"
    text = join_code([Part("a", '"</script>"'), Part("*/", "")], "script")
    assert "</script" not in text
    assert [part.name for part in split_code(text, "script")] == ["a", "*/"]


def test_new_element_is_what_twine_imports():
    assert to_twine_html(parse_twee(":: Start\na")) == (
        '<tw-storydata hidden startnode="1">'
        '<style role="stylesheet" id="twine-user-stylesheet" type="text/twine-css"></style>'
        '<script role="script" id="twine-user-script" type="text/twine-javascript"></script>'
        '<tw-passagedata pid="1" name="Start" tags="">a</tw-passagedata></tw-storydata>'
    )


def test_archive_holds_many_stories_and_is_edited_one_at_a_time():
    text = to_twine_archive([parse_twee(":: Start\na"), parse_twee(":: Start\nb")])
    stories = registry.by_name("twine-archive").read((Document(text),), Origin())
    assert [story.text("Start") for story in stories] == ["a", "b"]
    assert [story.source.format for story in stories] == ["twine-archive"] * 2
    edited = registry.by_name("twine-archive").update(edit(stories[1], "Start", "text", "c"))
    assert edited.documents[0].text == text.replace(">b<", ">c<")


def test_archive_of_too_many_stories_is_a_limit():
    with pytest.raises(LimitError, match="2001 stories"):
        read("<tw-storydata>" * 2001)


def test_page_without_a_story_is_refused():
    with pytest.raises(FormatError, match="tw-storydata"):
        read("<html></html>")


@pytest.mark.parametrize(
    ("raw", "text", "attribute"),
    [
        ("&#x27;&#39;&apos;", "'''", "'''"),
        ("&amp &lt;b&gt", "& <b>", "& <b>"),
        ("&ampx", "&x", "&ampx"),
        ("?a=1&copy=2", "?a=1©=2", "?a=1&copy=2"),
        ("&nosuch; & &", "&nosuch; & &", "&nosuch; & &"),
        ("&#0;&#xD800;&#x110000;", "\ufffd" * 3, "\ufffd" * 3),
        ("&#" + "9" * 10_000 + ";", "\ufffd", "\ufffd"),
        ("&#" + "0" * 10_000 + "65;", "A", "A"),
        ("a\r\nb\rc", "a\nb\nc", "a\nb\nc"),
    ],
)
def test_references_are_read_as_browsers_do(raw, text, attribute):
    assert (unescape(raw), unescape_attribute(raw)) == (text, attribute)


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<a b='>' c=d/>x</a>", ["a", "a"]),
        ("<script><b></script ><c>", ["script", "script", "c"]),
        ("<!-- <a> --><!a <b><?c <d>", []),
        ("<!--><a>", ["a"]),
        ("<a", []),
        ("<a b='", []),
        ("< a></ b><1>", []),
        ("<style>", ["style"]),
    ],
)
def test_tags_are_found_as_browsers_do(html, names):
    assert [tag.name for tag in tags(html)] == names
