"""Twee: what a file says, where its faults are, and which bytes an edit changes."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from gamebook_lab.formats import parse_twee, registry, to_twee, to_twine_html, unrepresentable
from gamebook_lab.formats.protocol import Document, Origin

STORY = """:: StoryTitle
Lighthouse

:: StoryData
{
  "ifid": "0CBA6930-7035-462E-A19F-5801A703E414",
  "format": "Harlowe",
  "format-version": "3.3.9",
  "start": "Beach",
  "tag-colors": {"dark": "red"},
  "zoom": 0.25,
  "mine": [1, 2]
}

:: Cellar  [dark  wet] {"position":"600,400","note":"keep","size":"100,200"}
Dark.

:: Beach
[[Cellar]]
"""


def edit(story, name, column, value):
    table = story.table.copy()
    key = story.key(name)
    table.at[key, column] = value
    return story.with_table(table, [key])


def problems(story):
    return [(row.code, row.line, row.column) for row in story.import_problems if row.code not in {"GB504", "GB508"}]


def test_story_is_read():
    story = parse_twee(STORY)
    assert story.table["passage_id"].tolist() == ["Cellar", "Beach"]
    assert story.table["line"].tolist() == [15, 18]
    assert story.table["tags"].tolist() == [("dark", "wet"), ()]
    assert story.table.loc[0, ["x", "y", "width", "height"]].tolist() == [600, 400, 100, 200]
    assert story.text("Beach") == "[[Cellar]]"
    assert story.start_key == 1
    facts = story.metadata
    assert (facts.title, facts.format, facts.format_version, facts.zoom) == ("Lighthouse", "Harlowe", "3.3.9", 0.25)
    assert (dict(facts.tag_colors), dict(facts.extra), facts.declared_start) == (
        {"dark": "red"},
        {"mine": [1, 2]},
        None,
    )
    assert problems(story) == []


@pytest.mark.parametrize(
    ("name", "column", "value", "old", "new"),
    [
        ("Cellar", "text", "Dark.\nWet.", "Dark.\n", "Dark.\nWet.\n"),
        ("Cellar", "text", "", "Dark.\n", "\n"),
        ("Cellar", "passage_id", "Vault", ":: Cellar  [", ":: Vault  ["),
        ("Cellar", "tags", ("dark",), "[dark  wet]", "[dark]"),
        ("Cellar", "tags", (), "  [dark  wet] {", " {"),
        ("Cellar", "x", 601.5, '"600,400"', '"601.5,400"'),
        ("Beach", "tags", ("a]",), ":: Beach", r":: Beach [a\]]"),
        ("Beach", "passage_id", "Sea", ":: Beach", ":: Sea"),
    ],
)  # fmt: skip
def test_edit_of_a_cell_changes_just_its_bytes(name, column, value, old, new):
    expected = STORY.replace(old, new)
    if column == "passage_id" and name == "Beach":  # the start is given by name
        expected = expected.replace('"Beach"', '"Sea"')
    assert to_twee(edit(parse_twee(STORY), name, column, value)) == expected


def test_deleted_passage_takes_its_separator_along():
    story = parse_twee(":: A\na\n\n\n:: B\nb\n\n:: C\nc")
    assert to_twee(story.with_table(story.table.drop(1))) == ":: A\na\n\n\n:: C\nc"


def test_added_passage_stands_where_the_table_has_it_and_keeps_the_usual_distance():
    story = parse_twee(":: A\na\n\n\n:: C\nc")
    other = parse_twee(":: B\nb\n").table.set_axis([7])
    between = pd.concat([story.table.iloc[:1], other, story.table.iloc[1:]])
    assert to_twee(story.with_table(between)) == ":: A\na\n\n\n:: B\nb\n\n\n:: C\nc"
    behind = pd.concat([story.table, other])
    assert to_twee(story.with_table(behind)) == ":: A\na\n\n\n:: C\nc\n\n\n:: B\nb\n"


def test_start_that_relied_on_its_name_is_written_when_it_moves():
    story = parse_twee(":: Start\na\n\n:: B\nb\n")
    table = story.table.assign(is_start=[False, True])
    assert parse_twee(to_twee(story.with_table(table))).start_key == 1


def test_untouched_lines_keep_their_line_ends():
    story = parse_twee(":: A\r\none\r\ntwo\nthree\r\n\r\n:: B\nb")
    assert to_twee(edit(story, "A", "text", "one\nTWO\nthree")) == ":: A\r\none\r\nTWO\r\nthree\r\n\r\n:: B\nb"


@pytest.mark.parametrize("text", ["\nx", "a\n\nb", "\n\nx"])
def test_old_mac_line_end_does_not_merge_with_a_new_one(text):
    story = parse_twee(":: A\ra\rb\n:: B\nb\nb\nb")
    assert parse_twee(to_twee(edit(story, "A", "text", text))).text("A") == text


def test_line_that_looks_like_a_header_is_escaped_as_twine_does():
    story = parse_twee(":: A\n\\:: no\n\\\\:: header\n")
    assert story.text("A") == ":: no\n\\:: header"
    assert to_twee(edit(story, "A", "text", ":: x\n" + story.text("A"))) == ":: A\n\\:: x\n\\:: no\n\\\\:: header\n"


def test_broken_story_data_is_read_around_and_kept():
    text = ':: StoryData\n{\n  "ifid": "0CBA6930-7035-462E-A19F-5801A703E414",F-2",\n  "start": "B"\n}\n\n:: B\nb\n'
    story = parse_twee(text)
    assert story.metadata.ifid == "0CBA6930-7035-462E-A19F-5801A703E414"
    assert story.start_key == 0
    assert problems(story) == [("GB501", 3, 50)]
    assert to_twee(story) == text
    assert to_twee(edit(story, "B", "passage_id", "C")) == text.replace('"B"', '"C"').replace(":: B", ":: C")


def test_stray_text_belongs_to_no_passage():
    story = parse_twee("\n  notes\n:: A\n")
    assert problems(story) == [("GB505", 2, 3)]
    assert to_twee(story) == "\n  notes\n:: A\n"


@pytest.mark.parametrize(
    ("header", "name", "tags", "column"),
    [
        (":: Pas[sage", "Pas[sage", (), 7),
        (":: a] b", "a] b", (), 5),
        (":: N [ta[g]", "N", ("ta[g",), 9),
        (":: N {} [a]", "N", ("a",), 9),
        (':: N {"position}', "N", (), 7),
        (':: N {"position":"x"}', "N", (), 18),
        (":: N [a] what", "N", ("a",), 10),
        ("::", "", (), 1),
    ],
)
def test_odd_header_is_read_and_reported(header, name, tags, column):
    story = parse_twee(f"\n{header}\ntext\n")
    assert (story.table.at[0, "passage_id"], story.table.at[0, "tags"]) == (name, tags)
    assert problems(story) == [("GB502", 2, column)]


def test_twee_2_positions_and_includes():
    story = parse_twee("::@include more.tw2\n\n::A [x] <5,-6>\nhi\n")
    assert story.table.loc[0, ["passage_id", "x", "y"]].tolist() == ["A", 5, -6]
    assert problems(story) == [("GB501", 1, 1)]
    assert to_twee(edit(story, "A", "x", 7.0)) == "::@include more.tw2\n\n::A [x] <7,-6>\nhi\n"


def test_deep_metadata_is_a_problem_and_no_crash():
    story = parse_twee(f':: A {{"a":{"[" * 100_000}\n\n:: StoryData\n{{"x":{"[" * 100_000}\n')
    assert [code for code, *_ in problems(story)] == ["GB502", "GB501"]


def test_second_story_title_is_a_passage():
    story = parse_twee(":: StoryTitle\nOne\n\n:: StoryTitle\nTwo\n")
    assert (story.metadata.title, len(story)) == ("One", 1)
    assert problems(story) == [("GB501", 4, 1)]


def test_duplicate_names_stay_two_rows():
    assert len(parse_twee(":: A\n1\n:: A\n2\n")) == 2


def test_unknown_format_is_a_row_and_the_language_is_guessed():
    story = parse_twee(":: A\n<<goto 'B'>>\n")
    assert [row.code for row in story.import_problems] == ["GB508", "GB504"]


def test_title_and_data_are_added_where_there_were_none():
    story = parse_twee(":: A\na\n")
    story = replace(story, metadata=replace(story.metadata, title="T", format="Harlowe"))
    assert to_twee(story) == ':: StoryTitle\nT\n\n:: StoryData\n{\n  "format": "Harlowe"\n}\n\n:: A\na\n'


def test_what_twee_cannot_hold_is_listed():
    html = '<tw-storydata name="T" creator="Twine" startnode=""><tw-passagedata pid="1" name="Start" data-x="1">a\n\n</tw-passagedata></tw-storydata>'
    (story,) = registry.by_name("twine-archive").read((Document(html),), Origin())
    said = " ".join(row.message for row in unrepresentable(story, "twee"))
    assert all(word in said for word in ("data-x", "creator", "blank lines", "named Start"))
    assert unrepresentable(story, "twine-html") == ()


def test_what_only_this_file_holds_is_listed_for_other_formats():
    story = parse_twee('notes\n:: A {"note":1}\na\n')
    assert [row.code for row in unrepresentable(story, "twine-html")] == ["GB506", "GB506"]
    assert unrepresentable(story, "twee") == ()
    assert "notes" not in to_twine_html(story)
