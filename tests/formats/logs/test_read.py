"""Logs of every kind come out as one tidy table, and what cannot be read is said."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import gamebook_lab as gb
from gamebook_lab.errors import FormatError, LimitError
from gamebook_lab.formats.logs.export import to_csv
from gamebook_lab.formats.logs.lzstring import unpacked
from gamebook_lab.formats.logs.schema import SESSIONS


@pytest.fixture
def log(tmp_path):
    def write(name, content):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
        return path

    return write


def steps(sessions):
    table = sessions.table
    return {name: rows["passage_id"].tolist() for name, rows in table.groupby("session_id", sort=False)}


def codes(sessions):
    return sessions.problems()["code"].tolist()


EVENTS = """session,user,page,timestamp,choice
s1,ann,Hall,2026-01-05T10:00:00Z,Go up
s2,bob,Hall,2026-01-05T10:00:01Z,
s1,ann,Attic,2026-01-05T10:00:30Z,
"""


def test_events__usual_names_are_known(log):
    read = gb.read_sessions(log("log.csv", EVENTS))
    assert [column.name for column in SESSIONS] == read.table.columns.tolist()
    assert steps(read) == {"s1": ["Hall", "Attic"], "s2": ["Hall"]}
    assert read.table["dwell_seconds"].tolist()[0] == 30.0
    assert read.table["choice_id"].tolist()[0] == "Go up"
    assert not read.found


def test_events__columns_of_any_name_are_mapped(log):
    path = log("log.csv", "wer;wo\nann;Hall\nann;Attic\n")
    with pytest.raises(FormatError, match="columns="):
        gb.read_sessions(path)
    assert steps(gb.read_sessions(path, columns={"reader_id": "wer", "passage_id": "wo"})) == {
        "ann#1": ["Hall", "Attic"]
    }


def test_events__a_long_pause_begins_another_session(log):
    text = "reader,page,time\nann,A,1767607200\nann,B,1767607260\nann,A,1767610860\n"
    assert list(steps(gb.read_sessions(log("log.csv", text))).values()) == [["A", "B"], ["A"]]


def test_events__bad_rows_are_problems_not_silence(log):
    text = "reader,page,time,seconds,event\nann,Hall,yesterday-ish,1,visit\nann,,2026-01-01,1,visit\n,Hall,2026-01-01,x,visit\nann,A,B,C,D,E\nbob,Hall,2026-01-01,2,flew\n"
    read = gb.read_sessions(log("log.csv", text))
    assert sorted(codes(read)) == ["GB701", "GB702", "GB703", "GB704", "GB712"]
    assert read.problems().set_index("code")["line"].to_dict() == {
        "GB701": 5,
        "GB702": 3,
        "GB703": 4,
        "GB704": 2,
        "GB712": 6,
    }
    assert sorted(read.table["reader_id"]) == ["ann", "bob"]


def test_events__mixed_time_zones_are_told(log):
    text = "reader,page,time\nann,A,2026-07-01T12:00:00\nann,B,2026-07-01T10:00:30Z\n"
    read = gb.read_sessions(log("log.csv", text), timezone="Europe/Paris")
    assert codes(read) == ["GB708"]
    assert steps(read) == {"ann#1": ["A", "B"]}
    assert read.table["dwell_seconds"].tolist()[0] == 30.0


@pytest.mark.parametrize("number", ["1767607200", "1767607200000", "1767607200000000", "1767607200.0"])
def test_times__seconds_milliseconds_microseconds(log, number):
    read = gb.read_sessions(log("log.csv", f"reader,page,time\nann,A,{number}\n"))
    assert read.table["time"].tolist() == [pd.Timestamp("2026-01-05T10:00:00Z")]


def test_events__latin_1_is_read_and_told(log):
    read = gb.read_sessions(log("log.csv", "reader,page\nann,Café\n".encode("latin-1")))
    assert codes(read) == ["GB707"]
    assert steps(read) == {"ann#1": ["Café"]}


def test_events__json_lines_with_one_broken(log):
    lines = [json.dumps({"reader": "ann", "page": name}) for name in "AB"]
    read = gb.read_sessions(log("log.jsonl", "\n".join([lines[0], "{oops", lines[1], "[1]"])))
    assert codes(read) == ["GB701", "GB701"]
    assert list(steps(read).values()) == [["A", "B"]]


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".tsv"])
def test_events__other_files_say_the_same(tmp_path, log, suffix):
    path = tmp_path / f"other{suffix}"
    table = pd.read_csv(log("log.csv", EVENTS))
    if suffix == ".parquet":
        table["timestamp"] = pd.to_datetime(table["timestamp"])
        table.to_parquet(path)
    elif suffix == ".xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_csv(path, sep="\t", index=False)
    expected = gb.read_sessions(tmp_path / "log.csv").table
    pd.testing.assert_frame_equal(gb.read_sessions(path).table, expected)


def test_routes__a_row_is_a_session_with_seconds(log):
    text = 'sub,group,story_route,time_step\n7,free,"1,2,2_1","1.5,2,x"\n8,yoked,"1,,3","1,2"\n'
    read = gb.read_sessions(log("routes.csv", text))
    assert steps(read) == {"7": ["1", "2", "2_1"], "8": ["1", "3"]}
    assert read.table["dwell_seconds"].fillna(-1).tolist()[:3] == [1.5, 2.0, -1.0]
    assert codes(read) == ["GB704", "GB711", "GB705"]
    assert read.facts["group"].tolist() == ["free", "yoked"]
    assert steps(read.where(lambda facts: facts["group"] == "free")) == {"7": ["1", "2", "2_1"]}


def test_wikispeedia__back_clicks(log):
    text = "# comment\n\n6a\t1297054935\t166\t14th_century;Africa;<;Caf%C3%A9\tNULL\nbroken\n"
    read = gb.read_sessions(log("paths_finished.tsv", text))
    assert read.kind == "wikispeedia"
    assert steps(read) == {"6a": ["14th_century", "Africa", "14th_century", "Café"]}
    assert read.table["event"].tolist() == ["visit", "visit", "back", "visit"]
    assert codes(read) == ["GB701"]


def test_xapi__statements(log):
    statement = {
        "actor": {"account": {"homePage": "http://example.org", "name": "ann"}}, "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"},
        "object": {"id": "http://example.org/story#The%20Hall"}, "timestamp": "2026-01-05T10:00:00Z",
        "context": {"registration": "r1"}, "result": {"duration": "PT1M5S", "response": "Go up"},
    }  # fmt: skip
    read = gb.read_sessions(log("xapi.json", json.dumps([statement])))
    assert read.kind == "xapi"
    row = read.table.iloc[0]
    assert (row["session_id"], row["reader_id"], row["passage_id"], row["choice_id"], row["dwell_seconds"]) == (
        "r1",
        "ann",
        "The Hall",
        "Go up",
        65.0,
    )


def test_matomo__visits(log):
    visit = {"idVisit": 3, "visitorId": "v", "actionDetails": [
        {"type": "action", "url": "http://x/story.html#Hall", "timestamp": 1767607200, "timeSpent": "4"}, {"type": "search"},
        {"type": "action", "pageTitle": "Attic", "timestamp": 1767607204},
    ]}  # fmt: skip
    read = gb.read_sessions(log("matomo.json", json.dumps([visit])))
    assert steps(read) == {"3": ["Hall", "Attic"]}


def test_ga4__page_views(log):
    rows = [
        {"event_name": name, "event_timestamp": 1767607200000000 + at, "user_pseudo_id": "u", "event_params": [
            {"key": "page_title", "value": {"string_value": f"P{at}"}}, {"key": "ga_session_id", "value": {"int_value": 9}}]}
        for at, name in enumerate(["page_view", "scroll", "page_view"])
    ]  # fmt: skip
    read = gb.read_sessions(log("ga4.jsonl", "\n".join(map(json.dumps, rows))))
    assert steps(read) == {"u.9": ["P0", "P2"]}


SAVE = "N4IgzgLghhCmIC5QEsB2ATWAPRAmANCABbKQD2ATgJ6IDaoEyEANvAiAMJQBmAlwASBgMhABffAyatEIACpFY/ABJRmzUeJCMWbWfKUq1IgLoiRQA==="
"""Written by the lz-string package."""


def test_saves__histories_plain_and_by_difference(log, tmp_path):
    log(
        "one.save",
        json.dumps({"id": "x", "state": {"index": 1, "history": [{"title": "A"}, {"title": "B"}, {"title": "C"}]}}),
    )
    log(
        "two.save",
        json.dumps(
            {"state": {"expired": ["A"], "index": 2, "delta": [{"title": "B"}, {"variables": {}}, {"title": [2, "C"]}]}}
        ),
    )
    log("three.save", SAVE)
    log("worse.save", "nothing")
    read = gb.read_sessions(tmp_path)
    assert steps(read) == {"one": ["A", "B"], "three": ["Café ☃", "The Hall", "The Hall"], "two": ["A", "B", "B", "C"]}
    assert codes(read) == ["GB701"]


@pytest.mark.parametrize("damaged", [SAVE[:20], SAVE[10:], "AAAA", "////"])
def test_lzstring__damage_is_an_error_not_a_crash(damaged):
    with pytest.raises((FormatError, AssertionError)):
        assert unpacked(damaged).startswith("{")


def test_hash_key__no_name_is_left(log):
    read = gb.read_sessions(log("log.csv", EVENTS), hash_key="secret")
    again = gb.read_sessions(log("log.csv", EVENTS), hash_key="other")
    text = read.table.to_csv()
    assert "ann" not in text
    assert "s1" not in read.table["session_id"].tolist()
    assert read.table["reader_id"].tolist() != again.table["reader_id"].tolist()
    assert len(read) == 2


def test_export__no_cell_is_a_formula(tmp_path):
    table = pd.DataFrame({"name": ["=1+1", "@x", "-a", "plain"], "n": [-1, 2, 3, 4]})
    to_csv(table, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text("utf-8") == "name,n\n'=1+1,-1\n'@x,2\n'-a,3\nplain,4\n"


@pytest.mark.parametrize("content", ["", "   \n", "just words\n", '"open,quote\n'])
def test_hostile__no_log_at_all(log, content):
    with pytest.raises(FormatError):
        gb.read_sessions(log("log.csv", content))


def test_hostile__deep_json_and_huge_cells(log):
    read = gb.read_sessions(log("log.jsonl", '{"reader":"a","page":"A"}\n' + '{"a":' * 100_000 + "1" + "}" * 100_000))
    assert codes(read) == ["GB701"]
    read = gb.read_sessions(log("big.csv", "reader,page\nann,A\nbob," + "x" * 1_000_001 + "\n"))
    assert codes(read) == ["GB706"]


def test_hostile__half_a_character_is_replaced(log):
    read = gb.read_sessions(log("log.jsonl", '{"reader":"a","page":"\\ud800x"}\n'))
    assert read.table["passage_id"].tolist() == ["?x"]


@pytest.mark.parametrize("said", ["now", "today", "January", "-5", "9999-12-31T23:59:59Z", "inf"])
def test_hostile__what_is_no_time_is_told_not_guessed(log, said):
    read = gb.read_sessions(log("log.csv", f"reader,page,time\nann,A,{said}\n"))
    assert codes(read) == ["GB704"]
    assert read.table["time"].isna().all()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("wide.csv", ",".join(f"c{at}" for at in range(5_000)) + "\n"),
        ("wide.jsonl", "".join(f'{{"reader":"a","k{at}":1}}\n' for at in range(5_000))),
    ],
)
def test_hostile__a_log_of_thousands_of_columns_is_refused_at_once(log, name, content):
    with pytest.raises(LimitError, match="columns"):
        gb.read_sessions(log(name, content))


def test_hostile__routes_that_are_all_unreadable_and_a_zone_of_no_name(log):
    read = gb.read_sessions(log("routes.csv", "id,route\na,1,2,3\n"))
    assert (len(read), codes(read)) == (0, ["GB701"])
    with pytest.raises(FormatError, match="timezone="):
        gb.read_sessions(log("log.csv", "reader,page\nann,A\n"), timezone="a" * 5_000)


def test_hostile__a_binary_file_is_called_one(tmp_path):
    (tmp_path / "log.csv").write_bytes(b"reader,page\nann,A\0\n")
    with pytest.raises(FormatError, match="save the log as CSV"):
        gb.read_sessions(tmp_path / "log.csv")


def test_export__names_of_columns_and_full_width_signs_are_no_formulas_either(tmp_path):
    to_csv(pd.DataFrame({"=a": ["\uff1d1", "\n=1"]}), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text("utf-8") == "'=a\n'\uff1d1\n\"'\n=1\"\n"
