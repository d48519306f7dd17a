from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamebook_lab.story import schema
from gamebook_lab.story.checks import check
from gamebook_lab.story.edits import set_text
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


def test_check__of_a_long_story_rests_in_between_and_can_be_stopped_there(toy):
    texts = {f"P{n}": f"[[P{n + 1}]] {{set $x{n}}} {{read _x}} {{code fx}}" for n in range(2_000)}
    rests = []

    def anew():
        return toy.toy_story(texts, start="P0")

    assert check(anew(), rest=lambda: rests.append(1)).equals(check(anew()))
    n_rests = len(rests)
    assert n_rests > 20

    def stop_at(last):
        rests.append(1)
        if len(rests) == last:
            raise KeyboardInterrupt

    for last in (3, n_rests // 2, n_rests):
        rests.clear()
        story = anew()
        with pytest.raises(KeyboardInterrupt):
            check(story, rest=lambda last=last: stop_at(last))
        assert check(set_text(story, 0, "[[P1]]")).equals(check(set_text(anew(), 0, "[[P1]]"))), "what is left is whole"


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


@dataclass(frozen=True)
class Origin:
    format: str
    path: None = None
    fingerprint: str = ""


@pytest.mark.parametrize(
    ("file_format", "place"),
    [("twee", (3, 6)), ("twine-html", (2, None)), ("twine-archive", (2, None)), ("twine-json", (1, None))],
)
def test_check__place_in_the_file_by_its_format(toy, file_format, place):
    story = toy.toy_story({"Start": "Hi.\nGo [[Nope]] [[Start]]"}, source=Origin(file_format))
    row = check(story).iloc[0]
    assert (row["line"], None if pd.isna(row["column"]) else row["column"]) == place


CHARACTERS = st.text("AB []{}\n\ud800\u0301é去\x00", max_size=12)
MARKS = st.builds("{{{} {}}}".format, st.sampled_from(
    ["goto", "include", "visited", "restart", "computed", "set", "read", "code", "jump", "define", "oops"]
), st.sampled_from(["A", "B", "$x", "_i", "C"]))  # fmt: skip
TEXTS = st.lists(st.one_of(CHARACTERS, MARKS, st.just("[[A]]"), st.just("[[C]]")), max_size=6).map("".join)


@given(
    texts=st.lists(st.tuples(st.sampled_from("ABDE"), TEXTS, st.sampled_from(["", "special", "script", "end"]))),
    start=st.integers(0, 3),
)
def test_check__any_story_gives_sorted_rows_with_places(texts, start):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.syspath_prepend(Path(__file__).parents[2] / "toys")
        toy = import_module("toy_language")
    tags = {name: [tag] for name, _, tag in texts if tag}
    story = toy.toy_story([(name, text) for name, text, _ in texts], tags=tags, start=start)
    table = check(story)
    ranks = table["severity"].map(SEVERITIES.index).tolist()
    assert ranks == sorted(ranks)
    placed = table[table["start"].notna()]
    for row in placed.itertuples():
        assert 0 <= row.start <= row.stop <= len(story.text(row.key))
        lines = story.text(row.key)[: row.start].split("\n")
        header = int(story.table.at[row.key, "line"])
        assert (row.line, row.column) == (header + len(lines), len(lines[-1]) + 1)
    assert check(story).equals(table)
