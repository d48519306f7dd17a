from gamebook_lab.story import schema
from gamebook_lab.story.checks import check
from gamebook_lab.story.problems import SEVERITIES, Problem

EVERYTHING = [
    ("Start", "[[Nope]] {bad} {code fx}\n{read $x} [[Self]]"),
    ("Self", "[[Self]]"),
    ("Empty", ""),
    ("Start", "{visited Gone} {set $y}"),
]


def test_check__columns_and_dtypes_for_none_and_many(toy):
    for passages in ({"Start": "Hi."}, EVERYTHING):
        table = check(toy.toy_story(passages))
        assert table.dtypes.astype(str).to_dict() == {column.name: column.dtype for column in schema.PROBLEMS}


def test_check__empty_story_has_no_start(toy):
    assert check(toy.toy_story({}, start=None))["code"].tolist() == ["GB103"]


def test_check__worst_first_then_story_order_then_offset(toy):
    table = check(toy.toy_story(EVERYTHING))
    ranks = [(SEVERITIES.index(row.severity), row.key, -1 if row.start is None else row.start)
             for row in table.astype(object).where(table.notna(), None).itertuples()]  # fmt: skip
    assert ranks == sorted(ranks)
    assert set(table["code"]) == {
        "GB101", "GB102", "GB104", "GB105", "GB106", "GB107", "GB108", "GB201", "GB202", "GB301", "GB401",
    }  # fmt: skip


def test_check__import_problems_pass_through_with_their_own_line(toy):
    problems = (
        Problem("GB501", "Tag colours are not JSON", line=7, column=2, file="story.twee"),
        Problem("GB502", "Odd header", key=0),
        Problem("GB503", "Of a passage that is gone", key=99, line=3),
    )
    table = check(toy.toy_story({"Start": "Hi."}, import_problems=problems))
    assert table["code"].tolist() == ["GB501", "GB503", "GB502"]
    assert table["line"].tolist() == [7, 3, 1]
    assert table["file"].tolist()[0] == "story.twee"
    assert table["passage_id"].tolist()[2] == "Start"


def test_check__lines_count_in_the_text_where_there_is_no_file(toy):
    story = toy.toy_story({"Start": "Hi.\n[[Nope]] [[Start]]"})
    story = story.with_table(story.table.assign(file=None, line=None).astype({"file": "str", "line": "Int64"}))
    row = check(story).iloc[0]
    assert (row["line"], row["column"]) == (2, 3)


def test_check__is_what_story_problems_gives(toy):
    story = toy.toy_story(EVERYTHING)
    assert story.problems().equals(check(story))


def test_check__unpaired_surrogates_in_the_text_are_escaped(toy):
    table = check(toy.toy_story({"Start": "[[\ud800]] [[Start]]"}))
    assert table["message"].tolist() == ["In 'Start', a link leads to '\\ud800', but no passage has this name"]
