"""Properties of every writable format: what is written reads back, edits stay where they are, nothing crashes."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gamebook_lab.errors import GamebookError
from gamebook_lab.formats import registry
from gamebook_lab.formats.encoding import decode, encode
from gamebook_lab.formats.protocol import Document, Origin
from gamebook_lab.formats.twee_header import new_header, parse_header, update_header
from gamebook_lab.formats.twee_section import without_blank_end
from gamebook_lab.languages.plain import LANGUAGE
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.records import records_of
from gamebook_lab.story.story import Story, passage_rows

calm = settings(deadline=None)  # a busy machine is no failure
WRITABLE = ("twee", "twine-html", "twine-json")
marks = st.sampled_from(
    [*"\\[]{}<>&\"';:,|/#-", "::", "\\::", "-->", "<!--", "</script>", "&amp;", "<1,2>", "[[", "]]"]
)
plain = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=6)
words = st.lists(st.one_of(marks, plain, st.sampled_from([" ", "\t", "a", "Start"])), max_size=5).map("".join)
texts = st.lists(words, max_size=5).map("\n".join).map(without_blank_end)
tags = st.lists(st.text(alphabet="ab[]{}\\<>&é-", min_size=1, max_size=4), max_size=3).map(tuple)
pixels = st.one_of(st.integers(-9999, 9999), st.integers(-9999, 9999).map(lambda n: n / 4)).map(float)
pairs = st.one_of(st.just((None, None)), st.tuples(pixels, pixels))
names = st.one_of(words.filter(bool), st.sampled_from(["StoryTitle", "StoryData", "@include x", " @include"]))


@st.composite
def passages(draw):
    (x, y), (width, height) = draw(pairs), draw(pairs)
    return Passage(draw(names), draw(texts), draw(tags), x=x, y=y, width=width, height=height)


def facts():
    return st.builds(
        Metadata,
        title=words.map(str.strip),
        ifid=st.sampled_from(["", "0CBA6930-7035-462E-A19F-5801A703E414"]),
        format=st.sampled_from(["", "Harlowe", "Nobody's"]),
        format_version=st.sampled_from(["", "3.3.9"]),
        zoom=st.sampled_from([None, 1.0, 0.25]),
        tag_colors=st.dictionaries(st.sampled_from(["a", 'b"<']), st.sampled_from(["red", "blue"])),
        extra=st.dictionaries(st.sampled_from(["zebra", "tags"]), words),
    )


@st.composite
def stories(draw):
    rows = draw(st.lists(passages(), max_size=5, unique_by=lambda row: row.passage_id))
    table = passage_rows(rows)
    if rows:
        start = draw(st.integers(0, len(rows) - 1))
        table["is_start"] = [index == start for index in range(len(rows))]
    return Story(table, LANGUAGE, draw(facts()))


def facts_of(story):
    data = story.metadata
    return (
        data.title, data.ifid, data.format, data.format_version, data.zoom, dict(data.tag_colors), dict(data.extra),
        data.declared_start,
    )  # fmt: skip


def rows_of(story):
    fields = ("passage_id", "text", "tags", "x", "y", "width", "height", "is_start")
    return [tuple(getattr(row, field) for field in fields) for row in records_of(story.table).values()]


def render(story, name):
    return registry.by_name(name).update(story, whole=True).documents[0]


def parse(document, name):
    (story,) = registry.by_name(name).read((document,), Origin())
    return story


@pytest.mark.parametrize("name", WRITABLE)
@calm
@given(story=stories())
def test_what_is_written_reads_back(name, story):
    back = parse(render(story, name), name)
    assert (facts_of(back), rows_of(back)) == (facts_of(story), rows_of(story))


@pytest.mark.parametrize("name", WRITABLE)
@calm
@given(story=stories())
def test_what_was_read_is_written_the_same(name, story):
    document = render(story, name)
    assert render(parse(document, name), name) == document


@pytest.mark.parametrize("name", WRITABLE)
@calm
@given(story=stories(), other=stories(), data=st.data())
def test_any_edited_table_reads_back(name, story, other, data):
    """Rows are deleted, changed, reordered and added at once."""
    old = parse(render(story, name), name)
    rows = rows_of(other)
    keys = data.draw(st.lists(st.integers(0, 9), min_size=len(rows), max_size=len(rows), unique=True))
    table = other.table.set_axis(pd.Index(keys, name="key"))
    edited = old.with_table(table, keys, metadata=other.metadata)
    back = parse(render(edited, name), name)
    assert (facts_of(back)[:-1], rows_of(back)) == (facts_of(edited)[:-1], rows)


@pytest.mark.parametrize("name", WRITABLE)
@calm
@given(story=stories(), other=stories(), data=st.data())
def test_tree_of_an_edit_is_the_tree_of_its_text(name, story, other, data):
    """Places and problems are those that a new reading finds."""
    old = parse(render(story, name), name)
    keys = data.draw(st.lists(st.integers(0, 9), min_size=len(other), max_size=len(other), unique=True))
    edited = old.with_table(other.table.set_axis(pd.Index(keys, name="key")), keys, metadata=other.metadata)
    tree = registry.by_name(name).update(edited)
    again = registry.by_name(name).read(tree.documents, Origin())[0].source
    assert list(tree.places.values()) == list(again.places.values())
    assert_problems_are_as_read(name, edited)


def assert_problems_are_as_read(name, story):
    found = registry.by_name(name)
    tree = found.update(story)
    again = found.read(tree.documents, Origin())[tree.index]
    keys = dict(enumerate(tree.places))
    assert list(found.problems(tree)) == [replace(each, key=keys.get(each.key)) for each in again.import_problems]


@calm
@given(
    st.lists(st.one_of(marks, plain, st.sampled_from([" ", "\t", "a"])), max_size=8).map("".join),
    names,
    tags,
    pairs,
    pairs,
)
@example("", "a", (), (None, None), (1.0, 2.0))
def test_any_header_can_be_changed_to_any(raw, name, labels, position, size):
    header = update_header(parse_header(f"::{raw}"), name, labels, position, size)
    assert parse_header(header.raw) == header
    assert (header.name, header.tags) == (name, labels)
    assert (header.position, header.size) == (position, size)


@calm
@given(names, tags, pairs, pairs)
def test_new_header_has_no_problems(name, labels, position, size):
    assert new_header(name, labels, position, size).problems == ()


line_ends = st.sampled_from(["\n", "\r\n", "\r"])
twee_lines = st.sampled_from(
    [":: A", ":: B [x]", '::C {"position":"1,2"}', ":: StoryTitle", ":: StoryData", "{", '"start": "B",', '"ifid": "X",',
     "}", "text", "  ", "", "\\:: no header", ":: [", ":: D {", "::@include x", ":: A <3,4>"]
)  # fmt: skip
messy = st.lists(st.tuples(twee_lines, line_ends), max_size=14).map(lambda pairs: "".join(a + b for a, b in pairs))


@calm
@given(text=messy, cut=st.integers(0, 3), data=st.data())
def test_text_edit_in_messy_twee_changes_only_that_section(text, cut, data):
    text = text[: len(text) - cut]
    story = parse(Document(text), "twee")
    assert render(story, "twee").text == text
    if len(story) == 0:
        return
    key = data.draw(st.sampled_from(story.table.index.tolist()))
    table = story.table.copy()
    table.at[key, "text"] = table.at[key, "text"] + "!"
    edited = render(story.with_table(table, [key]), "twee").text
    before = [section.raw for section in story.source.sections]
    (at,) = [index for index, section in enumerate(story.source.sections) if section.key == key]
    head = story.source.files[0].prelude + "".join(before[:at]) + story.source.files[0].sections[at].header.raw
    tail = "".join(before[at + 1 :])
    assert edited.startswith(head)
    assert edited.endswith(tail)
    assert parse(Document(edited), "twee").table.at[key, "text"] == table.at[key, "text"]
    assert_problems_are_as_read("twee", story.with_table(table, [key]))


html_bits = st.sampled_from(
    ["<tw-storydata name='x' startnode=1>", "</tw-storydata>", '<tw-passagedata pid="1" name="a" tags>', "</tw-passagedata>",
     "<script type=text/twine-javascript>", "</script>", "<style id='twine-user-stylesheet'>", "</style>", "<!--", "-->", "<", ">",
     '"', "'", "&", "&amp", "&#x110000;", "&#99999999999999;", "<tw-tag name=a color=b>", "</tw-tag>", "<b>", "<!doctype html>", "a",
     "\n", "\r\n", " ", "=", "/", "<title>", "<tw-passagedata ", '<div id="storeArea">', '<div tiddler="b">', "\\n"]
)  # fmt: skip


@settings(calm, max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(html_bits, max_size=25).map("".join), messy))
def test_no_text_crashes_any_format(text):
    for name in (*WRITABLE, "twine-archive", "twine1-html"):
        found = registry.by_name(name)
        document = Document(text)
        found.recognises(document)
        try:
            read = found.read((document,), Origin())
        except GamebookError:
            continue
        for story in read:
            assert story.source.documents == (document,)
            if found.is_writable:
                assert found.update(story).documents == (document,)
                touch_everything(found, story)


def touch_everything(found, story):
    """Change every cell of a story that was read from anything: it is written, and reads back."""
    table = story.table.assign(text=[f"{text}\nmore" for text in story.table["text"]], x=7.0, y=8.0)
    table["tags"] = [(*labels, "more") for labels in table["tags"]]
    edited = story.with_table(table, table.index, metadata=Metadata(title="More"))
    tree = found.update(edited)
    again = found.read(tree.documents, Origin())[tree.index]
    assert len(again) == len(story)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.just("1,2")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["name", "passages", "tags", "text", "metadata", "position", "start", "zoom", "x"]), inner
        ),
    ),
    max_leaves=12,
)


@calm
@given(json_values)
def test_no_json_crashes(value):
    text = json.dumps(value if not isinstance(value, dict) else {"passages": [value], **value})
    try:
        story = parse(Document(text), "twine-json")
    except GamebookError:
        return
    assert render(story, "twine-json").text == text
    touch_everything(registry.by_name("twine-json"), story)


@calm
@given(st.binary(max_size=40))
@example(b"\xff\xfea")
@example(b"\x81\x8d\xe9")
def test_bytes_decode_and_encode_back(data):
    try:
        text, encoding = decode(data)
    except GamebookError:
        return
    assert encode(text, encoding) == data
